"""The first page of the partnership: its parts and where each stands."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from commonlight.web.partnerships.domain.agreement import agreements_of, open_clauses
from commonlight.web.partnerships.domain.pulse import close_due_rounds, rounds_of
from commonlight.web.partnerships.domain.raci import gaps_of, tasks_of
from commonlight.web.partnerships.domain.register import missing_in, partners_of
from commonlight.web.partnerships.domain.shared import day_of
from commonlight.web.partnerships.enums import (
    ActionState,
    AgreementState,
    MeetingState,
    ResultShape,
    RoundState,
)
from commonlight.web.partnerships.models import Action, CouncilPack, Cycle, Meeting, Partner
from commonlight.web.partnerships.views.shared import address
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.ui.components.rows import Task
from commonlight.web.ui.dates import date_format

__all__ = ["home"]


@require_safe
@page("partnership.view")
def home(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What there is, what is missing, and the way to each part."""
    close_due_rounds(request.workspace)
    partners = partners_of(request.workspace)
    rows = [
        _register(request, partners),
        _tasks(request, partners),
        _agreement(request),
        _pulse(request),
        _mirror(request),
        _meetings(request),
        _ladder(request, partners),
        _templates(request),
        _packs(request),
    ]
    return render(request, "partnerships/home.html", {"rows": rows, "is_new": not partners})


def _register(request: WorkspaceRequest, partners: list[Partner]) -> Task:
    today = day_of(request.workspace)
    late = [one for one in partners if one.is_past_review(today)]
    gaps = [one for one in partners if missing_in(one)]
    status, kind = _("Complete"), "success"
    if late:
        count = len(late)
        status = ngettext("%(count)s review is due", "%(count)s reviews are due", count)
        status, kind = status % {"count": count}, "warning"
    elif gaps:
        count = len(gaps)
        status = ngettext("%(count)s row to fill", "%(count)s rows to fill", count)
        status, kind = status % {"count": count}, "warning"
    elif not partners:
        status, kind = _("Empty"), ""
    return Task(
        _("Register of partners"),
        status,
        address(request, "register"),
        kind,
        _("What each partner may do, brings and expects, and which office answers."),
    )


def _tasks(request: WorkspaceRequest, partners: list[Partner]) -> Task:
    tasks = tasks_of(request.workspace, every=True)
    holes = len(gaps_of(request.workspace, tasks, partners).tasks)
    if holes:
        status = ngettext(
            "%(count)s task without a sure owner", "%(count)s tasks without a sure owner", holes
        )
        status, kind = status % {"count": holes}, "warning"
    else:
        status, kind = (_("Complete"), "success") if tasks else (_("Empty"), "")
    hint = _("Exactly one partner answers for each task, and each confirms its own part.")
    return Task(_("Who does what"), status, address(request, "tasks"), kind, hint)


def _agreement(request: WorkspaceRequest) -> Task:
    found = list(agreements_of(request.workspace))
    status, kind = _("Not begun"), ""
    for one in found[:1]:
        if one.state == AgreementState.DRAFT:
            count = len(open_clauses(one))
            status = ngettext("%(count)s clause open", "%(count)s clauses open", count)
            status, kind = status % {"count": count}, "warning"
        elif one.state == AgreementState.OFFERED:
            status, kind = _("Waits for signatures"), "info"
        else:
            status, kind = _("Signed"), "success"
    hint = _("Purpose, decision rule, dispute, leaving, and differences in power.")
    return Task(_("Partnership agreement"), status, address(request, "agreements"), kind, hint)


def _pulse(request: WorkspaceRequest) -> Task:
    newest = rounds_of(request.workspace).first()
    status, kind = _("Not asked yet"), ""
    if newest is not None and newest.state == RoundState.OPEN:
        day = date_format(newest.closes_on, "DATE_FORMAT")
        status, kind = _("Takes answers until %(day)s") % {"day": day}, "info"
    elif newest is not None:
        is_shown = newest.shape == ResultShape.SHOWN
        status, kind = (_("Result shown"), "success") if is_shown else (_("Not shown"), "")
    hint = _("What each member says alone on five conditions. Nobody sees single answers.")
    return Task(_("Partnership pulse"), status, address(request, "pulse"), kind, hint)


def _mirror(request: WorkspaceRequest) -> Task:
    hint = _("What partners say in the pulse beside what this workbench counts.")
    return Task(_("Declared and done"), _("Last 12 months"), address(request, "mirror"), "", hint)


def _meetings(request: WorkspaceRequest) -> Task:
    planned = Meeting.objects.of(request.workspace).filter(state=MeetingState.PLANNED)
    following = planned.order_by("starts_at").first()
    today = day_of(request.workspace)
    late = Action.objects.of(request.workspace).filter(state=ActionState.OPEN, due_on__lt=today)
    count = late.count()
    status, kind = _("None planned"), ""
    if following is not None:
        day = date_format(following.starts_at, "DATE_FORMAT")
        status, kind = _("Next on %(day)s") % {"day": day}, "info"
    hint = _("Agenda, decisions and actions. What is not done comes back by itself.")
    if count:
        told = ngettext("%(count)s action is late.", "%(count)s actions are late.", count)
        hint = _("%(hint)s %(late)s") % {"hint": hint, "late": told % {"count": count}}
    return Task(_("Meetings and actions"), status, address(request, "meetings"), kind, hint)


def _ladder(request: WorkspaceRequest, partners: list[Partner]) -> Task:
    count = len(partners)
    status = ngettext("%(count)s group", "%(count)s groups", count) % {"count": count}
    hint = _("How far each partner or group is involved, with the event that shows it.")
    return Task(_("Involvement ladder"), status, address(request, "ladder"), "", hint)


def _templates(request: WorkspaceRequest) -> Task:
    count = Cycle.objects.of(request.workspace).count()
    status = (
        ngettext("%(count)s at work", "%(count)s at work", count) % {"count": count}
        if count
        else _("None chosen")
    )
    hint = _("Five partnerships of European cities to start from, each with dated steps.")
    return Task(_("Starting templates"), status, address(request, "templates"), "", hint)


def _packs(request: WorkspaceRequest) -> Task:
    count = CouncilPack.objects.of(request.workspace).count()
    status = ngettext("%(count)s pack", "%(count)s packs", count) % {"count": count}
    hint = _("What goes to the council. Each proposal names the finding that it rests on.")
    return Task(_("Council packs"), status, address(request, "packs"), "", hint)
