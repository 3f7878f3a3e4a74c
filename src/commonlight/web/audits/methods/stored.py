"""From the folder of a run to what the database keeps of each finding."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from commonlight.web.agreements.enums import TimeDetail, is_finer
from commonlight.web.audits.methods.configuring import source_slugs

__all__ = ["period_detail", "stored_entries"]


def period_detail(first: date, last: date) -> TimeDetail:
    """How finely a total over a period tells time.

    A period of whole years tells years. One that begins or ends inside a month tells days, however
    long it is: set against the same period without its last day, it gives that day away.
    """
    after = last + timedelta(days=1)
    if first.day == 1 and after.day == 1:
        whole = first.month == 1 and after.month == 1
        return TimeDetail.YEAR if whole else TimeDetail.MONTH
    return TimeDetail.WEEK if first.weekday() == after.weekday() == 0 else TimeDetail.DAY


def stored_entries(
    folder: Path, settings: Mapping[str, Any], period: Sequence[str] = ()
) -> Iterator[dict[str, Any]]:
    """What is kept of each finding of a run over a period, in the order of its report."""
    days = [date.fromisoformat(day) for day in period or settings.get("period") or ()]
    whole = period_detail(*days) if len(days) == 2 else TimeDetail.YEAR
    internal = _findings(folder / "internal")
    public = {item["id"]: item for item in _findings(folder / "public")["findings"]}
    slugs = source_slugs(settings)
    areas = {item["dataset"]: item.get("areas") for item in settings.get("sources") or []}
    headline = set(internal["headline_findings"])
    for order, item in enumerate(internal["findings"]):
        yield {
            "key": item["id"],
            "order": order,
            "block": item["block"],
            "question": item["question"],
            "sentence": item["sentence"],
            "certainty": item["certainty"],
            "one_sided": item["one_sided"],
            "is_headline": item["id"] in headline,
            "method_name": item["method"]["name"],
            "method_page": item["method"]["page"],
            "sources": _sources(item, slugs, areas),
            "place_detail": item["detail"]["place"],
            "time_detail": _finer(item["detail"]["time"], whole),
            "has_chart": item["chart"] is not None,
            "has_map": item["map"] is not None,
            "content": _content(item),
            "public_content": _content(public[item["id"]]) if item["id"] in public else None,
        }


def _finer(one: str, other: str) -> str:
    return str(other if is_finer(other, one, TimeDetail) else one)


def _findings(folder: Path) -> dict[str, Any]:
    path = folder / "shelf" / "findings.json"
    if not path.is_file():
        return {"findings": [], "headline_findings": []}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _sources(
    item: Mapping[str, Any], slugs: Mapping[str, str], areas: Mapping[str, str | None]
) -> list[str]:
    """The data sets of a finding; a map of areas rests on their boundaries too.

    A source that is no data set of the plan is kept under its own name: nobody may see it.
    """
    found = [slugs.get(name, name) for name in item["sources"]]
    if item["map"] is not None:
        found += [area for name in found if (area := areas.get(name))]
    return list(dict.fromkeys(found))


def _content(item: Mapping[str, Any]) -> dict[str, Any]:
    """A finding without the values of its map, which lie on the shelf."""
    content = dict(item)
    if content["map"] is not None:
        left_out = ("values", "labels")
        content["map"] = {k: v for k, v in content["map"].items() if k not in left_out}
    return content
