"""The transfer passport: what must be true here for a practice to work; never a total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.eventlog.record import record
from commonlight.web.knowledge.domain.profile import (
    TransferField,
    profile_of,
    transfer_content,
    transfer_fields,
)
from commonlight.web.knowledge.domain.published import PublishedPractice
from commonlight.web.knowledge.enums import Adapted, CoreKept, ExpectedEffect, Verdict
from commonlight.web.knowledge.models import Adaptation, LocalPractice, Passport, PassportField
from commonlight.web.policy import Actor, require
from commonlight.web.problems.models import Problem
from commonlight.web.thread.kinds import key_of, kind_named
from commonlight.web.workspaces.reading import read_once

__all__ = [
    "Face",
    "FaceField",
    "PassportError",
    "adapt",
    "compare",
    "core_elements",
    "drop_adaptation",
    "face_of",
    "faces_of",
    "fill_passport",
    "open_passport",
    "passport_json",
    "passports_of",
    "practice_of",
]

SCHEMA = "commonlight.transfer-passport/1"


class PassportError(ValueError):
    """A passport that contradicts itself, with the field and the sentence that people read."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(str(message))
        self.field = field


@dataclass(frozen=True, kw_only=True)
class FaceField:
    """One field, as it is shown in every form of the passport."""

    field: TransferField
    there: str
    here: str
    verdict: Verdict
    note: str = ""
    is_own_reading: bool = False

    @property
    def is_known_on_both_sides(self) -> bool:
        """Whether there is anything to compare."""
        return bool(self.there and self.here)

    @property
    def unknown_side(self) -> str:
        """Which side is not known."""
        if self.is_known_on_both_sides:
            return ""
        return "both" if not (self.there or self.here) else ("there" if self.here else "here")


@dataclass(frozen=True, kw_only=True)
class CoreElement:
    """One core element, and whether it stays."""

    index: int
    text: str
    kept: CoreKept


@dataclass(frozen=True, kw_only=True)
class Face:
    """The whole passport as page, print and interface show it."""

    passport: Passport
    practice: Any
    fields: tuple[FaceField, ...]
    core: tuple[CoreElement, ...]
    core_basis: str
    adaptations: tuple[Adaptation, ...]

    def of(self, verdict: Verdict) -> tuple[FaceField, ...]:
        """The fields with one verdict."""
        return tuple(one for one in self.fields if one.verdict == verdict)

    @property
    def must_be_true(self) -> tuple[FaceField, ...]:
        """What the evidence says of its own place; here it must be so, too, or be made so."""
        return tuple(one for one in self.fields if one.there)

    @property
    def unknown(self) -> tuple[FaceField, ...]:
        """What has to be found out before anybody decides."""
        return self.of(Verdict.UNKNOWN)

    @property
    def differing(self) -> tuple[FaceField, ...]:
        """Where here and there differ."""
        return self.of(Verdict.DIFFERS)

    @property
    def matching(self) -> tuple[FaceField, ...]:
        """Where both are known and alike."""
        return self.of(Verdict.MATCH)


def core_elements(practice: Any) -> tuple[str, ...]:
    """What makes the practice work, according to its source; a local entry names nothing."""
    if isinstance(practice, PublishedPractice):
        return practice.record.core_elements
    return ()


def there(practice: Any, field: TransferField) -> str:
    """What the evidence says of its own place; empty where it is silent."""
    if isinstance(practice, PublishedPractice) and field.practice_key:
        return str(getattr(practice.record.context, field.practice_key) or "")
    return ""


def compare(actor: Actor, practice: Any) -> list[FaceField]:
    """A practice and the city as they are known today; nothing is judged yet, so none matches."""
    profile = profile_of(actor)
    return [
        FaceField(
            field=one,
            there=there(practice, one),
            here=profile[one.id].text if one.id in profile else "",
            verdict=Verdict.UNKNOWN,
        )
        for one in transfer_fields()
    ]


@read_once
def passports_of(actor: Actor, problem: Problem) -> list[Passport]:
    """The passports of a problem."""
    rows = Passport.objects.of(actor.workspace).filter(problem=problem)
    rows = rows.select_related("author__organisation", "problem__workspace", "workspace")
    return list(rows.prefetch_related("fields", "adaptations"))


def practice_of(passport: Passport) -> Any:
    """The practice of a passport; nothing if it is not there any more."""
    kind = kind_named(passport.source_kind)
    return kind.find(passport.workspace, [passport.source_key]).get(passport.source_key)


@transaction.atomic
def open_passport(
    actor: Actor, problem: Problem, practice: Any, *, at: datetime | None = None
) -> Passport:
    """A new passport, filled with what the city profile says; the one there is, if there is one."""
    require(actor, "knowledge.link", problem)
    if not isinstance(practice, PublishedPractice | LocalPractice):
        raise PassportError("practice", _("A passport belongs to a practice."))
    kind, key = key_of(practice)
    Problem.objects.of(actor.workspace).select_for_update().get(pk=problem.pk)
    known: Passport | None = problem.passports.filter(source_kind=kind, source_key=key).first()
    if known is not None:
        return known
    last = problem.passports.aggregate(last=Max("number"))["last"] or 0
    moment = at or timezone.now()
    made: Passport = Passport.objects.create(
        workspace=actor.workspace,
        problem=problem,
        number=last + 1,
        source_kind=kind,
        source_key=key,
        author=actor.membership,
        created_at=moment,
        changed_by=actor.membership,
        changed_at=moment,
    )
    PassportField.objects.bulk_create(
        PassportField(workspace=actor.workspace, passport=made, field=one.field.id, here=one.here)
        for one in compare(actor, practice)
    )
    record(actor, "knowledge.passport", made, number=problem.number, source=[kind, key])
    return made


@transaction.atomic
def fill_passport(
    actor: Actor,
    passport: Passport,
    *,
    fields: Mapping[str, Mapping[str, str]],
    core: Mapping[int, str] | None = None,
    expected: str = ExpectedEffect.UNKNOWN,
    expected_reason: str = "",
    filled_with: str = "",
    at: datetime | None = None,
) -> Passport:
    """Compare field by field; one side that is not known makes the field unknown, whatever is said.

    Raises
    ------
    PassportError
        If an element of the core is changed but the effect is expected as studied, or the
        expectation has no reason.
    """
    require(actor, "knowledge.link", passport)
    practice = practice_of(passport)
    elements = core_elements(practice)
    kept = {str(k): CoreKept((core or {}).get(k, CoreKept.UNDECIDED)) for k in range(len(elements))}
    adaptations = passport.adaptations.filter(dropped_at=None)
    _check_expected(practice, kept.values(), [one.kind for one in adaptations], expected)
    if expected != ExpectedEffect.UNKNOWN and not expected_reason.strip():
        raise PassportError("expected_reason", _("Say why you expect this."))
    rows = {
        one.field: one
        for one in PassportField.objects.of(actor.workspace).filter(passport=passport)
    }
    for field in transfer_fields():
        row = rows.get(field.id) or PassportField(
            workspace=actor.workspace, passport=passport, field=field.id
        )
        given = fields.get(field.id, {})
        row.here, row.note = given.get("here", "").strip(), given.get("note", "").strip()
        told = there(practice, field)
        row.there = "" if told else given.get("there", "").strip()
        row.verdict = _verdict(told or row.there, row.here, given.get("verdict", ""))
        if row.verdict == Verdict.DIFFERS and not row.note:
            raise PassportError(
                f"{field.id}_note", _("Say what the difference may do to the effect.")
            )
        row.save()
    passport.core = {key: str(one) for key, one in kept.items()}
    passport.expected, passport.expected_reason = expected, expected_reason.strip()
    passport.filled_with = filled_with.strip()
    passport.changed_by, passport.changed_at = actor.membership, at or timezone.now()
    passport.save()
    record(actor, "knowledge.passport_filled", passport, number=passport.problem.number)
    return passport


def _verdict(there_text: str, here: str, said: str) -> str:
    """What was said, unless a side is not known: unknown never counts as a match."""
    if not there_text or not here:
        return Verdict.UNKNOWN
    return Verdict(said) if said in Verdict.values else Verdict.UNKNOWN


def _check_expected(
    practice: Any, kept: Iterable[str], kinds: Iterable[str], expected: str
) -> None:
    """A change of the core cannot leave the expected effect as it was studied."""
    touched = CoreKept.CHANGED in list(kept) or _touches_core(practice, list(kinds))
    if touched and expected == ExpectedEffect.AS_STUDIED:
        rule = next(one for one in transfer_content()["adaptation"] if one["id"] == Adapted.CORE)
        raise PassportError("expected", rule["refusal"])


def _touches_core(practice: Any, kinds: list[str]) -> bool:
    """Where no core element is named, every change but an addition counts as one of the core."""
    if Adapted.CORE in kinds:
        return True
    return not core_elements(practice) and Adapted.SURFACE in kinds


@transaction.atomic
def adapt(
    actor: Actor,
    passport: Passport,
    *,
    kind: str,
    text: str,
    reason: str,
    expected: str = "",
    expected_reason: str = "",
    at: datetime | None = None,
) -> Adaptation:
    """Plan a change; one of the core asks for another expected effect at the same time.

    Raises
    ------
    PassportError
        If the core is changed but the effect is expected as studied.
    """
    require(actor, "knowledge.link", passport)
    practice = practice_of(passport)
    after = expected or passport.expected
    kinds = [one.kind for one in passport.adaptations.filter(dropped_at=None)]
    _check_expected(practice, passport.core.values(), [*kinds, kind], after)
    if after != passport.expected:
        if after != ExpectedEffect.UNKNOWN and not expected_reason.strip():
            raise PassportError("expected_reason", _("Say why you expect this."))
        passport.expected, passport.expected_reason = after, expected_reason.strip()
    moment = at or timezone.now()
    passport.changed_by, passport.changed_at = actor.membership, moment
    passport.save()
    made: Adaptation = Adaptation.objects.create(
        workspace=actor.workspace,
        passport=passport,
        kind=kind,
        text=text.strip(),
        reason=reason.strip(),
        author=actor.membership,
        created_at=moment,
    )
    record(actor, "knowledge.adapt", passport, number=passport.problem.number, touches=str(kind))
    return made


@transaction.atomic
def drop_adaptation(
    actor: Actor, passport: Passport, adaptation: Adaptation, *, at: datetime | None = None
) -> None:
    """Give a planned change up; it stays listed."""
    require(actor, "knowledge.link", passport)
    if adaptation.dropped_at is None:
        adaptation.dropped_at = at or timezone.now()
        adaptation.save()
        record(actor, "knowledge.adapt_dropped", passport, number=passport.problem.number)


def faces_of(passports: Iterable[Passport]) -> list[Face]:
    """Several passports of one workspace; the practices are read a kind at a time."""
    rows = list(passports)
    practices: dict[tuple[str, str], Any] = {}
    for name in {one.source_kind for one in rows}:
        keys = [one.source_key for one in rows if one.source_kind == name]
        found = kind_named(name).find(rows[0].workspace, keys)
        practices |= {(name, key): thing for key, thing in found.items()}
    return [face_of(one, practices.get(one.source)) for one in rows]


def face_of(passport: Passport, practice: Any = None) -> Face:
    """The passport as every form of it shows it."""
    shown = practice if practice is not None else practice_of(passport)
    rows = {one.field: one for one in passport.fields.all()}
    fields = [_face_field(shown, one, rows.get(one.id)) for one in transfer_fields()]
    elements = core_elements(shown)
    core = tuple(
        CoreElement(
            index=k, text=text, kept=CoreKept(passport.core.get(str(k), CoreKept.UNDECIDED))
        )
        for k, text in enumerate(elements)
    )
    basis = shown.record.core_elements_basis if isinstance(shown, PublishedPractice) else ""
    adaptations = tuple(passport.adaptations.all())
    return Face(
        passport=passport,
        practice=shown,
        fields=tuple(fields),
        core=core,
        core_basis=basis or "",
        adaptations=adaptations,
    )


def _face_field(practice: Any, field: TransferField, row: PassportField | None) -> FaceField:
    told = there(practice, field)
    own = row.there if row is not None and not told else ""
    here = row.here if row is not None else ""
    said = row.verdict if row is not None else ""
    return FaceField(
        field=field,
        there=told or own,
        here=here,
        verdict=Verdict(_verdict(told or own, here, said)),
        note=row.note if row is not None else "",
        is_own_reading=bool(own),
    )


def passport_json(face: Face) -> dict[str, Any]:
    """The passport for other programs; what is not known is the word "unknown", never empty."""
    passport = face.passport
    unknown = Verdict.UNKNOWN.value
    return {
        "schema": SCHEMA,
        "problem": passport.problem.number,
        "number": passport.number,
        "practice": {"kind": passport.source_kind, "key": passport.source_key},
        "fields": [
            {
                "field": one.field.id,
                "there": one.there or unknown,
                "there_is": "own reading" if one.is_own_reading else "evidence room",
                "here": one.here or unknown,
                "verdict": one.verdict.value,
                "note": one.note or None,
            }
            for one in face.fields
        ],
        "core_elements": [{"text": one.text, "state": one.kept.value} for one in face.core],
        "core_elements_named_by": face.core_basis or None,
        "adaptations": [
            {
                "touches": one.kind,
                "text": one.text,
                "reason": one.reason,
                "is_dropped": one.dropped_at is not None,
            }
            for one in face.adaptations
        ],
        "expected_effect": passport.expected,
        "expected_reason": passport.expected_reason or None,
        "filled_in_with": passport.filled_with or None,
        "changed_on": passport.changed_at.date().isoformat(),
    }
