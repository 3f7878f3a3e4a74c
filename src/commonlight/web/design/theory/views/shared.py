"""What the pages of a theory have in common."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse

from commonlight.web.design.theory.domain.picture import draw, unproven
from commonlight.web.design.theory.domain.reading import Sheet, theory_of
from commonlight.web.design.theory.markup import link_rows, shapes, step_rows
from commonlight.web.design.theory.models import Link, Step, Theory
from commonlight.web.design.theory.rules import may_write
from commonlight.web.policy import Decision, WorkspaceRequest
from commonlight.web.problems.models import Problem
from commonlight.web.problems.views.frame import frame

__all__ = ["address", "find_link", "find_step", "found_theory", "framed", "markup", "sheet_context"]

PILLAR = "design"


def address(problem: Problem, name: str = "theory", *more: Any) -> str:
    """The address of a page of the theory."""
    return reverse(f"theory:{name}", args=[problem.workspace.slug, problem.number, *more])


def framed(request: WorkspaceRequest, problem: Problem, **more: Any) -> dict[str, Any]:
    """What every page of the theory is given."""
    return frame(
        request,
        problem,
        pillar=PILLAR,
        theory_url=address(problem),
        may=may_write(request.actor, problem),
        **more,
    )


def found_theory(problem: Problem) -> Theory:
    """The theory of the problem; where there is none there is no such page."""
    theory = theory_of(problem)
    if theory is None:
        raise Http404
    return theory


def find_step(problem: Problem, number: int) -> Step:
    """The step with this number that stands in the theory."""
    found: Step = _found(Step.objects.of(problem.workspace), problem, number)
    return found


def find_link(problem: Problem, number: int) -> Link:
    """The link with this number that stands in the theory."""
    rows = Link.objects.of(problem.workspace).select_related("source", "target")
    found: Link = _found(rows, problem, number)
    return found


def _found(rows: Any, problem: Problem, number: int) -> Any:
    given = {"theory__problem": problem, "number": number, "removed_at": None}
    found = rows.select_related("theory", "changed_by__organisation").filter(**given).first()
    if found is None:
        raise Http404
    found.theory.problem, found.theory.workspace = problem, problem.workspace
    found.workspace = problem.workspace
    return found


def sheet_context(problem: Problem, sheet: Sheet) -> dict[str, Any]:
    """The diagram and the two tables that say the same, with what the checks find."""
    graph = sheet.graph
    arrows = {one.uid: one for one in graph.arrows}
    numbers = {one.uid: one.number for one in graph.boxes}
    leads = {
        uid: [(arrow.number, numbers[arrow.target]) for arrow in found]
        for uid, found in graph.out.items()
    }
    links: list[dict[str, Any]] = [
        {
            "link": one,
            "grounds": sheet.grounds.get(one.pk, []),
            "support": sheet.support.get(one.pk),
            "lacks": unproven(graph, arrows[one.uid]),
            "to_indicator": graph.to_indicator(arrows[one.uid]),
        }
        for one in sheet.links
    ]
    for row in links:
        if row["lacks"] and row["grounds"] and not row["support"]:
            row["lacks"][-1] = row["support"].reason
    return {
        "sheet": sheet,
        "picture": draw(graph, title=str(problem.title)) if graph.boxes else None,
        "steps": [(one, leads.get(one.uid, [])) for one in sheet.steps],
        "links": links,
        "unproven": [row for row in links if row["lacks"]],
        "faults": _fault_rows(sheet),
    }


def markup(problem: Problem, shown: dict[str, Any], *, may: Decision) -> dict[str, Any]:
    """The diagram and the rows of the tables as they are drawn."""
    home = address(problem)
    picture = shown["picture"]
    return {
        "shapes": shapes(picture, base=home) if picture else "",
        "step_rows": step_rows(shown["steps"], home if may else ""),
        "link_rows": link_rows(shown["links"], home if may else ""),
    }


def _fault_rows(sheet: Sheet) -> list[dict[str, Any]]:
    """What the checks find, each check once with all the steps and links that it names."""
    steps = {one.uid: one for one in sheet.steps}
    links = {one.uid: one for one in sheet.links}
    rows: dict[str, dict[str, Any]] = {}
    for fault in sheet.faults:
        if fault.severity == "unproven":
            continue
        row = rows.setdefault(fault.check, {"row": fault.row, "places": []})
        places = {
            "steps": [steps[uid] for uid in fault.uids if uid in steps],
            "links": [links[uid] for uid in fault.uids if uid in links],
        }
        if fault.uids:
            row["places"].append(places)
    return list(rows.values())
