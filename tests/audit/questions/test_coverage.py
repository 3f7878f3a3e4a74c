from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from commonlight.analysis.precision import coordinate_precision
from commonlight.audit.layers import Layer
from commonlight.audit.questions.coverage import coverage_findings
from commonlight.findings.model import Certainty

Told = Callable[..., dict[str, Any]]
Plain = Callable[[str], str]
DAY = np.datetime64("2023-05-05T12:00:00")


def test_the_sentence_holds_what_was_read_and_rejected(
    layer_of: Callable[..., Layer], told: Told, plain: Plain
) -> None:
    found = told(coverage_findings(layer_of([DAY])))["coverage"]
    assert plain(found.sentence).startswith("Of 100 records")
    assert "98 (98 %) could be used; 2 were rejected" in plain(found.sentence)
    assert found.certainty is Certainty.DESCRIPTIVE
    assert found.table.rows == (("impossible date", 2),)
    assert found.numbers == {"read": 100, "accepted": 98, "rejected": 2, "used": 1}
    assert not found.one_sided


def test_other_counts_give_another_sentence(layer_of: Callable[..., Layer], plain: Plain) -> None:
    layer = layer_of([DAY])
    worse = replace(layer.source, rows_read=12_345, rows_accepted=6_000, rows_rejected=6_345)
    sentence = plain(coverage_findings(replace(layer, source=worse))[0].sentence)
    assert sentence.startswith("Of 12 345 records")
    assert "6 000 (49 %) could be used; 6 345 were rejected" in sentence
    clean = replace(
        layer.source, rows_read=50, rows_accepted=50, rows_rejected=0, rejected_reasons={}
    )
    found = coverage_findings(replace(layer, source=clean))[0]
    assert found.sentence.startswith("All 50 records")
    assert found.table is None


def test_no_record_in_the_period_is_said(layer_of: Callable[..., Layer]) -> None:
    found = coverage_findings(layer_of([np.datetime64("2020-01-01T00:00:00")]))[0]
    assert found.sentence == (
        "No record of thefts lies in the audit's period: 100 were read, 98 of them could be used."
    )


def test_what_lies_outside_is_counted(layer_of: Callable[..., Layer], plain: Plain) -> None:
    layer = layer_of(
        [DAY, DAY, DAY, DAY, np.datetime64("2022-01-01T00:00:00")],
        x=[500.0, 9000.0, np.nan, np.nan, 500.0],
        count=[10, 10, 10, 10, 4],
    )
    details = [plain(text) for text in coverage_findings(layer)[0].details]
    assert details[0] == "4 thefts fall outside the audit's period."
    assert details[1].startswith("20 thefts (50 %) carry no place;")
    assert details[2].startswith("10 thefts carry a place in none of the wards;")


def test_the_delay_of_recording_is_told(layer_of: Callable[..., Layer]) -> None:
    """200 records, 100 a day late, 90 three days, 10 twenty: half within 1 to 3, 95 % within 3."""
    late = np.repeat([1, 3, 20], [110, 85, 5]).astype("timedelta64[D]")
    start = np.full(200, DAY)
    recorded = pa.array(start.astype("datetime64[D]") + late)
    details = coverage_findings(layer_of(start, recorded=recorded))[0].details
    assert details[0].startswith("Half are recorded within 1 day of their start and 19 in 20 ")
    assert "within 3 days" in details[0]


def test_few_days_of_recording_say_nothing(layer_of: Callable[..., Layer]) -> None:
    start = np.full(99, DAY)
    recorded = pa.array(start.astype("datetime64[D]") + 1)
    assert coverage_findings(layer_of(start, recorded=recorded))[0].details == ()


def test_month_only_and_police_only_are_limits(layer_of: Callable[..., Layer]) -> None:
    layer = layer_of([DAY], time_kind=["month"])
    limits = " ".join(coverage_findings(layer)[0].limits)
    assert "records of the police" in limits
    assert "Times are known to the month only" in limits


def test_a_citizen_source_is_not_called_police(layer_of: Callable[..., Layer]) -> None:
    layer = layer_of([DAY])
    citizen = replace(layer, source=replace(layer.source, witness="residents"))
    assert "police" not in " ".join(coverage_findings(citizen)[0].limits)


def test_the_precision_of_points_is_told(layer_of: Callable[..., Layer]) -> None:
    x, y = np.repeat([1.0, 2000.0], 100), np.zeros(200)
    precision = coordinate_precision(x, y)
    found = coverage_findings(layer_of(np.full(200, DAY), x=x, y=y, precision=precision))[0]
    assert precision.reason in found.details
