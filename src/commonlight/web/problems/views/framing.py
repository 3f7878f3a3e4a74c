"""Partners answer apart, sealed until the closing time; then the answers are compared."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.content import read_content
from commonlight.web.policy import Actor, Refused, WorkspaceRequest, decide, page, require
from commonlight.web.policy.rules import role_actions
from commonlight.web.problems.domain.causing import families
from commonlight.web.problems.domain.differences import (
    CauseRow,
    difference_of,
    is_sealed_by,
)
from commonlight.web.problems.domain.framing import (
    FramingError,
    close_early,
    open_round,
    own_answers,
    own_frame,
    put_off,
    save_draft,
    send_answer,
)
from commonlight.web.problems.domain.moving import may_move
from commonlight.web.problems.domain.sentences import mended
from commonlight.web.problems.domain.stating import current_statement
from commonlight.web.problems.domain.telling import without_time_words
from commonlight.web.problems.forms.framing import (
    AnswerForm,
    AskForm,
    PutOffForm,
    told_already,
)
from commonlight.web.problems.models import FrameRound, Problem
from commonlight.web.problems.needs import known_of
from commonlight.web.problems.path_parts import counted
from commonlight.web.problems.views.frame import PILLAR, address, frame, problem_page
from commonlight.web.workspaces.enums import Role
from commonlight.web.workspaces.models import Membership, Organisation

__all__ = ["answer", "ask", "close", "later", "one_round", "rounds"]

either = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@page("problem.view")
def rounds(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """What framing apart is, and each round that there was."""
    problem = problem_page(request, number)
    context = frame(request, problem, pillar=PILLAR, words=_words())
    context["rounds"] = [(one, counted(one)) for one in context["known"].rounds.get(problem.pk, ())]
    context["may_ask"] = may_move(request.actor, problem, "open_framing")
    return render(request, "problems/rounds.html", context)


@either
@page("problem.move")
def ask(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Choose who is asked, and until when."""
    problem = problem_page(request, number, "problem.move")
    may = may_move(request.actor, problem, "open_framing")
    if not may:
        raise Refused("problem.move", may)
    partners = _partners(request.actor, problem)
    sent = request.POST if request.method == "POST" else None
    form = AskForm(sent, organisations=partners)
    if sent is not None and form.is_valid():
        chosen = [one for one in partners if str(one.pk) in form.cleaned_data["organisations"]]
        try:
            made = open_round(
                request.actor, problem, organisations=chosen, closes_at=form.closes_at
            )
        except FramingError as error:
            form.add_error(_field(error), str(error))
        else:
            messages.success(
                request, _("The questions are sent. Each partner finds them on its first page.")
            )
            return redirect(address(problem, "round", made.number))
    context = frame(request, problem, pillar=PILLAR, form=form, words=_words())
    context["questions"] = read_content("commonlight.web.problems", "frames")["question"]
    return render(request, "problems/ask.html", context)


@require_safe
@page("problem.view")
def one_round(request: WorkspaceRequest, workspace: str, number: int, round: int) -> HttpResponse:
    """Before the closing time how many have answered; afterwards where they agree and differ."""
    problem = problem_page(request, number)
    found = _round(problem, round)
    context = frame(request, problem, pillar=PILLAR, round=found, words=_words())
    context["counted"] = counted(found)
    if found.is_open:
        return render(request, "problems/difference.html", context | _table(found))
    mine = own_frame(request.actor, found)
    context |= {
        "may_answer": decide(request.actor, "problem.frame", found),
        "is_sent": mine is not None and mine.sent_at is not None,
        "has_draft": mine is not None and bool(mine.draft),
        "may_move": decide(request.actor, "problem.move", problem),
        "all_answered": found.answered >= len(found.organisations.all()),
        "own_steps": [address(problem, one, found.number) for one in ("answer", "close")],
    }
    return render(request, "problems/round.html", context)


@either
@page("problem.frame")
def answer(request: WorkspaceRequest, workspace: str, number: int, round: int) -> HttpResponse:
    """The questions, for one's own organisation."""
    problem = problem_page(request, number)
    found = _round(problem, round)
    require(request.actor, "problem.frame", found)
    sent = request.POST if request.method == "POST" else None
    begun = own_answers(request.actor, found)
    form = AnswerForm(
        sent, answers=begun or told_already(request.actor, current_statement(problem))
    )
    if sent is not None and "draft" in sent:
        save_draft(request.actor, found, form.typed)
        messages.success(request, _("Your draft is kept. It does not count until you send it."))
        return redirect(address(problem, "round", found.number))
    if sent is not None and form.is_valid():
        try:
            send_answer(request.actor, found, form.answers)
        except FramingError as error:
            form.add_error(error.part if error.part in form.fields else None, str(error))
        else:
            messages.success(
                request, _("Your answer is sealed. You can change it until the closing time.")
            )
            return redirect(address(problem, "round", found.number))
    context = frame(request, problem, pillar=PILLAR, form=form, round=found, words=_words())
    return render(request, "problems/answer.html", context)


@either
@page("problem.move")
def later(request: WorkspaceRequest, workspace: str, number: int, round: int) -> HttpResponse:
    """Put the closing time off, once."""
    problem = problem_page(request, number, "problem.move")
    found = _round(problem, round)
    sent = request.POST if request.method == "POST" else None
    form = PutOffForm(sent)
    if sent is not None and form.is_valid():
        try:
            put_off(
                request.actor, found, closes_at=form.closes_at, reason=form.cleaned_data["reason"]
            )
        except FramingError as error:
            form.add_error(_field(error), str(error))
        else:
            messages.success(
                request, _("The closing time is put off. Everybody who was asked sees it.")
            )
            return redirect(address(problem, "round", found.number))
    context = frame(
        request,
        problem,
        pillar=PILLAR,
        form=form,
        title=_("Put the closing time off"),
        lead=_words()["not_extended"],
        button=_("Put it off"),
        back_url=address(problem, "round", found.number),
    )
    return render(request, "problems/form.html", context)


@either
@page("problem.move")
def close(request: WorkspaceRequest, workspace: str, number: int, round: int) -> HttpResponse:
    """Open the answers early, once everybody has answered."""
    problem = problem_page(request, number, "problem.move")
    found = _round(problem, round)
    if request.method == "POST":
        try:
            close_early(request.actor, found)
        except FramingError as error:
            messages.error(request, str(error))
        return redirect(address(problem, "round", found.number))
    context = frame(
        request,
        problem,
        pillar=PILLAR,
        title=_("Open the answers now"),
        lead=_("Everybody has to have answered. After that nobody can change an answer any more."),
        button=_("Open the answers"),
        back_url=address(problem, "round", found.number),
    )
    return render(request, "problems/form.html", context)


def _round(problem: Problem, number: int) -> FrameRound:
    rows = problem.rounds.select_related("problem__workspace", "asked_by__organisation")
    found = rows.prefetch_related("organisations").filter(number=min(number, 2**31 - 1)).first()
    if found is None:
        raise Http404
    round: FrameRound = found
    return round


def _table(round: FrameRound) -> dict[str, Any]:
    """The table of differences in the words of the page, and whether it is still the same."""
    answers = round.opened_answers()
    table, content = difference_of(answers), read_content("commonlight.web.problems", "frames")
    titles = {one["id"]: one["title"] for one in content["question"]}
    levels = {
        one["id"]: one["title"] for row in content["question"] for one in row.get("answer", ())
    }
    rows = [
        {
            "title": titles[row.question],
            "shared": without_time_words(row.shared),
            "is_same": row.is_same,
            "cells": [
                (name, levels.get(cell, cell))
                for name, cell in zip(table.organisations, row.cells, strict=True)
            ],
        }
        for row in table.rows
    ]
    silent = {one.name for one in round.organisations.all()} - set(table.organisations)
    return {
        "table": table,
        "rows": rows,
        "families": families(),
        "causes": [(families().get(one.family, one.family), _shown(one)) for one in table.causes],
        "silent": sorted(silent),
        "lost": [one["organisation"] for one in answers if one.get("is_lost")],
        "stayed": round.answered - len(answers),
        "is_same_table": is_sealed_by(answers, round.digest),
    }


def _shown(row: CauseRow) -> CauseRow:
    """The row as the page shows it; the table under the seal keeps each sign."""
    return replace(row, cells=tuple(map(mended, row.cells)))


def _partners(actor: Actor, problem: Problem) -> list[Any]:
    """The organisations of the workspace, with how many can answer and whether they were here."""
    roles = [one for one in Role.values if "problem.frame" in role_actions(one)]
    people = Membership.objects.of(actor.workspace).filter(
        ended_at=None, role__in=roles, user__is_active=True
    )
    counted_here = Count("pk", filter=Q(user__last_login__isnull=False))
    rows_of = people.order_by().values_list("organisation")
    counts = {pk: rest for pk, *rest in rows_of.annotate(Count("pk"), here=counted_here)}
    involved = _with_a_part(actor, problem)
    rows = list(Organisation.objects.of(actor.workspace).order_by("name"))
    for one in rows:
        one.members, here = counts.get(one.pk, (0, 0))
        one.has_been_here = bool(here)
        one.is_likely = bool(one.members) and (one.has_been_here or one.pk in involved)
    return rows


def _with_a_part(actor: Actor, problem: Problem) -> set[int | None]:
    """Organisations that answer for the problem, told of it, or gave something it rests on."""
    known = known_of(actor, [problem])
    home = problem.opened_by.organisation_id if problem.opened_by else None
    frames = [one for round in known.rounds[problem.pk] for one in round.frames.all()]
    return {
        problem.owner_id,
        problem.first_framed_by_id,
        home,
        *known.evidence[problem.pk].organisations,
        *(one.organisation_id for one in frames if one.answers is not None),
    }


def _field(error: FramingError) -> str | None:
    return "closes_on" if error.part == "closes_at" else error.part or None


def _words() -> dict[str, Any]:
    words: dict[str, Any] = read_content("commonlight.web.problems", "frames")["words"]
    return words
