"""The interface answers what the pages of a design show, and refuses what they refuse."""

from __future__ import annotations

from typing import Any

import pytest

from commonlight.web.design.domain.concepts import open_concept
from commonlight.web.design.domain.notes import add_notes, draft_of, finish_batch
from commonlight.web.design.domain.voting import cast_ballot, close_vote, open_vote, recount

BASE = "/api/v1/workspaces/lakeside/problems/1/design"


@pytest.fixture
def design(workshop: Any, problem: Any, ideas: Any, card: Any, actor_of: Any) -> Any:
    actor = actor_of("coordinator")
    ideas(3)
    add_notes(actor, workshop, [("idea", "A lamp"), ("cause", "Dark")])
    finish_batch(actor, draft_of(actor, workshop))
    add_notes(actor, workshop, [("idea", "Not finished")])
    open_concept(actor, problem, **card(ideas=[problem.ideas.get(number=2)]))
    return open_vote(actor, problem, title="Members", kind="members")


@pytest.mark.parametrize("name", ["workshops", "ideas", "votes", "concepts"])
def test_lists_are_read_by_members_only(design: Any, client_of: Any, name: str) -> None:
    answer = client_of("decision_maker").get(f"{BASE}/{name}")
    assert answer.status_code == 200
    assert answer.json()["count"] > 0
    assert client_of("stranger").get(f"{BASE}/{name}").status_code == 404


def test_a_workshop_tells_its_plan_and_finished_notes_only(design: Any, client_of: Any) -> None:
    found = client_of("partner").get(f"{BASE}/workshops/1").json()
    assert sum(one["minutes"] for one in found["parts"]) == found["minutes"] == 180
    assert [one["text"] for one in found["notes"]] == ["A lamp", "Dark"]


def test_a_ranking_that_a_page_does_not_show_is_not_told(
    design: Any, client_of: Any, actor_of: Any
) -> None:
    first = design.ideas.get(number=1).pk
    cast_ballot(actor_of("partner"), design, dots={first: 2})
    client = client_of("coordinator")
    before = client.get(f"{BASE}/votes/1").json()
    assert (before["is_ranking_shown"], before["ranking"], before["counts"]) == (False, [], [])
    close_vote(actor_of("coordinator"), design)
    after = client.get(f"{BASE}/votes/1").json()
    told = [(one["rank"], one["idea"], one["dots"]) for one in after["ranking"]]
    assert recount(after["counts"]) == told
    assert told[0] == (1, 1, 2)


def test_a_concept_comes_with_its_versions(design: Any, client_of: Any) -> None:
    found = client_of("partner").get(f"{BASE}/concepts/1").json()
    assert found["versions"][0]["ideas"] == [2]
    assert found["specification"] is None
    assert client_of("partner").get(f"{BASE}/concepts/99999999999").status_code == 404
