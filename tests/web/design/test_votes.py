"""Votes can be recounted from what is exported, and nobody sees who chose what (row 30)."""

from __future__ import annotations

import csv
from io import StringIO
from random import Random
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from commonlight.web.design.domain.ideas import cluster_ideas
from commonlight.web.design.domain.voting import (
    VoteError,
    cast_ballot,
    close_vote,
    count_group,
    exported_votes,
    open_vote,
    ranking,
    recount,
    standings,
)
from commonlight.web.design.models import Ballot
from commonlight.web.eventlog.models import Event
from commonlight.web.policy import Refused
from commonlight.web.states import NotNow

VOTE = "/w/lakeside/problems/1/design/votes/1/"


@pytest.fixture
def counted(problem: Any, ideas: Any, actor_of: Any) -> Any:
    ideas(4)
    return open_vote(actor_of("coordinator"), problem, title="Dots", kind="counted")


@pytest.fixture
def by_members(problem: Any, ideas: Any, actor_of: Any) -> Any:
    ideas(4)
    return open_vote(actor_of("coordinator"), problem, title="Members", kind="members")


def shown(vote: Any) -> list[tuple[int, int, int]]:
    return [(one.rank, one.idea.number, one.dots) for one in ranking(vote)]


def keys(vote: Any) -> list[int]:
    return [one.pk for one in vote.ideas.order_by("number")]


@pytest.mark.parametrize("seed", range(4))
def test_a_recount_of_the_exported_votes_is_the_shown_ranking(
    counted: Any, actor_of: Any, client_of: Any, seed: int
) -> None:
    chance, actor = Random(seed), actor_of("coordinator")
    for group in ("women", "police", "youth"):
        dots = {key: chance.randint(0, 3) for key in keys(counted)}
        count_group(actor, counted, group=group, people=6, dots=dots)
    answer = client_of("partner").get(f"{VOTE}votes.csv")
    rows = list(csv.DictReader(StringIO(answer.content.decode())))
    assert recount(rows) == shown(counted)
    page = client_of("partner").get(VOTE).content.decode()
    places = [page.index(f"/design/ideas/{number}/") for _rank, number, _dots in recount(rows)]
    assert places == sorted(places)
    idea = counted.ideas.get(number=2)
    assert standings(idea, [counted])[counted.pk] == next(
        (rank, dots) for rank, number, dots in shown(counted) if number == 2
    )


def test_an_idea_without_a_dot_is_in_the_ranking_and_in_the_export(
    counted: Any, actor_of: Any
) -> None:
    assert recount(exported_votes(counted)) == [(1, 1, 0), (1, 2, 0), (1, 3, 0), (1, 4, 0)]
    first = keys(counted)[0]
    count_group(actor_of("coordinator"), counted, group="women", people=1, dots={first: 2})
    assert shown(counted) == [(1, 1, 2), (2, 2, 0), (2, 3, 0), (2, 4, 0)]
    assert recount(exported_votes(counted)) == shown(counted)


def test_residents_and_others_are_told_apart(counted: Any, actor_of: Any) -> None:
    actor, first = actor_of("coordinator"), keys(counted)[0]
    count_group(actor, counted, group="women", people=3, dots={first: 4})
    count_group(actor, counted, group="police", people=2, dots={first: 1})
    assert (ranking(counted)[0].residents, ranking(counted)[0].others) == (4, 1)
    count_group(actor, counted, group="women", people=3, dots={first: 2})
    assert ranking(counted)[0].residents == 2


@pytest.mark.parametrize(
    ("heads", "dots", "says"),
    [
        (1, {0: 2, 1: 2}, "4 dots were placed, but there are only 3"),
        (1, {0: 3}, "At most 2 dots"),
        (0, {0: 1}, "how many people"),
        (1, {0: -1}, "fewer than none"),
    ],
)
def test_more_dots_than_people_have_are_refused(
    counted: Any, actor_of: Any, heads: int, dots: dict[int, int], says: str
) -> None:
    placed = {keys(counted)[place]: number for place, number in dots.items()}
    with pytest.raises(VoteError, match=says):
        count_group(actor_of("coordinator"), counted, group="women", people=heads, dots=placed)


def test_a_member_votes_once_and_nobody_sees_for_what(
    by_members: Any, actor_of: Any, client_of: Any
) -> None:
    first, second = keys(by_members)[:2]
    sent = {f"dots_{first}": 2, f"dots_{second}": 1}
    answer = client_of("partner").post(f"{VOTE}cast/", sent, follow=True)
    assert "Your vote is counted." in answer.content.decode()
    assert client_of("partner").post(f"{VOTE}cast/", sent).status_code == 403
    with pytest.raises(Refused, match="once"):
        cast_ballot(actor_of("partner"), by_members, dots={first: 1})
    assert "Ranking</h2>" not in client_of("analyst").get(VOTE).content.decode()
    assert client_of("analyst").get(f"{VOTE}votes.csv").status_code == 404
    cast_ballot(actor_of("analyst"), by_members, dots={second: 2})
    close_vote(actor_of("coordinator"), by_members)
    rows = exported_votes(by_members)
    assert {row["group"] for row in rows} == {"members"}
    assert recount(rows) == shown(by_members) == [(1, 2, 3), (2, 1, 2), (3, 3, 0), (3, 4, 0)]
    kept = Event.objects.filter(chain="lakeside", action="design.vote_cast")
    assert [one.detail for one in kept] == [{"number": 1}, {"number": 1}]


def test_the_database_holds_one_ballot_a_member(by_members: Any, actor_of: Any) -> None:
    member = actor_of("partner").membership
    given = {"workspace": by_members.workspace, "vote": by_members, "member": member}
    Ballot.objects.create(**given)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.create(**given)


def test_a_closed_vote_takes_no_dots(counted: Any, by_members: Any, actor_of: Any) -> None:
    actor = actor_of("coordinator")
    for vote in (counted, by_members):
        close_vote(actor, vote)
    with pytest.raises(VoteError, match="closed"):
        count_group(actor, counted, group="women", people=1, dots={})
    with pytest.raises(Refused, match="closed"):
        cast_ballot(actor, by_members, dots={keys(by_members)[0]: 1})
    with pytest.raises(NotNow):
        close_vote(actor, counted)


def test_a_vote_is_on_the_ideas_of_a_cluster_and_needs_two(
    problem: Any, ideas: Any, actor_of: Any, client_of: Any
) -> None:
    actor = actor_of("partner")
    one, two, _three = ideas(3)
    cluster_ideas(actor, problem, [one], name="Light")
    light = problem.clusters.get()
    with pytest.raises(VoteError, match="at least two"):
        open_vote(actor, problem, title="Light", kind="counted", cluster=light)
    cluster_ideas(actor, problem, [two], name="Light")
    sent = {"title": "Light", "kind": "members", "dots": 3, "most_on_one": 2}
    client_of("partner").post(
        "/w/lakeside/problems/1/design/votes/new/", sent | {"source": f"cluster-{light.pk}"}
    )
    assert [one.number for one in problem.votes.get().ideas.order_by("number")] == [1, 2]


def test_too_many_ideas_are_no_vote(problem: Any, ideas: Any, actor_of: Any, city: Any) -> None:
    from commonlight.web.design.models import Idea

    Idea.objects.bulk_create(
        Idea(workspace=city.workspace, problem=problem, number=number, text="Idea")
        for number in range(1, 202)
    )
    with pytest.raises(VoteError, match="More than 200"):
        open_vote(actor_of("partner"), problem, title="All", kind="counted")


def test_the_page_of_a_group_shows_what_was_typed_and_what_is_wrong(
    counted: Any, client_of: Any
) -> None:
    client, first = client_of("partner"), keys(counted)[0]
    chosen = client.get(f"{VOTE}count/?group=women")
    assert chosen["Location"].endswith("count/women/")
    wrong = client.post(f"{VOTE}count/women/", {"people": 1, f"dots_{first}": 3})
    assert "At most 2 dots can lie on one idea." in wrong.content.decode()
    assert client.get(f"{VOTE}count/nobody/").status_code == 404
    client.post(f"{VOTE}count/women/", {"people": 2, f"dots_{first}": 3})
    assert shown(counted)[0] == (1, 1, 3)
