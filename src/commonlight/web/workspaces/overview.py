"""What the first page of a workspace shows; each app adds its part in its `overview.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from commonlight.web.policy import Actor, decide

__all__ = [
    "Beginning",
    "Section",
    "Task",
    "beginning",
    "beginnings_for",
    "first_shown",
    "load_parts",
    "section",
    "sections_for",
    "task_source",
    "tasks_for",
]

Text = str | Promise

MOST_SHOWN = 8
"""Up to so many tasks are all shown."""

FIRST = 5
"""Of more tasks, so many are shown, and all that others asked for until a day."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something that waits for the one who looks; `urgent` tasks come first.

    After them comes what another person asked for and waits for (`is_asked`); it is never folded
    away.
    """

    text: Text
    url: str
    note: Text = ""
    urgent: bool = False
    is_asked: bool = False


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """Something new that the one who looks can begin: what the button says, and where it leads."""

    button: Text
    url: str


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the page: its template and what that shows."""

    template: str
    context: dict[str, Any]


SectionMaker = Callable[[Actor], Section | None]
TaskMaker = Callable[[Actor], Iterable[Task]]
BeginningMaker = Callable[[Actor], Beginning]

_sections: dict[str, tuple[int, str, SectionMaker]] = {}
_tasks: dict[str, tuple[str, TaskMaker]] = {}
_beginnings: dict[str, tuple[str, BeginningMaker]] = {}


def section(*, order: int, action: str) -> Callable[[SectionMaker], SectionMaker]:
    """Register a part for those whose role includes the action."""

    def register(function: SectionMaker) -> SectionMaker:
        _sections[f"{function.__module__}.{function.__qualname__}"] = (order, action, function)
        return function

    return register


def task_source(action: str) -> Callable[[TaskMaker], TaskMaker]:
    """Register what lists tasks for those whose role includes the action."""

    def register(function: TaskMaker) -> TaskMaker:
        _tasks[f"{function.__module__}.{function.__qualname__}"] = (action, function)
        return function

    return register


def beginning(action: str) -> Callable[[BeginningMaker], BeginningMaker]:
    """Register a button for those whose role includes the action."""

    def register(function: BeginningMaker) -> BeginningMaker:
        _beginnings[f"{function.__module__}.{function.__qualname__}"] = (action, function)
        return function

    return register


def beginnings_for(actor: Actor) -> list[Beginning]:
    """What the actor can begin."""
    return [make(actor) for action, make in _beginnings.values() if decide(actor, action)]


def sections_for(actor: Actor) -> list[Section]:
    """The parts that the actor may see and that have something to show, in order."""
    made = [
        make(actor)
        for _, action, make in sorted(_sections.values(), key=lambda entry: entry[0])
        if decide(actor, action)
    ]
    return [part for part in made if part is not None]


def tasks_for(actor: Actor) -> list[Task]:
    """What waits for the actor: the urgent, then what others asked for, then each kind in turn."""
    kinds = [[*make(actor)] for action, make in _tasks.values() if decide(actor, action)]
    found = [task for turn in zip_longest(*kinds) for task in turn if task is not None]
    return sorted(found, key=lambda task: (not task.urgent, not task.is_asked))


def first_shown(tasks: list[Task]) -> int:
    """How many tasks are shown at once; the others wait behind a heading."""
    if len(tasks) <= MOST_SHOWN:
        return len(tasks)
    asked = [place for place, task in enumerate(tasks, start=1) if task.is_asked]
    return max(FIRST, *asked) if asked else FIRST


def load_parts() -> None:
    """Find the parts of all apps."""
    autodiscover_modules("overview")
