"""A small thread of a city: rooms rest on rooms and on organisations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest


@pytest.fixture
def kinds() -> Iterator[SimpleNamespace]:
    """Rooms are claims and organisations are sources, for as long as the test lasts."""
    from commonlight.web.policy import allowed, refused
    from commonlight.web.thread import kinds as known
    from commonlight.web.workspaces.models import Organisation, Space

    kept = dict(known._kinds)
    gone: set[str] = set()
    hidden: set[str] = set()

    def finder(model: Any) -> Any:
        return lambda place, keys: {
            str(one.pk): one for one in model.objects.of(place).filter(pk__in=list(keys))
        }

    def see(actor: Any, things: Any) -> Any:
        return {
            key: refused("It is closed to you.") if key in hidden else allowed for key in things
        }

    room = known.NodeKind(
        name="room",
        label="room",
        model=Space,
        find=finder(Space),
        title=lambda one: one.name,
        address=lambda one: f"/rooms/{one.slug}/",
        see=lambda actor, things: dict.fromkeys(things, allowed),
        change=lambda actor, one: allowed,
    )
    source = known.NodeKind(
        name="source",
        label="source",
        model=Organisation,
        find=finder(Organisation),
        title=lambda one: one.name,
        address=lambda one: f"/sources/{one.pk}/",
        see=see,
        live=lambda things: {key: refused("It was withdrawn.") for key in things if key in gone},
        must_rest=False,
    )
    known._kinds.clear()
    known.register(room)
    known.register(source)
    yield SimpleNamespace(gone=gone, hidden=hidden)
    known._kinds.clear()
    known._kinds.update(kept)


@pytest.fixture
def room(city: SimpleNamespace, kinds: SimpleNamespace) -> Callable[[str], Any]:
    """A claim."""
    from commonlight.web.workspaces.models import Space

    def make(name: str) -> Any:
        return Space.objects.create(
            workspace=city.workspace, slug=name.lower(), name=name, is_open=True
        )

    return make
