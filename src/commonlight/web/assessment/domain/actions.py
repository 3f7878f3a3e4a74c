"""An accepted recommendation is an action of the partnership; a tick alone closes neither."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from commonlight.web.assessment.enums import RecommendationState
from commonlight.web.assessment.models import Recommendation
from commonlight.web.partnerships.domain.actions import (
    actions_for,
    closing_asks,
    drop_action,
    finish_action,
    give_action,
)
from commonlight.web.partnerships.enums import ActionState
from commonlight.web.partnerships.models import Action
from commonlight.web.policy import Actor, Decision, allowed, refused
from commonlight.web.thread.models import Link

__all__ = ["asks_for_record", "become_action", "end_actions"]

KIND = "recommendation"
LONGEST = 300


def become_action(actor: Actor, recommendation: Recommendation, *, at: Any = None) -> Action:
    """The action that stands on agendas until the recommendation is closed."""
    text, owner, due_on = recommendation.text, recommendation.accountable, recommendation.due_on
    assert owner is not None
    assert due_on is not None
    return give_action(
        actor,
        text=text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…",
        owner=owner,
        due_on=due_on,
        source=recommendation,
        at=at,
    )


def end_actions(
    actor: Actor, recommendation: Recommendation, *, outcome: str, done: bool, at: Any = None
) -> None:
    """The actions end with the recommendation."""
    for one in actions_for(recommendation):
        if one.state != ActionState.OPEN:
            continue
        if done:
            finish_action(actor, one, outcome=outcome, at=at)
        else:
            drop_action(actor, one, reason=outcome, at=at)


@closing_asks(KIND)
def asks_for_record(actor: Actor, action: Action) -> Decision:
    """An action that comes from a recommendation is done when a record shows it."""
    keys = Link.objects.of(action.workspace).filter(
        claim_kind="action", claim_key=str(action.pk), ground_kind=KIND, removed_at=None
    )
    numbers = [int(key) for key in keys.values_list("ground_key", flat=True)]
    waiting = Recommendation.objects.of(action.workspace).filter(
        pk__in=numbers, state=RecommendationState.ACCEPTED
    )
    if not waiting.exists():
        return allowed
    return refused(
        _("This action comes from a recommendation. It is done when a record shows it."),
        _("Open the recommendation and close it with evidence."),
    )
