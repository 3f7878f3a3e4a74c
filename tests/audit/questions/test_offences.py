from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from commonlight.audit.layers import Layer
from commonlight.audit.questions.offences import offence_findings
from commonlight.findings.model import Certainty

Told = Callable[..., dict[str, Any]]
Plain = Callable[[str], str]
JULY_23, JULY_24 = np.datetime64("2023-07-10"), np.datetime64("2024-07-10")


def two_julys(
    layer_of: Callable[..., Layer], counts: dict[str, tuple[int, int]], **more: Any
) -> Layer:
    """So many of each kind in July 2023 and in July 2024."""
    kinds = [kind for kind in counts for _ in range(2)]
    return layer_of(
        np.array([JULY_23, JULY_24] * len(counts)).astype("datetime64[s]"),
        type=kinds,
        iccs=["0502" if kind == "theft" else None for kind in kinds],
        count=[n for pair in counts.values() for n in pair],
        **more,
    )


def test_the_mix_of_kinds(layer_of: Callable[..., Layer], told: Told, plain: Plain) -> None:
    layer = layer_of(
        np.full(4, JULY_23).astype("datetime64[s]"),
        type=["theft", "noise", "fraud", None],
        iccs=["0502", None, None, None],
        count=[500, 300, 150, 50],
    )
    found = told(offence_findings(layer))["kinds"]
    assert plain(found.sentence) == (
        "The most recorded kind was \u2018theft\u2019: 500 of 1 000 thefts (50 %). "
        "The three largest kinds make up 95 % of all."
    )
    assert found.table.rows[0][:2] == ("theft", "0502")
    assert found.table.rows[0][3:] == (500, 50.0)
    assert found.table.rows[-1][0] == "not stated"
    assert sum(row[3] for row in found.table.rows) == 1000
    assert "fraud, noise and not stated" in found.limits[1]


def test_unverified_wording_is_marked(layer_of: Callable[..., Layer], told: Told) -> None:
    from commonlight.evidence.offences import load_iccs

    iccs = load_iccs()
    found = told(offence_findings(two_julys(layer_of, {"theft": (1, 1), "b": (1, 1)})))["kinds"]
    row = next(row for row in found.table.rows if row[0] == "theft")
    assert row[2].startswith(iccs.name("0502"))
    assert row[2].endswith("(wording not yet verified)") != iccs.verified("0502")


def test_one_kind_is_no_mix(layer_of: Callable[..., Layer]) -> None:
    assert offence_findings(layer_of([np.datetime64("2023-05-05")])) == []


def test_kinds_that_rose_and_fell(layer_of: Callable[..., Layer], told: Told, plain: Plain) -> None:
    layer = two_julys(
        layer_of, {"theft": (1000, 1500), "noise": (1000, 600), "fraud": (1000, 1005)}
    )
    found = told(offence_findings(layer))["kinds-change"]
    assert plain(found.sentence).startswith(
        "From July 2023 to July 2024, theft rose; noise fell; for the other kind "
    )
    assert found.certainty is Certainty.CLEAR
    assert found.numbers["theft"] == pytest.approx(50)
    assert found.numbers["noise"] == pytest.approx(-40)
    verdicts = {row[0]: row[-1] for row in found.table.rows}
    assert verdicts == {"theft": "rose", "noise": "fell", "fraud": "no clear change"}


def test_a_clear_word_must_survive_the_number_of_kinds(
    layer_of: Callable[..., Layer], told: Told
) -> None:
    """One kind of twenty with p just under 0.05: clear alone, not among twenty."""
    counts = {f"kind {i:02d}": (400, 400) for i in range(20)}
    counts["kind 07"] = (400, 520)
    found = told(offence_findings(two_julys(layer_of, counts)))["kinds-change"]
    assert found.certainty is Certainty.NO_CLEAR_CHANGE
    row = next(row for row in found.table.rows if row[0] == "kind 07")
    assert row[4] > 0  # its own interval is above no change
    assert row[-1] == "may have risen"
    pair = two_julys(layer_of, {"a": (400, 560), "b": (400, 400)})
    assert told(offence_findings(pair))["kinds-change"].certainty is Certainty.CLEAR


def test_kinds_with_few_incidents_are_not_compared(
    layer_of: Callable[..., Layer], told: Told
) -> None:
    counts = {"a": (30, 30), "b": (30, 30), "c": (29, 500)}
    found = told(offence_findings(two_julys(layer_of, counts)))["kinds-change"]
    assert {row[0] for row in found.table.rows} == {"a", "b"}


def test_without_the_same_months_nothing_is_compared(
    layer_of: Callable[..., Layer], told: Told
) -> None:
    start = np.array(["2023-03-05", "2023-03-06", "2024-07-05", "2024-07-06"])
    layer = layer_of(start.astype("datetime64[s]"), type=["a", "b"] * 2, count=[500] * 4)
    assert list(told(offence_findings(layer))) == ["kinds"]


def test_types_of_reports_need_no_code(layer_of: Callable[..., Layer]) -> None:
    layer = two_julys(layer_of, {"b": (1, 1), "c": (1, 1)}, record_kind="reports")
    assert len(offence_findings(layer)[0].limits) == 1
