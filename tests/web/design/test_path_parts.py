"""The path of a problem says what of its design is done and what is missing."""

from __future__ import annotations

from typing import Any

from commonlight.web.design.domain.concepts import change_concept, move_concept, open_concept
from commonlight.web.design.domain.room import GroupSeats, set_seats
from commonlight.web.problems.coverage import covered
from commonlight.web.problems.path import path_of
from commonlight.web.problems.record_fields import reading


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
    assert "Nobody has tried a prototype." in [str(one) for one in found["Concepts"].missing]


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
