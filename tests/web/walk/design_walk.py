"""A problem with a workshop, its notes and ideas, votes of both kinds, and a concept."""

from __future__ import annotations

from typing import Any

AFTER = ("problems",)
BASE = "problems/<int:number>/design/"
VALUES = {
    BASE: {"number": 1},
    f"{BASE}workshops/": {"number": 1, "held": 1, "name": "hold", "rule": "no_residents"},
    f"{BASE}workshops/<int:held>/notes/": {"number": 1, "held": 1, "note": 1},
    f"{BASE}ideas/": {"number": 1, "idea": 1},
    f"{BASE}clusters/": {"number": 1, "pk": "idea_cluster"},
    f"{BASE}votes/": {"number": 1, "vote": 1, "group": "police"},
    f"{BASE}concepts/": {"number": 1, "concept": 1, "name": "submit"},
    f"{BASE}concepts/<int:concept>/specification": {"number": 1, "concept": 1, "name": "json"},
}
HERE = "/w/lakeside/problems/1/design"
HOLDERS = tuple(
    f"{HERE}/{one}"
    for one in (
        "",
        "workshops/",
        "workshops/1/",
        "workshops/1/parts/",
        "workshops/1/agenda/",
        "workshops/1/cards/",
        "workshops/1/room/",
        "workshops/1/notes/",
        "workshops/1/notes/enter/",
        "ideas/",
        "ideas/1/",
        "votes/",
        "votes/new/",
        "votes/1/",
        "votes/1/count/police/",
        "votes/2/cast/",
        "concepts/",
        "concepts/new/",
        "concepts/1/",
        "concepts/1/change/",
        "concepts/1/versions/",
        "concepts/1/specification/",
    )
)


def make(city: Any, members: Any, number: int, made: Any) -> dict[str, Any]:
    """One more workshop, idea, vote, concept, version and test of the first problem."""
    from datetime import date

    from commonlight.web.design import models
    from commonlight.web.workspaces.models import Membership

    problem, place, author = made["problem"], city.workspace, members["analyst"]

    def one(model: Any, **fields: Any) -> Any:
        return model.objects.create(workspace=place, **fields)

    shop = one(
        models.Workshop,
        problem=problem,
        number=number,
        title=f"Workshop {number}",
        template="ideate_90",
        phases=["ideate"],
        minutes=90,
        roles={"host": "City of Lakeside"},
        state="held",
        planned_by=author,
    )
    held = made.get("workshop", shop)
    one(models.Part, workshop=held, order=number, minutes=30, title="Ideas", lead="host")
    group = ("police", "municipality", "school")[number - 1]
    one(models.Seats, workshop=held, group=group, planned=3, present=number)
    one(models.RoomReason, workshop=held, rule="no_residents", text="First among ourselves.")
    one(models.RoomReason, workshop=shop, rule="one_agency_over_half", text="As planned.")
    done = one(models.Batch, workshop=held, number=2 * number, state="entered", entered_by=author)
    draft = made.get("batch") or one(
        models.Batch, workshop=held, number=1, entered_by=members["coordinator"]
    )
    one(models.Note, workshop=held, batch=draft, number=2 * number - 1, text="Half a note")
    note = one(models.Note, workshop=held, batch=done, number=2 * number, text="Light the path")
    cluster = one(models.Cluster, problem=problem, name=f"Cluster {number}")
    idea = one(
        models.Idea,
        problem=problem,
        number=number,
        text="Light the path",
        cluster=cluster,
        workshop=held,
        note=note,
        is_minority=True,
        minority_reason="Shift workers need it.",
        added_by=author,
    )
    counted = one(models.Vote, problem=problem, number=2 * number - 1, title="Dots", kind="counted")
    members_vote = one(
        models.Vote, problem=problem, number=2 * number, title="Members", kind="members"
    )
    first_votes = [made.get("vote", counted), made.get("members_vote", members_vote)]
    first_idea = made.get("idea", idea)
    for vote in first_votes:
        vote.ideas.add(idea, first_idea)
    for vote in (counted, members_vote):
        vote.ideas.add(first_idea)
    ballot = one(models.Ballot, vote=first_votes[0], group=group, people=2)
    one(models.Dots, ballot=ballot, idea=idea, number=2)
    strangers_to_the_walk = Membership.objects.of(place).exclude(
        pk__in=[one.pk for one in members.values()]
    )
    voter = (
        members[("evaluator", "decision_maker")[number - 1]]
        if number < 3
        else strangers_to_the_walk[0]
    )
    secret = one(models.Ballot, vote=first_votes[1], member=voter)
    one(models.Dots, ballot=secret, idea=idea, number=1)
    concept = one(
        models.Concept,
        problem=problem,
        number=number,
        name=f"Concept {number}",
        state="submitted",
        author=author,
    )
    card = made.get("concept", concept)
    version = one(
        models.ConceptVersion,
        concept=card,
        number=number,
        name=card.name,
        in_one_sentence="Light where people walk.",
        reason="Said so.",
        author=author,
    )
    version.ideas.add(idea, first_idea)
    version.organisations.add(city.police)
    if card is not concept:
        own = one(
            models.ConceptVersion,
            concept=concept,
            number=1,
            name=concept.name,
            in_one_sentence="Light where people walk.",
            author=author,
        )
        own.ideas.add(first_idea)
    version.test = one(
        models.PrototypeTest,
        concept=card,
        number=number,
        version=version,
        day=date(2025, 5, 1),
        what="A lamp",
        testers=["women"],
        people=5,
        seen="They stayed.",
        verdict="keep",
        because="It worked.",
        recorded_by=author,
    )
    version.save()
    one(models.ToolkitSpecification, concept=card, number=number, answers={}, author=author)
    return {
        "workshop": shop,
        "batch": draft,
        "idea_cluster": cluster,
        "idea": idea,
        "vote": counted,
        "members_vote": members_vote,
        "concept": concept,
    }
