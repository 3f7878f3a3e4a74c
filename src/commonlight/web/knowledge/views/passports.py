"""Transfer passports of a problem: the list, one as it is read, and how it is filled in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonlight.web.eventlog.record import record
from commonlight.web.knowledge.domain.entries import entries_of
from commonlight.web.knowledge.domain.passports import (
    PassportError,
    adapt,
    drop_adaptation,
    face_of,
    fill_passport,
    open_passport,
    passport_json,
    passports_of,
)
from commonlight.web.knowledge.domain.profile import profile_of, transfer_content, transfer_fields
from commonlight.web.knowledge.domain.published import practices_in
from commonlight.web.knowledge.domain.stances import linked_of, named
from commonlight.web.knowledge.enums import EntryKind, EntryState, Position, SourceKind
from commonlight.web.knowledge.forms.linking import AdaptForm, PassportForm, PracticeChoice
from commonlight.web.knowledge.models import Passport
from commonlight.web.policy import WorkspaceRequest, page, require
from commonlight.web.problems.models import Problem
from commonlight.web.problems.views.frame import frame, problem_page
from commonlight.web.thread.kinds import kind_named

__all__ = ["as_json", "change", "drop", "index", "new", "passport", "plan"]

PILLAR = "design"
either = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@page("knowledge.view")
def index(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The passports of a problem, and applied practices that have none."""
    problem = problem_page(request, number)
    rows = passports_of(request.actor, problem)
    about = named(request.actor, (one.source for one in rows))
    have = {one.source for one in rows}
    lacking = [
        one
        for one in linked_of(request.actor, problem)
        if one.stance.position == Position.APPLIED
        and one.stance.source_kind in (SourceKind.PRACTICE, SourceKind.LOCAL_PRACTICE)
        and one.stance.source not in have
    ]
    context = frame(
        request,
        problem,
        pillar=PILLAR,
        rows=[(one, about[one.source]) for one in rows],
        lacking=lacking,
        words=transfer_content()["words"],
        known=len(profile_of(request.actor)),
        fields=len(transfer_fields()),
    )
    return render(request, "knowledge/passports.html", context)


@either
@page("knowledge.link")
def new(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Choose the practice, those that the problem applies or considers first."""
    problem = problem_page(request, number)
    require(request.actor, "knowledge.link", problem)
    form = PracticeChoice(
        request.POST if request.method == "POST" else None,
        offered=_offered(request, problem),
        initial={"practice": request.GET.get("practice", "")},
    )
    if request.method == "POST" and form.is_valid():
        kind, _colon, key = form.cleaned_data["practice"].partition(":")
        practice = kind_named(kind).find(request.workspace, [key])[key]
        made = open_passport(request.actor, problem, practice)
        return redirect(_address(made, "change-passport"))
    context = frame(request, problem, pillar=PILLAR, form=form, words=transfer_content()["words"])
    context["back_url"] = reverse("knowledge:passports", args=[workspace, number])
    return render(request, "knowledge/new_passport.html", context)


def _offered(request: WorkspaceRequest, problem: Problem) -> list[Any]:
    linked = {
        f"{one.stance.source_kind}:{one.stance.source_key}": one.title
        for one in linked_of(request.actor, problem)
        if one.stance.source_kind in (SourceKind.PRACTICE, SourceKind.LOCAL_PRACTICE)
    }
    published = [(f"practice:{one.pk}", one.title) for one in practices_in(request.workspace)]
    local = [
        (f"local_practice:{one.pk}", one.title)
        for one in entries_of(request.actor, EntryKind.PRACTICE)
        if one.state == EntryState.REVIEWED
    ]
    groups = [
        (_("Linked to this problem"), list(linked.items())),
        (_("Local practices"), [row for row in local if row[0] not in linked]),
        (_("Published practices"), [row for row in published if row[0] not in linked]),
    ]
    return [(title, rows) for title, rows in groups if rows]


@require_safe
@page("knowledge.view")
def passport(request: WorkspaceRequest, workspace: str, number: int, passport: int) -> HttpResponse:
    """The passport as it is read and printed."""
    problem, found = _passport(request, number, passport)
    context = frame(request, problem, pillar=PILLAR, **_shown(request, found))
    return render(request, "knowledge/passport.html", context)


@require_safe
@page("knowledge.view")
def as_json(request: WorkspaceRequest, workspace: str, number: int, passport: int) -> JsonResponse:
    """The passport for other programs."""
    _problem, found = _passport(request, number, passport)
    record(request.actor, "knowledge.passport_export", found, kind="export", format="json")
    answer = JsonResponse(passport_json(face_of(found)), json_dumps_params={"indent": 2})
    name = f"passport-{number}-{passport}.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@either
@page("knowledge.link")
def change(request: WorkspaceRequest, workspace: str, number: int, passport: int) -> HttpResponse:
    """Compare field by field, then say what is expected."""
    problem, found = _passport(request, number, passport)
    require(request.actor, "knowledge.link", found)
    form = PassportForm(
        request.POST if request.method == "POST" else None,
        face=face_of(found),
        initial={
            "expected": found.expected,
            "expected_reason": found.expected_reason,
            "filled_with": found.filled_with,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            fill_passport(request.actor, found, **form.given())
        except PassportError as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("The passport is saved."))
            return redirect(_address(found))
    context = frame(request, problem, pillar=PILLAR, form=form, **_shown(request, found))
    context["back_url"] = _address(found)
    return render(request, "knowledge/passport_form.html", context)


@either
@page("knowledge.link")
def plan(request: WorkspaceRequest, workspace: str, number: int, passport: int) -> HttpResponse:
    """Plan a change of the practice."""
    problem, found = _passport(request, number, passport)
    require(request.actor, "knowledge.link", found)
    form = AdaptForm(
        request.POST if request.method == "POST" else None,
        initial={"expected": found.expected, "expected_reason": found.expected_reason},
    )
    if request.method == "POST" and form.is_valid():
        try:
            adapt(request.actor, found, **form.cleaned_data)
        except PassportError as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("The planned change is in the passport."))
            return redirect(_address(found))
    context = frame(
        request,
        problem,
        pillar=PILLAR,
        form=form,
        kinds=transfer_content()["adaptation"],
        **_shown(request, found),
    )
    context["back_url"] = _address(found)
    return render(request, "knowledge/adapt.html", context)


@require_POST
@page("knowledge.link")
def drop(
    request: WorkspaceRequest, workspace: str, number: int, passport: int, adaptation: int
) -> HttpResponse:
    """Give a planned change up; it stays listed."""
    _problem, found = _passport(request, number, passport)
    row = found.adaptations.filter(pk=adaptation).first()
    if row is None:
        raise Http404
    drop_adaptation(request.actor, found, row)
    messages.success(request, _("The planned change is given up. It stays listed."))
    return redirect(_address(found))


def _passport(request: WorkspaceRequest, number: int, passport: int) -> tuple[Problem, Passport]:
    problem = problem_page(request, number)
    rows = passports_of(request.actor, problem)
    found = next((one for one in rows if one.number == passport), None)
    if found is None:
        raise Http404
    return problem, found


def _shown(request: WorkspaceRequest, found: Passport) -> dict[str, Any]:
    about = named(request.actor, [found.source])[found.source]
    return {
        "passport": found,
        "face": face_of(found),
        "about": about,
        "words": transfer_content()["words"],
        "verdicts": {one["id"]: one for one in transfer_content()["verdict"]},
        "core_words": transfer_content()["core"],
        "language": request.workspace.language,
    }


def _address(passport: Passport, name: str = "passport") -> str:
    problem = passport.problem
    return reverse(
        f"knowledge:{name}", args=[problem.workspace.slug, problem.number, passport.number]
    )
