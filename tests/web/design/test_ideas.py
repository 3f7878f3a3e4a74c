"""Ideas lie in clusters, none is lost, and those that a minority needs are kept (row 30)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonlight.web.design.domain.ideas import (
    IdeaError,
    cluster_ideas,
    keep_idea,
    release_idea,
    rename_cluster,
)
from commonlight.web.design.models import Cluster, Idea

IDEAS = "/w/lakeside/problems/1/design/ideas/"


def test_every_idea_stays_reachable_from_the_list(
    ideas: Any, problem: Any, client_of: Any, city: Any
) -> None:
    ideas(1)
    Idea.objects.bulk_create(
        Idea(workspace=city.workspace, problem=problem, number=number, text=f"Idea {number}")
        for number in range(2, 122)
    )
    client, found, page = client_of("decision_maker"), set(), 1
    while True:
        text = client.get(f"{IDEAS}?page={page}").content.decode()
        found |= {int(one) for one in re.findall(r"/design/ideas/(\d+)/\"", text)}
        page += 1
        if f"page={page}" not in text:
            break
    assert found == set(range(1, 122))
    assert client.get(f"{IDEAS}121/").status_code == 200


@pytest.mark.usefixtures("nothing_kept")
def test_ten_thousand_ideas_cost_as_many_queries_as_one(
    ideas: Any, problem: Any, client_of: Any, city: Any
) -> None:
    ideas(1)
    client = client_of("coordinator")
    client.get(IDEAS)
    with CaptureQueriesContext(connection) as few:
        client.get(IDEAS)
    Idea.objects.bulk_create(
        Idea(workspace=city.workspace, problem=problem, number=number, text=f"Idea {number}")
        for number in range(2, 10_001)
    )
    with CaptureQueriesContext(connection) as many:
        last = client.get(f"{IDEAS}?page=200")
    assert len(many) == len(few)
    assert "Idea 10000" in last.content.decode()


def test_chosen_ideas_are_laid_into_a_cluster(ideas: Any, problem: Any, client_of: Any) -> None:
    ideas(3)
    client = client_of("partner")
    answer = client.post(IDEAS, {"idea": ["1", "3"], "cluster": " Light  at night "}, follow=True)
    assert "2 ideas are moved." in answer.content.decode()
    assert [one.number for one in Cluster.objects.of(problem.workspace).get().ideas.all()] == [1, 3]
    nothing = client.post(IDEAS, {"cluster": "Light"})
    assert "Choose at least one idea." in nothing.content.decode()
    client.post(IDEAS, {"idea": ["1"], "cluster": ""})
    assert problem.ideas.get(number=1).cluster is None


def test_two_clusters_never_bear_one_name(ideas: Any, problem: Any, actor_of: Any) -> None:
    actor = actor_of("partner")
    one, two = ideas(2)
    cluster_ideas(actor, problem, [one], name="Light")
    cluster_ideas(actor, problem, [two], name="Company")
    with pytest.raises(IdeaError, match="Another cluster"):
        rename_cluster(actor, problem.clusters.get(name="Light"), name="Company")


def test_a_minority_idea_is_kept_with_who_needs_it(
    ideas: Any, problem: Any, actor_of: Any, client_of: Any
) -> None:
    (idea,) = ideas(1)
    with pytest.raises(IdeaError, match="who needs"):
        keep_idea(actor_of("partner"), idea, reason=" ")
    client = client_of("partner")
    client.post(f"{IDEAS}1/keep/", {"reason": "Night workers take this path at five."})
    page = client.get(f"{IDEAS}1/").content.decode()
    assert "Night workers take this path at five." in page
    assert "Idea number 1" in client.get(f"{IDEAS}?kept=kept").content.decode()
    release_idea(actor_of("partner"), idea)
    idea.refresh_from_db()
    assert (idea.is_minority, bool(idea.minority_reason)) == (False, True)
    assert client.get(f"{IDEAS}1/").status_code == 200


def test_no_page_and_no_action_deletes_an_idea() -> None:
    from commonlight.web.design import urls
    from commonlight.web.design.domain import ideas

    assert not [one.name for one in urls.urlpatterns if "delete" in one.name]
    assert not [name for name in ideas.__all__ if "delete" in name or "remove" in name]
