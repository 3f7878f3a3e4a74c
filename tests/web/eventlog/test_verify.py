"""Tampering is found, and named."""

import pytest
from django.db import connection

from commonlight.web.eventlog import guards
from commonlight.web.eventlog.models import ChainHead, Event
from commonlight.web.eventlog.record import event_digest, record
from commonlight.web.eventlog.verify import chains, heads, verify_chain

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain():
    """Ten events, in a database whose guards somebody took away."""
    for number in range(10):
        record(None, "workspace.view", number=number)
    guards.remove(connection)
    return Event.objects.filter(chain="")


def broken(**options):
    check = verify_chain("", **options)
    assert not check.is_whole
    return check.broken_at, check.fault


def test_a_chain_that_nobody_touched_is_whole(chain):
    check = verify_chain("")
    assert check.is_whole
    assert (check.events, check.digest) == (10, ChainHead.objects.get(chain="").digest)


def test_a_chain_without_events_is_whole(db):
    assert verify_chain("nowhere").is_whole


@pytest.mark.parametrize(
    "change",
    [
        {"action": "data.view"},
        {"kind": "read"},
        {"actor_id": 7},
        {"detail": {"number": 99}},
        {"thing_id": "4"},
        {"digest": "0" * 64},
    ],
)
def test_a_changed_event_is_found(chain, change):
    chain.filter(number=4).update(**change)
    assert broken() == (4, "changed")


def test_a_change_that_also_seals_itself_is_found_by_the_next_event(chain):
    event = chain.get(number=4)
    event.action = "data.view"
    chain.filter(number=4).update(action=event.action, digest=event_digest(event))
    assert broken() == (4, "rewritten")


def test_a_removed_event_is_found(chain):
    chain.filter(number=4).delete()
    assert broken() == (4, "missing")


def test_a_removed_first_event_is_found(chain):
    chain.filter(number=1).delete()
    assert broken() == (1, "missing")


def test_events_that_changed_places_are_found(chain):
    chain.filter(number=4).update(number=99)
    chain.filter(number=5).update(number=4)
    chain.filter(number=99).update(number=5)
    assert broken() == (4, "reordered")


def test_a_removed_end_is_found(chain):
    chain.filter(number__gt=7).delete()
    assert broken() == (8, "cut off")


def test_a_chain_whose_events_and_head_are_gone_together_is_found_by_a_note(chain):
    note = {10: ChainHead.objects.get(chain="").digest}
    chain.filter(number__gt=7).delete()
    last = chain.get(number=7)
    ChainHead.objects.filter(chain="").update(number=7, digest=last.digest)
    assert verify_chain("").is_whole
    assert broken(noted=note) == (8, "cut off")


def test_a_chain_that_was_written_anew_is_found_by_a_note(chain):
    note = {10: ChainHead.objects.get(chain="").digest}
    previous = ""
    for event in chain.order_by("number"):
        event.action, event.previous = "data.view", previous
        event.digest = previous = event_digest(event)
        event.save()
    ChainHead.objects.filter(chain="").update(digest=previous)
    assert verify_chain("").is_whole
    assert broken(noted=note) == (10, "not as noted")


def test_a_chain_that_goes_on_after_the_note_is_whole(chain):
    note = {10: ChainHead.objects.get(chain="").digest}
    record(None, "workspace.view")
    assert verify_chain("", noted=note).is_whole


def test_a_chain_without_its_head_is_found(chain):
    ChainHead.objects.all().delete()
    assert chains() == [""]
    assert broken() == (11, "cut off")


def test_the_answer_is_a_sentence(chain):
    assert str(verify_chain("")).startswith("(installation): 10 events, unbroken, head ")
    chain.filter(number=4).delete()
    assert str(verify_chain("")) == "(installation): broken at event 4: an event was removed here"


def test_heads_are_listed_with_their_digests(chain):
    assert [(head.chain, head.number) for head in heads()] == [("", 10)]
    assert heads(["nowhere"]) == []
