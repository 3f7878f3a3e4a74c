"""Seal the answers of a partner, so that neither the database nor its size tells of them."""

from __future__ import annotations

import json
import logging
from typing import Any

from commonlight.web.accounts.sealing import seal, unseal

__all__ = ["open_seal", "sealed_answers"]

PURPOSE = "frames apart"
BLOCK = 8192
"""Answers are filled up to a multiple of so many bytes: a long answer looks like a short one."""

log = logging.getLogger("commonlight.problems")


def sealed_answers(answers: dict[str, Any]) -> str:
    """The answers as a sealed text."""
    text = json.dumps(answers, ensure_ascii=True, sort_keys=True)
    return seal(text.ljust(-(-len(text) // BLOCK) * BLOCK), purpose=PURPOSE)


def open_seal(text: str) -> dict[str, Any] | None:
    """The answers; None if there are none, or the secret that sealed them was lost."""
    if not text:
        return None
    found = unseal(text, purpose=PURPOSE)
    if found is None:
        log.warning("an answer was sealed with another secret and cannot be opened")
        return None
    answers: dict[str, Any] = json.loads(found)
    return answers
