"""Principles and values against verdicts: gaps first, differences before anything is counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from commonlight.web.assessment.domain.evidence import Evidence, evidence_of
from commonlight.web.assessment.domain.finding import claims_of, model_of
from commonlight.web.assessment.domain.gaps import gravity, told_gaps
from commonlight.web.assessment.domain.judging import Standing, standing, visible_verdicts
from commonlight.web.assessment.domain.looking import looking_words
from commonlight.web.assessment.domain.security_model import Item, SecurityModel
from commonlight.web.assessment.domain.tagging import Coverage, coverage
from commonlight.web.assessment.enums import ClaimState
from commonlight.web.assessment.models import Assessment, Claim
from commonlight.web.assessment.words import verdict_rows
from commonlight.web.policy import Actor

__all__ = ["Judged", "Matrix", "Reading", "Row", "read_assessment"]

DIFFER = "differ"
OPEN = "open"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A claim with its records and the verdicts that the reader may see."""

    claim: Claim
    evidence: tuple[Evidence, ...]
    verdicts: tuple[Standing, ...]
    principles: tuple[Item, ...]
    values: tuple[Item, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """What it touches: principles, then values."""
        return (*self.principles, *self.values)

    @property
    def by_itself(self) -> bool:
        """Whether the text itself stands as a ground against what it touches."""
        return any(one.is_itself for one in self.evidence)

    @property
    def now(self) -> str:
        """The one verdict of all, “differ” where they disagree, “open” where there is none."""
        found = {one.now for one in self.verdicts}
        return OPEN if not found else (found.pop() if len(found) == 1 else DIFFER)

    @property
    def lookers(self) -> int:
        """How many assessors did more than leave it as it was."""
        return sum(one.has_looked for one in self.verdicts)

    @property
    def is_difference(self) -> bool:
        """Whether the assessors disagree."""
        return self.now == DIFFER

    @property
    def is_dropped(self) -> bool:
        """Whether a verdict dropped because its record does not stand."""
        return any(one.is_dropped for one in self.verdicts)

    @property
    def is_opened_again(self) -> bool:
        """Whether a closed recommendation asks the assessors to look again."""
        at = self.claim.opened_again_at
        return at is not None and any(one.verdict.given_at < at for one in self.verdicts)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One principle or value with the number of its claims by verdict."""

    item: Item
    counts: Mapping[str, int]
    claims: tuple[Judged, ...]
    gap: str = ""
    sentence: Any = ""
    absences: tuple[Standing, ...] = ()

    @property
    def looked(self) -> int:
        """How many of its claims an assessor looked up."""
        return sum(bool(one.lookers) for one in self.claims)

    @property
    def told(self) -> str:
        """What is missing, and how many claims were looked up before nothing was shown."""
        if self.gap != "nothing_shown":
            return str(self.sentence)
        shown = {"looked": self.looked, "count": len(self.claims)}
        looked = _("Looked up: %(looked)d of %(count)d.") % shown
        return f"{self.sentence} {looked}"

    @property
    def cells(self) -> list[tuple[str, int]]:
        """The counts in the order of the columns."""
        return list(self.counts.items())


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Principles and values against verdicts."""

    columns: tuple[tuple[str, Any], ...]
    principles: tuple[Row, ...]
    values: tuple[Row, ...]

    @property
    def gaps(self) -> list[Row]:
        """Principles and values that have something missing, the most serious first."""
        found = [one for one in (*self.principles, *self.values) if one.gap]
        return sorted(found, key=lambda one: gravity(one.gap, one.counts))


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Everything that one actor may read of an assessment."""

    assessment: Assessment
    model: SecurityModel
    coverage: Coverage
    claims: tuple[Judged, ...]
    matrix: Matrix
    differences: tuple[Judged, ...] = field(default=())
    only_one: tuple[Judged, ...] = field(default=())
    dropped: tuple[Judged, ...] = field(default=())
    opened_again: tuple[Judged, ...] = field(default=())

    @property
    def tagged(self) -> list[Judged]:
        """Claims that touch a principle or a value."""
        return [one for one in self.claims if one.claim.state == ClaimState.TAGGED]

    @property
    def looking(self) -> str:
        """How many judged claims were looked up, and by how many assessors."""
        return looking_words(self.tagged)

    @property
    def share(self) -> tuple[int, int]:
        """How many of the tagged claims all assessors found shown."""
        return sum(one.now == "shown" for one in self.tagged), len(self.tagged)


def read_assessment(actor: Actor, assessment: Assessment) -> Reading:
    """The whole assessment as the actor may read it; the queries do not grow with the claims."""
    model, claims = model_of(assessment), claims_of(assessment)
    evidence = evidence_of(actor, claims)
    given: dict[int | None, list[Any]] = defaultdict(list)
    for one in visible_verdicts(actor, assessment):
        given[one.claim_id].append(one)
    judged = tuple(_judged(one, model, evidence[one.pk], given[one.pk]) for one in claims)
    absences = [standing(one, ()) for one in given[None]]
    tagged = [one for one in judged if one.claim.state == ClaimState.TAGGED]
    several = len(assessment.assessors.all()) > 1 and assessment.is_open_to_all
    return Reading(
        assessment=assessment,
        model=model,
        coverage=coverage(claims),
        claims=judged,
        matrix=_matrix(model, judged, absences, is_open=assessment.is_open_to_all),
        differences=tuple(one for one in tagged if one.is_difference),
        only_one=tuple(one for one in tagged if several and len(one.verdicts) == 1),
        dropped=tuple(one for one in tagged if one.is_dropped),
        opened_again=tuple(one for one in tagged if one.is_opened_again),
    )


def _judged(
    claim: Claim, model: SecurityModel, evidence: list[Evidence], given: Iterable[Any]
) -> Judged:
    known = model.by_id
    return Judged(
        claim=claim,
        evidence=tuple(evidence),
        verdicts=tuple(standing(one, evidence) for one in given),
        principles=tuple(known[name] for name in claim.principles if name in known),
        values=tuple(known[name] for name in claim.values if name in known),
    )


def _matrix(
    model: SecurityModel, judged: Iterable[Judged], absences: list[Standing], *, is_open: bool
) -> Matrix:
    tagged = [one for one in judged if one.claim.state != ClaimState.UNREAD]
    by_name: dict[str, list[Judged]] = defaultdict(list)
    for one in tagged:
        for name in (*one.claim.principles, *one.claim.values):
            by_name[name].append(one)
    silent: dict[str, list[Standing]] = defaultdict(list)
    for each in absences:
        silent[each.verdict.principle].append(each)
    rows = verdict_rows()
    columns = tuple((name, row["title"]) for name, row in rows.items())
    return Matrix(
        columns=columns,
        principles=tuple(
            _row(one, by_name[one.id], silent[one.id], is_open=is_open) for one in model.principles
        ),
        values=tuple(_row(one, by_name[one.id], [], is_open=is_open) for one in model.values),
    )


def _row(item: Item, claims: list[Judged], absences: list[Standing], *, is_open: bool) -> Row:
    names = [*verdict_rows(), DIFFER, OPEN]
    counts = {name: sum(one.now == name for one in claims) for name in names}
    gap, sentence = told_gaps(len(claims), counts, is_open=is_open)
    return Row(
        item=item,
        counts=counts,
        claims=tuple(claims),
        gap=gap,
        sentence=sentence,
        absences=tuple(absences),
    )
