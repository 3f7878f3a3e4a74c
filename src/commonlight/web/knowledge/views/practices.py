"""The list of practices, and the page of one: effects first, then why, for whom, at what cost."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commonlight.web.agreements.domain import today_in
from commonlight.web.knowledge.domain.passports import compare
from commonlight.web.knowledge.domain.published import PublishedPractice, practice_in
from commonlight.web.knowledge.domain.stances import stances_about
from commonlight.web.knowledge.enums import EntryState
from commonlight.web.knowledge.forms.finding import PracticeFilter
from commonlight.web.knowledge.labels import label, practice_name
from commonlight.web.knowledge.methods import DIMENSIONS, Practice, evidence
from commonlight.web.knowledge.models import LocalPractice
from commonlight.web.knowledge.words import DIRECTION_TAGS, effect_row
from commonlight.web.policy import WorkspaceRequest, decide, page

__all__ = ["chosen_practices", "index", "practice"]

ON_A_PAGE = 20


@require_safe
@page("knowledge.view")
def index(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Practices, those that did not work among them unless they are filtered out."""
    form = PracticeFilter(request.GET, occurring=_occurring())
    today = today_in(request.workspace)
    found = chosen_practices(form.chosen)
    shown = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [_row(one, today) for one in shown]
    local = LocalPractice.objects.of(request.workspace).filter(state=EntryState.REVIEWED)
    context = {
        "form": form,
        "rows": rows,
        "shown": shown,
        "local": local.count(),
        "across": _across(),
    }
    return render(request, "knowledge/practices.html", context)


def _across() -> list[dict[str, Any]]:
    """Findings across practices, each with its source."""
    known = evidence().practices
    return [
        {"finding": one, "source": known.sources[one.source]}
        for one in known.cross_findings.values()
    ]


def chosen_practices(chosen: dict[str, str]) -> list[Practice]:
    """The practices that fit the filters; by default all of them, by name."""
    fitting = [one for one in evidence().practices.practices.values() if _fits(one, chosen)]
    return sorted(fitting, key=lambda one: str(practice_name(one.id)).casefold())


def _fits(one: Practice, chosen: dict[str, str]) -> bool:
    area, problem = chosen.get("focus_area"), chosen.get("problem_type")
    if area and area not in one.focus_areas:
        return False
    if problem and problem not in one.problem_types:
        return False
    return _results_fit(one, chosen.get("results", "")) and _effect_fits(one, chosen)


def _results_fit(one: Practice, results: str) -> bool:
    if results == "did_not_work":
        return one.did_not_work
    if results == "untested":
        return one.is_untested
    return results != "improves" or any(row.direction == "improves" for row in one.effects)


def _effect_fits(one: Practice, chosen: dict[str, str]) -> bool:
    """Whether one and the same effect has the group, the direction and the strength."""
    wanted = {
        name: chosen[key]
        for name, key in (("outcome_group", "outcome_group"), ("direction", "direction"))
        if chosen.get(key)
    }
    strength = chosen.get("strength")
    return any(
        all(getattr(row, name) == value for name, value in wanted.items())
        and (not strength or row.rating.level == strength)
        for row in one.effects
    )


def _occurring() -> dict[str, set[str]]:
    """The words that stand in some practice, so that no filter is empty by itself."""
    known = evidence().practices.practices.values()
    return {
        "focus_area": {area for one in known for area in one.focus_areas},
        "problem_type": {word for one in known for word in one.problem_types},
        "outcome_group": {row.outcome_group for one in known for row in one.effects},
        "direction": {row.direction for one in known for row in one.effects},
        "strength": {row.rating.level for one in known for row in one.effects},
    }


def _row(one: Practice, today: date) -> dict[str, Any]:
    """A practice in a list: each outcome with its direction and strength, none left out."""
    outcomes: dict[tuple[str, str], list[Any]] = {}
    for row in one.effects:
        outcomes.setdefault((row.outcome_group, row.direction), []).append(row)
    return {
        "practice": one,
        "name": practice_name(one.id),
        "outcomes": [
            {
                "group": label("outcome_groups", group),
                "direction": label("directions", direction),
                "tag": DIRECTION_TAGS[direction],
                "strength": label("ratings", _strongest(rows)),
                "is_secondary": all(row.is_secondary for row in rows),
            }
            for (group, direction), rows in outcomes.items()
        ],
        "is_past": one.is_past_check(today),
    }


def _strongest(rows: list[Any]) -> str:
    order = ("high", "moderate", "low", "very_low", "none")
    found: str = min((row.rating.level for row in rows), key=order.index)
    return found


@require_safe
@page("knowledge.view")
def practice(request: WorkspaceRequest, workspace: str, key: str) -> HttpResponse:
    """One practice; what was not studied is said, and never blank."""
    found = practice_in(request.workspace, key)
    if found is None:
        raise Http404
    return render(request, "knowledge/practice.html", _context(request, found))


def _context(request: WorkspaceRequest, found: PublishedPractice) -> dict[str, Any]:
    room, one = evidence(), found.record
    sources = room.practices.sources
    groups: dict[Any, list[Any]] = {}
    for effect in one.effects:
        row = effect_row(effect, sources[effect.source])
        groups.setdefault(row.group, []).append(row)
    experience = LocalPractice.objects.of(request.workspace).filter(practice=one.id)
    return {
        "thing": found,
        "practice": one,
        "name": found.title,
        "effects": list(groups.items()),
        "dimensions": [
            {
                "label": label("dimensions", name),
                "told": one.dimension(name),
                "sources": [sources[ref] for ref in one.dimension(name).sources],
            }
            for name in DIMENSIONS
        ],
        "compared": compare(request.actor, found),
        "sources": [sources[ref] for ref in one.sources],
        "see_also": [(id, practice_name(id)) for id in one.see_also],
        "costs": [row for row in room.unit_costs.measure_costs.values() if row.practice == one.id],
        "cost_sources": room.unit_costs.sources,
        "stances": stances_about(request.actor, ("practice", one.id)),
        "experience": [
            row
            for row in experience.select_related("organisation", "workspace")
            if decide(request.actor, "knowledge.view", row)
        ],
        "is_past": one.is_past_check(today_in(request.workspace)),
    }
