"""The tables of the partnership, by subject."""

from commonlight.web.partnerships.models.agreement import (
    FrozenTextError,
    PartnershipAgreement,
    Signature,
)
from commonlight.web.partnerships.models.cycle import Cycle, CycleStep
from commonlight.web.partnerships.models.ladder import InvolvementEvent
from commonlight.web.partnerships.models.meetings import (
    Action,
    AgendaItem,
    Attendance,
    CarriedAction,
    Decision,
    Meeting,
    Series,
)
from commonlight.web.partnerships.models.mirror import FactReason
from commonlight.web.partnerships.models.pack import CouncilPack, PackLine
from commonlight.web.partnerships.models.pulse import PulseRound, PulseTurn, PulseTurnout
from commonlight.web.partnerships.models.raci import Task, TaskPart
from commonlight.web.partnerships.models.register import Partner

__all__ = [
    "Action",
    "AgendaItem",
    "Attendance",
    "CarriedAction",
    "CouncilPack",
    "Cycle",
    "CycleStep",
    "Decision",
    "FactReason",
    "FrozenTextError",
    "InvolvementEvent",
    "Meeting",
    "PackLine",
    "Partner",
    "PartnershipAgreement",
    "PulseRound",
    "PulseTurn",
    "PulseTurnout",
    "Series",
    "Signature",
    "Task",
    "TaskPart",
]
