"""A prototype that somebody tried."""

from __future__ import annotations

from datetime import date
from typing import Any

from commonlight.web.design.domain.concepts import record_test

SEEN: dict[str, Any] = {
    "day": date(2025, 6, 1),
    "what": "A lamp on a stand",
    "testers": ["women"],
    "people": 5,
    "seen": "Four of five walked there.",
    "verdict": "change",
    "because": "The lamp blinds.",
}


def tried(actor: Any, concept: Any, **changed: Any) -> Any:
    return record_test(actor, concept, **SEEN | changed)
