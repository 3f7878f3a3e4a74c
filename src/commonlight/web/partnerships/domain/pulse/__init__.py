"""The pulse: what each member says alone, and what may be shown of all of it together."""

from commonlight.web.partnerships.domain.pulse.rounds import (
    answer_round,
    close_due_rounds,
    has_answered,
    open_round,
    rounds_of,
    statement_ids,
)
from commonlight.web.partnerships.domain.pulse.showing import latest_shown, shown_round, trend

__all__ = [
    "answer_round",
    "close_due_rounds",
    "has_answered",
    "latest_shown",
    "open_round",
    "rounds_of",
    "shown_round",
    "statement_ids",
    "trend",
]
