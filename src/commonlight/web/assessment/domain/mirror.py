"""The balance mirror: where money, time, meetings and data go, beside harm and priorities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from commonlight.web.assessment.domain.flags import Flag, Placed, flags_of
from commonlight.web.assessment.domain.shares import Share, percent
from commonlight.web.assessment.models import Assessment, BalanceRow, Figure, Total
from commonlight.web.assessment.rules import fill_mirror
from commonlight.web.assessment.words import balance_words, fill
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, Refused
from commonlight.web.problems.models import Problem

__all__ = [
    "MEASURES",
    "RESOURCES",
    "Mirror",
    "MirrorError",
    "MirrorRow",
    "Reconciled",
    "choose_weights",
    "keep_row",
    "keep_totals",
    "mirror_of",
    "missing_word",
    "remove_row",
    "why_not_evidence",
]

RESOURCES = ("money", "staff_time", "meetings", "data")
MEASURES = ("harm", "priorities", "insecurity")
KINDS = ("prevention", "reaction", "support", "unclear")
HUNDRED = Decimal(100)


class MirrorError(ValueError):
    """A figure that cannot be, with the field and the sentence that the person reads."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class MirrorRow:
    """A row with its figures as shares."""

    row: BalanceRow
    figures: Mapping[str, Figure]
    shares: Mapping[str, Share]

    @property
    def cells(self) -> list[tuple[str, Figure | None, Share]]:
        """Every kind of figure in the order of the mirror."""
        return [
            (what, self.figures.get(what), self.shares.get(what, Share()))
            for what in (*RESOURCES, *MEASURES)
        ]


@dataclass(frozen=True, kw_only=True)
class Reconciled:
    """A total beside the sum of the rows."""

    what: str
    title: Any
    total: Decimal | None
    sum: Decimal
    rest: Decimal | None
    sentence: str
    is_over: bool
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Mirror:
    """The whole mirror under one set of weights, with the range over all of them."""

    rows: tuple[MirrorRow, ...]
    totals: tuple[Reconciled, ...]
    flags: tuple[Flag, ...]
    weights: str
    weight_sets: tuple[str, ...]
    prevention: str

    @property
    def without_source(self) -> list[tuple[MirrorRow, str]]:
        """Figures that nobody gave a source for."""
        return [
            (row, what)
            for row in self.rows
            for what, one in row.figures.items()
            if one.value is not None and not one.source.strip()
        ]


def mirror_of(assessment: Assessment, *, weights: str = "") -> Mirror:
    """The mirror under the set of weights given, else under the one that was chosen."""
    rows = list(assessment.rows.prefetch_related("figures").select_related("problem__workspace"))
    totals = {one.what: one for one in assessment.totals.all()}
    figures = {row.pk: {one.what: one for one in row.figures.all()} for row in rows}
    sets = _sets(figures.values())
    chosen = weights if weights in sets else assessment.weights
    chosen = chosen if chosen in sets else (sets[0] if sets else "")
    wholes = {what: _whole(what, figures.values(), totals) for what in RESOURCES}
    made = tuple(
        MirrorRow(
            row=row,
            figures=figures[row.pk],
            shares={
                what: _share(one, wholes.get(what), chosen) for what, one in figures[row.pk].items()
            },
        )
        for row in rows
    )
    return Mirror(
        rows=made,
        totals=tuple(_reconciled(what, made, totals) for what in (*RESOURCES, "harm")),
        flags=tuple(flags_of(_placed(one) for one in made)),
        weights=chosen,
        weight_sets=sets,
        prevention=_prevention(figures.values(), totals.get("money")),
    )


@transaction.atomic
def keep_row(
    actor: Actor,
    assessment: Assessment,
    *,
    title: str,
    profile: str,
    figures: Mapping[str, Mapping[str, Any]],
    problem: Problem | None = None,
    row: BalanceRow | None = None,
) -> BalanceRow:
    """A new row of the mirror, or new figures for one; figures that are not given go.

    Raises
    ------
    MirrorError
        If a range does not hold its value, parts are more than the whole, or a source is missing.
    """
    _require_changeable(actor, assessment)
    for what, given in figures.items():
        _check(what, given)
    if row is None:
        last = assessment.rows.aggregate(last=Max("number"))["last"] or 0
        row = BalanceRow(workspace=assessment.workspace, assessment=assessment, number=last + 1)
    row.title, row.profile, row.problem = title.strip(), profile, problem
    row.save()
    row.figures.all().delete()
    for what, given in figures.items():
        Figure.objects.create(workspace=assessment.workspace, row=row, what=what, **given)
    record(actor, "assessment.mirror", assessment, row=row.number)
    return row


@transaction.atomic
def remove_row(actor: Actor, row: BalanceRow) -> None:
    """Take a row out of the mirror."""
    _require_changeable(actor, row.assessment)
    record(actor, "assessment.mirror", row.assessment, removed=row.number)
    row.delete()


@transaction.atomic
def keep_totals(
    actor: Actor, assessment: Assessment, totals: Mapping[str, tuple[Decimal | None, str]]
) -> None:
    """The whole of each resource; without one, the rows are the whole."""
    _require_changeable(actor, assessment)
    for what, (value, source) in totals.items():
        rows = Total.objects.of(actor.workspace).filter(assessment=assessment, what=what)
        if value is None:
            rows.delete()
        elif value < 0:
            raise MirrorError(what, _("A total is not below zero."))
        else:
            Total.objects.of(actor.workspace).update_or_create(
                workspace=assessment.workspace,
                assessment=assessment,
                what=what,
                defaults={"value": value, "source": source.strip()},
            )
    record(actor, "assessment.totals", assessment)


def choose_weights(actor: Actor, assessment: Assessment, weights: str) -> None:
    """The set of weights under which the mirror is shown; the range over all stays beside it."""
    _require_changeable(actor, assessment)
    assessment.weights = weights
    Assessment.objects.of(actor.workspace).filter(pk=assessment.pk).update(weights=weights)
    record(actor, "assessment.weights", assessment, weights=weights)


def why_not_evidence(assessments: Iterable[Assessment]) -> dict[int, str]:
    """Mirrors that count as no evidence, each with the reason; two queries for many."""
    asked = {one.pk: one for one in assessments}
    if not asked:
        return {}
    workspace = next(iter(asked.values())).workspace
    rows = (
        Figure.objects.of(workspace)
        .filter(row__assessment__in=asked)
        .values_list("row__assessment", "what", "value", "source")
    )
    totals = Total.objects.of(workspace).filter(assessment__in=asked)
    wholes = {(one.assessment_id, one.what): one.value for one in totals}
    sums: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    found, filled = {}, set()
    for pk, what, value, source in rows:
        filled.add(pk)
        if value is not None and not source.strip():
            found[pk] = _("A figure of the mirror has no source.")
        sums[pk, what] += value or Decimal(0)
    for (pk, what), whole in wholes.items():
        if _is_over(sums[pk, what], whole):
            found[pk] = str(balance_words()["totals"]["over"])
    return {**{pk: _("The mirror is empty.") for pk in asked if pk not in filled}, **found}


def _require_changeable(actor: Actor, assessment: Assessment) -> None:
    """Who assesses or manages may fill the mirror in, as long as nothing is finished."""
    decision = fill_mirror(actor, assessment)
    if not decision:
        raise Refused("assessment.assess", decision)


def _check(what: str, given: Mapping[str, Any]) -> None:
    value, low, high = (given.get(name) for name in ("value", "low", "high"))
    if value is None:
        return
    if not (low if low is not None else value) <= value <= (high if high is not None else value):
        raise MirrorError(what, _("The value lies outside the range that you give."))
    if min(value, low if low is not None else value) < 0:
        raise MirrorError(what, _("A figure of the mirror is not below zero."))
    if what in MEASURES and (high if high is not None else value) > HUNDRED:
        raise MirrorError(what, _("This is in per cent; it cannot be more than 100."))
    if not str(given.get("source", "")).strip():
        raise MirrorError(what, _("Name the source of this figure."))
    parts = [Decimal(str(one)) for one in (given.get("parts") or {}).values() if _is_number(one)]
    if what == "money" and sum(parts, Decimal(0)) > value:
        raise MirrorError(what, _("The parts add up to more than the whole."))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal | str) and str(value) not in ("", "None")


def _sets(figures: Iterable[Mapping[str, Figure]]) -> tuple[str, ...]:
    """The sets of weights that some row names, in the order in which they came."""
    found = (name for one in figures if "harm" in one for name in one["harm"].by_set)
    return tuple(dict.fromkeys(found))


def _whole(
    what: str, figures: Iterable[Mapping[str, Figure]], totals: Mapping[str, Total]
) -> Decimal:
    if what in totals:
        return Decimal(totals[what].value)
    return sum((one[what].value or Decimal(0) for one in figures if what in one), Decimal(0))


def _share(figure: Figure, whole: Decimal | None, weights: str) -> Share:
    if figure.what in MEASURES:
        return _measured(figure, weights)
    if figure.value is None or not whole:
        return Share()
    ends = (figure.value, figure.low, figure.high)
    return Share(*(None if one is None else one / whole for one in ends))


def _measured(figure: Figure, weights: str) -> Share:
    """A measure in per cent; harm under the chosen set, with the range over all sets."""
    known = {name: Decimal(str(one)) for name, one in figure.by_set.items()}
    if weights in known:
        ends = (known[weights], min(known.values()), max(known.values()))
        return Share(*(one / HUNDRED for one in ends))
    if figure.value is None:
        return Share()
    found = (figure.value, figure.low, figure.high)
    return Share(*(None if one is None else one / HUNDRED for one in found))


def _placed(one: MirrorRow) -> Placed:
    return Placed(
        key=one.row.pk,
        title=one.row.title,
        profile=one.row.profile,
        shares=one.shares,
        sources={
            what: figure.source.strip().removesuffix(".") for what, figure in one.figures.items()
        },
    )


def _is_over(sum_: Decimal, total: Decimal) -> bool:
    return sum_ > total * (1 + Decimal(str(balance_words()["totals"]["tolerance_share"])))


def _reconciled(what: str, rows: Iterable[MirrorRow], totals: Mapping[str, Total]) -> Reconciled:
    words = balance_words()
    titles = {one["id"]: one["title"] for one in (*words["resource"], *words["measure"])}
    if what == "harm":
        parts = [one.shares["harm"].value for one in rows if "harm" in one.shares]
        sum_ = sum((one * HUNDRED for one in parts if one is not None), Decimal(0))
        total: Decimal | None = HUNDRED if any(one is not None for one in parts) else None
    else:
        given = (one.figures[what].value for one in rows if what in one.figures)
        sum_ = sum((one for one in given if one is not None), Decimal(0))
        total = Decimal(totals[what].value) if what in totals else None
    sentence, is_over, rest = "", False, None
    if total is not None:
        is_over, rest = _is_over(sum_, total), max(total - sum_, Decimal(0))
        agrees = not is_over and rest <= total * Decimal(str(words["totals"]["tolerance_share"]))
        name = "over" if is_over else "agrees" if agrees else "money"
        shown = {"sum": _amount(sum_), "total": _amount(total), "rest": _amount(rest)}
        sentence = fill(words["totals"][name], **shown)
    return Reconciled(
        what=what,
        title=titles[what],
        total=total,
        sum=sum_,
        rest=rest,
        sentence=sentence,
        is_over=is_over,
        source=totals[what].source if what in totals else "",
    )


def _amount(value: Decimal) -> str:
    places = 0 if value == value.to_integral_value() else 1
    return number_format(value, decimal_pos=places, force_grouping=True)


def missing_word(what: str, figure: Figure | None) -> str:
    """What a cell without a share says, by its name: that none was given, or what its reason is."""
    if figure is None:
        return "no_figure"
    return "not_measured" if what in ("harm", "insecurity") else "unknown"


def _prevention(figures: Iterable[Mapping[str, Figure]], total: Total | None) -> str:
    """How the money divides between prevention, reaction and support; empty where nobody said.

    Of money that no row holds it cannot be told either.
    """
    parts: dict[str, Decimal] = dict.fromkeys(KINDS, Decimal(0))
    whole = Decimal(0)
    for one in figures:
        money = one.get("money")
        if money is None or money.value is None:
            continue
        whole += money.value
        named = {name: Decimal(str(money.parts.get(name) or 0)) for name in KINDS}
        for name, value in named.items():
            parts[name] += value
        parts["unclear"] += max(money.value - sum(named.values(), Decimal(0)), Decimal(0))
    if total is not None and total.value > whole:
        parts["unclear"] += total.value - whole
        whole = Decimal(total.value)
    if not whole or parts["unclear"] == whole:
        return ""
    shown = {name: percent(value / whole) for name, value in parts.items()}
    return fill(balance_words()["prevention"]["sentence"], **shown)
