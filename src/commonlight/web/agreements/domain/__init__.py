"""What an agreement covers, how it is drafted, offered, signed and ended."""

from commonlight.web.agreements.domain.coverage import (
    FULL,
    Coverage,
    covering,
    in_force,
    today_in,
)

__all__ = ["FULL", "Coverage", "covering", "in_force", "today_in"]
