"""Reads of sensitive data are kept once an hour; readers of public pages leave no trace."""

from datetime import timedelta

import pytest
from django.utils import timezone

from commonlight.web.eventlog import reads
from commonlight.web.eventlog.models import Event
from commonlight.web.eventlog.reads import note_read
from commonlight.web.policy import Actor


def test_a_read_is_kept_once_an_hour_a_person_and_a_thing(actor_of, dataset, monkeypatch):
    burglary, theft = dataset("burglary"), dataset("theft")
    assert note_read(actor_of("analyst"), burglary)
    assert note_read(actor_of("analyst"), burglary) is None
    assert note_read(actor_of("analyst"), theft)
    assert note_read(actor_of("coordinator"), burglary)
    later = timezone.now() + timedelta(minutes=61)
    monkeypatch.setattr(reads.timezone, "now", lambda: later)
    assert note_read(actor_of("analyst"), burglary)
    assert Event.objects.filter(kind="read").count() == 4


def test_what_is_not_sensitive_is_not_kept(actor_of, dataset):
    assert note_read(actor_of("analyst"), dataset(is_sensitive=False)) is None


def test_the_public_and_the_stranger_leave_no_trace(city, dataset, people):
    from commonlight.web.workspaces.actors import actor_for

    thing = dataset()
    assert note_read(Actor(), thing) is None
    assert note_read(actor_for(people["stranger"], city.workspace), thing) is None
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_a_second_read_costs_one_query(actor_of, dataset, django_assert_num_queries):
    thing, actor = dataset(), actor_of("analyst")
    note_read(actor, thing)
    with django_assert_num_queries(1):
        note_read(actor, thing)
