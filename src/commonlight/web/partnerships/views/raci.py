"""Who does what: the table of tasks, for the partnership and for each problem."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from commonlight.web.partnerships.domain.raci import (
    confirm_part,
    decline_part,
    end_task,
    gaps_of,
    likely_parts,
    save_task,
    tasks_of,
)
from commonlight.web.partnerships.domain.register import partners_of, review_flags
from commonlight.web.partnerships.domain.templates import matrix_of
from commonlight.web.partnerships.domain.words import rows, words
from commonlight.web.partnerships.enums import Letter, PartState
from commonlight.web.partnerships.forms.fields import ReasonForm
from commonlight.web.partnerships.forms.raci import TaskForm
from commonlight.web.partnerships.models import Partner, Task, TaskPart
from commonlight.web.partnerships.views.shared import (
    address,
    ask,
    either,
    one_of,
    sent,
    take_step,
)
from commonlight.web.policy import WorkspaceRequest, decide, page, require
from commonlight.web.problems.views.frame import frame, going_on, problem_page

__all__ = [
    "add",
    "change",
    "confirm",
    "decline",
    "end",
    "matrix",
    "problem_add",
    "problem_tasks",
    "task_list",
    "task_page",
]

PILLAR = "partnerships"


@require_safe
@page("partnership.view")
def task_list(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The tasks of the partnership as a whole and of every problem, and the gaps."""
    tasks = tasks_of(request.workspace, every=True)
    partners = partners_of(request.workspace)
    context = {
        **_table(request, tasks, partners),
        "has_partners": bool(partners),
        "has_matrix": matrix_of(request.workspace) is not None,
    }
    return render(request, "partnerships/tasks.html", context)


@require_safe
@page("partnership.view")
def problem_tasks(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The tasks of one problem."""
    problem = problem_page(request, number)
    tasks = tasks_of(request.workspace, problem=problem)
    context = frame(request, problem, pillar=PILLAR, **_table(request, tasks, []))
    return render(request, "partnerships/problem_tasks.html", context)


@require_safe
@page("partnership.view")
def matrix(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Strands by approaches, with the cells that are empty."""
    return render(request, "partnerships/matrix.html", {"matrix": matrix_of(request.workspace)})


@require_safe
@page("partnership.view")
def task_page(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """One task with each part, and what its partner said of it."""
    task = _task(request, pk)
    parts = list(task.parts.all())
    flags = review_flags(request.workspace, [one.partner.organisation_id or 0 for one in parts])
    by_letter = [
        (
            row,
            [
                {
                    "part": one,
                    "flag": flags.get(one.partner.organisation_id or 0, ""),
                    "is_own": one.partner.organisation_id == request.actor.organisation_id,
                    "waits": _waits(one),
                }
                for one in parts
                if one.letter == row["id"]
            ],
        )
        for row in rows("raci", "part")
    ]
    gaps = gaps_of(request.workspace, [task], [])
    context = {
        "task": task,
        "by_letter": by_letter,
        "hole": gaps.tasks[0][1] if gaps.tasks else "",
        "confirmed": PartState.CONFIRMED,
    }
    if task.problem is not None and decide(request.actor, "problem.view"):
        context |= going_on(request, task.problem)
    return render(request, "partnerships/task.html", context)


@either
@page("meeting.write")
def add(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Write a task down."""
    return _form(request, None, address(request, "tasks"))


@either
@page("meeting.write")
def problem_add(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Write a task of a problem down."""
    problem = problem_page(request, number)
    return _form(request, None, address(request, "problem-tasks", number), problem=problem)


@either
@page("meeting.write")
def change(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Change a task; parts that stay keep their confirmation."""
    task = _task(request, pk)
    return _form(request, task, address(request, "task", pk))


@either
@page("meeting.write")
def end(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Take a task off the table, with the reason."""
    task = _task(request, pk)
    form = ReasonForm(sent(request))
    return ask(
        request,
        form,
        lambda: end_task(request.actor, task, reason=form.cleaned_data["reason"]),
        title=_("End the task “%(task)s”") % {"task": task.activity},
        button=_("End task"),
        done=_("The task has ended. It stays on record with the reason."),
        back=address(request, "tasks"),
    )


@require_POST
@page("meeting.write")
def confirm(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """The partner takes its part on."""
    part = _part(request, pk)
    require(request.actor, "meeting.write", part)
    return take_step(
        request,
        lambda: confirm_part(request.actor, part),
        done=_("Your organisation has confirmed its part."),
        back=address(request, "task", part.task_id),
    )


@either
@page("meeting.write")
def decline(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """The partner says no, with its reason."""
    part = _part(request, pk)
    require(request.actor, "meeting.write", part)
    form = ReasonForm(sent(request))
    return ask(
        request,
        form,
        lambda: decline_part(request.actor, part, reason=form.cleaned_data["reason"]),
        title=_("Decline this part"),
        button=_("Decline part"),
        done=_("Your organisation has declined. The task shows it."),
        back=address(request, "task", part.task_id),
        intro=part.task.activity,
    )


def _form(
    request: WorkspaceRequest, task: Task | None, back: str, *, problem: Any = None
) -> HttpResponse:
    known = _known(task) if task is not None else likely_parts(request.actor, problem)
    form = TaskForm(
        sent(request),
        workspace=request.workspace,
        matrix=matrix_of(request.workspace),
        problem=problem,
        task=task,
        likely=_at_work(request, problem or (task and task.problem), known),
        initial=known,
    )

    def save() -> Task:
        given = form.rest()
        if problem is not None:
            given["problem"] = problem
        return save_task(request.actor, task=task, parts=form.parts(), **given)

    return ask(
        request,
        form,
        save,
        title=_("Change the task") if task else _("Write a task down"),
        button=_("Save task"),
        done=_("The task is saved. Each partner confirms its own part."),
        back=back,
        onward=lambda made: address(request, "task", made.pk),
        template="partnerships/task_form.html",
        has_partners=Partner.objects.of(request.workspace).exists(),
        register_url=address(request, "register"),
    )


def _at_work(request: WorkspaceRequest, problem: Any, known: dict[str, Any]) -> set[int]:
    """Partners with a part in the problem's tasks and those ticked here; none before a task."""
    tasks = tasks_of(request.workspace, problem=problem) if problem else []
    if not tasks:
        return set()
    named = {pk for letter in Letter.values for pk in known.get(letter, ())}
    return named | {part.partner_id for one in tasks for part in one.parts.all()}


def _known(task: Task) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: getattr(task, name) for name in ("activity", "due_on", "strand", "approach")
    }
    found["problem"] = task.problem_id
    for letter in Letter.values:
        found[letter] = [one.partner_id for one in task.parts.all() if one.letter == letter]
    return found


def _table(request: WorkspaceRequest, tasks: list[Task], partners: list[Partner]) -> dict[str, Any]:
    """The rows of the table, each with its parts by letter, its flags and its hole."""
    flags = review_flags(request.workspace)
    gaps = gaps_of(request.workspace, tasks, partners)
    holes = {task.pk: reason for task, reason in gaps.tasks}
    letters = rows("raci", "part")
    return {
        "letters": letters,
        "words": words("raci"),
        "idle": [(one, address(request, "partner", one.pk)) for one in gaps.partners],
        "rows": [
            {
                "task": task,
                "url": address(request, "task", task.pk),
                "cells": [_cell(task, row["id"]) for row in letters],
                "hole": holes.get(task.pk, ""),
                "flags": _flags(task, flags),
            }
            for task in tasks
        ],
    }


def _cell(task: Task, letter: str) -> list[tuple[str, str]]:
    """The partners of one letter, each with its state where it is not confirmed."""
    return [(one.partner.name, _short(one)) for one in task.parts.all() if one.letter == letter]


def _short(part: TaskPart) -> str:
    if part.partner.is_open:
        return _("open seat")
    states = {PartState.ASKED: _("asked"), PartState.DECLINED: _("declined")}
    return states.get(PartState(part.state), "")


def _flags(task: Task, flags: dict[int, str]) -> list[str]:
    owners = [
        one.partner.organisation_id for one in task.parts.all() if one.letter == "accountable"
    ]
    return [flags[one] for one in owners if one in flags]


def _waits(part: TaskPart) -> str:
    if part.state != PartState.ASKED or part.partner.is_open:
        return ""
    return str(words("raci")["waits_for_confirmation"]).replace("{partner}", part.partner.name)


def _task(request: WorkspaceRequest, pk: int) -> Task:
    found = Task.objects.of(request.workspace).select_related("problem__workspace", "workspace")
    task: Task = one_of(found.prefetch_related("parts__partner__organisation"), pk=pk)
    return task


def _part(request: WorkspaceRequest, pk: int) -> TaskPart:
    found = TaskPart.objects.of(request.workspace).select_related("partner__organisation", "task")
    part: TaskPart = one_of(found, pk=pk)
    return part
