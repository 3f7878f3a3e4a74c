"""Row 82: the balance mirror, its flags with both figures and their sources, and the range."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from commonlight.web.assessment.domain.harm import HarmFinding, sum_of_kinds
from commonlight.web.assessment.domain.mirror import (
    MirrorError,
    keep_row,
    keep_totals,
    mirror_of,
    why_not_evidence,
)
from commonlight.web.assessment.domain.shares import wilson
from commonlight.web.assessment.forms.balance import AmountField
from commonlight.web.policy import Refused

SOURCES = {"money": "Budget plan", "harm": "Finding on harm", "priorities": "Consultation"}


def figure(value, what="money", **more):
    return {"value": Decimal(str(value)), "source": SOURCES.get(what, "Register"), **more}


@pytest.fixture
def filled(begun, actor_of, demo):
    """The mirror of the demo strategy."""
    assessment, actor = begun(), actor_of("evaluator")
    for row in demo["row"]:
        figures = {what: figure(row[what], what) for what in ("staff_time", "meetings", "data")}
        parts = {kind: str(one) for kind, one in row["money_kind"].items()}
        figures["money"] = figure(row["money"], parts=parts)
        value, low, high = wilson(*row["priorities"])
        figures["priorities"] = figure(value, "priorities", low=low, high=high)
        sets = {name: str(one) for name, one in row.get("harm", {}).items()}
        figures["harm"] = (
            figure(sets["nz_treasury_2006"], "harm", by_set=sets)
            if sets
            else {"value": None, "missing": "Nobody counts it."}
        )
        keep_row(actor, assessment, title=row["id"], profile=row["profile"], figures=figures)
    wholes = {"money": 4_000_000, "staff_time": 40, "meetings": 44, "data": 4}
    given = {what: (Decimal(one), "Budget plan") for what, one in wholes.items()}
    keep_totals(actor, assessment, given)
    assessment.weights = "nz_treasury_2006"
    return assessment


def test_sixty_per_cent_of_the_money_on_five_per_cent_of_the_harm_is_flagged(filled):
    flags = mirror_of(filled).flags
    found = next(one for one in flags if one.id == "money_over_harm")
    assert "60\u202f%" in found.sentence
    assert "5.4\u202f%" in found.sentence
    assert found.sources == ("Budget plan", "Finding on harm")
    assert found.is_sure


def test_the_flags_are_those_that_the_demo_expects(filled, demo):
    found = [
        (one.id, one.row.title if one.row else "", one.is_sure) for one in mirror_of(filled).flags
    ]
    expected = [(one["flag"], one["row"], one.get("sure", True)) for one in demo["flag"]]
    assert sorted(found) == sorted(expected)


def test_other_weights_show_another_value_in_the_same_range(filled):
    shown = {}
    for name in mirror_of(filled).weight_sets:
        row = mirror_of(filled, weights=name).rows[0]
        shown[name] = row.shares["harm"]
    assert len({one.value for one in shown.values()}) == 5
    assert {(one.low, one.high) for one in shown.values()} == {(Decimal("0.007"), Decimal("0.063"))}


def test_totals_reconcile_and_too_much_is_told(filled, actor_of):
    totals = {one.what: one for one in mirror_of(filled).totals}
    assert totals["money"].sum == totals["money"].total == 4_000_000
    assert not any(one.is_over for one in totals.values())
    keep_totals(actor_of("evaluator"), filled, {"money": (Decimal(3_000_000), "Other plan")})
    money = next(one for one in mirror_of(filled).totals if one.what == "money")
    assert money.is_over
    assert filled.pk in why_not_evidence([filled])


def test_what_is_not_placed_is_told(filled, actor_of):
    keep_totals(actor_of("evaluator"), filled, {"money": (Decimal(5_000_000), "Plan")})
    money = next(one for one in mirror_of(filled).totals if one.what == "money")
    assert money.rest == 1_000_000
    assert "1\u202f000\u202f000 are not placed" in money.sentence


def test_money_that_no_row_holds_is_not_told_to_be_prevention(begun, actor_of):
    """Half of the money is placed, all of it for prevention: so much is known, and no more."""
    assessment, actor = begun(), actor_of("evaluator")
    whole = figure(600, parts={"prevention": "600"})
    keep_row(actor, assessment, title="Youth", profile="neither", figures={"money": whole})
    assert "100\u202f% of the money goes to prevention" in mirror_of(assessment).prevention
    keep_totals(actor, assessment, {"money": (Decimal(1200), "Budget plan")})
    told = mirror_of(assessment).prevention
    assert "50\u202f% of the money goes to prevention" in told
    assert "For 50\u202f% it cannot be told" in told


@pytest.mark.parametrize(
    ("language", "typed", "value"),
    [
        ("en", "1,200,000", 1_200_000),
        ("en", "420,000", 420_000),
        ("en", "1.5", Decimal("1.5")),
        ("en", "0", 0),
        ("en", "1 200 000.5", Decimal("1200000.5")),
        ("en", "1200000", 1_200_000),
        ("de", "1.200.000,5", Decimal("1200000.5")),
        ("de", "0,5", Decimal("0.5")),
        ("fr", "1\u202f200\u202f000", 1_200_000),
        ("fr", "1 200 000,5", Decimal("1200000.5")),
    ],
)
def test_an_amount_is_read_as_budgets_write_it(language, typed, value):
    with override(language):
        assert AmountField().clean(typed) == value


@pytest.mark.parametrize("typed", ["1,20,000", "much", "1,2000", "12 34", "1.200.000"])
def test_what_is_no_amount_is_named_with_an_example(typed):
    with override("en"), pytest.raises(ValidationError) as caught:
        AmountField().clean(typed)
    assert f"“{typed}” is no number" in caught.value.messages[0]
    assert "1\u202f200\u202f000" in caught.value.messages[0]


def test_a_figure_that_nobody_entered_is_not_told_to_be_unmeasured(begun, actor_of, client_of):
    assessment, actor = begun(), actor_of("evaluator")
    figures = {"money": figure(5), "harm": {"value": None, "missing": "Nobody counts it."}}
    keep_row(actor, assessment, title="Youth", profile="neither", figures=figures)
    page = client_of("evaluator").get("/w/lakeside/strategies/1/assessments/1/mirror/")
    row = page.content.decode().split('id="row-1"')[1].split("</tr>")[0]
    assert row.count("no figure given") == 5
    assert row.count("not measured") == 1
    assert "Nobody counts it." in row


def test_nothing_is_invented_where_a_figure_is_missing(begun, actor_of):
    assessment = begun()
    keep_row(
        actor_of("evaluator"),
        assessment,
        title="Radicalisation",
        profile="high_profile",
        figures={"money": figure(300), "harm": {"value": None, "missing": "No record."}},
    )
    made = mirror_of(assessment)
    assert made.rows[0].shares["harm"].value is None
    assert "data" not in made.rows[0].shares
    assert {one.id for one in made.flags} == {"not_measured", "crowding_out"}


@pytest.mark.parametrize(
    ("what", "given"),
    [
        ("money", {"value": Decimal(5), "source": " "}),
        ("money", {"value": Decimal(5), "low": Decimal(6), "source": "S"}),
        ("money", {"value": Decimal(5), "source": "S", "parts": {"prevention": "6"}}),
        ("harm", {"value": Decimal(101), "source": "S"}),
        ("data", {"value": Decimal(-1), "source": "S"}),
    ],
)
def test_a_figure_that_cannot_be_is_refused(begun, actor_of, what, given):
    with pytest.raises(MirrorError) as caught:
        keep_row(
            actor_of("evaluator"), begun(), title="X", profile="neither", figures={what: given}
        )
    assert caught.value.field == what


def test_who_neither_assesses_nor_manages_changes_nothing(begun, actor_of):
    for role in ("analyst", "decision_maker", "stranger"):
        with pytest.raises(Refused):
            keep_row(actor_of(role), begun(), title="X", profile="neither", figures={})


def test_the_interval_of_wilson_holds_known_values():
    # Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    known = [
        ((81, 263), (25.5, 36.6)),
        ((15, 148), (6.2, 16.0)),
        ((0, 20), (0.0, 16.1)),
        ((1, 29), (0.6, 17.2)),
    ]
    for given, ends in known:
        _value, low, high = wilson(*given)
        assert (float(low), float(high)) == ends
    with pytest.raises(ValueError, match="no share"):
        wilson(5, 4)


def test_a_set_that_lacks_a_kind_is_left_out():
    found = HarmFinding(
        finding=None,
        sets={"a": "A", "b": "B"},
        kinds={
            "Assault": {"a": Decimal("30.1"), "b": Decimal("40")},
            "Robbery": {"a": Decimal("12.2")},
        },
    )
    assert sum_of_kinds(found, ["Assault", "Robbery"]) == {"a": Decimal("42.3")}
    assert sum_of_kinds(found, []) == {}
