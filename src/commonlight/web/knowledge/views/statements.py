"""Statements by kind and focus area, and the page of one."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commonlight.web.agreements.domain import today_in
from commonlight.web.knowledge.domain.published import statement_in
from commonlight.web.knowledge.domain.stances import stances_about
from commonlight.web.knowledge.enums import EntryState
from commonlight.web.knowledge.forms.finding import StatementFilter
from commonlight.web.knowledge.labels import label, statement_title
from commonlight.web.knowledge.methods import KINDS, evidence
from commonlight.web.knowledge.models import LocalStatement
from commonlight.web.policy import WorkspaceRequest, page

__all__ = ["index", "statement"]


@require_safe
@page("knowledge.view")
def index(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Statements of a cell; an empty cell says that nothing was found."""
    known = evidence().statements
    rows = list(known.statements.values())
    areas = {area for one in rows for area in one.focus_areas}
    form = StatementFilter(request.GET, occurring={"kind": set(KINDS), "focus_area": areas})
    chosen = form.chosen
    kind, area = chosen.get("kind", ""), chosen.get("focus_area", "")
    fitting = [
        {"statement": one, "title": statement_title(one.id)}
        for one in rows
        if (not kind or one.kind == kind) and (not area or area in one.focus_areas)
    ]
    groups = [
        (label("kinds", each), [row for row in fitting if row["statement"].kind == each])
        for each in KINDS
    ]
    local = LocalStatement.objects.of(request.workspace).filter(state=EntryState.REVIEWED)
    local = local.filter(statement_kind=kind) if kind else local
    local = local.filter(focus_area=area) if area else local
    context = {
        "form": form,
        "count": len(fitting),
        "groups": [(title, found) for title, found in groups if found],
        "kind": label("kinds", kind),
        "area": label("focus_areas", area),
        "local": local.select_related("organisation", "workspace"),
    }
    return render(request, "knowledge/statements.html", context)


@require_safe
@page("knowledge.view")
def statement(request: WorkspaceRequest, workspace: str, key: str) -> HttpResponse:
    """One statement with its source, and whose inference follows."""
    found = statement_in(request.workspace, key)
    if found is None:
        raise Http404
    known = evidence().statements
    context = {
        "thing": found,
        "statement": found.record,
        "title": found.title,
        "areas": [label("focus_areas", area) for area in found.record.focus_areas],
        "checked": known.checked,
        "check_again": known.check_again,
        "licence": known.licence,
        "is_past": today_in(request.workspace) > known.check_again,
        "stances": stances_about(request.actor, ("statement", found.pk)),
    }
    return render(request, "knowledge/statement.html", context)
