"""Verdicts: each assessor alone, then all beside each other; what holds is asked each time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonlight.web.assessment.domain.evidence import (
    Evidence,
    evidence_of,
    link_evidence,
    link_itself,
)
from commonlight.web.assessment.domain.finding import assessor_of, model_of
from commonlight.web.assessment.domain.looking import has_looked
from commonlight.web.assessment.domain.starting import StrategyError
from commonlight.web.assessment.domain.tagging import move
from commonlight.web.assessment.enums import AssessmentState, ClaimState
from commonlight.web.assessment.models import Assessment, Assessor, Claim, Verdict
from commonlight.web.assessment.words import drop, fill, verdict_rows
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.states import NotNow

__all__ = [
    "BY_ITSELF",
    "POINTS",
    "Given",
    "Standing",
    "VerdictsError",
    "give_absence",
    "give_verdicts",
    "history_of",
    "keep_as_claimed",
    "link_and_judge",
    "send_in",
    "standing",
    "the_records",
    "visible_verdicts",
]

BY_ITSELF = gettext_lazy(
    "The text itself works against it, in this sentence or another. Say in which."
)
"""What stands beside the box with which the text itself becomes the ground."""

POINTS = {"shown": "for", "contradicted": "against"}
"""Verdicts that need a record, and which way it must point."""


class VerdictsError(ValueError):
    """Verdicts that cannot be given: for each claim, the field and the sentence people read."""

    def __init__(self, faults: Mapping[int, tuple[str, str]]) -> None:
        super().__init__(" ".join(text for _field, text in faults.values()))
        self.faults = dict(faults)


@dataclass(frozen=True)
class Given:
    """What an assessor says of one claim; `by_itself`: the text itself is the ground."""

    verdict: str
    note: str = ""
    where_looked: str = ""
    by_itself: bool = False


@dataclass(frozen=True)
class Standing:
    """A verdict as it holds today: given, or dropped with the reason."""

    verdict: Verdict
    now: str
    is_dropped: bool = False
    sentence: str = ""
    next_step: Any = ""
    has_looked: bool = False

    @property
    def assessor(self) -> Assessor:
        """Who gave it."""
        found: Assessor = self.verdict.assessor
        return found


def standing(verdict: Verdict, evidence: Iterable[Evidence]) -> Standing:
    """What a verdict is worth now; one whose records do not stand any more is “claimed”."""
    wanted, evidence = POINTS.get(verdict.verdict), list(evidence)
    looked = has_looked(verdict, evidence)
    pointing = [one for one in evidence if one.direction == wanted]
    if wanted is None or any(one.stands for one in pointing):
        return Standing(verdict, verdict.verdict, has_looked=looked)
    row = drop("withdrawn")
    removed = [one.removed_at for one in pointing if one.removed_at is not None]
    if removed:
        sentence = fill(row["sentence"], date=timezone.localtime(max(removed)).date())
    else:
        reason = " ".join(dict.fromkeys(one.reason for one in pointing if one.reason))
        sentence = _(
            "The record behind this verdict does not stand any more. %(reason)s "
            "The verdict is now “claimed”."
        ) % {"reason": reason}
    return Standing(verdict, str(row["to"]), True, sentence, row["next_step"], looked)


def visible_verdicts(actor: Actor, assessment: Assessment) -> list[Verdict]:
    """All verdicts in force once all have sent theirs; before that, the actor's own."""
    rows = Verdict.objects.of(actor.workspace).filter(
        assessor__assessment=assessment, replaced_at=None
    )
    if not assessment.is_open_to_all:
        mine = assessor_of(actor, assessment)
        rows = rows.filter(assessor=mine.pk if mine is not None else None)
    return list(rows.select_related("assessor__membership__organisation"))


def history_of(actor: Actor, assessment: Assessment, claim: Claim) -> list[Verdict]:
    """Verdicts on a claim that were replaced after the comparison, the newest first."""
    if not assessment.is_open_to_all:
        return []
    rows = Verdict.objects.of(actor.workspace).filter(claim=claim, replaced_at__isnull=False)
    return list(rows.select_related("assessor__membership__organisation").order_by("-replaced_at"))


@transaction.atomic
def give_verdicts(
    actor: Actor, assessment: Assessment, given: Mapping[int, Given], *, at: Any = None
) -> int:
    """Judge claims by their keys; all or none. Says how many verdicts are new.

    Raises
    ------
    NotNow
        If nothing is judged at this moment.
    VerdictsError
        If a verdict lacks what it needs, for each claim.
    """
    mine = _require_judging(actor, assessment)
    claims = {
        one.pk: one for one in assessment.claims.filter(pk__in=given, state=ClaimState.TAGGED)
    }
    known = {one.claim_id: one for one in mine.verdicts.filter(replaced_at=None)}
    for key, one in given.items():
        if one.by_itself and one.verdict == "contradicted" and one.note.strip() and key in claims:
            claims[key].assessment = assessment
            link_itself(actor, claims[key])
    evidence = evidence_of(actor, claims.values())
    faults = {}
    for key, one in given.items():
        fault = (
            _fault(one, evidence[key], known.get(key), assessment)
            if key in claims
            else ("verdict", _("This sentence was not tagged, so it gets no verdict."))
        )
        if fault:
            faults[key] = fault
    if faults:
        raise VerdictsError(faults)
    changed = [_put(mine, one, known.get(key), at, claim=claims[key]) for key, one in given.items()]
    count = sum(changed)
    if count:
        record(actor, "assessment.judge", assessment, count=count)
    return count


@transaction.atomic
def link_and_judge(
    actor: Actor,
    claim: Claim,
    grounds: Iterable[Any],
    *,
    direction: str,
    note: str = "",
    verdict: str = "",
    reason: str = "",
) -> None:
    """Link records to a claim and, with a verdict, judge it in the same step; all or nothing.

    With a verdict the records point the way that it needs; the reason of a verdict that was
    given before stays where none is given.

    Raises
    ------
    VerdictsError
        If the verdict cannot rest on these records.
    """
    for ground in grounds:
        pointing = POINTS.get(verdict, direction)
        link_evidence(actor, claim, ground, direction=pointing, note=note)
    if not verdict:
        return
    mine = _require_judging(actor, claim.assessment)
    known = mine.verdicts.filter(replaced_at=None, claim=claim).first()
    why = reason or (known.note if known is not None and known.verdict == verdict else "")
    if not why and known is not None and claim.assessment.is_open_to_all:
        why = note
    give_verdicts(actor, claim.assessment, {claim.pk: Given(verdict, why)})


def the_records() -> str:
    """Where an assessor looked who found no record for a claim."""
    return _("in the records of this workbench")


@transaction.atomic
def keep_as_claimed(actor: Actor, claim: Claim, *, note: str = "") -> None:
    """Keep that one looked for a record and found none: the claim stays “claimed”."""
    mine = _require_judging(actor, claim.assessment)
    known = mine.verdicts.filter(replaced_at=None, claim=claim).first()
    why = note or (known.note if known is not None and known.verdict == "claimed" else "")
    given = Given("claimed", why, the_records())
    give_verdicts(actor, claim.assessment, {claim.pk: given})


@transaction.atomic
def give_absence(
    actor: Actor, assessment: Assessment, principle: str, *, where_looked: str, at: Any = None
) -> None:
    """Say that the strategy is silent on a principle, and where you looked.

    Raises
    ------
    StrategyError
        If the principle is not in the model, or you do not say where you looked.
    """
    mine = _require_judging(actor, assessment)
    if principle not in {one.id for one in model_of(assessment).principles}:
        raise StrategyError(_("This principle or value is not in the model."))
    if not where_looked.strip():
        raise StrategyError(str(verdict_rows()["absent"]["refusal"]))
    known = mine.verdicts.filter(replaced_at=None, claim=None, principle=principle).first()
    given = Given("absent", "", where_looked)
    if _put(mine, given, known, at, principle=principle):
        record(actor, "assessment.absent", assessment, principle=principle)


@transaction.atomic
def send_in(actor: Actor, assessment: Assessment, *, interest: str = "", at: Any = None) -> bool:
    """Lay your verdicts on the table; says whether all have. What you left out is “claimed”.

    Raises
    ------
    NotNow
        If nothing is judged at this moment.
    """
    mine = _require_judging(actor, assessment)
    Assessment.objects.of(actor.workspace).select_for_update().get(pk=assessment.pk)
    if mine.sent_at is None:
        judged = mine.verdicts.filter(replaced_at=None).values_list("claim", flat=True)
        rest = assessment.claims.filter(state=ClaimState.TAGGED).exclude(
            pk__in=[one for one in judged if one is not None]
        )
        for claim in rest:
            _put(mine, Given("claimed"), None, at, claim=claim)
        mine.sent_at = at or timezone.now()
        mine.interest = interest.strip()
        mine.save(update_fields=["sent_at", "interest"])
        record(actor, "assessment.send", assessment)
    waiting = assessment.assessors.filter(sent_at=None).exists()
    if not waiting and assessment.state == AssessmentState.READING:
        move(actor, assessment, "compare")
    return not waiting


def _require_judging(actor: Actor, assessment: Assessment) -> Assessor:
    require(actor, "assessment.assess", assessment)
    if assessment.state not in (AssessmentState.READING, AssessmentState.COMPARED):
        raise NotNow(_("Claims are judged while the assessment is being read or compared."))
    found = assessor_of(actor, assessment)
    assert found is not None
    if found.sent_at is not None and assessment.state == AssessmentState.READING:
        raise NotNow(_("You have sent yours in. You can change them when all have sent theirs."))
    return found


def _fault(
    given: Given, evidence: list[Evidence], known: Verdict | None, assessment: Assessment
) -> tuple[str, str] | None:
    """What a verdict lacks: the field, and the sentence."""
    rows = verdict_rows()
    if given.verdict not in rows:
        return "verdict", _("Choose a verdict.")
    row, wanted = rows[given.verdict], POINTS.get(given.verdict)
    if given.by_itself and given.verdict != "contradicted":
        return "verdict", _("The text itself is a ground for “contradicted” only.")
    if given.by_itself and not given.note.strip():
        return "note", _("Say in one sentence what the sentence works against.")
    pointing = [one for one in evidence if one.direction == wanted and one.stands]
    if wanted and not pointing:
        return "verdict", f"{row['refusal']}{_or_the_box(given)}"
    if given.verdict == "contradicted" and not (
        given.note.strip() or any(one.note for one in pointing)
    ):
        return "note", str(row["refusal"])
    if given.verdict == "absent" and not given.where_looked.strip():
        return "where_looked", str(row["refusal"])
    if assessment.is_open_to_all and known is not None and known.verdict != given.verdict:
        return None if given.note.strip() else ("note", _("Say why you change your verdict."))
    return None


def _or_the_box(given: Given) -> str:
    """Which box to tick where the text itself is the ground, by the words beside it."""
    if given.verdict != "contradicted":
        return ""
    return " " + _("If it is the text itself, tick the box: “%(label)s”") % {"label": BY_ITSELF}


def _put(
    mine: Assessor,
    given: Given,
    known: Verdict | None,
    at: Any,
    *,
    claim: Claim | None = None,
    principle: str = "",
) -> bool:
    """Keep a verdict; one that all have seen is replaced and stays readable."""
    now = at or timezone.now()
    fields = {
        "verdict": given.verdict,
        "note": given.note.strip(),
        "where_looked": given.where_looked.strip(),
    }
    if known is not None:
        if all(getattr(known, name) == value for name, value in fields.items()):
            return False
        if mine.sent_at is None:
            for name, value in fields.items():
                setattr(known, name, value)
            known.given_at = now
            known.save()
            return True
        known.replaced_at = now
        known.save(update_fields=["replaced_at"])
    Verdict.objects.create(
        workspace=mine.workspace,
        assessor=mine,
        claim=claim,
        principle=principle,
        given_at=now,
        **fields,
    )
    return True
