"""Paper notes: one field and the Enter key, or a form of ten rows where no script runs."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonlight.web.design.domain.notes import (
    NoteError,
    add_notes,
    change_note,
    draft_of,
    finish_batch,
    keep_unsent,
    remove_note,
)
from commonlight.web.design.enums import BatchState, NoteKind
from commonlight.web.design.forms.notes import NoteForm, NoteRowFormSet, filled_rows
from commonlight.web.design.models import Note
from commonlight.web.design.views.frame import (
    address,
    numbered,
    sent,
    workshop_frame,
    workshop_page,
)
from commonlight.web.policy import WorkspaceRequest, page

__all__ = ["add", "change", "enter", "finish", "index", "unsent"]

ON_A_PAGE = 100


@require_safe
@page("design.view")
def index(request: WorkspaceRequest, workspace: str, number: int, held: int) -> HttpResponse:
    """All notes of the workshop whose batch is finished, and the actor's own draft."""
    problem, found = workshop_page(request, number, held, "design.view")
    notes = found.notes.filter(batch__state=BatchState.ENTERED).select_related("idea")
    kind = request.GET.get("kind", "")
    chosen = notes.filter(kind=kind) if kind in NoteKind.values else notes
    shown = Paginator(chosen, ON_A_PAGE).get_page(request.GET.get("page"))
    context = workshop_frame(
        request,
        problem,
        found,
        shown=shown,
        kinds=NoteKind.choices,
        kind=kind,
        draft=draft_of(request.actor, found),
    )
    return render(request, "design/notes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page("design.write")
def enter(request: WorkspaceRequest, workspace: str, number: int, held: int) -> HttpResponse:
    """Enter notes; what is saved is a draft until the batch is finished."""
    problem, found = workshop_page(request, number, held, "design.write")
    rows = NoteRowFormSet(sent(request), prefix="notes")
    if request.method == "POST" and rows.is_valid():
        made = add_notes(request.actor, found, filled_rows(rows))
        messages.success(request, _saved(len(made)))
        return redirect(address(problem, "enter-notes", held))
    draft = draft_of(request.actor, found)
    context = workshop_frame(
        request,
        problem,
        found,
        rows=rows,
        draft=draft,
        notes=list(draft.notes.order_by("-number")) if draft else [],
        kinds=[(key, name, label) for key, (name, label) in enumerate(NoteKind.choices, start=1)],
    )
    return render(request, "design/note_entry.html", context)


@require_POST
@page("design.write")
def add(request: WorkspaceRequest, workspace: str, number: int, held: int) -> HttpResponse:
    """One note from the field; the answer says how it was kept."""
    problem, found = workshop_page(request, number, held, "design.write")
    try:
        made = add_notes(
            request.actor, found, [(request.POST.get("kind", ""), request.POST.get("text", ""))]
        )
        if not made:
            raise NoteError(_("Write what the note says."))
    except NoteError as error:
        return JsonResponse({"error": str(error)}, status=400)
    note = made[0]
    batch = draft_of(request.actor, found)
    return JsonResponse(
        {
            "number": note.number,
            "text": note.text,
            "kind": note.get_kind_display(),
            "address": address(problem, "note", held, note.number),
            "said": _in_batch(batch.notes.count() if batch else 0),
        }
    )


@require_POST
@page("design.write")
def unsent(request: WorkspaceRequest, workspace: str, number: int, held: int) -> HttpResponse:
    """Half a note, kept so that it is there again on any device."""
    _problem, found = workshop_page(request, number, held, "design.write")
    keep_unsent(request.actor, found, request.POST.get("text", ""))
    return HttpResponse(status=204)


@require_http_methods(["GET", "HEAD", "POST"])
@page("design.write")
def change(
    request: WorkspaceRequest, workspace: str, number: int, held: int, note: int
) -> HttpResponse:
    """Mend a note of a draft, or take it out."""
    problem, found = workshop_page(request, number, held, "design.write")
    one: Note = numbered(found.notes.select_related("batch"), note)
    one.workshop = found
    given = sent(request)
    form = NoteForm(given, initial={"kind": one.kind, "text": one.text})
    back = address(problem, "enter-notes", held)
    try:
        if given is not None and "remove" in given:
            remove_note(request.actor, one)
            messages.success(request, _("The note is taken out."))
            return redirect(back)
        if given is not None and form.is_valid():
            change_note(request.actor, one, **form.cleaned_data)
            messages.success(request, _("The note is changed."))
            return redirect(back)
    except NoteError as error:
        form.add_error(None, str(error))
    context = workshop_frame(request, problem, found, form=form, note=one)
    return render(request, "design/note_form.html", {**context, "back_url": back})


@require_POST
@page("design.write")
def finish(request: WorkspaceRequest, workspace: str, number: int, held: int) -> HttpResponse:
    """All notes are in: those that are ideas become ideas."""
    problem, found = workshop_page(request, number, held, "design.write")
    draft = draft_of(request.actor, found)
    try:
        if draft is None:
            raise NoteError(_("There are no notes in this batch yet."))
        ideas = finish_batch(request.actor, draft)
    except NoteError as error:
        messages.error(request, str(error))
        return redirect(address(problem, "enter-notes", held))
    messages.success(
        request,
        ngettext(
            "The batch is finished. %(number)d note became an idea.",
            "The batch is finished. %(number)d notes became ideas.",
            len(ideas),
        )
        % {"number": len(ideas)},
    )
    return redirect(address(problem, "workshop", held))


def _saved(number: int) -> str:
    if not number:
        return _("No note was saved, since all rows are empty.")
    return ngettext(
        "%(number)d note is saved. You can go on.",
        "%(number)d notes are saved. You can go on.",
        number,
    ) % {"number": number}


def _in_batch(number: int) -> str:
    return ngettext("%(number)d note in this batch", "%(number)d notes in this batch", number) % {
        "number": number
    }
