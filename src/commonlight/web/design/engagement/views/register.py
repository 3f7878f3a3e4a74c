"""The reply register: what people said, what became of it, and the sheet that tells them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.design.engagement.domain.beginning import first_hearing, likely_groups
from commonlight.web.design.engagement.domain.catalogue import group_titles, methods, replies
from commonlight.web.design.engagement.domain.register import (
    add_contributions,
    answer_titles,
    contributions_of,
    is_late,
    record_hearing,
    reopen,
    reply,
    tallies,
)
from commonlight.web.design.engagement.domain.talks import talks_of
from commonlight.web.design.engagement.forms import (
    ContributionRows,
    HearingForm,
    ReasonForm,
    RegisterFilter,
    ReplyForm,
)
from commonlight.web.design.engagement.models import Contribution, Hearing
from commonlight.web.design.engagement.views.frame import address, found_or_404, show
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.models import Problem
from commonlight.web.problems.views.frame import frame, problem_page
from commonlight.web.states import NotNow
from commonlight.web.ui.dates import date_format

__all__ = ["answer", "hearing_new", "index", "new", "rows_of", "sheet", "withdraw"]

ON_A_PAGE = 25
KINDS = {"open": "warning", "adopted": "success", "partly_adopted": "info", "not_adopted": "mark"}


@require_http_methods(["GET", "HEAD", "POST"])
@page("reply.write")
def hearing_new(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Record an occasion on which people were heard, also one that was a session of fieldwork.

    What people asked for, one by one and each to be answered, can be entered next.
    """
    problem = problem_page(request, number, "reply.write")
    talks = talks_of(request.actor, problem)
    used = next((one for one in talks if str(one.session.pk) == request.GET.get("session")), None)
    form = HearingForm(
        request.POST if request.method == "POST" else None,
        likely=(used.groups if used else ()) or likely_groups(request.actor, problem),
        initial=first_hearing(problem) | (used.initial if used else {}),
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = record_hearing(
            request.actor,
            problem,
            held_on=given["held_on"],
            method=given["method"],
            groups=form.counts(),
            said=given["said"],
        )
        if "more" not in request.POST:
            messages.success(request, _("The talk is on record as who was heard."))
            return redirect(address(problem, "engagement"))
        messages.success(request, _("The engagement is on record. Enter what people contributed."))
        return redirect(f"{address(problem, 'contribution_new')}?hearing={made.number}")
    return show(request, "hearing", problem, form=form, talks=talks, used=used)


@require_safe
@page("design.view")
def index(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """All contributions with their replies; those that wait come first."""
    problem = problem_page(request, number, "design.view")
    form = RegisterFilter(request.GET)
    found = contributions_of(problem)
    if form.is_valid():
        for name in ("state", "group"):
            value = form.cleaned_data[name]
            found = found.filter(**{name: value}) if value else found
    shown = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "register",
        problem,
        form=form,
        shown=shown,
        rows=rows_of(problem, shown),
        tally=tallies([problem])[problem.pk],
        words=replies()["words"],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page("reply.write")
def new(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Enter several contributions at once."""
    problem = problem_page(request, number, "reply.write")
    hearings = {str(one.number): one for one in _hearings(problem)}
    wanted = hearings.get(request.GET.get("hearing", "")) or next(iter(hearings.values()), None)
    form = ContributionRows(
        request.POST if request.method == "POST" else None,
        hearings=[(name, _hearing_name(one)) for name, one in hearings.items()],
        group=_only_group(wanted),
        initial={"hearing": str(wanted.number), "received_on": wanted.held_on} if wanted else {},
    )
    if request.method == "POST" and form.is_valid():
        hearing = hearings.get(form.cleaned_data["hearing"])
        made = add_contributions(
            request.actor,
            problem,
            form.rows(),
            received_on=form.cleaned_data["received_on"],
            hearing=hearing,
        )
        told = ngettext(
            "%(count)s contribution saved.", "%(count)s contributions saved.", len(made)
        )
        messages.success(request, told % {"count": len(made)})
        if "more" not in request.POST:
            return redirect(address(problem, "register"))
        query = f"?hearing={hearing.number}" if hearing else ""
        return redirect(f"{address(problem, 'contribution_new')}{query}")
    words = replies()["words"]
    return show(request, "contributions", problem, form=form, words=words)


@require_http_methods(["GET", "HEAD", "POST"])
@page("design.view")
def answer(
    request: WorkspaceRequest, workspace: str, number: int, contribution: int
) -> HttpResponse:
    """One contribution: read it, or reply."""
    action = "reply.write" if request.method == "POST" else "design.view"
    problem = problem_page(request, number, action)
    found = _contribution(problem, contribution)
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            reply(request.actor, found, **form.cleaned_data)
        except NotNow as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The reply is saved. It stands on the feedback sheet."))
            return redirect(address(problem, "register"))
    return show(
        request,
        "contribution",
        problem,
        row=rows_of(problem, [found])[0],
        form=form,
        history=found.replies.select_related("replied_by__organisation").order_by("-number"),
        answers=answer_titles(),
        words=replies()["words"],
        reopen_url=address(problem, "reopen", found.number),
        back_url=address(problem, "register"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page("reply.write")
def withdraw(
    request: WorkspaceRequest, workspace: str, number: int, contribution: int
) -> HttpResponse:
    """Take a reply back, with the reason."""
    problem = problem_page(request, number, "reply.write")
    found = _contribution(problem, contribution)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            reopen(request.actor, found, reason=form.cleaned_data["reason"])
        except NotNow as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The reply is withdrawn. The contribution is open again."))
            return redirect(address(problem, "contribution", found.number))
    context = frame(request, problem, pillar="design") | {
        "title": _("Withdraw the reply to contribution %(number)s") % {"number": found.number},
        "consequences": [
            _("Nobody goes on to the next phase until there is a new reply."),
            _("The old reply stays readable in the record."),
        ],
        "form": form,
        "button": _("Withdraw the reply"),
        "is_dangerous": True,
        "back_url": address(problem, "contribution", found.number),
    }
    return render(request, "ui/confirm.html", context)


@require_safe
@page("design.view")
def sheet(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """What you said, what we did: a sheet to print and to hang up."""
    problem = problem_page(request, number, "design.view")
    found = list(contributions_of(problem))
    rows = rows_of(problem, found)
    answered = [row for row in rows if row["reply"] is not None]
    return show(
        request,
        "sheet",
        problem,
        groups=_by_answer(answered),
        waiting=len(rows) - len(answered),
        total=len(rows),
        words=replies()["words"],
        today=timezone.localdate(),
    )


def rows_of(problem: Problem, found: Any) -> list[dict[str, Any]]:
    """Contributions as pages show them."""
    today, named, answers = timezone.localdate(), group_titles(), answer_titles()
    catalogue = methods()
    grounds = {one["id"]: one["title"] for one in replies()["reason"]}
    rows = []
    for one in found:
        given = one.standing[-1] if one.standing else None
        held = one.hearing
        rows.append(
            {
                "contribution": one,
                "url": address(problem, "contribution", one.number),
                "group": named.get(one.group, one.group),
                "state": answers[one.state],
                "kind": KINDS[one.state],
                "reply": given,
                "ground": grounds.get(given.ground, "") if given else "",
                "is_late": is_late(one, today=today),
                "method": catalogue.get(held.method, {}).get("title", "") if held else "",
            }
        )
    return rows


def _by_answer(rows: list[dict[str, Any]]) -> list[tuple[Any, list[dict[str, Any]]]]:
    """Answered contributions under adopted, partly and not adopted."""
    named = [(name, title) for name, title in answer_titles().items() if name != "open"]
    found = [
        (title, [row for row in rows if row["contribution"].state == name]) for name, title in named
    ]
    return [(title, group) for title, group in found if group]


def _contribution(problem: Problem, number: int) -> Contribution:
    found: Contribution = found_or_404(contributions_of(problem).filter(number=number))
    return found


def _hearings(problem: Problem) -> QuerySet[Hearing]:
    rows: QuerySet[Hearing] = Hearing.objects.of(problem.workspace)
    rows = rows.filter(problem=problem)
    return rows.order_by("-held_on", "-number")


def _hearing_name(hearing: Hearing) -> str:
    title = methods().get(hearing.method, {}).get("title", hearing.method)
    return _("%(method)s on %(day)s") % {
        "method": title,
        "day": date_format(hearing.held_on, "DATE_FORMAT"),
    }


def _only_group(hearing: Hearing | None) -> str:
    """The category of those who spoke, where only one was there."""
    names = [*hearing.groups] if hearing else []
    return str(names[0]) if len(names) == 1 and names[0] in group_titles() else ""
