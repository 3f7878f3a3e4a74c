"""Votes: open one, count dots or cast a ballot, close it, and take the votes away to recount."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonlight.web.design.domain.catalogue import groups
from commonlight.web.design.domain.voting import (
    VoteError,
    cast_ballot,
    close_vote,
    count_group,
    exported_votes,
    is_ranking_shown,
    open_vote,
    ranking,
)
from commonlight.web.design.enums import VoteKind, VoteState
from commonlight.web.design.forms.votes import BallotForm, CountForm, GroupForm, VoteForm
from commonlight.web.design.models import Vote
from commonlight.web.design.views.frame import address, design_frame, design_page, numbered, sent
from commonlight.web.eventlog.csv_export import safe_cell
from commonlight.web.eventlog.models import EventKind
from commonlight.web.eventlog.record import record
from commonlight.web.policy import WorkspaceRequest, page, require
from commonlight.web.problems.models import Problem
from commonlight.web.states import NotNow

__all__ = ["cast", "close", "count", "export", "index", "new", "vote"]

COLUMNS = ("vote", "idea", "text", "group", "people", "dots")
either = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@page("design.view")
def index(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """All votes of the problem."""
    problem = design_page(request, number)
    rows = [(one, address(problem, "vote", one.number)) for one in problem.votes.all()]
    context = design_frame(request, problem, rows=rows, idea_count=problem.ideas.count())
    return render(request, "design/votes.html", context)


@either
@page("design.write")
def new(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Choose the ideas and how the votes come in."""
    problem = design_page(request, number, "design.write")
    form = VoteForm(sent(request), problem=problem)
    if request.method == "POST" and form.is_valid():
        try:
            made = open_vote(request.actor, problem, **form.facts())
        except VoteError as error:
            form.add_error(error.field or "source", str(error))
        else:
            messages.success(request, _("The vote is open."))
            return redirect(address(problem, "vote", made.number))
    context = design_frame(request, problem, form=form, back_url=address(problem, "votes"))
    return render(request, "design/vote_new.html", context)


@require_safe
@page("design.view")
def vote(request: WorkspaceRequest, workspace: str, number: int, vote: int) -> HttpResponse:
    """The ranking, how residents and others differ, and whose dots are in."""
    problem, found = _vote(request, number, vote)
    shown = is_ranking_shown(found)
    ballots = list(found.ballots.all())
    counted = [one for one in ballots if one.group]
    titles = {name: one["title"] for name, one in groups().items()}
    context = design_frame(
        request,
        problem,
        vote=found,
        places=[(one, address(problem, "idea", one.idea.number)) for one in ranking(found)]
        if shown
        else [],
        is_shown=shown,
        is_open=found.state == VoteState.OPEN,
        is_counted=found.kind == VoteKind.COUNTED,
        ballots=[
            (
                titles.get(one.group, one.group),
                one.people,
                address(problem, "count", vote, one.group),
            )
            for one in counted
        ],
        voters=len(ballots) - len(counted),
        group_form=GroupForm(),
        back_url=address(problem, "votes"),
    )
    return render(request, "design/vote.html", context)


@either
@page("design.write")
def count(
    request: WorkspaceRequest, workspace: str, number: int, vote: int, group: str = ""
) -> HttpResponse:
    """Enter the dots of one group."""
    problem, found = _vote(request, number, vote, "design.write")
    if not group:
        chosen = GroupForm(request.GET)
        if not chosen.is_valid():
            return redirect(address(problem, "vote", vote))
        return redirect(address(problem, "count", vote, chosen.cleaned_data["group"]))
    if group not in groups():
        raise Http404
    known, people = _counted(found, group)
    form = CountForm(sent(request), vote=found, known=known, initial={"people": people})
    if request.method == "POST" and form.is_valid():
        try:
            count_group(
                request.actor,
                found,
                group=group,
                people=form.cleaned_data["people"],
                dots=form.dots(),
            )
        except VoteError as error:
            form.add_error(error.field if error.field == "people" else None, str(error))
        else:
            messages.success(request, _("The dots of this group are counted."))
            return redirect(address(problem, "vote", vote))
    context = design_frame(
        request,
        problem,
        vote=found,
        form=form,
        group=groups()[group]["title"],
        back_url=address(problem, "vote", vote),
    )
    return render(request, "design/count.html", context)


@either
@page("design.vote")
def cast(request: WorkspaceRequest, workspace: str, number: int, vote: int) -> HttpResponse:
    """Place the dots of one member, once."""
    problem, found = _vote(request, number, vote)
    require(request.actor, "design.vote", found)
    form = BallotForm(sent(request), vote=found, known={})
    if request.method == "POST" and form.is_valid():
        try:
            cast_ballot(request.actor, found, dots=form.dots())
        except VoteError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your vote is counted. Nobody sees what you chose."))
            return redirect(address(problem, "vote", vote))
    context = design_frame(
        request, problem, vote=found, form=form, back_url=address(problem, "vote", vote)
    )
    return render(request, "design/cast.html", context)


@require_POST
@page("design.write")
def close(request: WorkspaceRequest, workspace: str, number: int, vote: int) -> HttpResponse:
    """No more dots."""
    problem, found = _vote(request, number, vote, "design.write")
    try:
        close_vote(request.actor, found)
    except NotNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The vote is closed. The ranking stands."))
    return redirect(address(problem, "vote", vote))


@require_safe
@page("design.view")
def export(request: WorkspaceRequest, workspace: str, number: int, vote: int) -> HttpResponse:
    """The votes as CSV, from which anybody can count again."""
    _problem, found = _vote(request, number, vote)
    if not is_ranking_shown(found):
        raise Http404
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for row in exported_votes(found):
        writer.writerow({name: safe_cell(value) for name, value in row.items()})
    record(request.actor, "design.view", found, kind=EventKind.EXPORT, format="csv")
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"votes-{workspace}-{number}-{vote}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _vote(
    request: WorkspaceRequest, number: int, vote: int, action: str = "design.view"
) -> tuple[Problem, Vote]:
    problem = design_page(request, number, action)
    found = numbered(problem.votes.select_related("workspace", "workshop"), vote)
    found.problem = problem
    return problem, found


def _counted(vote: Vote, group: str) -> tuple[dict[int, int], Any]:
    """The dots of a group as they were counted before; else how many of it were in the room."""
    ballot = vote.ballots.filter(group=group).first()
    if ballot is not None:
        return dict(ballot.dots.values_list("idea", "number")), ballot.people
    seats = vote.workshop.seats.filter(group=group).first() if vote.workshop else None
    return {}, seats.present if seats else None
