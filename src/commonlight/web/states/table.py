"""The table of states: from where, by which action, to where."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from commonlight.web.policy import Decision, allowed, refused

__all__ = ["NotNow", "StateTable", "Transition", "read_table"]


class NotNow(ValueError):
    """An action does not fit the state that a thing is in."""


@dataclass(frozen=True)
class Transition:
    """One row of the table."""

    source: str
    action: str
    target: str


@dataclass(frozen=True)
class StateTable:
    """All states of one kind of thing, the first one first, and what leads from each to which."""

    name: str
    states: tuple[str, ...]
    transitions: tuple[Transition, ...]

    @property
    def first(self) -> str:
        """The state in which a thing begins."""
        return self.states[0]

    def actions(self, state: str) -> tuple[str, ...]:
        """What may be done to a thing in this state."""
        return tuple(one.action for one in self.transitions if one.source == state)

    def decide(
        self, state: str, action: str, labels: Mapping[str, str | Promise] | None = None
    ) -> Decision:
        """Whether the action fits the state, and if not, in which states it does."""
        if action in self.actions(state):
            return allowed
        fitting = [one.source for one in self.transitions if one.action == action]
        if not fitting:
            raise ValueError(f"no action {action!r} in the table of {self.name}")
        words = {one: str((labels or {}).get(one, one)) for one in self.states}
        return refused(
            _("This is “%(state)s” now; the step is possible when it is %(fitting)s.")
            % {
                "state": words[state],
                "fitting": get_text_list(
                    [_("“%(state)s”") % {"state": words[one]} for one in fitting], _("or")
                ),
            }
        )

    def after(
        self, state: str, action: str, labels: Mapping[str, str | Promise] | None = None
    ) -> str:
        """The state to which the action leads.

        Raises
        ------
        NotNow
            If the action does not fit the state, with the sentence that the person reads.
        """
        decision = self.decide(state, action, labels)
        if not decision:
            raise NotNow(str(decision.reason))
        return next(
            one.target for one in self.transitions if (one.source, one.action) == (state, action)
        )


@lru_cache
def read_table(package: str, name: str = "states.toml", *, machine: str = "") -> StateTable:
    """The table of one machine from the app's own file; it is checked while it is read.

    Raises
    ------
    ValueError
        If a row names an unknown state, a pair stands twice, or a state cannot be reached.
    """
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    content = tomllib.loads(text)
    found = content[machine] if machine else content
    rows = tuple(Transition(*row) for row in found["transitions"])
    table = StateTable(machine or package.rpartition(".")[2], tuple(found["states"]), rows)
    _check(table, f"{package}/{name}")
    return table


def _check(table: StateTable, where: str) -> None:
    for row in table.transitions:
        for state in (row.source, row.target):
            if state not in table.states:
                raise ValueError(f"{where}: {table.name} has no state {state!r}")
    pairs = [(one.source, one.action) for one in table.transitions]
    twice = sorted({pair for pair in pairs if pairs.count(pair) > 1})
    if twice:
        raise ValueError(f"{where}: {table.name} has {twice[0]} twice")
    reached = {table.first, *(one.target for one in table.transitions)}
    lonely = [one for one in table.states if one not in reached]
    if lonely:
        raise ValueError(f"{where}: no step of {table.name} leads to {lonely[0]!r}")
