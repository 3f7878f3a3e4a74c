"""Events are appended one by one, also when many write at once."""

import threading

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonlight.web.eventlog.models import ChainHead, Event
from commonlight.web.eventlog.record import event_digest, record
from commonlight.web.eventlog.verify import verify_chain

THREADS, EVENTS = 8, 50


def test_an_event_names_the_thing_and_the_person_by_number_only(actor_of, dataset, people):
    thing = dataset()
    event = record(actor_of("analyst"), "data.upload", thing, rows=3)
    kept = Event.objects.get(pk=event.pk)
    assert (kept.thing_kind, kept.thing_id) == ("data.dataset", str(thing.pk))
    assert kept.actor_id == people["analyst"].pk
    assert kept.detail == {"rows": 3}
    assert "Analyst" not in str(vars(kept))
    assert "example.org" not in str(vars(kept))


def test_workspaces_and_the_installation_have_chains_of_their_own(actor_of):
    record(actor_of("analyst"), "data.view")
    record(actor_of("stranger"), "data.view")
    record(None, "workspace.view")
    heads = ChainHead.objects.values_list("chain", "number")
    assert set(heads) == {("lakeside", 1), ("elsewhere", 1), ("", 1)}


def test_a_kind_that_nobody_knows_is_no_event(actor_of):
    before = Event.objects.count()
    with pytest.raises(ValueError, match="seen"):
        record(actor_of("analyst"), "data.set", kind="seen")
    assert Event.objects.count() == before


def test_an_event_costs_three_queries(actor_of, dataset):
    actor, thing = actor_of("analyst"), dataset()
    record(actor, "data.view", thing)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        record(actor, "data.view", thing)
    assert len(queries) == 3


@pytest.mark.django_db(transaction=True)
def test_an_event_goes_with_the_transaction_that_fails():
    def fail():
        with transaction.atomic():
            record(None, "workspace.view")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not Event.objects.exists()
    assert verify_chain("").is_whole


@pytest.mark.django_db(transaction=True)
def test_many_writers_leave_an_unbroken_chain():
    failures = []

    def write():
        try:
            for number in range(EVENTS):
                record(None, "workspace.view", number=number)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write) for _ in range(THREADS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not failures
    check = verify_chain("")
    assert check.is_whole, str(check)
    assert check.events == THREADS * EVENTS


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**60), max_value=2**60)
    | st.floats(allow_nan=True)
    | st.text(st.characters(codec=None), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@pytest.mark.django_db
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(detail=values)
def test_every_database_gives_back_what_was_sealed(detail):
    event = record(None, "workspace.view", detail=detail)
    kept = Event.objects.get(pk=event.pk)
    assert event_digest(kept) == kept.digest == event.digest
