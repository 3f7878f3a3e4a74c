"""What an agreement covers, how it is drafted, offered, signed and ended."""

from commonlight.web.agreements.domain.coverage import (
    FULL,
    Coverage,
    covering,
    in_force,
    today_in,
)
from commonlight.web.agreements.domain.finding import (
    agreements_of,
    reminders,
    standing,
    visible_agreements,
)
from commonlight.web.agreements.domain.register import register

__all__ = [
    "FULL",
    "Coverage",
    "agreements_of",
    "covering",
    "in_force",
    "register",
    "reminders",
    "standing",
    "today_in",
    "visible_agreements",
]
