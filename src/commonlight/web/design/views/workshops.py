"""Workshops: list, plan, change, print, hold."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.design.domain.catalogue import methods, phases, roles, worksheets
from commonlight.web.design.domain.notes import draft_of
from commonlight.web.design.domain.room import headcount, open_warnings, warnings_of
from commonlight.web.design.domain.workshops import (
    PlanError,
    change_workshop,
    move_workshop,
    plan_workshop,
    set_parts,
    timetable,
    workshop_steps,
)
from commonlight.web.design.enums import NoteKind
from commonlight.web.design.forms.workshops import (
    LengthForm,
    PartFormSet,
    ReasonForm,
    WorkshopForm,
    WorkshopPlanForm,
    part_rows,
    plan_of,
)
from commonlight.web.design.views.frame import (
    address,
    design_frame,
    design_page,
    sent,
    workshop_frame,
    workshop_page,
)
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.states import NotNow

__all__ = ["agenda", "cards", "change", "index", "new", "parts", "step", "workshop"]

either = require_http_methods(["GET", "HEAD", "POST"])
STEPS = ("hold", "cancel", "plan_again")


@require_safe
@page("design.view")
def index(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """All workshops of the problem, the newest first."""
    problem = design_page(request, number)
    found = problem.workshops.prefetch_related("seats", "room_reasons").annotate(
        note_count=Count("notes", distinct=True)
    )
    rows = [
        (one, address(problem, "workshop", one.number), len(open_warnings(one))) for one in found
    ]
    return render(request, "design/workshops.html", design_frame(request, problem, rows=rows))


@either
@page("design.write")
def new(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Choose a plan, and say when and where."""
    problem = design_page(request, number, "design.write")
    form = WorkshopPlanForm(sent(request))
    if request.method == "POST" and form.is_valid():
        made = plan_workshop(request.actor, problem, **form.cleaned_data)
        messages.success(request, _("The workshop is planned. Say next who should be in the room."))
        return redirect(address(problem, "workshop", made.number))
    back = address(problem, "workshops")
    context = design_frame(request, problem, form=form, back_url=back)
    return render(request, "design/workshop_new.html", context)


@require_safe
@page("design.view")
def workshop(request: WorkspaceRequest, workspace: str, number: int, held: int) -> HttpResponse:
    """The plan, the people, the notes, and what comes next."""
    problem, found = workshop_page(request, number, held, "design.view")
    planned, present = headcount(found)
    kinds = dict(found.notes.order_by().values_list("kind").annotate(number=Count("pk")))
    context = workshop_frame(
        request,
        problem,
        found,
        slots=timetable(found),
        phases=[phases()[one] for one in found.phases if one in phases()],
        roles=[
            (roles().get(name, {}).get("title", name), who) for name, who in found.roles.items()
        ],
        warnings=warnings_of(found),
        planned=planned,
        present=present,
        kinds=[(label, kinds[name]) for name, label in NoteKind.choices if name in kinds],
        idea_count=found.ideas.count(),
        draft=draft_of(request.actor, found),
        steps=workshop_steps(found),
    )
    return render(request, "design/workshop.html", context)


@either
@page("design.write")
def change(request: WorkspaceRequest, workspace: str, number: int, held: int) -> HttpResponse:
    """Change when, where, with what, and who takes which role."""
    problem, found = workshop_page(request, number, held, "design.write")
    names = ("title", "day", "begins", "room", "aim", "materials")
    known = {name: getattr(found, name) for name in names}
    form = WorkshopForm(sent(request), workshop=found, initial=known)
    if request.method == "POST" and form.is_valid():
        change_workshop(request.actor, found, **form.facts())
        messages.success(request, _("The workshop is changed."))
        return redirect(address(problem, "workshop", found.number))
    context = workshop_frame(request, problem, found, form=form)
    return render(request, "design/workshop_form.html", context)


@either
@page("design.write")
def parts(request: WorkspaceRequest, workspace: str, number: int, held: int) -> HttpResponse:
    """Change the parts of the plan; their minutes add up to the length of the workshop."""
    problem, found = workshop_page(request, number, held, "design.write")
    given = sent(request)
    length = LengthForm(given, initial={"minutes": found.minutes})
    rows = PartFormSet(given, prefix="parts", initial=part_rows(found.parts.all()))
    if given is not None and length.is_valid() and rows.is_valid():
        try:
            set_parts(request.actor, found, plan_of(rows), minutes=length.cleaned_data["minutes"])
        except PlanError as error:
            length.add_error("minutes", str(error))
        else:
            messages.success(request, _("The plan is changed. Its minutes add up."))
            return redirect(address(problem, "workshop", found.number))
    context = workshop_frame(request, problem, found, length=length, rows=rows)
    return render(request, "design/workshop_parts.html", context)


@require_safe
@page("design.view")
def agenda(request: WorkspaceRequest, workspace: str, number: int, held: int) -> HttpResponse:
    """The plan for the wall: times, who leads, what to bring."""
    problem, found = workshop_page(request, number, held, "design.view")
    context = workshop_frame(
        request,
        problem,
        found,
        slots=timetable(found),
        roles=[
            (roles().get(name, {"title": name, "task": ""}), who)
            for name, who in found.roles.items()
        ],
        materials=[one for one in found.materials.splitlines() if one.strip()],
    )
    return render(request, "design/agenda.html", context)


@require_safe
@page("design.view")
def cards(request: WorkspaceRequest, workspace: str, number: int, held: int) -> HttpResponse:
    """Cards to print and cut: worksheets for the tables, and one card for each method."""
    problem, found = workshop_page(request, number, held, "design.view")
    minutes: dict[str, int] = {}
    for part in found.parts.all():
        if part.method in methods():
            minutes[part.method] = minutes.get(part.method, 0) + part.minutes
    sheets = worksheets(found.phases)
    copies = _copies(request)
    context = workshop_frame(
        request,
        problem,
        found,
        methods=[(methods()[name], planned) for name, planned in minutes.items()],
        sheets=sheets,
        printed=[(sheet, range(copies)) for sheet in sheets],
        copies=copies,
        choices=COPIES,
    )
    return render(request, "design/cards.html", context)


COPIES = (1, 6, 12, 24, 60, 120)


def _copies(request: WorkspaceRequest) -> int:
    text = request.GET.get("copies", "")
    return int(text) if text.isascii() and text.isdecimal() and int(text[:4]) in COPIES else 1


@either
@page("design.write")
def step(
    request: WorkspaceRequest, workspace: str, number: int, held: int, name: str
) -> HttpResponse:
    """Say that the workshop was held, that it is cancelled, or that it takes place after all."""
    problem, found = workshop_page(request, number, held, "design.write")
    if name not in STEPS:
        raise Http404
    needs_reason = name == "cancel"
    form = ReasonForm(sent(request)) if needs_reason else None
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form else ""
        try:
            move_workshop(request.actor, found, name, reason=reason)
        except (NotNow, PlanError) as error:
            messages.error(request, str(error))
        return redirect(address(problem, "present" if name == "hold" else "workshop", held))
    title, button, consequences = _words(name)
    context = workshop_frame(
        request, problem, found, form=form, title=title, button=button, consequences=consequences
    )
    return render(request, "design/step.html", context)


def _words(name: str) -> tuple[str, str, list[str]]:
    if name == "hold":
        return (
            _("Was this workshop held?"),
            _("Yes, it was held"),
            [_("Next you count who was in the room, by category only, and enter the notes.")],
        )
    if name == "cancel":
        return (
            _("Cancel this workshop"),
            _("Cancel the workshop"),
            [_("The plan and the reason stay readable.")],
        )
    return (
        _("Does this workshop take place after all?"),
        _("Plan it again"),
        [_("The plan stands as it was.")],
    )
