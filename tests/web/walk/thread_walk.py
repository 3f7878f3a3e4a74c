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
    """The problem rests on one more finding, one more data set and one more agreement."""
    from commonlight.web.agreements.models import Agreement
    from commonlight.web.audits.models import StoredFinding
    from commonlight.web.data.models import DataSet
    from commonlight.web.thread.models import Link

    place, key = city.workspace, str(made["problem"].pk)
    links = []
    for kind, model in (("finding", StoredFinding), ("dataset", DataSet), ("agreement", Agreement)):
        rows = model.objects.of(place).order_by("pk")
        if kind == "dataset":  # of one owner, so that each is as open to a reader as the first
            rows = rows.filter(owner=made["dataset"].owner, space=None, deleted_at=None)
        ground = rows[number - 1 : number].first()
        if ground is None:
            continue
        links.append(
            Link.objects.create(
                workspace=place,
                claim_kind="problem",
                claim_key=key,
                ground_kind=kind,
                ground_key=str(ground.pk),
                note="It shows where.",
                made_by=members["coordinator"],
            )
        )
    return {"link": links[0]}
