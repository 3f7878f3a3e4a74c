from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from commonlight.audit.harm_layer import layer_weights
from commonlight.audit.layers import AreaLayer, Layer
from commonlight.audit.publishing.faces import undeclared
from commonlight.audit.questions.harm import harm_findings
from commonlight.findings.model import Certainty

Told = Callable[..., dict[str, Any]]
Plain = Callable[[str], str]
DAY = np.datetime64("2023-07-10")
#: Kinds with their class and, in most tests, their number in every area.
KINDS = {
    "dwelling burglary": ("05012", 20),
    "theft": ("0502", 100),
    "damage": ("0504", 50),
    "street robbery": ("0401", 5),
}


def a_layer(
    layer_of: Callable[..., Layer],
    counts: dict[str, list[int]] | None = None,
    codes: dict[str, str | None] | None = None,
    **more: Any,
) -> Layer:
    """So many of each kind in each of the twelve wards."""
    counts = counts or {kind: [number] * 12 for kind, (_, number) in KINDS.items()}
    rows = [
        (kind, f"W{ward:02d}", number)
        for kind, numbers in counts.items()
        for ward, number in enumerate(numbers)
        if number
    ]
    iccs = {kind: code for kind, (code, _) in KINDS.items()} | (codes or {})
    return layer_of(
        np.full(len(rows), DAY).astype("datetime64[s]"),
        type=[kind for kind, _, _ in rows],
        iccs=[iccs[kind] for kind, _, _ in rows],
        area=[ward for _, ward, _ in rows],
        count=[number for _, _, number in rows],
        x=np.full(len(rows), np.nan),
        y=np.full(len(rows), np.nan),
        **more,
    )


def test_every_set_gives_its_own_shares(layer_of: Callable[..., Layer], told: Told) -> None:
    found = told(harm_findings(a_layer(layer_of)))["harm-kinds"]
    names = [column.name for column in found.table.columns]
    assert names[:6] == ["kind", "count", "share", "middle", "lower", "upper"]
    assert {"cambridge_chi_2026", "home_office_2000", "mccollister_2010"} <= set(names)
    rows = {row[0]: dict(zip(names, row, strict=True)) for row in found.table.rows}
    # Home Office 2000: 20 x 2300, 100 x 600, 50 x 510, 5 x 4700 = 155,000 an area.
    assert rows["dwelling burglary"]["home_office_2000"] == round(100 * 46 / 155, 1)
    assert rows["theft"]["home_office_2000"] == round(100 * 60 / 155, 1)
    # Statistics Canada: 20 x 187, 100 x 37, 50 x 30, 5 x 583 = 11,855.
    assert rows["damage"]["statcan_severity_2006"] == round(100 * 1500 / 11855, 1)
    for row in rows.values():
        sets = [row[name] for name in names[6:]]
        assert row["lower"] <= min(sets)
        assert row["upper"] >= max(sets)


def test_sets_that_name_other_kinds_cannot_tell(
    layer_of: Callable[..., Layer], told: Told, plain: Plain
) -> None:
    """By Cambridge burglary (273.5 days) leads, by costs theft does."""
    found = told(harm_findings(a_layer(layer_of)))["harm-kinds"]
    assert found.certainty is Certainty.CANNOT_TELL
    assert plain(found.sentence).startswith(
        "We cannot tell which kind of thefts carries the most harm: it is "
    )
    assert "\u2018theft\u2019 under" in found.sentence
    assert "\u2018dwelling burglary\u2019 under" in found.sentence


def test_a_kind_that_leads_under_every_set(
    layer_of: Callable[..., Layer], told: Told, plain: Plain
) -> None:
    counts = {"street robbery": [60] * 12, "damage": [20] * 12, "theft": [5] * 12}
    found = told(harm_findings(a_layer(layer_of, counts)))["harm-kinds"]
    assert found.certainty is Certainty.CLEAR
    sets = found.numbers["sets"]
    assert sets >= 5
    assert plain(found.sentence).startswith(
        f"\u2018street robbery\u2019 carries the most harm under each of {sets} sets of weights: "
        "between "
    )
    assert "with 71 % of thefts." in plain(found.sentence)


def test_wide_weights_say_may(layer_of: Callable[..., Layer], told: Told) -> None:
    """An assault weighs between a slight and a serious one."""
    counts = {"brawl": [120] * 12, "street robbery": [20] * 12}
    layer = a_layer(layer_of, counts, {"brawl": "02011"})
    found = told(harm_findings(layer))["harm-kinds"]
    assert found.certainty is Certainty.TENTATIVE
    assert "may carry the most harm: between" in found.sentence
    assert any("the same in every area" in limit for limit in found.limits)


def test_too_little_covered_cannot_tell(
    layer_of: Callable[..., Layer], told: Told, plain: Plain
) -> None:
    counts = {"theft": [10] * 12, "noise": [30] * 12, "damage": [10] * 12}
    (found,) = told(harm_findings(a_layer(layer_of, counts, {"noise": None}))).values()
    assert found.certainty is Certainty.CANNOT_TELL
    assert found.table is None
    assert "has a weight for 40 % of them." in plain(found.sentence)


def test_kinds_without_weight_are_missing_not_harmless(
    layer_of: Callable[..., Layer], told: Told, plain: Plain
) -> None:
    counts = {kind: [number] * 12 for kind, (_, number) in KINDS.items()} | {"noise": [25] * 12}
    found = told(harm_findings(a_layer(layer_of, counts, {"noise": None})))["harm-kinds"]
    assert "12 % of thefts are of kinds that not all sets weight" in plain(found.sentence)
    noise = next(row for row in found.table.rows if row[0] == "noise")
    assert noise[1] == 300
    assert set(noise[3:]) == {None}
    assert any("\u2018noise\u2019. They are missing here" in limit for limit in found.limits)


def test_what_is_no_offence_is_set_aside(
    layer_of: Callable[..., Layer], told: Told, plain: Plain
) -> None:
    """Two sets price violence; the rest of the types are no use without it."""
    counts = {
        "Anti-social behaviour": [200] * 12,
        "Violence and sexual offences": [70] * 12,
        "Burglary": [20] * 12,
        "Shoplifting": [10] * 12,
    }
    codes = dict(zip(counts, ("0801", "0201", "0501", "0502"), strict=True))
    found = told(harm_findings(a_layer(layer_of, counts, codes)))["harm-kinds"]
    assert found.numbers["sets"] == 2
    assert found.certainty is Certainty.TENTATIVE
    assert "with 70 % of offences." in plain(found.sentence)
    assert "Anti-social behaviour" not in {row[0] for row in found.table.rows}
    assert any("it is mostly no offence" in limit for limit in found.limits)


def test_money_is_a_range_and_a_lower_bound(
    layer_of: Callable[..., Layer], told: Told, plain: Plain
) -> None:
    found = told(harm_findings(a_layer(layer_of)))["harm-kinds"]
    (money,) = [text for text in found.details if text.startswith("In money")]
    # 12 areas x 155,000 pounds; 12 x (20 x 6462 + 100 x 3532 + 50 x 4860 + 5 x 42310) dollars
    assert "about 1.9 million pounds at prices of 2000" in plain(money)
    assert "about 11 million dollars at prices of 2008" in plain(money)
    assert "sums at the least" in money
    assert "we do not have the factors" in money


def test_no_money_where_little_is_priced(layer_of: Callable[..., Layer], told: Told) -> None:
    counts = {"carrying a knife": [50] * 12, "damage": [20] * 12, "theft": [60] * 12}
    layer = a_layer(layer_of, counts, {"carrying a knife": "0901"})
    found = told(harm_findings(layer))["harm-kinds"]
    assert not [text for text in found.details if text.startswith("In money")]


def test_sets_that_are_not_compared_are_named(layer_of: Callable[..., Layer], told: Told) -> None:
    found = told(harm_findings(a_layer(layer_of)))["harm-kinds"]
    (out,) = [text for text in found.details if text.startswith("Not compared")]
    assert "DeLisi" in out
    assert "Home Office costs of crime 2018" in out


def test_the_types_of_a_publisher_are_used(layer_of: Callable[..., Layer]) -> None:
    counts = {"Shoplifting": [9] * 12, "Bicycle theft": [9] * 12, "Other theft": [9] * 12}
    layer = a_layer(layer_of, counts, dict.fromkeys(counts, "0502"))
    weights = layer_weights(layer)
    cambridge = [item.short for item in weights.sets].index("Cambridge")
    by_kind = dict(zip(layer.kinds, weights.low[cambridge], strict=True))
    assert by_kind == {"Shoplifting": 1, "Bicycle theft": 2, "Other theft": 2}


@pytest.mark.parametrize("change", ["reports", "one kind", "no codes"])
def test_nothing_is_said_where_nothing_can_be(layer_of: Callable[..., Layer], change: str) -> None:
    if change == "reports":
        layer = a_layer(layer_of, record_kind="reports")
    elif change == "one kind":
        layer = a_layer(layer_of, {"theft": [9] * 12})
    else:
        layer = a_layer(layer_of, codes=dict.fromkeys(KINDS))
    assert harm_findings(layer) == []


def robbed(layer_of: Callable[..., Layer], **more: Any) -> Layer:
    """Ward 0 has the robberies and ward 1 the thefts; the rest are alike."""
    counts = {
        "street robbery": [90, 9, *[15] * 10],
        "theft": [100, 900, *[100] * 10],
        "damage": [50] * 12,
    }
    return a_layer(layer_of, counts, **more)


def test_an_area_at_the_top_under_every_set(
    layer_of: Callable[..., Layer], told: Told, plain: Plain
) -> None:
    """Robbery outweighs theft under each set, but theft is much in numbers."""
    found = told(harm_findings(robbed(layer_of)))["harm-areas"]
    assert found.numbers["top"] == 2
    assert plain(found.sentence).startswith("Ward 0")
    rows = {row[1]: row for row in found.table.rows}
    assert rows["Ward 0"][-1] == "under all sets"
    assert rows["Ward 1"][-1] == "the sets disagree"
    assert any("Clearly more harm" in text and "Ward 0" in text for text in found.details)


def test_the_map_marks_where_the_sets_disagree(layer_of: Callable[..., Layer], told: Told) -> None:
    found = told(harm_findings(robbed(layer_of)))["harm-areas"]
    assert next(found.map.labels[i] for i in found.map.marked) == "Ward 1"
    assert found.map.mark_label == "the sets of weights disagree"
    middle = {row[1]: row[4] for row in found.table.rows}
    assert found.map.values.tolist() == [middle[label] for label in found.map.labels]


def test_harm_that_hangs_on_few_events_gets_no_share(
    layer_of: Callable[..., Layer], told: Told
) -> None:
    """Ward 3 has one robbery beside three thefts; by Cambridge it is all the harm there."""
    counts = {kind: [number] * 12 for kind, (_, number) in KINDS.items()}
    for kind, number in (("street robbery", 1), ("theft", 3), ("damage", 0)):
        counts[kind] = [number if ward == 3 else n for ward, n in enumerate(counts[kind])]
    counts["dwelling burglary"][3] = 0
    found = told(harm_findings(a_layer(layer_of, counts)))["harm-areas"]
    rows = {row[1]: row for row in found.table.rows}
    assert rows["Ward 3"][-1] == "too few to say"
    assert set(rows["Ward 3"][4:-1]) == {None}
    assert np.isnan(found.map.values[3])
    assert any("very different by chance" in limit for limit in found.limits)


def test_harm_that_tells_a_small_number_gets_no_share(
    layer_of: Callable[..., Layer], told: Told
) -> None:
    """Four robberies are over a tenth of what else is in the ward; four thefts are not."""
    counts = {kind: [number] * 12 for kind, (_, number) in KINDS.items()}
    counts["street robbery"] = [15, 15, 15, 4, *[15] * 8]
    counts["damage"] = [50, 50, 50, 50, 4, *[50] * 7]
    found = told(harm_findings(a_layer(layer_of, counts)))["harm-areas"]
    verdicts = {row[1]: row[-1] for row in found.table.rows}
    assert verdicts["Ward 3"] == "too few to say"
    assert verdicts["Ward 4"] != "too few to say"


def test_areas_alike_cannot_tell(layer_of: Callable[..., Layer], told: Told) -> None:
    found = told(harm_findings(a_layer(layer_of)))["harm-areas"]
    assert found.certainty is Certainty.CANNOT_TELL
    assert found.sentence.startswith("We cannot tell which wards carry the most harm")


def test_few_areas_are_not_ranked(layer_of: Callable[..., Layer], areas: AreaLayer) -> None:
    few = replace(
        areas, codes=areas.codes[:4], labels=areas.labels[:4], polygons=areas.polygons[:4]
    )
    counts = {kind: [number] * 4 for kind, (_, number) in KINDS.items()}
    names = [f.id for f in harm_findings(a_layer(layer_of, counts, areas=few))]
    assert names == ["thefts.harm-kinds"]


def test_areas_without_a_map(layer_of: Callable[..., Layer], areas: AreaLayer, told: Told) -> None:
    layer = robbed(layer_of, areas=replace(areas, polygons=()))
    assert told(harm_findings(layer))["harm-areas"].map is None


def test_everything_shown_says_what_it_counts(layer_of: Callable[..., Layer]) -> None:
    for layer in (a_layer(layer_of), robbed(layer_of)):
        for found in harm_findings(layer):
            assert undeclared(found) == ()
            for item in found.cells:
                if item.shown_in == "table":
                    assert len(item.keys) == len(found.table.rows)
                if item.shown_in == "table" and item.column:
                    assert [
                        row[2 if item.dimensions == ("area",) else 1] for row in found.table.rows
                    ] == list(item.counts)


def test_the_order_of_the_records_changes_nothing(layer_of: Callable[..., Layer]) -> None:
    counts = {kind: [number + ward for ward in range(12)] for kind, (_, number) in KINDS.items()}
    first = harm_findings(a_layer(layer_of, counts))
    second = harm_findings(a_layer(layer_of, dict(reversed(counts.items()))))
    assert [f.sentence for f in first] == [f.sentence for f in second]
    assert [f.table.rows for f in first] == [f.table.rows for f in second]
