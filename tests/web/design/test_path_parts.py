"""The path of a problem says what of its design is done and what is missing."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from commonlight.web.design.domain.concepts import (
    change_concept,
    move_concept,
    open_concept,
)
from commonlight.web.design.domain.room import GroupSeats, set_seats
from commonlight.web.design.domain.toolkit import save_specification
from commonlight.web.design.models import Concept, PrototypeTest
from commonlight.web.design.path_parts import concepts
from commonlight.web.problems.coverage import covered
from commonlight.web.problems.domain.stating import open_problem
from commonlight.web.problems.path import path_of
from commonlight.web.problems.record_fields import reading
from commonlight.web.workspaces.models import Membership
from web.design.trying import tried


def parts(actor: Any, problem: Any) -> dict[str, Any]:
    pillar = next(one for one in path_of(actor, problem) if one.id == "design")
    return {str(label): state for label, state in pillar.parts}


def test_a_design_that_has_not_begun_says_so(problem: Any, actor_of: Any) -> None:
    found = parts(actor_of("partner"), problem)
    assert not any(found[one].is_begun for one in ("Workshops", "Ideas and votes", "Concepts"))


def test_what_is_missing_is_told(
    workshop: Any, problem: Any, ideas: Any, card: Any, actor_of: Any
) -> None:
    actor = actor_of("coordinator")
    ideas(5)
    open_concept(actor, problem, **card())
    set_seats(actor, workshop, [GroupSeats("police", 5)])
    found = parts(actor, problem)
    assert any("no reason" in str(one) for one in found["Workshops"].missing)
    assert [str(one) for one in found["Ideas and votes"].missing] == ["5 ideas lie in no cluster."]
    later = found["Tests and specification"]
    assert [str(one) for one in later.missing] == ["Nobody has tried a prototype."]
    assert not later.holds_up


def test_a_few_ideas_need_no_clusters(problem: Any, ideas: Any, actor_of: Any) -> None:
    ideas(4)
    assert parts(actor_of("coordinator"), problem)["Ideas and votes"].missing == ()


def test_the_record_reads_with_its_design(
    workshop: Any, problem: Any, ideas: Any, card: Any, actor_of: Any
) -> None:
    ideas(2)
    open_concept(actor_of("coordinator"), problem, **card())
    for name in ("sara", "five_is", "sape"):
        fields = {
            one.id: [str(entry.text) for entry in one.entries]
            for heading in reading(actor_of("partner"), problem, name)
            for one in heading.fields
        }
        assert fields["ideas"] == ["2 ideas"]
        assert fields["concepts"] == ["Light to the tram (Draft)"]
        assert fields["workshops"] == ["Ideate, 3 hours (Planned)"]


def test_the_sides_of_the_problem_that_concepts_address_are_told(
    problem: Any, card: Any, actor_of: Any
) -> None:
    actor = actor_of("coordinator")
    concept = open_concept(actor, problem, **card(sides=["situation", "victim"]))
    change_concept(actor, concept, reason="Only the place.", **card(sides=["situation"]))
    told = {side.id: [str(one.text) for one in side.entries] for side in covered(actor, problem)}
    assert told == {"victim": [], "offender": [], "situation": ["Light to the tram"]}
    move_concept(actor, concept, "set_aside", reason="Too dear.")
    assert not any(side.entries for side in covered(actor, problem))


BASE = "/w/lakeside/problems/1/design/concepts/"


def lead(actor: Any, problem: Any) -> tuple[str, str]:
    """The first thing that the concepts lack, and where it is mended."""
    found = parts(actor, problem)
    for name in ("Concepts", "Approval of a concept", "Tests and specification"):
        if found[name].missing:
            return str(found[name].missing[0]), found[name].address
    return "", found["Concepts"].address


def test_each_gap_leads_to_where_it_is_mended(
    problem: Any, ideas: Any, card: Any, actor_of: Any, client_of: Any
) -> None:
    actor = actor_of("coordinator")
    assert lead(actor, problem)[1] == f"{BASE}new/"
    ideas(1)
    assert lead(actor, problem)[1] == f"{BASE}new/?idea=1"
    concept = open_concept(actor, problem, **card())
    text, place = lead(actor, problem)
    assert "“Light to the tram” is still a draft." in text
    assert place == f"{BASE}1/#approval"
    Concept.objects.of(problem.workspace).update(state="approved")
    assert lead(actor, problem) == ("Nobody has tried a prototype.", f"{BASE}1/tests/new/")
    tried(actor, concept)
    assert lead(actor, problem) == (
        "The approved concept has no toolkit specification.",
        f"{BASE}1/specification/change/",
    )
    page = client_of("coordinator").get(place)
    assert 'id="approval"' in page.content.decode()
    save_specification(actor, concept, {"core": "The light is warm."})
    assert lead(actor, problem) == ("", BASE)


def test_a_concept_that_waits_says_for_whom(problem: Any, card: Any, actor_of: Any) -> None:
    author, reader = actor_of("coordinator"), actor_of("partner")
    concept = open_concept(author, problem, **card())
    tried(author, concept)
    move_concept(author, concept, "submit")
    text, place = lead(author, problem)
    assert text.startswith("“Light to the tram” waits for approval. Somebody else may give it: ")
    assert "Youth Work Lakeside (Partner)" in text
    assert "Coordinator" not in text
    assert "Elsewhere" not in text
    assert place == f"{BASE}1/#approval"
    assert lead(reader, problem) == ("“Light to the tram” waits for your approval.", place)
    change_concept(reader, concept, reason="Clearer.", **card(name="Warm light"))
    move_concept(author, concept, "submit")
    assert "Youth Work" not in lead(author, problem)[0]


def test_of_many_who_may_approve_three_are_named(
    problem: Any, city: Any, card: Any, actor_of: Any
) -> None:
    from commonlight.web.accounts.models import User

    author = actor_of("coordinator")
    for number in range(3):
        user = User.objects.create_user(f"more{number}@example.org", "a long enough passphrase")
        Membership.objects.create(
            workspace=city.workspace, user=user, organisation=city.university, role="analyst"
        )
    for role in ("analyst", "partner"):
        user = User.objects.create_user(f"{role}2@example.org", "a long enough passphrase")
        Membership.objects.create(
            workspace=city.workspace, user=user, organisation=city.municipality, role=role
        )
    concept = open_concept(author, problem, **card())
    move_concept(author, concept, "submit")
    text = lead(author, problem)[0]
    assert "6 others may give it, for example City of Lakeside (" in text
    assert text.count("(") == 3


def test_where_nobody_else_may_approve_somebody_is_invited(
    problem: Any, card: Any, actor_of: Any
) -> None:
    actor = actor_of("coordinator")
    concept = open_concept(actor, problem, **card())
    tried(actor, concept)
    move_concept(actor, concept, "submit")
    Membership.objects.of(problem.workspace).exclude(role="coordinator").update(
        ended_at=timezone.now()
    )
    assert "Ask the coordinator to invite somebody." in lead(actor, problem)[0]


def test_who_may_not_write_is_led_to_pages_that_can_be_read(
    problem: Any, card: Any, actor_of: Any, client_of: Any
) -> None:
    reader = actor_of("decision_maker")
    assert lead(reader, problem)[1] == BASE
    open_concept(actor_of("coordinator"), problem, **card())
    assert lead(reader, problem)[1] == f"{BASE}1/#approval"
    Concept.objects.of(problem.workspace).update(state="approved")
    PrototypeTest.objects.of(problem.workspace).delete()
    assert lead(reader, problem)[1] == f"{BASE}1/"
    assert client_of("decision_maker").get(lead(reader, problem)[1]).status_code == 200


def test_three_problems_cost_as_many_queries_as_one(
    problem: Any, card: Any, actor_of: Any, nothing_kept: None
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    actor = actor_of("coordinator")
    given = {"sentence": "It is dark there.", "place": "Square"}
    found = [problem, *(open_problem(actor, title=f"Place {one}", **given) for one in range(2))]
    for one in found:
        concept = open_concept(actor, one, **card(name="Light", cause=None))
        move = Concept.objects.of(one.workspace).filter(pk=concept.pk)
        move.update(state="submitted")

    def cost(asked: list[Any]) -> int:
        with CaptureQueriesContext(connection) as queries:
            concepts(actor, asked)
        return len(queries)

    assert cost(found) == cost(found[:1])
