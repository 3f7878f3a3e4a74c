"""Pages of audit plans."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from commonlight.web.audits.domain.plans import (
    View,
    can_start,
    keep_plan,
    newest_run,
    plans_of,
    start_audit,
)
from commonlight.web.audits.domain.settings import datasets_in, first_guess
from commonlight.web.audits.forms.plan import PlanForm
from commonlight.web.audits.models import AuditPlan
from commonlight.web.audits.views.frame import actor_of, found_plan, today_of
from commonlight.web.data.coverage import visible_datasets
from commonlight.web.data.models import DataSet
from commonlight.web.policy import page

__all__ = ["change", "detail", "index", "new", "start"]


@page("audit.view")
@require_safe
def index(request: HttpRequest, workspace: str) -> HttpResponse:
    """All audits of the workspace."""
    return render(request, "audits/plans.html", {"plans": plans_of(actor_of(request))})


@page("audit.plan")
def new(request: HttpRequest, workspace: str) -> HttpResponse:
    """Plan an audit; the form starts with a guess from what the workspace holds."""
    actor = actor_of(request)
    guess = first_guess(_offered(request), today=today_of(actor.workspace))
    title = _("Local safety audit of %(city)s") % {"city": actor.workspace.city}
    return _form_page(request, None, settings=guess, title=title)


@page("audit.plan")
def change(request: HttpRequest, workspace: str, plan: str) -> HttpResponse:
    """Change what an audit looks at."""
    kept = found_plan(actor_of(request), plan)
    return _form_page(request, kept, settings=kept.settings, title=kept.title)


def _form_page(
    request: HttpRequest, plan: AuditPlan | None, *, settings: dict[str, Any], title: str
) -> HttpResponse:
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        datasets=_offered(request),
        title=title,
        settings=settings,
    )
    if request.method == "POST" and form.is_valid():
        kept = keep_plan(
            actor_of(request),
            plan,
            title=form.cleaned_data["title"],
            settings=form.kept_settings(),
        )
        messages.success(request, _("The audit is saved. Start it to compute its findings."))
        return redirect("audits:plan", workspace=kept.workspace.slug, plan=kept.slug)
    return render(request, "audits/plan_form.html", {"form": form, "plan": plan})


def _offered(request: HttpRequest) -> list[DataSet]:
    """The data sets that the person may see."""
    return [seen.dataset for seen in visible_datasets(actor_of(request))]


@page("audit.view")
@require_safe
def detail(request: HttpRequest, workspace: str, plan: str) -> HttpResponse:
    """One audit: what goes in, how its newest run stands, and a button to start it."""
    actor = actor_of(request)
    kept = found_plan(actor, plan)
    names = DataSet.objects.of(actor.workspace).filter(slug__in=datasets_in(kept.settings))
    context = {
        "plan": kept,
        "period": View.main(kept).period,
        "datasets": list(names.select_related("owner", "current")),
        "run": newest_run(kept),
        "may_start": can_start(actor, kept),
    }
    return render(request, "audits/plan.html", context)


@page("audit.start")
@require_POST
def start(request: HttpRequest, workspace: str, plan: str) -> HttpResponse:
    """Ask for the run; the worker computes it."""
    kept = found_plan(actor_of(request), plan)
    start_audit(actor_of(request), kept)
    messages.success(request, _("The audit is started. You may close this page meanwhile."))
    return redirect("audits:plan", workspace=workspace, plan=kept.slug)
