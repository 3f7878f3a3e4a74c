"""What fieldwork tells of a problem: whether a valued use is named."""

from __future__ import annotations

from commonlight.web.content import read_content
from commonlight.web.problems.fieldwork.addresses import page_of
from commonlight.web.problems.fieldwork.domain.positive import answers_of
from commonlight.web.problems.needs import Known, Lack, need

__all__ = ["valued_use"]

NEED, VALUED = "valued_use", "valued_uses"


@need(NEED)
def valued_use(known: Known) -> dict[int, Lack]:
    """Risks alone do not define a problem: one valued use, or “none found” with where."""
    items = read_content("commonlight.web.problems", "definition")["needed"]
    missing = next(one["missing"] for one in items if one["id"] == NEED)
    answers = answers_of(known.actor.workspace, known.problems)
    return {
        one.pk: Lack(need=NEED, text=missing, address=page_of(one, "positive"))
        for one in known.problems
        if not any(answer.question == VALUED for answer in answers[one.pk])
    }
