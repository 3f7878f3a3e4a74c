"""Why people are engaged, who was not heard, and the whole of it on one page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.design.engagement.domain.beginning import likely_groups
from commonlight.web.design.engagement.domain.catalogue import (
    gates as gate_content,
)
from commonlight.web.design.engagement.domain.catalogue import (
    group_titles,
    listing,
    methods,
    phases,
    stage_titles,
    titles,
)
from commonlight.web.design.engagement.domain.gates import Gate, decide_gate, gates_of, stage_of
from commonlight.web.design.engagement.domain.hearing import (
    harmed_groups,
    heard_groups,
    not_on_record,
    recorded_in,
)
from commonlight.web.design.engagement.domain.planning import (
    engagement_of,
    say_not_heard,
    say_why,
)
from commonlight.web.design.engagement.domain.register import tallies
from commonlight.web.design.engagement.domain.talks import talks_of
from commonlight.web.design.engagement.forms import PurposeForm, UnheardForm
from commonlight.web.design.engagement.models import EngagementPlan, GatePassage, Hearing
from commonlight.web.design.engagement.views.frame import address, show
from commonlight.web.policy import Actor, WorkspaceRequest, page
from commonlight.web.problems.models import Problem
from commonlight.web.problems.views.frame import problem_page

__all__ = ["change", "overview", "unheard"]


@require_safe
@page("design.view")
def overview(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Why, how far, whom by which method, who was heard, and what became of it."""
    problem = problem_page(request, number, "design.view")
    engagement = engagement_of(problem)
    gates = gates_of(request.actor, problem, engagement)
    stage = stage_of(problem, engagement)
    rationale = {one["id"]: one for one in gate_content()["rationale"]}.get(engagement.rationale)
    return show(
        request,
        "overview",
        problem,
        engagement=engagement,
        stage=stage_titles()[stage],
        may_go_back=stage != "signal",
        rationale=rationale,
        harmed=_harmed(problem),
        **_gates(gates),
        words=gate_content()["words"],
        plans=_plans(problem),
        **_heard(request.actor, problem),
        tally=tallies([problem])[problem.pk],
        passages=_passages(problem),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page("engagement.manage")
def change(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Why people are engaged, and the decision at stake."""
    problem = problem_page(request, number, "engagement.manage")
    now = engagement_of(problem)
    names = ("rationale", "rationale_text", "decision", "decided_by", "decided_on", "harmed_groups")
    sent = request.POST if request.method == "POST" else None
    initial = {name: getattr(now, name) for name in names}
    form = PurposeForm(sent, likely=likely_groups(request.actor, problem), initial=initial)
    if sent is not None and form.is_valid():
        say_why(request.actor, problem, **form.cleaned_data)
        messages.success(request, _("Saved. The page says what is still missing."))
        return redirect(address(problem))
    return show(request, "purpose", problem, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@page("engagement.manage")
def unheard(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Why a group that is harmed was not heard."""
    problem = problem_page(request, number, "engagement.manage")
    now = engagement_of(problem)
    heard = heard_groups(problem)
    groups = [one for one in harmed_groups(problem, now) if one not in heard]
    sent = request.POST if request.method == "POST" else None
    form = UnheardForm(sent, groups=groups, initial=now.unheard)
    if sent is not None and form.is_valid():
        for name, reason in form.cleaned_data.items():
            if reason != now.unheard.get(name, ""):
                say_not_heard(request.actor, problem, group=name, reason=reason)
        messages.success(request, _("Your reasons are saved. They stand in the design brief."))
        return redirect(address(problem))
    return show(request, "unheard", problem, form=form, groups=groups)


def _gates(gates: list[Gate]) -> dict[str, object]:
    """The gates that were passed in one line, then the others; what is missing is named once.

    The next gate lists all that it needs, one that is shut again what is missing besides; later
    gates wait for their turn.
    """
    passed = [one for one in gates if one.is_passed and not one.is_shut_again]
    named = {lack.need for one in gates if one.is_next for lack in one.missing}
    rows = []
    for one in gates:
        if one.is_next:
            rows.append((one, one.missing, decide_gate(one)))
        elif one not in passed:
            lacks = [lack for lack in one.missing if one.is_passed and lack.need not in named]
            named |= {lack.need for lack in lacks}
            rows.append((one, tuple(lacks), decide_gate(one)))
    is_proven = bool(passed) and all(one.proof for one in passed)
    return {
        "passed": ", ".join(str(stage_titles()[one.target]) for one in passed),
        "proof": passed[0].proof if is_proven else "",
        "gates": rows,
    }


def _harmed(problem: Problem) -> list[dict[str, object]]:
    """Each group that is harmed, whether it was heard, and why not."""
    engagement, known = engagement_of(problem), group_titles()
    heard = heard_groups(problem)
    return [
        {
            "title": known.get(one, one),
            "is_heard": one in heard,
            "reason": engagement.unheard.get(one, ""),
        }
        for one in harmed_groups(problem, engagement)
    ]


def _plans(problem: Problem) -> list[dict[str, object]]:
    rows = EngagementPlan.objects.of(problem.workspace).filter(problem=problem)
    named, purposes = phases(), titles("purpose")
    catalogue = {name: one["title"] for name, one in methods().items()}
    return [
        {
            "plan": one,
            "url": address(problem, "plan", one.number),
            "phase": named.get(one.phase, one.phase),
            "purpose": purposes.get(one.purpose, one.purpose),
            "groups": listing(one.reach, group_titles()),
            "methods": [catalogue.get(each.method, each.method) for each in one.chosen.all()],
        }
        for one in rows.prefetch_related("chosen")
    ]


def _heard(actor: Actor, problem: Problem) -> dict[str, object]:
    """What is on record, and what is said of talks that wait and of people heard elsewhere."""
    talks, hearings = talks_of(actor, problem), _hearings(problem)
    is_recorded = bool(hearings or recorded_in(problem.workspace, [problem]))
    said = not_on_record(len(talks), is_heard=bool(heard_groups(problem)))
    return {
        "hearings": hearings,
        "talks": talks,
        "not_on_record": said if talks or not is_recorded else "",
    }


def _hearings(problem: Problem) -> list[dict[str, object]]:
    catalogue, known = methods(), group_titles()
    rows = Hearing.objects.of(problem.workspace).filter(problem=problem).order_by("-held_on")
    return [
        {
            "hearing": one,
            "method": catalogue.get(one.method, {}).get("title", one.method),
            "groups": [(known.get(name, name), count) for name, count in one.groups.items()],
        }
        for one in rows
    ]


def _passages(problem: Problem) -> list[dict[str, object]]:
    named = stage_titles()
    rows = GatePassage.objects.of(problem.workspace).filter(problem=problem)
    return [
        {
            "title": _("From “%(source)s” to “%(target)s”")
            % {"source": named[one.source], "target": named[one.target]},
            "when": one.passed_at,
            "who": one.passed_by.organisation.name if one.passed_by else "",
            "text": one.reason,
        }
        for one in rows.select_related("passed_by__organisation").order_by("-pk")
    ]
