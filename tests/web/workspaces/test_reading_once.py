"""A page asks each question once, and a write makes it ask again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commonlight.web.workspaces.reading import read_once, reading, shelf


def _counting() -> tuple[list[Any], Any]:
    asked: list[Any] = []

    @read_once
    def ask(*things: Any) -> int:
        asked.append(things)
        return len(asked)

    return asked, ask


def test_outside_a_reading_every_call_asks():
    asked, ask = _counting()
    assert [ask(1), ask(1)] == [1, 2]
    assert len(asked) == 2


@pytest.mark.django_db
def test_inside_a_reading_the_same_question_is_asked_once():
    asked, ask = _counting()
    with reading():
        assert [ask([1, 2]), ask([1, 2]), ask([2, 1])] == [1, 1, 2]
    assert ask([1, 2]) == 3
    assert len(asked) == 3


def test_what_was_written_is_read_anew(city):
    from commonlight.web.workspaces.models import Workspace

    asked, ask = _counting()
    with reading():
        assert ask(city.workspace) == 1
        shelf("kept", city.workspace)["something"] = 1
        Workspace.objects.filter(pk=city.workspace.pk).update(name="Another name")
        assert ask(city.workspace) == 2
        assert shelf("kept", city.workspace) == {}
    assert len(asked) == 2


def test_reading_leaves_what_was_read_where_it_is(city):
    asked, ask = _counting()
    with reading():
        ask(1)
        type(city.workspace).objects.get(pk=city.workspace.pk)
        ask(1)
    assert len(asked) == 1


@pytest.mark.django_db
def test_a_reading_inside_another_is_the_same():
    asked, ask = _counting()
    with reading():
        ask(1)
        with reading():
            ask(1)
        ask(1)
    assert len(asked) == 1


@pytest.mark.usefixtures("nothing_kept")
def test_no_page_remembers_the_one_before(city, client_of):
    client: Client = client_of("coordinator")
    client.get("/w/lakeside/problems/")
    counts = []
    for _again in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get("/w/lakeside/problems/")
        counts.append(len(asked))
    assert counts[0] == counts[1] > 1
