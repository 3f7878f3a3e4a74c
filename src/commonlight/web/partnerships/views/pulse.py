"""The pulse: rounds, answering, what is shown, and the trend."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commonlight.web.partnerships.domain.pulse import (
    answer_round,
    close_due_rounds,
    has_answered,
    open_round,
    rounds_of,
    shown_round,
    trend,
)
from commonlight.web.partnerships.domain.pulse.disclosure import limits
from commonlight.web.partnerships.domain.words import rows, words
from commonlight.web.partnerships.enums import ResultShape, RoundState
from commonlight.web.partnerships.forms.pulse import AnswerForm, OpenForm
from commonlight.web.partnerships.models import PulseRound
from commonlight.web.partnerships.views.shared import address, ask, either, one_of, sent
from commonlight.web.policy import WorkspaceRequest, page, require

__all__ = ["answer", "open_page", "round_list", "round_page"]


@require_safe
@page("partnership.view")
def round_list(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """All rounds, and how the conditions went from one to the next."""
    close_due_rounds(request.workspace)
    found = list(rounds_of(request.workspace))
    context = {
        "rounds": [(one, address(request, "round", one.number)) for one in found],
        "open": next((one for one in found if one.state == RoundState.OPEN), None),
        "closed": [one for one in reversed(found) if one.state == RoundState.CLOSED],
        "trend": trend(found),
        "words": words("pulse"),
        "limits": limits(),
        "shown": ResultShape.SHOWN,
    }
    return render(request, "partnerships/pulse.html", context)


@either
@page("partnership.manage")
def open_page(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Ask the members until a day."""
    close_due_rounds(request.workspace)
    form = OpenForm(sent(request))
    return ask(
        request,
        form,
        lambda: open_round(request.actor, closes_on=form.cleaned_data["closes_on"]),
        title=_("Open a round of the pulse"),
        button=_("Open round"),
        done=_("The round is open. Each member finds it among the tasks."),
        back=address(request, "pulse"),
        onward=lambda made: address(request, "round", made.number),
    )


@require_safe
@page("partnership.view")
def round_page(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """What is shown of a round, or why nothing is."""
    asked = _round(request, number)
    context = {
        "shown": shown_round(asked),
        "round": asked,
        "words": words("pulse"),
        "answers": rows("pulse", "answer"),
        "is_open": asked.state == RoundState.OPEN,
        "has_answered": has_answered(request.actor, asked),
        "limits": limits(),
    }
    return render(request, "partnerships/round.html", context)


@either
@page("pulse.answer")
def answer(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Fifteen statements on one page; what was answered is never shown to anybody again."""
    asked = _round(request, number)
    require(request.actor, "pulse.answer", asked)
    form = AnswerForm(sent(request))
    return ask(
        request,
        form,
        lambda: answer_round(request.actor, asked, form.cleaned_data),
        title=_("Answer the partnership pulse"),
        button=_("Send answers"),
        done=_("Your answers are added. Nobody can find them again."),
        back=address(request, "round", number),
        template="partnerships/answer.html",
        words=words("pulse"),
        round=asked,
    )


def _round(request: WorkspaceRequest, number: int) -> PulseRound:
    close_due_rounds(request.workspace)
    found: PulseRound = one_of(rounds_of(request.workspace), number=number)
    return found
