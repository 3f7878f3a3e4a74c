"""The design brief: its draft as the record stands today, and every version that was proposed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonlight.web.design.review.domain.brief.blocks import lead_and_rest, redacted, text_of
from commonlight.web.design.review.domain.brief.composing import brief_content, compose
from commonlight.web.design.review.domain.brief.life import (
    approve_brief,
    begin_brief,
    decide_approval,
    decide_proposal,
    newest_brief,
    propose_brief,
    return_brief,
    write_brief,
)
from commonlight.web.design.review.domain.brief.planned import drafted_decision, drafted_summary
from commonlight.web.design.review.domain.tensions import ReviewError
from commonlight.web.design.review.enums import BriefState
from commonlight.web.design.review.forms.brief import APPROVE, DecisionForm, TextsForm
from commonlight.web.design.review.models import Brief
from commonlight.web.design.review.views.frame import address, show
from commonlight.web.design.views.frame import design_page, numbered, sent
from commonlight.web.policy import Refused, WorkspaceRequest, decide, page
from commonlight.web.problems.models import Problem
from commonlight.web.problems.path import PartState, path_of
from commonlight.web.ui.svg import inline_svg

__all__ = ["begin", "brief", "decide_on", "found_version", "propose", "shown", "version", "write"]

KINDS = {"draft": "warning", "proposed": "info", "approved": "success", "replaced": ""}


@require_safe
@page("design.view")
def brief(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The versions, and for those who write it the draft as it would be proposed now."""
    problem = design_page(request, number)
    newest = newest_brief(problem)
    is_draft = newest is None or newest.state == BriefState.DRAFT
    texts = newest.texts if newest is not None else {}
    count = newest.number if newest is not None else 1
    may_read = not is_draft or decide(request.actor, "design.write", problem)
    content = (
        compose(request.actor, problem, texts, number=count) if is_draft and may_read else None
    )
    return show(
        request,
        "brief",
        problem,
        brief=newest,
        may_read=may_read,
        content=shown(content) if content is not None else None,
        may_propose=decide_proposal(request.actor, newest) if newest and is_draft else None,
        versions=_versions(problem),
        words=brief_content()["words"],
    )


@require_POST
@page("design.write")
def begin(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Begin a brief, or a new version of one that was approved."""
    problem = design_page(request, number, "design.write")
    begin_brief(request.actor, problem)
    return redirect(address(problem, "write"))


@require_http_methods(["GET", "HEAD", "POST"])
@page("design.write")
def write(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Write the parts that only people can write."""
    problem = design_page(request, number, "design.write")
    found = newest_brief(problem)
    if found is None or found.state != BriefState.DRAFT:
        messages.info(request, _("There is no draft to write in. Begin a brief first."))
        return redirect(address(problem, "brief"))
    given = sent(request)
    written = {name: text for name, text in found.texts.items() if text}
    drafted = {"summary": drafted_summary(problem), "decision": drafted_decision(problem)}
    form = TextsForm(given, initial={**drafted, **written})
    if given is not None and form.is_valid():
        write_brief(request.actor, found, form.cleaned_data)
        messages.success(request, _("Your words stand in the brief."))
        return redirect(address(problem, "brief"))
    return show(request, "write", problem, form=form, back_url=address(problem, "brief"))


@require_http_methods(["GET", "HEAD", "POST"])
@page("design.write")
def propose(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Freeze the brief as it stands, after a page that says what is missing in it."""
    problem = design_page(request, number, "design.write")
    found = newest_brief(problem)
    if found is None:
        raise Http404
    if request.method == "POST":
        made = propose_brief(request.actor, found)
        messages.success(request, _("The brief is proposed. Another person approves it."))
        return redirect(address(problem, "version", made.number))
    content = compose(request.actor, problem, found.texts, number=found.number)
    return show(
        request,
        "propose",
        problem,
        brief=found,
        content=content,
        may_propose=decide_proposal(request.actor, found),
        path_open=_open_on_the_path(request, problem),
        back_url=address(problem, "brief"),
    )


@require_safe
@page("design.view")
def version(request: WorkspaceRequest, workspace: str, number: int, version: int) -> HttpResponse:
    """A brief as it was proposed."""
    problem = design_page(request, number)
    return _version_page(request, problem, found_version(problem, version), DecisionForm())


@require_POST
@page("brief.approve")
def decide_on(request: WorkspaceRequest, workspace: str, number: int, version: int) -> HttpResponse:
    """Another person approves the brief or sends it back."""
    problem = design_page(request, number, "brief.approve")
    found = found_version(problem, version)
    form = DecisionForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            if given["decision"] == APPROVE:
                approve_brief(request.actor, found, comment=given["comment"])
                messages.success(request, _("The brief is approved. Others can build on it."))
            else:
                return_brief(request.actor, found, comment=given["comment"])
                messages.success(request, _("The brief is a draft again, with your comment."))
        except ReviewError as error:
            form.add_error(None, str(error))
        except Refused as refusal:
            form.add_error(None, f"{refusal.decision.reason} {refusal.decision.ask}".strip())
        else:
            return redirect(address(problem, "brief"))
    return _version_page(request, problem, found, form)


def found_version(problem: Problem, number: int) -> Brief:
    """A version that was proposed; a draft has no page of its own."""
    rows = Brief.objects.of(problem.workspace).filter(problem=problem, content__isnull=False)
    found: Brief = numbered(
        rows.select_related("proposed_by__organisation", "decided_by__organisation"), number
    )
    found.problem = problem
    return found


def shown(content: dict[str, Any]) -> dict[str, Any]:
    """The brief with its drawings let into the page."""
    sections = [
        {**one, "blocks": [_drawn(block) for block in one["blocks"]]} for one in content["sections"]
    ]
    lead, rest = lead_and_rest({"sections": sections})
    return {**content, "sections": sections, "lead": lead, "rest": rest}


def _drawn(block: dict[str, Any]) -> dict[str, Any]:
    """A block as the template shows it."""
    if block["kind"] == "figure":
        return {**block, "picture": inline_svg(block["svg"])}
    if block["kind"] == "items":
        return {**block, "items_": [text_of(one) for one in block["items"]]}
    if block["kind"] == "table":
        return {**block, "rows": [[_cell(cell) for cell in row] for row in block["rows"]]}
    return block


def _cell(cell: Any) -> dict[str, Any]:
    many = [text_of(one) for one in cell] if isinstance(cell, list) and len(cell) > 1 else []
    return {"words": text_of(cell), "many": many}


def _versions(problem: Problem) -> list[Brief]:
    rows = Brief.objects.of(problem.workspace).filter(problem=problem, content__isnull=False)
    found = rows.select_related("proposed_by__organisation", "decided_by__organisation")
    return list(found.defer("content", "texts").order_by("-number"))


def _version_page(
    request: WorkspaceRequest, problem: Problem, found: Brief, form: DecisionForm
) -> HttpResponse:
    return show(
        request,
        "version",
        problem,
        brief=found,
        content=shown(redacted(found.content or {}, request.actor)),
        may_decide=decide_approval(request.actor, found),
        waits=found.state == BriefState.PROPOSED,
        kind=KINDS[found.state],
        form=form,
        back_url=address(problem, "brief"),
    )


def _open_on_the_path(request: WorkspaceRequest, problem: Problem) -> list[tuple[Any, PartState]]:
    """What the record still misses, the brief itself left out, each with its page."""
    here = address(problem, "brief")
    return [
        (label, state)
        for pillar in path_of(request.actor, problem)
        for label, state in pillar.parts
        if state.missing and state.address != here
    ]
