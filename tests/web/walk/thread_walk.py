"""A finding that rests on nothing, and a problem that would rest on it."""

from __future__ import annotations

from typing import Any

AFTER = ("problems",)
VALUES = {
    "thread/": {"kind": "finding", "key": "finding", "pk": "link"},
    "thread/<slug:kind>/<str:key>/join/": {"kind": "problem", "key": "problem"},
}
HOLDERS = ("/w/lakeside/thread/problem/{problem}/", "/w/lakeside/thread/finding/{finding}/")


def make(city: Any, members: Any, number: int, made: Any) -> dict[str, Any]:
    """One more thing that the problem rests on."""
    from commonlight.web.thread.models import Link

    grounds = {
        1: ("finding", made["finding"].pk),
        2: ("dataset", made["dataset"].pk),
        3: ("agreement", made["agreement"].pk),
    }
    kind, key = grounds[number]
    link = Link.objects.create(
        workspace=city.workspace,
        claim_kind="problem",
        claim_key=str(made["problem"].pk),
        ground_kind=kind,
        ground_key=str(key),
        note="It shows where.",
        made_by=members["coordinator"],
    )
    return {"link": link}
