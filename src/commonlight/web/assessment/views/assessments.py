"""One assessment: its overview, the cut, the assessors, the steps of its life."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from commonlight.web.assessment.domain.closing import finish, reopen_assessment, show_share
from commonlight.web.assessment.domain.cutting import is_long
from commonlight.web.assessment.domain.finding import assessor_of, claims_of
from commonlight.web.assessment.domain.judging import send_in
from commonlight.web.assessment.domain.looking import left_as_claimed, own_looking
from commonlight.web.assessment.domain.matrix import Reading, read_assessment
from commonlight.web.assessment.domain.starting import name_assessors
from commonlight.web.assessment.domain.tagging import (
    cut_again,
    divide_claim,
    start_reading,
)
from commonlight.web.assessment.enums import AssessmentState
from commonlight.web.assessment.forms.reading import SendForm
from commonlight.web.assessment.forms.starting import AssessorsForm, DivideForm
from commonlight.web.assessment.models import Assessment, Assessor
from commonlight.web.assessment.views.frame import (
    ERRORS,
    address,
    assessment_page,
    claim_page,
    either,
    frame,
    sent_form,
    step_page,
)
from commonlight.web.policy import WorkspaceRequest, decide, page
from commonlight.web.ui.components.rows import Task

__all__ = [
    "assessment",
    "assessors",
    "begin_reading",
    "cut",
    "cut_anew",
    "divide",
    "finish_page",
    "reopen_page",
    "send",
    "share",
]

Request = WorkspaceRequest


@require_safe
@page("assessment.view")
def assessment(request: Request, workspace: str, number: int, edition: int) -> HttpResponse:
    """What is done, what is left, and who still reads."""
    found = assessment_page(request, number, edition)
    reading = read_assessment(request.actor, found)
    context = frame(
        found,
        here="assessment",
        reading=reading,
        tasks=_tasks(request, found, reading),
        mine=assessor_of(request.actor, found),
        may=decide(request.actor, "assessment.assess", found),
    )
    return render(request, "assessment/assessment.html", context)


@require_safe
@page("assessment.view")
def cut(request: Request, workspace: str, number: int, edition: int) -> HttpResponse:
    """The text as it was cut, sentence by sentence."""
    found = assessment_page(request, number, edition)
    rows = [(one, is_long(one.text)) for one in claims_of(found)]
    context = frame(found, here="claims", rows=rows, can_change=found.state == "cutting")
    return render(request, "assessment/cut.html", context)


@either
@page("assessment.manage")
def divide(request: Request, workspace: str, number: int, edition: int, pk: int) -> HttpResponse:
    """Divide a claim into two."""
    found = assessment_page(request, number, edition, "assessment.manage")
    claim = claim_page(found, pk)
    form = sent_form(request, DivideForm, initial={"first": claim.text})
    if request.method == "POST" and form.is_valid():
        try:
            divide_claim(request.actor, claim, first=form.cleaned_data["first"])
        except ERRORS as error:
            form.add_error("first", str(error))
        else:
            return redirect(f"{address(found, 'cut')}#claim-{claim.pk}")
    title = _("Divide claim %(number)d") % {"number": claim.number}
    context = frame(found, form=form, title=title, button=_("Divide the claim"))
    context["back_url"] = address(found, "cut")
    return render(request, "assessment/form.html", context)


@require_POST
@page("assessment.manage")
def begin_reading(request: Request, workspace: str, number: int, edition: int) -> HttpResponse:
    """The cut is right."""
    found = assessment_page(request, number, edition, "assessment.manage")
    try:
        start_reading(request.actor, found)
    except ERRORS as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The assessors can read now."))
    may = decide(request.actor, "assessment.assess", found)
    return redirect(address(found, "tag") if may else address(found))


@require_POST
@page("assessment.manage")
def cut_anew(request: Request, workspace: str, number: int, edition: int) -> HttpResponse:
    """Let the rules cut again."""
    found = assessment_page(request, number, edition, "assessment.manage")
    try:
        cut_again(request.actor, found)
    except ERRORS as error:
        messages.error(request, str(error))
    return redirect(address(found, "cut"))


@either
@page("assessment.manage")
def assessors(request: Request, workspace: str, number: int, edition: int) -> HttpResponse:
    """Ask more people to assess."""
    found = assessment_page(request, number, edition, "assessment.manage")
    authors = found.strategy.authors.all()
    form = sent_form(request, AssessorsForm, actor=request.actor, authors=authors)
    if request.method == "POST" and form.is_valid():
        try:
            name_assessors(request.actor, found, form.cleaned_data["assessors"])
        except ERRORS as error:
            form.add_error("assessors", str(error))
        else:
            messages.success(request, _("They are asked."))
            return redirect(address(found))
    context = frame(
        found, form=form, title=_("Ask somebody to assess"), button=_("Ask these people")
    )
    return render(request, "assessment/form.html", context)


@either
@page("assessment.assess")
def send(request: Request, workspace: str, number: int, edition: int) -> HttpResponse:
    """Lay your verdicts on the table."""
    found = assessment_page(request, number, edition, "assessment.assess")
    mine = assessor_of(request.actor, found)
    form = sent_form(request, SendForm, initial={"interest": mine.interest if mine else ""})
    if request.method == "POST" and form.is_valid() and mine is not None:
        try:
            is_last = send_in(request.actor, found, interest=form.cleaned_data["interest"])
        except ERRORS as error:
            messages.error(request, str(error))
            return redirect(address(found))
        if is_last:
            messages.success(
                request,
                _("Your verdicts are in. Here is the matrix.")
                if _is_alone(found)
                else _("All have sent theirs in. Here is the matrix."),
            )
            return redirect(address(found, "matrix"))
        messages.success(request, _("Your verdicts are in. They open when all have sent theirs."))
        return redirect(address(found))
    context = frame(
        found,
        form=form,
        title=_("Send your verdicts in"),
        button=_("Send them in"),
        consequences=_consequences(found, read_assessment(request.actor, found)),
    )
    return render(request, "ui/confirm.html", context)


@either
@page("assessment.manage")
def finish_page(request: Request, workspace: str, number: int, edition: int) -> HttpResponse:
    """Finish the assessment."""
    found = assessment_page(request, number, edition, "assessment.manage")
    return step_page(
        request,
        lambda: finish(request.actor, found),
        after=address(found),
        done=_("The assessment is finished."),
        title=_("Finish this assessment"),
        button=_("Finish the assessment"),
        consequences=[
            _("Claims, verdicts and the mirror stay as they are now."),
            _("Recommendations go on: they can still be accepted and closed."),
            _("A verdict still drops when its record is withdrawn."),
        ],
    )


@either
@page("assessment.manage")
def reopen_page(request: Request, workspace: str, number: int, edition: int) -> HttpResponse:
    """Open a finished assessment again."""
    found = assessment_page(request, number, edition)
    return step_page(
        request,
        lambda: reopen_assessment(request.actor, found),
        after=address(found),
        done=_("The assessment is open again."),
        title=_("Open this assessment again"),
        button=_("Open it again"),
        consequences=[_("Assessors can change their verdicts, each with a reason.")],
    )


@require_POST
@page("assessment.manage")
def share(request: Request, workspace: str, number: int, edition: int) -> HttpResponse:
    """Show the share of what is shown, or hide it."""
    found = assessment_page(request, number, edition, "assessment.manage")
    show_share(request.actor, found, on=request.POST.get("on") == "1")
    return redirect(address(found, "matrix"))


def _is_alone(found: Assessment) -> bool:
    """Whether one person assesses, so that nobody waits for anybody."""
    return len(found.assessors.all()) == 1


def _consequences(found: Assessment, reading: Reading) -> list[str]:
    unread = reading.coverage.unread
    judged = sum(1 for one in reading.tagged if one.verdicts)
    rest = len(reading.tagged) - judged
    said = [
        _("You assess alone. Your verdicts open at once to all who may read the assessment.")
        if _is_alone(found)
        else _("The others see your verdicts when all have sent theirs, and you see theirs.")
    ]
    if left := left_as_claimed(reading.tagged):
        said.append(
            ngettext(
                "%(count)d claim is taken as claimed, without looking. The matrix says so.",
                "%(count)d claims are taken as claimed, without looking. The matrix says so.",
                left,
            )
            % {"count": left}
        )
    if rest:
        said.append(
            ngettext(
                "%(count)d claim has no verdict from you. It goes in as “claimed”.",
                "%(count)d claims have no verdict from you. They go in as “claimed”.",
                rest,
            )
            % {"count": rest}
        )
    if unread:
        said.append(
            ngettext(
                "%(count)d sentence is unread. It stays “unread” in the matrix.",
                "%(count)d sentences are unread. They stay “unread” in the matrix.",
                unread,
            )
            % {"count": unread}
        )
    return said


def _tasks(request: Request, found: Assessment, reading: Reading) -> list[Task]:
    """The steps of an assessment in their order, each with how far it is."""
    return [
        _cut_task(found, reading),
        _read_task(request, found, reading),
        _judge_task(request, found, reading),
        _compare_task(found, reading, assessor_of(request.actor, found)),
        _mirror_task(found),
        _recommend_task(found),
    ]


def _task(label: str, status: str, url: str, *, done: bool = False, hint: str = "") -> Task:
    return Task(label, status, url, "success" if done else "", hint)


def _cut_task(found: Assessment, reading: Reading) -> Task:
    is_done = found.state != AssessmentState.CUTTING
    return _task(
        _("Check how the text was cut"),
        _("done") if is_done else _("to do"),
        address(found, "cut"),
        done=is_done,
        hint=ngettext("%(count)d sentence", "%(count)d sentences", reading.coverage.total)
        % {"count": reading.coverage.total},
    )


def _read_task(request: Request, found: Assessment, reading: Reading) -> Task:
    is_open = found.state != AssessmentState.CUTTING
    shown = {"read": reading.coverage.read, "total": reading.coverage.total}
    status = _("done") if reading.coverage.is_complete else _("%(read)d of %(total)d") % shown
    may = decide(request.actor, "assessment.assess", found)
    return _task(
        _("Read each sentence and tag it"),
        status if is_open else _("not yet"),
        address(found, "tag") if is_open and may else "",
        done=is_open and reading.coverage.is_complete,
        hint=_("Which principle or value does it touch, or none?"),
    )


def _judge_task(request: Request, found: Assessment, reading: Reading) -> Task:
    mine = assessor_of(request.actor, found)
    sent = mine is not None and mine.sent_at is not None
    own = mine.pk if mine is not None else None
    own_verdicts = [v for one in reading.tagged for v in one.verdicts if v.assessor.pk == own]
    judged = len(own_verdicts)
    shown = {"judged": judged, "total": len(reading.tagged)}
    may = mine is not None and decide(request.actor, "assessment.assess", found)
    is_open = found.state != AssessmentState.CUTTING and bool(may)
    is_done = (
        bool(reading.tagged) and judged == len(reading.tagged) and reading.coverage.is_complete
    )
    if sent:
        status = _("sent in")
    elif is_open:
        status = _("done, not sent in yet") if is_done else _("%(judged)d of %(total)d") % shown
    else:
        status = _("for the assessors")
    return _task(
        _("Judge the tagged claims and link evidence"),
        status,
        address(found, "judge") if is_open else "",
        done=sent or (is_open and is_done),
        hint=own_looking(own_verdicts)
        or _(
            "“Shown” needs a record, “contradicted” a record or the text itself, "
            "“absent” a note of where you looked."
        ),
    )


def _compare_task(found: Assessment, reading: Reading, mine: Assessor | None) -> Task:
    count = len(reading.differences)
    waiting = sum(one.sent_at is None for one in found.assessors.all())
    if _is_alone(found):
        return _read_gaps_task(found, reading, mine)
    if not found.is_open_to_all:
        status = ngettext(
            "%(count)d assessor has not sent", "%(count)d assessors have not sent", waiting
        ) % {"count": waiting}
    else:
        status = ngettext("%(count)d difference", "%(count)d differences", count) % {"count": count}
    return _task(
        _("Compare the verdicts and read the gaps"),
        status,
        address(found, "matrix"),
        done=found.is_open_to_all and not count,
    )


def _read_gaps_task(found: Assessment, reading: Reading, mine: Assessor | None) -> Task:
    """What comes after the verdicts of one person: there is nothing to compare."""
    if found.is_open_to_all:
        count = len(reading.matrix.gaps)
        status = ngettext("%(count)d gap", "%(count)d gaps", count) % {"count": count}
    elif mine is not None:
        status = _("you have not sent yours in")
    else:
        status = _("not sent in yet")
    return _task(_("Read the gaps"), status, address(found, "matrix"), done=found.is_open_to_all)


def _mirror_task(found: Assessment) -> Task:
    count = found.rows.count()
    return _task(
        _("Fill in the balance mirror"),
        ngettext("%(count)d row", "%(count)d rows", count) % {"count": count}
        if count
        else _("empty"),
        address(found, "mirror"),
        hint=_("Money, time, meetings and data beside harm and what residents name."),
    )


def _recommend_task(found: Assessment) -> Task:
    count = found.recommendations.count()
    return _task(
        _("Write recommendations"),
        ngettext("%(count)d written", "%(count)d written", count) % {"count": count}
        if count
        else _("none yet"),
        address(found, "recommendations"),
    )
