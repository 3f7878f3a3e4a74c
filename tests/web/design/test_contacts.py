"""Places and groups, never persons: a way to reach somebody is refused wherever people type."""

from __future__ import annotations

from typing import Any

import pytest

from commonlight.web.design.domain.ideas import add_idea
from commonlight.web.design.domain.notes import NoteError, add_notes
from commonlight.web.problems.domain.words import PersonError

BASE = "/w/lakeside/problems/1/design/"
TEXT = "Ask maria.santos@example.org about the lamp"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("ideas/new/", "text"),
        ("concepts/new/", "in_one_sentence"),
        ("workshops/1/change/", "role_host"),
        ("workshops/1/steps/cancel/", "reason"),
    ],
)
def test_a_form_says_so_beside_the_field(
    path: str, field: str, workshop: Any, client_of: Any
) -> None:
    answer = client_of("partner").post(BASE + path, {field: TEXT, "title": "x", "name": "x"})
    assert answer.status_code == 200
    assert "Leave persons out" in answer.content.decode()


def test_no_way_leads_past_the_form(workshop: Any, problem: Any, actor_of: Any) -> None:
    with pytest.raises(NoteError, match="Leave persons out"):
        add_notes(actor_of("partner"), workshop, [("idea", TEXT)])
    with pytest.raises(PersonError):
        add_idea(actor_of("partner"), problem, text=TEXT)
