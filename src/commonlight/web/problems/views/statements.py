"""The statement of a problem in all its versions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.content import read_content
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.domain.stating import (
    PARTS,
    current_statement,
    frames_alone,
    state_anew,
)
from commonlight.web.problems.forms.problem import StatementForm
from commonlight.web.problems.models import Statement
from commonlight.web.problems.views.frame import PILLAR, address, frame, problem_page
from commonlight.web.problems.views.problems import say_notes
from commonlight.web.thread.domain import web_of
from commonlight.web.thread.domain.support import Nodes

__all__ = ["change", "reframing", "version"]


@require_http_methods(["GET", "HEAD", "POST"])
@page("problem.write")
def change(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Write the statement anew; the version before stays."""
    problem = problem_page(request, number, "problem.write")
    now = current_statement(problem)
    sent = request.POST if request.method == "POST" else None
    form = StatementForm(sent, initial={name: getattr(now, name) for name in PARTS})
    if sent is not None and form.is_valid():
        made = state_anew(request.actor, problem, **form.cleaned_data)
        if made.pk == now.pk:
            messages.info(request, _("Nothing was changed, so there is no new version."))
            return redirect(address(problem))
        messages.success(request, _("The new version is saved. The one before stays readable."))
        say_notes(request, *(getattr(made, name) for name in PARTS))
        return redirect(address(problem, "version", made.number))
    context = frame(
        request, problem, pillar=PILLAR, form=form, statement=now, is_alone=frames_alone(problem)
    )
    return render(request, "problems/statement_form.html", context)


@require_safe
@page("problem.view")
def version(request: WorkspaceRequest, workspace: str, number: int, version: int) -> HttpResponse:
    """One version, what it changed, and what it rests on."""
    problem = problem_page(request, number)
    context = frame(request, problem, pillar=PILLAR)
    versions = {one.number: one for one in context["known"].all_statements[problem.pk]}
    if version not in versions:
        raise Http404
    shown = versions[version]
    shown.problem = problem
    before = versions.get(version - 1)
    context |= {
        "statement": shown,
        "before": before,
        "is_newest": version == max(versions),
        "rows": side_by_side(before or shown, shown),
    }
    return render(request, "problems/version.html", context)


@require_safe
@page("problem.view")
def reframing(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The first and the newest statement side by side, and what moved each version."""
    problem = problem_page(request, number)
    context = frame(request, problem, pillar=PILLAR)
    versions = context["known"].all_statements[problem.pk]
    context |= {
        "versions": _with_evidence(request, versions),
        "rows": side_by_side(versions[0], versions[-1]),
        "first": versions[0],
        "last": versions[-1],
    }
    return render(request, "problems/reframing.html", context)


def _with_evidence(
    request: WorkspaceRequest, versions: list[Statement]
) -> list[tuple[Statement, list[dict[str, Any]]]]:
    """Each version with what it rests on directly; the title of what is closed is left out."""
    web = web_of(request.workspace)
    keys = {one.pk: ("statement_of_problem", str(one.pk)) for one in versions}
    links = {pk: web.grounds.get(key, []) for pk, key in keys.items()}
    grounds = [link.ground for rows in links.values() for link in rows]
    nodes = Nodes(request.workspace, grounds, actor=request.actor)
    return [
        (
            one,
            [{"title": nodes.title(link.ground), "note": link.note} for link in links[one.pk]],
        )
        for one in versions
    ]


def side_by_side(first: Statement, last: Statement) -> list[dict[str, Any]]:
    """Each part as it was and as it is, the causes last."""
    content = read_content("commonlight.web.problems", "definition")
    labels = {one["id"]: one["label"] for one in content["statement_field"]}
    rows = [
        {
            "label": labels.get(name, _("What is wrong?")),
            "first": getattr(first, name),
            "last": getattr(last, name),
        }
        for name in PARTS
    ]
    rows.append({"label": _("Causes"), "first": _causes(first), "last": _causes(last)})
    return [{**row, "is_changed": row["first"] != row["last"]} for row in rows]


def _causes(statement: Statement) -> str:
    """The causes as they stood, one a line."""
    lines = (
        _("%(cause)s (left out: %(reason)s)")
        % {"cause": one["text"], "reason": one["left_out_reason"]}
        if one.get("left_out_reason")
        else one["text"]
        for one in statement.causes
    )
    return "\n".join(lines)
