"""The commands `log verify` and `log head`."""

import pytest
from django.db import connection

from commonlight.web.eventlog import guards
from commonlight.web.eventlog.commands import head, verify
from commonlight.web.eventlog.models import ChainHead, Event
from commonlight.web.eventlog.record import record


def test_a_whole_log_is_confirmed(actor_of, capsys):
    record(actor_of("analyst"), "data.view")
    record(None, "workspace.view")
    verify()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("(installation): 1 events, unbroken")
    assert lines[1].startswith("lakeside: 1 events, unbroken")


def test_a_broken_log_ends_with_1_and_names_the_event(actor_of, capsys):
    record(actor_of("analyst"), "data.view")
    guards.remove(connection)
    Event.objects.update(action="data.list")
    guards.install(connection)
    with pytest.raises(SystemExit) as caught:
        verify("lakeside")
    assert caught.value.code == 1
    assert "broken at event 1" in capsys.readouterr().out


def test_a_database_without_guards_ends_with_1(db, capsys):
    guards.remove(connection)
    with pytest.raises(SystemExit):
        verify()
    assert "triggers are gone" in capsys.readouterr().out


def test_the_head_can_be_written_down_and_checked_later(actor_of, capsys):
    record(actor_of("analyst"), "data.view")
    head("lakeside")
    name, note = capsys.readouterr().out.split()
    assert (name, note) == ("lakeside", f"1:{ChainHead.objects.get(chain='lakeside').digest}")
    record(actor_of("analyst"), "data.view")
    verify("lakeside", [note])
    with pytest.raises(SystemExit):
        verify("lakeside", ["1:" + "0" * 64])


@pytest.mark.parametrize("note", ["x:1", "1", "1:abc"])
def test_a_note_that_cannot_be_read_is_refused(db, note):
    with pytest.raises(ValueError, match="must look like"):
        verify("lakeside", [note])


def test_a_note_without_its_chain_is_refused(db):
    with pytest.raises(ValueError, match="name the workspace"):
        verify(None, ["1:" + "0" * 64])
