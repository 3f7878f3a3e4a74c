"""Concept cards in their versions, tests of prototypes, approval."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonlight.web.design.domain.approval import (
    answers_before,
    approve_concept,
    approvers,
    decide_approval,
    open_points,
    waits_for,
)
from commonlight.web.design.domain.catalogue import card_fields, group_titles, sides
from commonlight.web.design.domain.concepts import (
    ConceptError,
    change_concept,
    concept_steps,
    current_version,
    missing_fields,
    move_concept,
    open_concept,
    record_test,
)
from commonlight.web.design.domain.resting import rests_on
from commonlight.web.design.domain.toolkit import current_specification, open_fields
from commonlight.web.design.enums import ConceptState
from commonlight.web.design.forms.concepts import (
    ChangeForm,
    ConceptForm,
    ConceptReasonForm,
    PrototypeTestForm,
)
from commonlight.web.design.models import Concept, ConceptVersion
from commonlight.web.design.views.frame import (
    address,
    design_frame,
    design_page,
    next_of_design,
    numbered,
    sent,
)
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.fieldwork.domain.positive import STAYS, answers_of
from commonlight.web.problems.models import Problem
from commonlight.web.states import NotNow

__all__ = ["approve", "change", "concept", "index", "new", "record", "step", "versions"]

either = require_http_methods(["GET", "HEAD", "POST"])
STEPS = ("submit", "return", "set_aside", "take_up")
VALUED = ("valued_uses", STAYS)


@require_safe
@page("design.view")
def index(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """All concepts of the problem."""
    problem = design_page(request, number)
    found = problem.concepts.select_related("author__organisation")
    rows = [(one, address(problem, "concept", one.number)) for one in found]
    return render(request, "design/concepts.html", design_frame(request, problem, rows=rows))


@either
@page("design.write")
def new(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Write the card of an idea that goes on."""
    problem = design_page(request, number, "design.write")
    form = ConceptForm(sent(request), problem=problem, initial=_known(request, problem))
    if request.method == "POST" and form.is_valid():
        made = open_concept(request.actor, problem, **form.cleaned_data)
        messages.success(request, _("The concept is a draft. The page lists what it lacks."))
        return redirect(address(problem, "concept", made.number))
    context = design_frame(
        request,
        problem,
        form=form,
        title=_("Write a concept card"),
        button=_("Save as a draft"),
        back_url=address(problem, "concepts"),
    )
    return render(request, "design/concept_form.html", context)


@require_safe
@page("design.view")
def concept(request: WorkspaceRequest, workspace: str, number: int, concept: int) -> HttpResponse:
    """The card as it stands, what is open, the tests, and the specification."""
    problem, found = _concept(request, number, concept)
    version = current_version(found)
    specification = current_specification(found)
    context = _frame(
        request,
        problem,
        found,
        version=version,
        card=_card(problem, version),
        tests=[
            (one, group_titles(one.testers))
            for one in found.tests.select_related("version").prefetch_related("changes")
        ],
        left=open_points(request.actor, found),
        lacking=missing_fields(version),
        approval=decide_approval(request.actor, found),
        waits=_waits(request, found),
        answered=answers_before(found) if found.state == ConceptState.SUBMITTED else [],
        rests=rests_on(request.actor, found, version),
        onward=_onward(request, problem, found),
        steps=concept_steps(found),
        version_count=found.versions.count(),
        specification=specification,
        specification_open=open_fields(specification) if specification else [],
        back_url=address(problem, "concepts"),
    )
    return render(request, "design/concept.html", context)


@either
@page("design.write")
def change(request: WorkspaceRequest, workspace: str, number: int, concept: int) -> HttpResponse:
    """A new version of the card, with the test or the reason that moved it."""
    problem, found = _concept(request, number, concept, "design.write")
    form = ChangeForm(sent(request), concept=found, version=current_version(found))
    if request.method == "POST" and form.is_valid():
        try:
            change_concept(request.actor, found, **form.cleaned_data)
        except (ConceptError, NotNow) as error:
            form.add_error("test", str(error))
        else:
            messages.success(request, _("The new version is saved. The one before stays readable."))
            return redirect(address(problem, "concept", concept))
    context = _frame(
        request,
        problem,
        found,
        form=form,
        title=_("Change the concept card"),
        button=_("Save as a new version"),
    )
    return render(request, "design/concept_form.html", context)


@require_safe
@page("design.view")
def versions(request: WorkspaceRequest, workspace: str, number: int, concept: int) -> HttpResponse:
    """Every version of the card, and what moved each."""
    problem, found = _concept(request, number, concept)
    rows = list(
        found.versions.select_related("test", "cause", "author__organisation")
        .prefetch_related("ideas", "organisations")
        .order_by("number")
    )
    cards = [_card(problem, one) for one in rows]
    context = _frame(
        request,
        problem,
        found,
        versions=[
            (one, _changed(cards[place - 1] if place else None, cards[place]))
            for place, one in enumerate(rows)
        ][::-1],
    )
    return render(request, "design/versions.html", context)


@either
@page("design.write")
def record(request: WorkspaceRequest, workspace: str, number: int, concept: int) -> HttpResponse:
    """Record what was seen when somebody tried it."""
    problem, found = _concept(request, number, concept, "design.write")
    form = PrototypeTestForm(sent(request), problem=problem)
    if request.method == "POST" and form.is_valid():
        record_test(request.actor, found, **form.cleaned_data)
        messages.success(request, _("The test is recorded. A change of the card can cite it now."))
        return redirect(address(problem, "concept", concept))
    context = _frame(request, problem, found, form=form, version=current_version(found))
    return render(request, "design/test_form.html", context)


@either
@page("design.write")
def step(
    request: WorkspaceRequest, workspace: str, number: int, concept: int, name: str
) -> HttpResponse:
    """Send a concept for approval, return it, set it aside, or take it up again."""
    problem, found = _concept(request, number, concept, "design.write")
    if name not in STEPS:
        raise Http404
    form = ConceptReasonForm(sent(request)) if name in ("return", "set_aside") else None
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form else ""
        try:
            move_concept(request.actor, found, name, reason=reason)
        except (ConceptError, NotNow) as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _done(name))
        return redirect(address(problem, "concept", concept))
    title, button, consequences = _words(name)
    context = _frame(
        request, problem, found, form=form, title=title, button=button, consequences=consequences
    )
    return render(request, "design/step.html", context)


@require_POST
@page("design.write")
def approve(request: WorkspaceRequest, workspace: str, number: int, concept: int) -> HttpResponse:
    """Approve, by somebody who wrote no version of it."""
    problem, found = _concept(request, number, concept, "design.write")
    approve_concept(request.actor, found)
    messages.success(request, _("The concept is approved."))
    return redirect(address(problem, "concept", concept))


def _waits(request: WorkspaceRequest, found: Concept) -> str:
    """Whom a concept waits for; empty where it does not."""
    if found.state != ConceptState.SUBMITTED:
        return ""
    return waits_for(request.actor, found, approvers(request.actor.workspace, [found])[found.pk])


def _onward(
    request: WorkspaceRequest, problem: Problem, found: Concept
) -> tuple[str, str, str] | None:
    """What comes after the approval: what the design lacks next."""
    is_approved = found.state == ConceptState.APPROVED
    return next_of_design(request.actor, problem) if is_approved else None


def _concept(
    request: WorkspaceRequest, number: int, concept: int, action: str = "design.view"
) -> tuple[Problem, Concept]:
    problem = design_page(request, number, action)
    found = numbered(
        problem.concepts.select_related(
            "workspace", "author__organisation", "approved_by__organisation"
        ),
        concept,
    )
    found.problem = problem
    return problem, found


def _frame(
    request: WorkspaceRequest, problem: Problem, found: Concept, **more: Any
) -> dict[str, Any]:
    given = {"back_url": address(problem, "concept", found.number), **more}
    return design_frame(
        request, problem, concept=found, is_approved=found.state == ConceptState.APPROVED, **given
    )


def _card(problem: Problem, version: ConceptVersion) -> list[dict[str, Any]]:
    """The fields of the card in the order of the content, with what stands in them."""
    ideas = [(one, address(problem, "idea", one.number)) for one in version.ideas.all()]
    lists: dict[str, Any] = {
        "cause": [version.cause] if version.cause else [],
        "sides": [title for name, title in sides().items() if name in version.sides],
        "users": group_titles(version.users),
        "designed_with": group_titles(version.designed_with),
        "who_does_it": [*version.organisations.all(), version.who_does_it],
    }
    return [
        {
            "id": name,
            "title": row["title"],
            "is_required": row["required"],
            "lines": [one for one in lists.get(name, [getattr(version, name, "")]) if one],
            "ideas": ideas if name == "from_ideas" else [],
        }
        for name, row in card_fields().items()
    ]


def _changed(
    before: list[dict[str, Any]] | None, now: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The fields in which a version differs from the one before; of the first, all."""
    if before is None:
        return [one for one in now if one["lines"] or one["ideas"]]
    return [
        {**one, "was": old["lines"], "ideas_were": old["ideas"]}
        for one, old in zip(now, before, strict=True)
        if (one["lines"], one["ideas"]) != (old["lines"], old["ideas"])
    ]


def _known(request: WorkspaceRequest, problem: Problem) -> dict[str, Any]:
    """What the card begins with: the idea, and what the place is good for."""
    found = answers_of(request.actor.workspace, [problem])[problem.pk]
    texts = [one.text for one in found if one.question in VALUED and not one.is_none_found]
    longest, kept = card_fields()["good_uses_kept"]["max_characters"], list[str]()
    for text in dict.fromkeys(texts):
        if len("\r\n".join([*kept, text])) <= longest:
            kept.append(text)
    return {"good_uses_kept": "\n".join(kept), **_from_idea(request, problem)}


def _from_idea(request: WorkspaceRequest, problem: Problem) -> dict[str, Any]:
    """What is known of a concept that begins with an idea."""
    text = request.GET.get("idea", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        return {}
    found = problem.ideas.filter(number=int(text)).first()
    if found is None:
        return {}
    return {"ideas": str(found.number), "in_one_sentence": found.text[:240]}


def _words(name: str) -> tuple[str, str, list[str]]:
    return {
        "submit": (
            _("Send this concept for approval"),
            _("Send for approval"),
            [_("Somebody who wrote no version of it reads and approves it, or returns it.")],
        ),
        "return": (
            _("Return this concept"),
            _("Return to the authors"),
            [_("It is a draft again. The authors read your reason.")],
        ),
        "set_aside": (
            _("Set this concept aside"),
            _("Set it aside"),
            [
                _("The card, its versions and its tests stay readable."),
                _("What rests on this concept is marked “unsupported”."),
            ],
        ),
        "take_up": (
            _("Take this concept up again"),
            _("Take up again"),
            [_("It is a draft again.")],
        ),
    }[name]


def _done(name: str) -> str:
    return {
        "submit": _("The concept waits for approval."),
        "return": _("The concept is returned. It is a draft again."),
        "set_aside": _("The concept is set aside."),
        "take_up": _("The concept is a draft again."),
    }[name]
