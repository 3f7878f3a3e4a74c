"""What the pages of an assessment have in common: who may open it, and the way through it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from commonlight.web.assessment.domain.documents import DocumentError
from commonlight.web.assessment.domain.finding import find_assessment, find_strategy
from commonlight.web.assessment.domain.mirror import MirrorError
from commonlight.web.assessment.domain.security_model import ModelError
from commonlight.web.assessment.domain.starting import StrategyError
from commonlight.web.assessment.models import Assessment, Claim, Strategy
from commonlight.web.policy import WorkspaceRequest, require
from commonlight.web.states import NotNow
from commonlight.web.thread.domain import LinkError

__all__ = [
    "ERRORS",
    "TEN",
    "address",
    "assessment_page",
    "claim_page",
    "either",
    "frame",
    "go_back",
    "sent_form",
    "step_page",
    "strategy_page",
    "tens",
    "way_back",
]

ERRORS = (StrategyError, MirrorError, ModelError, DocumentError, LinkError, NotNow, ValueError)
"""Refusals of the domain, each with the sentence that the person reads."""

TEN = 10
REST = 3
"""As many rows at the end stand with the ten before them, and on no page of their own."""

either = require_http_methods(["GET", "HEAD", "POST"])


def strategy_page(request: WorkspaceRequest, number: int, action: str = "") -> Strategy:
    """The strategy with this number, if the actor may do this to it."""
    found = find_strategy(request.actor, number)
    if found is None:
        raise Http404
    require(request.actor, action or "assessment.view", found)
    return found


def assessment_page(
    request: WorkspaceRequest, number: int, edition: int, action: str = "assessment.view"
) -> Assessment:
    """The assessment, if the actor may read it and do this to it."""
    found = find_assessment(request.actor, number, edition)
    if found is None:
        raise Http404
    require(request.actor, "assessment.view", found)
    if action != "assessment.view":
        require(request.actor, action, found)
    return found


def claim_page(assessment: Assessment, pk: int) -> Claim:
    """A claim of the assessment."""
    found = assessment.claims.filter(pk=pk).first()
    if found is None:
        raise Http404
    found.assessment = assessment
    claim: Claim = found
    return claim


def address(assessment: Assessment, name: str = "assessment", *more: Any) -> str:
    """The address of a page of the assessment."""
    strategy = assessment.strategy
    place = [strategy.workspace.slug, strategy.number, assessment.number]
    return reverse(f"assessment:{name}", args=[*place, *more])


def frame(assessment: Assessment, *, here: str = "", **more: Any) -> dict[str, Any]:
    """What `assessment/frame.html` is given; `here` is the tab that the page stands under."""
    tabs = [
        ("assessment", pgettext("assessment", "Overview")),
        ("claims", _("Claims")),
        ("matrix", _("Matrix and gaps")),
        ("mirror", _("Balance mirror")),
        ("recommendations", _("Recommendations")),
        ("brief", _("In fifteen minutes")),
    ]
    return {
        "assessment": assessment,
        "strategy": assessment.strategy,
        "home": address(assessment),
        "tabs": [(address(assessment, name), label, name == here) for name, label in tabs],
        "back_url": address(assessment),
        **more,
    }


def sent_form(request: Any, form: type[Any], **more: Any) -> Any:
    """The form with what was sent, or empty."""
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    return form(*given, **more)


def go_back(request: Any, otherwise: str) -> HttpResponse:
    """To the page named in `next`, if it is one of ours."""
    return redirect(way_back(request, otherwise))


def way_back(request: Any, otherwise: str) -> str:
    """The address named in `next`, if it is one of ours."""
    wanted: str = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if is_ours and wanted.startswith("/") else otherwise


def step_page(
    request: WorkspaceRequest, do: Callable[[], Any], *, after: str, done: str = "", **context: Any
) -> HttpResponse:
    """Ask for confirmation, then take the step; a refusal is shown where the person stands."""
    if request.method == "POST":
        try:
            do()
        except ERRORS as error:
            messages.error(request, str(error))
        else:
            if done:
                messages.success(request, done)
        return redirect(after)
    return render(request, "ui/confirm.html", {"back_url": after, **context})


def tens(rows: list[Any], asked: str, is_done: Callable[[Any], bool]) -> dict[str, Any]:
    """Ten rows at a time, with what is done and what is left in each ten.

    A rest of up to three stands with the last ten.

    Without a number in the address, the first ten that has something left are shown.
    """
    parts = [rows[start : start + TEN] for start in range(0, len(rows), TEN)]
    if len(parts) > 1 and len(parts[-1]) <= REST:
        parts[-2:] = [[*parts[-2], *parts[-1]]]
    left = [sum(not is_done(one) for one in part) for part in parts]
    first_open = next((number for number, count in enumerate(left, 1) if count), 1)
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else first_open
    number = min(max(number, 1), max(len(parts), 1))
    later = [place for place, count in enumerate(left, 1) if count and place > number]
    return {
        "shown": parts[number - 1] if parts else [],
        "ten": number,
        "parts": [
            {
                "number": place,
                "first": (place - 1) * TEN + 1,
                "last": (place - 1) * TEN + len(part),
                "left": left[place - 1],
                "is_here": place == number,
            }
            for place, part in enumerate(parts, 1)
        ],
        "next_ten": later[0] if later else (number + 1 if number < len(parts) else None),
        "left": sum(left),
        "done": len(rows) - sum(left),
        "total": len(rows),
    }
