"""The registry of rules, and the one function that decides."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from typing import Any

from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from commonlight.web.policy.actor import Actor
from commonlight.web.policy.decisions import Decision, Refused, allowed, refused

__all__ = ["actions", "decide", "refusal_shown", "require", "role_actions", "rule"]

Rule = Callable[[Actor, Any], Decision]

refusal_shown = Signal()
"""Sent with `actor`, `action`, `thing` and `decision` when a refusal stops somebody."""

_rules: dict[str, Rule] = {}


def rule(action: str) -> Callable[[Rule], Rule]:
    """Register what decides about an action beyond the role: agreement, data set, space."""
    if action not in actions():
        raise ValueError(f"no action {action!r} in roles.toml; add it there first")

    def register(function: Rule) -> Rule:
        if action in _rules and _rules[action] is not function:
            raise ValueError(f"the action {action!r} already has a rule")
        _rules[action] = function
        return function

    return register


@lru_cache
def _table() -> dict[str, Any]:
    text = files("commonlight.web.policy").joinpath("roles.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@lru_cache
def actions() -> frozenset[str]:
    """All actions that exist."""
    return frozenset(_table()["actions"])


@lru_cache
def role_actions(role: str) -> frozenset[str]:
    """What a role may do; a role that the table does not know may do nothing."""
    return frozenset(_table()["roles"].get(role, ()))


def decide(actor: Actor, action: str, thing: Any = None) -> Decision:
    """Whether the actor may do this to the thing, and if not, why and whom to ask.

    Raises
    ------
    ValueError
        If no such action exists: a mistake of ours, never a yes.
    """
    if action not in actions():
        raise ValueError(f"no action {action!r} in roles.toml")
    if not actor.is_member:
        return refused(_("You are not a member of this workspace."), _("Ask its coordinator."))
    if _elsewhere(actor, thing):
        return refused(_("This does not belong to your workspace."))
    if actor.scopes is not None and action not in actor.scopes:
        return refused(
            _("This token was not given the scope “%(action)s”.") % {"action": action},
            _("Make a token with this scope."),
        )
    if action not in role_actions(actor.role or ""):
        return refused(_("Your role does not include this."), _who_may(action))
    judge = _rules.get(action)
    return allowed if judge is None or thing is None else judge(actor, thing)


def require(actor: Actor, action: str, thing: Any = None) -> None:
    """Let pass, or stop with the reason; a stop is logged.

    Raises
    ------
    Refused
        With the decision.
    """
    decision = decide(actor, action, thing)
    if not decision:
        refusal_shown.send(Actor, actor=actor, action=action, thing=thing, decision=decision)
        raise Refused(action, decision)


def _elsewhere(actor: Actor, thing: Any) -> bool:
    """Whether the thing lies in another workspace than the one the actor stands in."""
    home = getattr(thing, "workspace_id", None)
    return home is not None and (actor.workspace is None or home != actor.workspace.pk)


def _who_may(action: str) -> Any:
    """Whom to ask, from the roles that may."""
    roles = [role for role in _table()["roles"] if action in role_actions(role)]
    return _ASK["coordinator"] if "coordinator" in roles or not roles else _ASK[roles[0]]


_ASK = {
    "coordinator": _("Ask the coordinator of this workspace."),
    "analyst": _("Ask an analyst of this workspace."),
    "evaluator": _("Ask the evaluator of this workspace."),
    "decision_maker": _("Ask the decision maker of this workspace."),
    "partner": _("Ask the partner organisation."),
}
