"""The kinds of jobs there are: each app's `jobs.py` registers its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commonlight.web.policy import Actor
from commonlight.web.policy.rules import actions

if TYPE_CHECKING:
    from commonlight.web.runs.models import Run
    from commonlight.web.runs.work import Work

__all__ = ["Job", "UnknownJobError", "find_job", "job", "kinds", "shared_kinds"]

MINUTE = 60
LANES = {"quick": 15 * MINUTE, "long": 12 * 60 * MINUTE}
"""Each lane, and how many seconds one attempt in it may take."""

Function = Callable[["Work"], dict[str, Any]]
Check = Callable[[Actor, "Run"], None]
Publish = Callable[["Run", dict[str, Any]], None]
Address = Callable[["Run"], str]

_jobs: dict[str, Job] = {}


class UnknownJobError(LookupError):
    """No app has a job of this kind."""


@dataclass
class Job:
    """A kind of computation, and what happens around it.

    `action` is what the person must be allowed to do, at the request and again at the start.
    A `shared` run is shown to all members who see runs; any other one to the organisation that
    asked for it.
    """

    kind: str
    function: Function
    lane: str
    title: str
    result_schema: str
    action: str
    shared: bool
    max_attempts: int
    time_limit: float
    checker: Check | None = None
    publisher: Publish | None = None
    addresser: Address | None = None

    def __call__(self, work: Work) -> dict[str, Any]:
        """Do the work itself."""
        return self.function(work)

    def check(self, function: Check) -> Check:
        """Register what else must hold: called at the request and again before the start."""
        self.checker = function
        return function

    def publish(self, function: Publish) -> Publish:
        """Register what the result changes in the database: it happens exactly once."""
        self.publisher = function
        return function

    def address(self, function: Address) -> Address:
        """Register where the result is read."""
        self.addresser = function
        return function


def job(
    kind: str,
    *,
    title: str,
    result_schema: str,
    lane: str = "long",
    action: str = "run.start",
    shared: bool = False,
    max_attempts: int = 3,
    time_limit: float | None = None,
) -> Callable[[Function], Job]:
    """Register a function as the job of a kind; `title` is marked with `gettext_noop`."""
    if lane not in LANES:
        raise ValueError(f"lane must be one of {', '.join(LANES)}; got {lane!r}")
    if action not in actions():
        raise ValueError(f"no action {action!r} in roles.toml")

    def register(function: Function) -> Job:
        known = _jobs.get(kind)
        if known is not None and known.function.__module__ != function.__module__:
            raise ValueError(f"there is already a job of the kind {kind!r}")
        _jobs[kind] = Job(
            kind=kind,
            function=function,
            lane=lane,
            title=title,
            result_schema=result_schema,
            action=action,
            shared=shared,
            max_attempts=max_attempts,
            time_limit=time_limit or LANES[lane],
        )
        return _jobs[kind]

    return register


def find_job(kind: str) -> Job:
    """The job of this kind.

    Raises
    ------
    UnknownJobError
        If no app has one: the run was asked for by another version of the workbench.
    """
    if kind not in _jobs:
        raise UnknownJobError(f"this version of Commonlight has no job of the kind {kind!r}")
    return _jobs[kind]


def kinds() -> list[str]:
    """All kinds of jobs."""
    return sorted(_jobs)


def shared_kinds() -> list[str]:
    """The kinds whose runs all members may see who see runs."""
    return sorted(kind for kind, one in _jobs.items() if one.shared)
