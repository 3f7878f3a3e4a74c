"""The database refuses to change or remove events."""

import pytest
from django.db import DatabaseError, connection, transaction

from commonlight.web.eventlog import guards
from commonlight.web.eventlog.models import Event
from commonlight.web.eventlog.record import record


@pytest.mark.django_db
def test_the_guards_stand_after_all_migrations():
    assert guards.are_present(connection)


@pytest.mark.django_db
def test_an_event_cannot_be_updated():
    event = record(None, "workspace.view")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(action="data.view")
    assert Event.objects.get(pk=event.pk).action == "workspace.view"


@pytest.mark.django_db
def test_an_event_cannot_be_deleted():
    record(None, "workspace.view")
    with pytest.raises(DatabaseError, match="never removed"), transaction.atomic():
        Event.objects.all().delete()
    assert Event.objects.count() == 1


@pytest.mark.django_db
def test_guards_that_are_gone_are_noticed():
    guards.remove(connection)
    assert not guards.are_present(connection)
    guards.install(connection)
    assert guards.are_present(connection)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_commits_is_cleaned_between_tests():
    record(None, "workspace.view")
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_and_is_guarded_again():
    assert Event.objects.count() == 0
    assert guards.are_present(connection)
