"""Mend the cut by hand, then tag each claim to principles and values, or to none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonlight.web.assessment.domain.finding import claims_of, model_of
from commonlight.web.assessment.domain.starting import StrategyError, claims_from
from commonlight.web.assessment.enums import (
    AssessmentState,
    ClaimOrigin,
    ClaimState,
    RecommendationState,
)
from commonlight.web.assessment.models import Assessment, Claim
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.states import NotNow, read_table
from commonlight.web.ui.punctuation import listed

__all__ = [
    "LABELS",
    "Coverage",
    "Tags",
    "coverage",
    "cut_again",
    "divide_claim",
    "move",
    "start_reading",
    "tag_claims",
]

PACKAGE = "commonlight.web.assessment"
LABELS: Mapping[str, Any] = {
    **dict(AssessmentState.choices),
    **dict(RecommendationState.choices),
}


@dataclass(frozen=True)
class Coverage:
    """How far the text was read."""

    total: int
    tagged: int
    none: int
    unread: int

    @property
    def read(self) -> int:
        """How many were read."""
        return self.total - self.unread

    @property
    def is_complete(self) -> bool:
        """Whether every sentence was read."""
        return not self.unread


@dataclass(frozen=True)
class Tags:
    """What a reader says of one claim: principles and values, or none of them."""

    principles: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    is_none: bool = False

    @property
    def is_given(self) -> bool:
        """Whether anything was said."""
        return bool(self.principles or self.values or self.is_none)


def coverage(claims: Iterable[Claim]) -> Coverage:
    """How many claims touch a principle or value, how many none, and how many are unread."""
    states = [one.state for one in claims]
    return Coverage(
        len(states),
        states.count(ClaimState.TAGGED),
        states.count(ClaimState.NO_PRINCIPLE),
        states.count(ClaimState.UNREAD),
    )


def move(actor: Actor, assessment: Assessment, step: str, **detail: Any) -> None:
    """Take a step of the table of states; it is logged.

    Raises
    ------
    NotNow
        If the step does not fit the state.
    """
    locked = Assessment.objects.of(actor.workspace).select_for_update().get(pk=assessment.pk)
    table = read_table(PACKAGE, machine="assessment")
    after = table.after(locked.state, step, LABELS)
    now = timezone.now()
    Assessment.objects.of(actor.workspace).filter(pk=assessment.pk).update(
        state=after, state_since=now
    )
    assessment.state, assessment.state_since = after, now
    record(actor, f"assessment.{step}", assessment, **detail)


@transaction.atomic
def divide_claim(actor: Actor, claim: Claim, *, first: str) -> tuple[Claim, Claim]:
    """Divide a claim after the words given.

    Raises
    ------
    StrategyError
        If the claim does not begin with these words, or nothing is left after them.
    """
    _require_cutting(actor, claim.assessment)
    begin = " ".join(first.split())
    whole = " ".join(claim.text.split())
    rest = whole[len(begin) :].strip()
    if not begin or not whole.startswith(begin) or not rest:
        raise StrategyError(_("Give the first part, word for word, and leave a second part over."))
    text = claim.assessment.text.text
    found = text.find(rest.split()[0], claim.start + 1, claim.end)
    edge = text.find(rest, claim.start, claim.end)
    edge = edge if edge >= 0 else max(found, claim.start + 1)
    second = Claim(
        workspace=claim.workspace,
        assessment=claim.assessment,
        number=claim.number + 1,
        text=rest,
        start=edge,
        end=claim.end,
        heading=claim.heading,
        lead_in=claim.lead_in,
        origin=ClaimOrigin.DIVIDED,
    )
    claim.text, claim.end, claim.origin = begin, edge, ClaimOrigin.DIVIDED
    claim.save()
    second.save()
    _number_anew(claim.assessment)
    record(actor, "assessment.divide", claim.assessment, claim=claim.pk)
    return claim, second


@transaction.atomic
def start_reading(actor: Actor, assessment: Assessment) -> None:
    """The cut is right: from now on claims are read, and keep their limits."""
    require(actor, "assessment.manage", assessment)
    move(actor, assessment, "start_reading")


@transaction.atomic
def cut_again(actor: Actor, assessment: Assessment) -> None:
    """Go back to the cut, as long as nothing was read; the rules cut anew.

    Raises
    ------
    StrategyError
        If a claim was read already.
    """
    require(actor, "assessment.manage", assessment)
    if assessment.claims.exclude(state=ClaimState.UNREAD).exists():
        raise StrategyError(
            _("Sentences were read already, so the cut stays. Assess anew to cut in another way.")
        )
    if assessment.state != AssessmentState.CUTTING:
        move(actor, assessment, "cut_again")
    assessment.claims.all().delete()
    Claim.objects.bulk_create(claims_from(assessment))


@transaction.atomic
def tag_claims(
    actor: Actor, assessment: Assessment, given: Mapping[int, Tags], *, reason: str = ""
) -> int:
    """Tag claims by their keys; what is not given stays as it was. Says how many changed.

    A value alone is a tag too: such a claim is judged like one that touches a principle. Once all
    have sent their verdicts, a tag that others have read changes with a reason only.

    Raises
    ------
    NotNow
        If the assessment is not being read.
    StrategyError
        If a principle or value is not in the model, or a reason is missing.
    """
    require(actor, "assessment.assess", assessment)
    if assessment.state in (AssessmentState.CUTTING, AssessmentState.FINISHED):
        raise NotNow(_("Claims are tagged while the assessment is being read."))
    _require_known(assessment, given.values())
    changed, again, now = [], [], timezone.now()
    for claim in assessment.claims.filter(pk__in=given):
        tags = given[claim.pk]
        after = (
            ClaimState.TAGGED if tags.principles or tags.values else ClaimState.NO_PRINCIPLE,
            sorted(tags.principles),
            sorted(tags.values),
        )
        if tags.is_given and after != (claim.state, claim.principles, claim.values):
            if claim.state != ClaimState.UNREAD:
                again.append(claim.number)
            claim.state, claim.principles, claim.values = after
            claim.read_by, claim.read_at = actor.membership, now
            changed.append(claim)
    if again and assessment.is_open_to_all and not reason.strip():
        raise StrategyError(
            ngettext(
                "All have sent their verdicts. Say why you change the tags of claim %(numbers)s.",
                "All have sent their verdicts. Say why you change the tags of claims %(numbers)s.",
                len(again),
            )
            % {"numbers": listed(str(one) for one in sorted(again))}
        )
    fields = ["state", "principles", "values", "read_by", "read_at"]
    Claim.objects.of(actor.workspace).bulk_update(changed, fields)
    if changed:
        why = {"reason": reason.strip()} if again and reason.strip() else {}
        record(actor, "assessment.tag", assessment, claims=[one.number for one in changed], **why)
    return len(changed)


def _require_known(assessment: Assessment, given: Iterable[Tags]) -> None:
    model = model_of(assessment)
    principles = {one.id for one in model.principles}
    values = {one.id for one in model.values}
    for tags in given:
        if set(tags.principles) - principles or set(tags.values) - values:
            raise StrategyError(_("This principle or value is not in the model."))
        if tags.principles and tags.is_none:
            raise StrategyError(_("Choose principles, or “no principle”, and not both."))


def _require_cutting(actor: Actor, assessment: Assessment) -> None:
    require(actor, "assessment.manage", assessment)
    if assessment.state != AssessmentState.CUTTING:
        raise NotNow(_("The limits of claims are changed before anybody reads them."))


def _number_anew(assessment: Assessment) -> None:
    rows = claims_of(assessment)
    for number, one in enumerate(rows, 1):
        one.number = number
    Claim.objects.of(assessment.workspace).bulk_update(rows, ["number"])
