"""The path of a problem says what of its design is done and what is missing."""

from __future__ import annotations

from typing import Any

from commonlight.web.design.domain.concepts import open_concept
from commonlight.web.design.domain.room import GroupSeats, set_seats
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
    ideas(2)
    open_concept(actor, problem, **card())
    set_seats(actor, workshop, [GroupSeats("police", 5)])
    found = parts(actor, problem)
    assert any("no reason" in str(one) for one in found["Workshops"].missing)
    assert [str(one) for one in found["Ideas and votes"].missing] == ["2 ideas lie in no cluster."]
    assert "Nobody has tried a prototype." in [str(one) for one in found["Concepts"].missing]


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
