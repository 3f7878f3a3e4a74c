"""The impact questions, all on one page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commonlight.web.design.review.domain.impact import answer_aspect, aspects_of, content
from commonlight.web.design.review.forms.answers import ImpactForm
from commonlight.web.design.review.views.frame import address, show
from commonlight.web.design.views.frame import design_page, sent
from commonlight.web.policy import WorkspaceRequest, page

__all__ = ["screen"]


@require_http_methods(["GET", "HEAD", "POST"])
@page("design.view")
def screen(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Read the answers, or give them; what stays open is seen in the decision."""
    given = sent(request)
    problem = design_page(request, number, "design.view" if given is None else "design.write")
    aspects = aspects_of(problem)
    now = {one.row["id"]: one.answer for one in aspects if one.answer is not None}
    form = ImpactForm(given, initial=_initial(now))
    if given is not None and form.is_valid():
        for name, told in form.told(rest_is_unknown="rest" in request.POST).items():
            before = now.get(name)
            if before is None or (before.answer, before.text) != (told["answer"], told["text"]):
                answer_aspect(request.actor, problem, name, **told)
        messages.success(request, _("Your answers are saved."))
        return redirect(address(problem, "impact"))
    return show(
        request,
        "impact",
        problem,
        form=form,
        aspects=aspects,
        left=[one for one in aspects if one.answer is None],
        words=content()["words"],
        goes_on=given is None,
        back_url=address(problem, "tensions"),
    )


def _initial(now: dict[str, Any]) -> dict[str, str]:
    found = {f"answer_{name}": getattr(one, "answer", "") for name, one in now.items()}
    return found | {f"text_{name}": getattr(one, "text", "") for name, one in now.items()}
