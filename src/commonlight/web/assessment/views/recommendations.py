"""Recommendations: write, send, accept, decline, close with evidence."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commonlight.web.assessment.domain import recommending
from commonlight.web.assessment.domain.gap_lines import gap_lines
from commonlight.web.assessment.domain.matrix import read_assessment
from commonlight.web.assessment.domain.recommending import (
    NO_EVIDENCE,
    Shown,
    may_answer,
    recommendations_of,
)
from commonlight.web.assessment.forms.reading import ReasonForm
from commonlight.web.assessment.forms.recommending import (
    AcceptForm,
    CloseForm,
    RecommendationForm,
)
from commonlight.web.assessment.models import Assessment
from commonlight.web.assessment.rules import fill_mirror
from commonlight.web.assessment.views.frame import (
    ERRORS,
    address,
    assessment_page,
    either,
    frame,
    sent_form,
    step_page,
)
from commonlight.web.assessment.views.records import records_for
from commonlight.web.assessment.words import recommendation_words
from commonlight.web.partnerships.domain.actions import actions_for
from commonlight.web.policy import Refused, WorkspaceRequest, page
from commonlight.web.states import read_table
from commonlight.web.thread.domain import surroundings
from commonlight.web.thread.offers import search_form

__all__ = [
    "accept",
    "close",
    "decline",
    "new",
    "recommendation",
    "recommendations",
    "reopen",
    "send",
]

Request = WorkspaceRequest
TABLE = read_table("commonlight.web.assessment", machine="recommendation")


@require_safe
@page("assessment.view")
def recommendations(request: Request, workspace: str, number: int, edition: int) -> HttpResponse:
    """All recommendations, and the gaps that have none."""
    found = assessment_page(request, number, edition)
    reading = read_assessment(request.actor, found)
    rows = recommendations_of(request.actor, found, reading)
    answered = {one.recommendation.principle for one in rows}
    context = frame(
        found,
        here="recommendations",
        rows=rows,
        words=recommendation_words(),
        unanswered=gap_lines(row for row in reading.matrix.gaps if row.item.id not in answered),
        may=fill_mirror(request.actor, found),
    )
    return render(request, "assessment/recommendations.html", context)


@either
@page("assessment.assess")
def new(request: Request, workspace: str, number: int, edition: int) -> HttpResponse:
    """Write a recommendation."""
    found = assessment_page(request, number, edition)
    decision = fill_mirror(request.actor, found)
    if not decision:
        raise Refused("assessment.assess", decision)
    reading = read_assessment(request.actor, found)
    form = sent_form(
        request,
        RecommendationForm,
        actor=request.actor,
        reading=reading,
        initial={name: request.GET.get(name) for name in ("answers", "principle", "about")}
        | {"claims": request.GET.getlist("claims")},
    )
    back = address(found, "recommendations")
    if request.method == "POST" and form.is_valid():
        try:
            made = recommending.write_recommendation(request.actor, found, **form.cleaned_data)
        except ERRORS as error:
            form.add_error(None, str(error))
        else:
            if request.POST.get("then") == "send":
                recommending.send(request.actor, made)
                told = _(
                    "The recommendation is sent to %(organisation)s, which accepts it with a day "
                    "or declines it with a reason. You can print the result now."
                )
                who = {"organisation": form.cleaned_data["addressee"].name}
                messages.success(request, told % who)
            else:
                messages.success(
                    request, _("The recommendation is a draft. Send it when it is ready.")
                )
            return redirect(address(found, "recommendation", made.number))
    title = _("Write a recommendation")
    asked = request.GET.get("principle")
    gap = next((one for one in reading.matrix.gaps if one.item.id == asked), None)
    context = frame(
        found,
        form=form,
        title=title,
        button=_("Save the draft"),
        also=_("Send it to the partnership"),
        about=f"{gap.item.title} – {gap.told}" if gap else "",
    )
    return render(request, "assessment/form.html", context | {"back_url": back})


@require_safe
@page("assessment.view")
def recommendation(
    request: Request, workspace: str, number: int, edition: int, pk: int
) -> HttpResponse:
    """One recommendation, and what can be done with it now."""
    found, shown = _shown(request, number, edition, pk)
    context = frame(
        found,
        here="recommendations",
        shown=shown,
        recommendation=shown.recommendation,
        steps=TABLE.actions(shown.recommendation.state),
        is_own=_is_own_draft(request, shown),
        may_answer=may_answer(request.actor, shown.recommendation),
        may_write=fill_mirror(request.actor, found),
        words=recommendation_words(),
        actions=actions_for(shown.recommendation),
        grounds=[
            one
            for one in surroundings(request.actor, shown.recommendation).grounds
            if one.depth == 1
        ],
    )
    return render(request, "assessment/recommendation.html", context)


@either
@page("assessment.assess")
def send(request: Request, workspace: str, number: int, edition: int, pk: int) -> HttpResponse:
    """Send a draft to the partnership."""
    found, shown = _shown(request, number, edition, pk)
    row = shown.recommendation
    return step_page(
        request,
        lambda: recommending.send(request.actor, row),
        after=address(found, "recommendation", row.number),
        done=_("The recommendation is sent."),
        title=_("Send this recommendation"),
        button=_("Send it to the partnership"),
        consequences=[
            _("The organisation that it is for finds it among its tasks."),
            _("It accepts it with a day, or declines it with a reason. Both are printed."),
        ],
    )


@either
@page("assessment.assess")
def accept(request: Request, workspace: str, number: int, edition: int, pk: int) -> HttpResponse:
    """Take it on; a draft for one's own organisation is sent with the same button."""
    found, shown = _shown(request, number, edition, pk)
    row, is_own = shown.recommendation, _is_own_draft(request, shown)
    do = recommending.send_and_accept if is_own else recommending.accept
    form = sent_form(
        request, AcceptForm, actor=request.actor, initial={"accountable": row.addressee_id}
    )
    return _answer(
        request,
        found,
        shown,
        form,
        lambda given: do(request.actor, row, **given),
        title=_("Send and accept this recommendation")
        if is_own
        else _("Accept this recommendation"),
        button=_("Send, accept and make it an action")
        if is_own
        else _("Accept and make it an action"),
        done=_("It is accepted, and stands on the agenda until it is done."),
    )


@either
@page("assessment.assess")
def decline(request: Request, workspace: str, number: int, edition: int, pk: int) -> HttpResponse:
    """Say no, with a reason."""
    found, shown = _shown(request, number, edition, pk)
    form = sent_form(request, ReasonForm)
    return _answer(
        request,
        found,
        shown,
        form,
        lambda given: recommending.decline(request.actor, shown.recommendation, **given),
        title=_("Decline this recommendation"),
        button=_("Decline it"),
        done=_("It is declined. The reason is printed with it."),
    )


@either
@page("assessment.assess")
def reopen(request: Request, workspace: str, number: int, edition: int, pk: int) -> HttpResponse:
    """Open it again."""
    found, shown = _shown(request, number, edition, pk)
    form = sent_form(request, ReasonForm)
    return _answer(
        request,
        found,
        shown,
        form,
        lambda given: recommending.reopen(request.actor, shown.recommendation, **given),
        title=_("Open this recommendation again"),
        button=_("Open it again"),
        done=_("It is open again."),
    )


@either
@page("assessment.assess")
def close(request: Request, workspace: str, number: int, edition: int, pk: int) -> HttpResponse:
    """Close it with a record that shows it is done."""
    found, shown = _shown(request, number, edition, pk)
    search, row = search_form(request.GET), shown.recommendation
    records = records_for(request.actor, row, search, without=NO_EVIDENCE)
    form = sent_form(request, CloseForm, offered=records.choices)

    def done(given: dict[str, Any]) -> None:
        recommending.close(
            request.actor,
            row,
            ground=records.chosen(given["ground"]),
            what_changed=given["what_changed"],
            side_effect=given["side_effect"],
            opens_claims=given["verdict_again"] == "yes",
            note=given["note"],
        )

    return _answer(
        request,
        found,
        shown,
        form,
        done,
        title=_("Close this recommendation with evidence"),
        button=_("Close it with this record"),
        done=_("It is closed. The record stands beside the claims that it answers."),
        search=search,
    )


def _answer(
    request: Request,
    found: Assessment,
    shown: Shown,
    form: Any,
    do: Any,
    *,
    done: str,
    **context: Any,
) -> HttpResponse:
    """Ask what is needed, then take the step; a refusal stands beside the form."""
    row = shown.recommendation
    back = address(found, "recommendation", row.number)
    decision = may_answer(request.actor, row)
    if not decision:
        raise Refused("assessment.assess", decision)
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data)
        except ERRORS as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done)
            return redirect(back)
    given = frame(found, form=form, about=row.text, **context)
    return render(request, "assessment/form.html", given | {"back_url": back})


def _is_own_draft(request: Request, shown: Shown) -> bool:
    """Whether it is a draft for the organisation of the person who looks at it."""
    row, own = shown.recommendation, request.actor.organisation_id
    return shown.state == "draft" and own is not None and row.addressee_id == own


def _shown(request: Request, number: int, edition: int, pk: int) -> tuple[Assessment, Shown]:
    found = assessment_page(request, number, edition)
    rows = recommendations_of(request.actor, found)
    shown = next((one for one in rows if one.recommendation.number == pk), None)
    if shown is None:
        raise Http404
    return found, shown
