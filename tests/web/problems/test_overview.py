"""What the first page says of problems: answers that can be opened, and frames to answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from commonlight.web.problems.domain.framing import put_off, send_answer
from commonlight.web.problems.models import Problem
from commonlight.web.problems.overview import answers_to_open, frames_to_answer
from commonlight.web.workspaces import overview
from commonlight.web.workspaces.overview import Task
from web.problems.pages import words

pytestmark = pytest.mark.django_db

HOME = "/w/lakeside/"
OPEN = "Open the answers on “Evenings at the station”"


def _first(page):
    """The tasks that stand before the fold."""
    return words(page).partition('id="tasks"')[2].partition("</section>")[0].split("<details")[0]


def test_answers_that_all_have_sent_can_be_opened(
    answered, problem, city, client_of, actor_of, frame_of
):
    Problem.objects.of(city.workspace).filter(pk=problem.pk).update(owner=city.municipality)
    coordinator = client_of("coordinator")
    assert OPEN not in words(coordinator.get(HOME))
    send_answer(actor_of("coordinator"), answered, frame_of())
    told = _first(coordinator.get(HOME))
    assert OPEN in told.partition("</li>")[0]
    assert "All partners have answered." in told
    [task] = answers_to_open(actor_of("coordinator"))
    assert "Open the answers now" in words(coordinator.get(task.url))
    assert OPEN not in words(client_of("partner").get(HOME))
    assert not list(answers_to_open(actor_of("stranger")))
    coordinator.post(f"{task.url}open/", follow=True)
    assert OPEN not in words(coordinator.get(HOME))


def test_a_frame_that_was_asked_for_is_in_no_fold(asked, actor_of, client_of, monkeypatch):
    later = timezone.now() + timedelta(days=20)
    put_off(actor_of("coordinator"), asked, closes_at=later, reason="Holidays")
    [task] = frames_to_answer(actor_of("partner"))
    assert not task.urgent
    kinds = {
        str(number): ("workspace.view", lambda actor: [Task(text="May be done", url="/")])
        for number in range(9)
    }
    known = overview._tasks | kinds
    monkeypatch.setattr(overview, "_tasks", dict(sorted(known.items())))
    page = client_of("partner").get(HOME)
    assert "<details" in words(page).partition('id="tasks"')[2].partition("</section>")[0]
    assert str(task.text) in _first(page).partition("</li>")[0]
