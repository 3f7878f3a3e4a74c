"""Local entries, gaps, stances and passports of the first problem."""

from __future__ import annotations

from typing import Any

AFTER = ("problems",)
VALUES = {
    "knowledge/practices/": {"key": "street_lighting"},
    "knowledge/statements/": {"key": "TE-009"},
    "knowledge/gaps/": {"number": 1, "step": "drop"},
    "knowledge/local/": {"entry_kind": "practices", "number": 1, "step": "withdraw"},
    "problems/<int:number>/evidence/": {"number": 1},
    "problems/<int:number>/passports/": {
        "number": 1,
        "passport": 1,
        "adaptation": "adaptation",
    },
}
HOLDERS = (
    "/w/lakeside/knowledge/practices/street_lighting/",
    "/w/lakeside/knowledge/practices/street_lighting/link/",
    "/w/lakeside/knowledge/statements/TE-009/",
    "/w/lakeside/knowledge/search/?q=Einbruch",
    "/w/lakeside/knowledge/local/practices/1/",
    "/w/lakeside/knowledge/local/statements/1/",
    "/w/lakeside/knowledge/gaps/1/",
    "/w/lakeside/problems/1/evidence/",
    "/w/lakeside/problems/1/passports/",
    "/w/lakeside/problems/1/passports/new/",
    "/w/lakeside/problems/1/passports/1/",
    "/w/lakeside/problems/1/passports/1/change/",
    "/w/lakeside/problems/1/passports/1/passport.json",
    "/api/v1/workspaces/lakeside/problems/1/evidence",
    "/api/v1/workspaces/lakeside/problems/1/passports",
    "/api/v1/workspaces/lakeside/problems/1/passports/1",
)
PRACTICES = ("", "street_lighting", "cctv", "neighbourhood_watch")


def make(city: Any, members: Any, number: int, made: Any) -> dict[str, Any]:
    """One more of each, all about the first problem."""
    from django.utils import timezone

    from commonlight.web.knowledge.models import (
        Adaptation,
        Gap,
        LocalPractice,
        LocalStatement,
        Passport,
        PassportField,
        ProfileAnswer,
        Stance,
    )

    place, coordinator, problem = city.workspace, members["coordinator"], made["problem"]
    common = {
        "workspace": place,
        "number": number,
        "organisation": city.police,
        "author": members["analyst"],
        "changed_by": members["analyst"],
        "reviewer": members["partner"],
        "state": "reviewed",
        "review_note": "Read.",
    }
    practice = LocalPractice.objects.create(
        title=f"Lamps {number}", summary="We put up lamps.", practice="street_lighting", **common
    )
    statement = LocalStatement.objects.create(
        title=f"Fewer people {number}", statement_kind="trend", statement="Fewer come.", **common
    )
    gap = Gap.objects.create(
        workspace=place,
        number=number,
        title=f"Do lamps help {number}?",
        question="Do they?",
        problem=problem,
        author=coordinator,
    )
    sources = [
        ("practice", PRACTICES[number]),
        ("statement", f"TR-00{number}"),
        ("local_practice", str(practice.pk)),
        ("local_statement", str(statement.pk)),
    ]
    for kind, key in sources:
        Stance.objects.create(
            workspace=place,
            problem=problem,
            source_kind=kind,
            source_key=key,
            position="applied" if kind == "practice" else "considered",
            reason="It fits.",
            author=coordinator,
        )
    Stance.objects.create(
        workspace=place,
        problem=problem,
        source_kind="practice",
        source_key="mentoring",
        position="rejected",
        reason="Not here.",
        author=coordinator,
        replaced_at=timezone.now(),
    )
    ProfileAnswer.objects.create(
        workspace=place,
        field=("", "population", "setting", "law")[number],
        text="As it is here.",
        changed_by=coordinator,
    )
    passport = Passport.objects.create(
        workspace=place,
        problem=problem,
        number=number,
        source_kind="practice",
        source_key=PRACTICES[number],
        author=coordinator,
        changed_by=coordinator,
    )
    holder = made.get("passport") or passport
    PassportField.objects.create(
        workspace=place, passport=holder, field=("", "setting", "law", "intensity")[number]
    )
    adaptation = Adaptation.objects.create(
        workspace=place,
        passport=holder,
        kind="surface",
        text=f"Other names {number}",
        reason="Language",
        author=coordinator,
    )
    return {
        "entry": practice,
        "gap": gap,
        "passport": passport,
        "adaptation": adaptation,
    }
