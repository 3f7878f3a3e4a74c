"""What was put together for a person is kept until something in the workspace changes.

Every change of a workspace is an event of its log, so the newest change says whether what was put
together still holds, in whichever process. What depends on the clock is put together anew each
minute. Only pages that show something keep and are given what was kept: a step that is half done
reads its own rows, and nobody else is shown them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from threading import Lock
from time import time
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.db.models import Model
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

from commonlight.web.eventlog.models import Event, EventKind
from commonlight.web.policy.actor import Actor
from commonlight.web.workspaces.reading import is_showing

__all__ = ["forget_everything", "kept_until_a_change"]

MOST = 200
"""So many answers are kept of a workspace; the one not asked for longest goes first."""
WORKSPACES = 30
"""Of so many workspaces something is kept in a process."""
MINUTE = 60

Asker = TypeVar("Asker")
Things = ParamSpec("Things")
Answer = TypeVar("Answer")


@dataclass
class Shelf:
    """What is kept of one workspace since its newest change."""

    change: str
    answers: OrderedDict[Any, Any] = field(default_factory=OrderedDict)
    making: dict[Any, Lock] = field(default_factory=dict)
    """While somebody puts an answer together, those who ask for the same wait for it."""


_shelves: OrderedDict[str, Shelf] = OrderedDict()
_lock = Lock()


def kept_until_a_change(
    tell: Callable[Concatenate[Asker, Things], Answer],
) -> Callable[Concatenate[Asker, Things], Answer]:
    """A function that tells of rows of a workspace, and tells the same until a change.

    It is asked by an actor or of a workspace, about rows and values. What it gives is shared by
    those who ask, so nobody changes it. It depends on who asks, about what, the language, the
    clock to the minute, and on what the log of the workspace tells of.
    """

    @wraps(tell)
    def told(asker: Asker, /, *args: Things.args, **options: Things.kwargs) -> Answer:
        chain = _chain(asker)
        keeps = settings.COMMONLIGHT_KEEPS_PAGES and is_showing()
        change = _newest_change(chain) if keeps else ""
        if not change:
            return tell(asker, *args, **options)
        things: tuple[Any, ...] = (*args, *options.values())
        about = tuple(_named(one) for one in things)
        key = (tell.__module__, tell.__qualname__, _who(asker), _where(), about)
        with _lock:
            shelf = _shelf(chain, change)
            making = shelf.making.setdefault(key, Lock())
        with making:
            if (kept := _kept(shelf, key)) is not None:
                found: Answer = kept[0]
                return found
            found = tell(asker, *args, **options)
            _keep(shelf, key, found)
            return found

    return told


def forget_everything() -> None:
    """Keep nothing of what was told before."""
    with _lock:
        _shelves.clear()


def _shelf(chain: str, change: str) -> Shelf:
    """What is kept of a workspace; a change begins with an empty one."""
    if chain not in _shelves or _shelves[chain].change != change:
        _shelves[chain] = Shelf(change)
    _shelves.move_to_end(chain)
    while len(_shelves) > WORKSPACES:
        _shelves.popitem(last=False)
    return _shelves[chain]


def _kept(shelf: Shelf, key: Any) -> tuple[Any] | None:
    """The answer that is kept, alone in a tuple, since it may be nothing."""
    with _lock:
        if key not in shelf.answers:
            return None
        shelf.answers.move_to_end(key)
        return (shelf.answers[key],)


def _keep(shelf: Shelf, key: Any, found: Any) -> None:
    with _lock:
        shelf.answers[key] = found
        while len(shelf.answers) > MOST:
            gone, _answer = shelf.answers.popitem(last=False)
            shelf.making.pop(gone, None)


def _newest_change(chain: str) -> str:
    """The digest of the newest event that changed something; no two events have the same."""
    events = Event.objects.filter(chain=chain, kind=EventKind.CHANGE).order_by("-number")
    return events.values_list("digest", flat=True).first() or ""


def _chain(asker: Any) -> str:
    place = asker.workspace if isinstance(asker, Actor) else asker
    return str(place.slug)


def _named(thing: Any) -> Any:
    """A row by its table and key, a value by itself."""
    return (type(thing), thing.pk) if isinstance(thing, Model) else thing


def _who(asker: Any) -> tuple[Any, ...]:
    if not isinstance(asker, Actor):
        return ("workspace", asker.pk)
    membership = getattr(asker.membership, "pk", None)
    held = (asker.kind, asker.user_id, membership, asker.role, asker.organisation_id)
    return (*held, asker.scopes)


def _where() -> tuple[Any, ...]:
    return (get_language(), get_current_timezone_name(), int(time() // MINUTE))
