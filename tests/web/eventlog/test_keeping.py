"""What was put together is kept until the log of the workspace tells of a change."""

from __future__ import annotations

import contextvars
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import transaction
from django.utils.translation import override

from commonlight.web.eventlog import keeping
from commonlight.web.eventlog.keeping import forget_everything, kept_until_a_change
from commonlight.web.eventlog.models import EventKind
from commonlight.web.eventlog.record import record
from commonlight.web.workspaces import reading


@pytest.fixture(autouse=True)
def keeps(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Keeping as it is outside of tests, on a clock that stands still."""
    settings.COMMONLIGHT_KEEPS_PAGES = True
    monkeypatch.setattr(keeping, "time", lambda: 1_000_000.0)
    forget_everything()
    with reading.showing():
        yield
    forget_everything()


@pytest.fixture
def told(city: Any) -> Any:
    """What was put together, as often as it was."""
    made: list[tuple[Any, Any]] = []

    @kept_until_a_change
    def tell(actor: Any, row: Any) -> int:
        made.append((actor.role, row.pk))
        return len(made)

    record(None, "workspace.configure", workspace=city.workspace)
    return tell


def test_the_same_is_told_until_something_changes(told: Any, actor_of: Any, city: Any) -> None:
    actor = actor_of("analyst")
    assert [told(actor, city.police) for _ in range(3)] == [1, 1, 1]
    for kind in (EventKind.READ, EventKind.EXPORT, EventKind.REFUSAL, EventKind.SIGN_IN):
        record(actor, "data.list", city.police, kind=kind)
    assert told(actor, city.police) == 1, "who reads or signs in changes nothing"
    record(actor, "organisation.change", city.police)
    assert told(actor, city.police) == 2


def test_each_reader_row_and_language_has_its_own(told: Any, actor_of: Any, city: Any) -> None:
    actor = actor_of("analyst")
    assert told(actor, city.police) == 1
    assert told(actor_of("coordinator"), city.police) == 2
    assert told(actor, city.municipality) == 3
    with override("fr"):
        assert told(actor, city.police) == 4
    assert told(actor, city.police) == 1


def test_values_are_told_apart_too(city: Any) -> None:
    made = []

    @kept_until_a_change
    def tell(place: Any, name: str) -> int:
        made.append(name)
        return len(made)

    record(None, "workspace.configure", workspace=city.workspace)
    assert [tell(city.workspace, one) for one in ("sara", "sape", "sara")] == [1, 2, 1]


def test_the_clock_moves_on(told: Any, actor_of: Any, city: Any, monkeypatch: Any) -> None:
    actor = actor_of("analyst")
    assert told(actor, city.police) == 1
    monkeypatch.setattr(keeping, "time", lambda: 1_000_060.0)
    assert told(actor, city.police) == 2


def test_what_never_came_to_be_leaves_nothing(told: Any, actor_of: Any, city: Any) -> None:
    actor = actor_of("analyst")
    assert told(actor, city.police) == 1
    try:
        with transaction.atomic():
            record(actor, "organisation.change", city.police)
            assert told(actor, city.police) == 2
            raise RuntimeError
    except RuntimeError:
        pass
    assert told(actor, city.police) == 3, "not what was told of a change that is not there"
    record(actor, "organisation.change", city.police)
    assert told(actor, city.police) == 4


def in_a_step(tell: Any, place: Any) -> Any:
    """What a step is told, which changes something and shows nothing yet.

    In a copy of this context, not in an empty one: beside a browser's event loop Django keeps its
    connections in the context, and an empty one would ask the database anew, outside this test.
    """
    step = contextvars.copy_context()
    step.run(reading._shows.set, False)
    return step.run(tell, place)


def test_a_step_that_is_half_done_shows_its_rows_to_nobody(city: Any) -> None:
    @kept_until_a_change
    def name_of(place: Any) -> str:
        return str(type(city.police).objects.of(place).get(pk=city.police.pk).name)

    record(None, "workspace.configure", workspace=city.workspace)
    before = in_a_step(name_of, city.workspace)
    with transaction.atomic():
        type(city.police).objects.of(city.workspace).filter(pk=city.police.pk).update(
            name="Half done"
        )
        assert in_a_step(name_of, city.workspace) == "Half done"
        transaction.set_rollback(True)
    assert name_of(city.workspace) == before


def test_another_workspace_changes_nothing_here(told: Any, actor_of: Any, city: Any) -> None:
    actor = actor_of("analyst")
    assert told(actor, city.police) == 1
    record(None, "workspace.configure", workspace=city.elsewhere)
    assert told(actor, city.police) == 1


def test_only_so_many_are_kept(
    told: Any, actor_of: Any, city: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST", 2)
    actor = actor_of("analyst")
    rows = [city.police, city.municipality, city.university]
    assert [told(actor, one) for one in rows] == [1, 2, 3]
    assert told(actor, city.university) == 3
    assert told(actor, city.police) == 4, "the one not asked for longest went first"


def test_a_workspace_can_be_asked_of_too(city: Any) -> None:
    made = []

    @kept_until_a_change
    def tell(place: Any) -> int:
        made.append(place)
        return len(made)

    assert [tell(city.workspace) for _ in range(2)] == [1, 2], "a log without events tells nothing"
    record(None, "workspace.configure", workspace=city.workspace)
    assert [tell(city.workspace) for _ in range(2)] == [3, 3]


def test_only_of_so_many_workspaces(
    told: Any, actor_of: Any, city: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "WORKSPACES", 1)
    record(None, "workspace.configure", workspace=city.elsewhere)
    here, there = actor_of("analyst"), actor_of("stranger")
    assert [told(here, city.police), told(there, city.police)] == [1, 2]
    assert told(here, city.police) == 3


def test_without_keeping_everything_is_put_together_anew(
    told: Any, actor_of: Any, city: Any, settings: Any
) -> None:
    settings.COMMONLIGHT_KEEPS_PAGES = False
    actor = actor_of("analyst")
    assert [told(actor, city.police) for _ in range(2)] == [1, 2]


def test_those_who_ask_for_the_same_at_once_wait_for_the_first(
    city: Any, actor_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a change many pages ask for the same path; one of them puts it together."""
    actor, made, begun = actor_of("analyst"), [], threading.Event()
    monkeypatch.setattr(keeping, "_newest_change", lambda chain: "the newest")

    @kept_until_a_change
    def tell(asker: Any, number: int) -> int:
        made.append(number)
        begun.wait(0.2)
        return number

    def ask(number: int) -> int:
        with reading.showing():
            return tell(actor, number)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, [1, 2] * 4)) == [1, 2] * 4
    assert sorted(made) == [1, 2]


def test_a_failure_is_not_kept_and_holds_nobody_up(told: Any, city: Any, actor_of: Any) -> None:
    tries = []

    @kept_until_a_change
    def tell(asker: Any) -> str:
        tries.append(asker)
        if len(tries) == 1:
            raise OSError("the disk is away")
        return "told"

    actor = actor_of("analyst")
    with pytest.raises(OSError, match="away"):
        tell(actor)
    assert [tell(actor), tell(actor), len(tries)] == ["told", "told", 2]
