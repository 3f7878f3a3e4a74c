"""A session with observations, a valued use, and an audit with entries and a public version."""

from __future__ import annotations

from typing import Any

AFTER = ("problems",)
VALUES = {
    "problems/<int:number>/positive/": {"number": 1, "question": "valued_uses", "pk": "valued_use"},
    "problems/<int:number>/fieldwork/": {
        "number": 1,
        "name": "observation",
        "session": 1,
        "observation": 1,
    },
    "audit-scope/": {"number": 1, "block": "strengths", "pk": "scope_entry", "version": 1},
    "safety-audits/": {"number": 1},
}
HOLDERS = (
    "/w/lakeside/problems/1/positive/",
    "/w/lakeside/problems/1/fieldwork/",
    "/w/lakeside/problems/1/fieldwork/cards/",
    "/w/lakeside/problems/1/fieldwork/sessions/1/",
    "/w/lakeside/problems/1/fieldwork/sessions/1/1/use/",
    "/w/lakeside/audit-scope/1/",
    "/w/lakeside/audit-scope/1/read/",
    "/w/lakeside/audit-scope/1/blocks/strengths/",
    "/w/lakeside/audit-scope/1/blocks/strengths/write/",
    "/w/lakeside/audit-scope/1/public/1/",
    "/public/lakeside/safety-audits/1/",
    "/api/v1/workspaces/lakeside/problems/1/valued-uses",
    "/api/v1/workspaces/lakeside/problems/1/sessions",
    "/api/v1/workspaces/lakeside/problems/1/sessions/1",
    "/api/v1/workspaces/lakeside/safety-audits/1",
)


def make(city: Any, members: Any, number: int, made: Any) -> dict[str, Any]:
    """One more session, observation, valued use, audit, entry and public version."""
    from django.utils import timezone

    from commonlight.web.problems.fieldwork import models
    from commonlight.web.thread.models import Link

    place, problem = city.workspace, made["problem"]
    partner = members["partner"]
    use = models.ValuedUse.objects.create(
        workspace=place,
        problem=problem,
        question="valued_uses",
        text=f"A short cut, number {number}",
        author=partner,
    )
    session = models.CaptureSession.objects.create(
        workspace=place,
        problem=problem,
        number=number,
        method="observation",
        held_on=timezone.now().date(),
        place="Station square",
        groups=["older_people"],
        led_by=city.youth_work,
        consent="sign",
        consent_text="We count how this place is used.",
        consent_language="en",
        author=partner,
    )
    held = made.get("capture_session", session)
    observation = models.Observation.objects.create(
        workspace=place,
        session=held,
        number=number,
        kind="seen",
        tone="good",
        text=f"Children play on the steps, number {number}",
        author=partner,
    )
    audit = models.SafetyAudit.objects.create(
        workspace=place,
        number=number,
        title=f"Audit of the square {number}",
        place="Station square",
        state="completed",
        opened_by=members["coordinator"],
    )
    first = made.get("safety_audit", audit)
    entry = models.ScopeEntry.objects.create(
        workspace=place,
        audit=first,
        block="strengths",
        nature="strength",
        text=f"The square is a short cut, number {number}",
        public_text=f"Many people cross the square, number {number}.",
        problem=problem,
        organisation=city.youth_work,
        author=partner,
    )
    claims = (("observation", observation, session), ("valued_use", use, session))
    links = [(kind, claim, "session", ground) for kind, claim, ground in claims]
    links += [
        ("scope_entry", entry, "valued_use", use),
        ("scope_entry", entry, "finding", made["finding"]),
        ("scope_entry", entry, "dataset", made["dataset"]),
    ]
    for claim_kind, claim, ground_kind, ground in links:
        Link.objects.create(
            workspace=place,
            claim_kind=claim_kind,
            claim_key=str(claim.pk),
            ground_kind=ground_kind,
            ground_key=str(ground.pk),
            made_by=members["coordinator"],
        )
    shown = models.PublicVersion.objects.create(
        workspace=place,
        audit=first,
        number=number,
        content={
            "title": first.title,
            "place": first.place,
            "first_day": None,
            "last_day": None,
            "none_found": False,
            "blocks": [
                {
                    "id": "strengths",
                    "entries": [
                        {
                            "text": entry.public_text,
                            "nature": "strength",
                            "sources": ["valued_use"],
                            "oldest": None,
                        }
                    ],
                }
            ],
            "missing_groups": ["victims"],
        },
        digest="d" * 64,
        state="released" if number == 1 else "withdrawn",
        proposed_by=members["coordinator"],
        checked_by=members["evaluator"],
        checked_at=timezone.now(),
    )
    shown.entries.add(entry)
    waiting = models.PublicVersion.objects.create(
        workspace=place,
        audit=audit,
        number=100 + number,
        content={**shown.content, "title": audit.title},
        digest="e" * 64,
        proposed_by=members["coordinator"],
    )
    waiting.entries.add(entry)
    return {
        "valued_use": use,
        "capture_session": session,
        "observation": observation,
        "safety_audit": audit,
        "scope_entry": entry,
    }
