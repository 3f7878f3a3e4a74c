"""What the first page says of problems: answers that can be opened, and frames to answer."""

from __future__ import annotations

import pytest

from commonlight.web.problems.domain.framing import send_answer
from commonlight.web.problems.models import Problem
from commonlight.web.problems.overview import answers_to_open
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
