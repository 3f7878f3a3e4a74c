"""Theories of change, with what the checks find in them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from commonlight.web.api.answers.paging import Limit, Offset, Page, answers, page_of
from commonlight.web.api.auth import actor_in
from commonlight.web.design.theory.domain.checks import check
from commonlight.web.design.theory.domain.exchange import document_of
from commonlight.web.design.theory.domain.picture import unproven
from commonlight.web.design.theory.domain.reading import graphs_of, read_theory
from commonlight.web.design.theory.models import Theory
from commonlight.web.policy import require
from commonlight.web.problems.models import Problem

router = Router(tags=["Theories of change"])
LARGEST = 2**31


class TheoryOut(Schema):
    """A theory in short."""

    problem: int
    title: str
    steps: int
    links: int
    faults: list[str]


class TheoryStepOut(Schema):
    """A step."""

    id: str
    number: int
    kind: str
    text: str
    witness: str


class TheoryEvidenceOut(Schema):
    """What a link rests on."""

    kind: str
    key: str
    title: str
    note: str


class TheoryLinkOut(Schema):
    """A link; `unproven` says what it lacks."""

    id: str
    number: int
    start: str
    end: str
    mechanism: str
    assumption: str
    confidence: str
    harm: str
    own_judgement: bool
    evidence: list[TheoryEvidenceOut]
    unproven: list[str]


class FaultOut(Schema):
    """What a check found, and the ids of the steps and links that it is about."""

    check: str
    severity: str
    title: str
    about: list[str]


class TheoryFullOut(Schema):
    """A theory as its page shows it."""

    problem: int
    revision: int
    steps: list[TheoryStepOut]
    links: list[TheoryLinkOut]
    faults: list[FaultOut]


@router.get(
    "/workspaces/{workspace}/theories", response=answers(Page[TheoryOut]), operation_id="theories"
)
def theories(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """The theories of change of the workspace."""
    actor = actor_in(request, workspace, "design.view")
    require(actor, "problem.view")
    rows = Theory.objects.of(actor.workspace).select_related("problem__workspace")
    found = page_of(rows.order_by("problem__number"), limit, offset, lambda one: one)
    graphs = graphs_of(one.problem for one in found["items"])
    return {**found, "items": [_short(one, graphs.get(one.problem_id)) for one in found["items"]]}


@router.get(
    "/workspaces/{workspace}/problems/{number}/theory",
    response=answers(TheoryFullOut),
    operation_id="theory",
)
def theory(request: HttpRequest, workspace: str, number: int) -> dict[str, Any]:
    """The theory of a problem: steps, links with evidence, and what the checks find."""
    actor = actor_in(request, workspace, "design.view")
    rows = Problem.objects.of(actor.workspace).select_related("workspace")
    problem = rows.filter(number=number).first() if 0 < number < LARGEST else None
    if problem is None:
        raise Http404
    require(actor, "problem.view", problem)
    sheet = read_theory(actor, problem)
    if sheet.theory is None:
        raise Http404
    document = document_of(sheet)
    arrows = {one.uid: one for one in sheet.graph.arrows}
    return {
        "problem": problem.number,
        "revision": sheet.theory.revision,
        "steps": document["steps"],
        "links": [
            {
                **row,
                "start": row["from"],
                "end": row["to"],
                "unproven": unproven(sheet.graph, arrows[row["id"]]),
            }
            for row in document["links"]
        ],
        "faults": [
            {
                "check": one.check,
                "severity": one.severity,
                "title": str(one.row["title"]),
                "about": list(one.uids),
            }
            for one in sheet.faults
        ],
    }


def _short(one: Theory, graph: Any) -> dict[str, Any]:
    faults = [found.check for found in check(graph) if found.severity == "fault"] if graph else []
    return {
        "problem": one.problem.number,
        "title": one.problem.title,
        "steps": len(graph.boxes) if graph else 0,
        "links": len(graph.arrows) if graph else 0,
        "faults": list(dict.fromkeys(faults)),
    }
