"""The register, tasks, agreement, pulse, mirror and meetings as the interface answers them."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema

__all__ = [
    "ActionOut",
    "DecisionOut",
    "FactOut",
    "LadderOut",
    "MeetingFullOut",
    "MeetingOut",
    "PackFullOut",
    "PackOut",
    "PartnerOut",
    "PartnershipAgreementOut",
    "PartnershipMirrorOut",
    "RoundOfPulseOut",
    "TaskOut",
]


class PartnerOut(Schema):
    """A row of the register; contacts are functions."""

    id: int
    name: str
    is_open: bool
    kind: str
    role: str
    mandate: str
    mandate_text: str
    powers: list[str]
    powers_text: str
    cannot: str
    contributes: str
    expects: str
    contact_function: str
    deputy_function: str
    review_on: date | None
    is_past_review: bool


class PartnershipPartOut(Schema):
    """A partner's part in a task."""

    partner: str
    letter: str
    state: str
    reason: str


class TaskOut(Schema):
    """A task; `missing` says why nobody surely answers for it."""

    id: int
    activity: str
    problem: int | None
    due_on: date | None
    strand: str
    approach: str
    parts: list[PartnershipPartOut]
    missing: str
    flags: list[str]


class SignatureOut(Schema):
    """An organisation that signs, and when it did."""

    organisation: str
    signed_at: datetime | None


class PartnershipAgreementOut(Schema):
    """A version of the partnership agreement."""

    number: int
    title: str
    state: str
    clauses: dict[str, str]
    open_clauses: list[str]
    text_digest: str
    offered_at: datetime | None
    signed_at: datetime | None
    signatures: list[SignatureOut]


class LineOut(Schema):
    """What is shown of a statement or of a condition."""

    counts: dict[str, int]
    middle: list[int] | None
    spread: str | None
    mean: float | None


class RoundOfPulseOut(Schema):
    """A round of the pulse; `why` says why nothing is shown."""

    number: int
    state: str
    closes_on: date
    answers: int
    shape: str
    why: str
    conditions: dict[str, LineOut]
    statements: dict[str, LineOut]


class PartnershipReasonOut(Schema):
    """What an organisation says beside a number."""

    organisation: str
    text: str
    given_at: datetime


class FactOut(Schema):
    """One number of an organisation, or of the partnership as a whole."""

    fact: str
    condition: str
    organisation: str | None
    declared: int
    done: int
    reasons: list[PartnershipReasonOut]


class PartnershipMirrorOut(Schema):
    """Declared and done beside the newest closed round."""

    first: date
    last: date
    round: int | None
    facts: list[FactOut]


class MeetingOut(Schema):
    """A meeting in a list."""

    number: int
    title: str
    series: str | None
    starts_at: datetime
    place: str
    minutes: int
    state: str


class ItemOut(Schema):
    """A point of an agenda."""

    kind: str
    title: str
    minutes: int
    brought_by: str | None
    problem: int | None
    notes: str


class ActionOut(Schema):
    """What an organisation took on."""

    id: int
    text: str
    owner: str
    due_on: date
    state: str
    is_confirmed: bool
    closed_on: date | None
    outcome: str
    meeting: int | None
    problem: int | None
    times_carried: int


class DecisionOut(Schema):
    """A decision and the body that took it."""

    number: int
    text: str
    is_joint: bool
    decided_by: str | None
    how: str
    problem: int | None
    decided_at: datetime


class MeetingFullOut(MeetingOut):
    """A meeting with everything; attendance is by organisation."""

    notes: str
    attendance: dict[str, str]
    items: list[ItemOut]
    carried: list[ActionOut]
    decisions: list[DecisionOut]
    actions: list[ActionOut]


class PartnershipStepOut(Schema):
    """A step of the ladder with its events."""

    step: str
    on: date
    text: str


class LadderOut(Schema):
    """How far a partner or group is involved."""

    partner: str
    reached: str | None
    is_silent: bool
    events: list[PartnershipStepOut]


class PackOut(Schema):
    """A council pack in a list."""

    number: int
    title: str
    for_day: date
    state: str


class GroundOut(Schema):
    """What a line rests on."""

    title: str
    datasets: list[str]
    day: date | None


class PackLineOut(Schema):
    """A line of a council pack."""

    section: str
    text: str
    missing: str
    grounds: list[GroundOut]


class PackFullOut(PackOut):
    """A council pack with its lines."""

    lines: list[PackLineOut]
