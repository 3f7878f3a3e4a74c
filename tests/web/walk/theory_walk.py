"""A theory of the problem, whose first step leads to one more step each time."""

from __future__ import annotations

from typing import Any

AFTER = ("problems",)
HERE = "problems/<int:number>/theory/"
VALUES = {
    HERE: {"number": 1, "step": 1, "link": 1, "version": 1, "pk": "theory_comment"},
}
PAGE = "/w/lakeside/problems/1/theory/"
HOLDERS = (
    PAGE,
    f"{PAGE}parts/",
    f"{PAGE}steps/1/",
    f"{PAGE}steps/1/remove/",
    f"{PAGE}links/1/",
    f"{PAGE}versions/",
    f"{PAGE}versions/1/",
    "/api/v1/workspaces/lakeside/problems/1/theory",
)


def make(city: Any, members: Any, number: int, made: Any) -> dict[str, Any]:
    """One more step, link, version and comment; the link rests on a finding."""
    from django.utils import timezone

    from commonlight.web.design.theory.models import Comment, Link, Step, Theory, Version
    from commonlight.web.thread.models import Link as ThreadLink

    place, who = city.workspace, members["coordinator"]
    theory, _ = Theory.objects.of(place).get_or_create(
        problem=made["problem"],
        defaults={"workspace": place, "started_by": who, "changed_by": who},
    )
    common = {"workspace": place, "theory": theory, "changed_by": who}
    start, _ = Step.objects.of(place).get_or_create(
        theory=theory, number=1, defaults={**common, "kind": "activity", "text": "Youth workers"}
    )
    step = Step.objects.create(**common, number=number + 1, kind="outcome", text=f"Less {number}")
    link = Link.objects.create(**common, number=number, source=start, target=step)
    for claim, ground in (
        (("theory", theory.pk), ("theory_link", link.pk)),
        (("theory_link", link.pk), ("finding", made["finding"].pk)),
    ):
        ThreadLink.objects.create(
            workspace=place,
            claim_kind=claim[0],
            claim_key=str(claim[1]),
            ground_kind=ground[0],
            ground_key=str(ground[1]),
            made_by=who,
        )
    row = {"id": start.uid, "number": 1, "kind": "activity", "text": "Youth workers", "witness": ""}
    Version.objects.create(
        workspace=place,
        theory=theory,
        number=number,
        content={"steps": [row], "links": []},
        kept_by=who,
        note="First",
    )
    comment = Comment.objects.create(
        workspace=place, theory=theory, step=start, text="Who pays?", author=members["partner"]
    )
    Comment.objects.create(
        workspace=place,
        theory=theory,
        link=link,
        text="How do we know?",
        author=members["partner"],
        answer="We ask.",
        answered_by=who,
        answered_at=timezone.now(),
    )
    return {"theory": theory, "theory_link": link, "theory_comment": comment}
