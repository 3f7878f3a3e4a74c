"""Council packs: lines by section, each finding and proposal with what it rests on."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from commonlight.web.partnerships.domain import packs as packing
from commonlight.web.partnerships.enums import PackState
from commonlight.web.partnerships.forms.others import LineForm, PackForm
from commonlight.web.partnerships.models import CouncilPack, PackLine
from commonlight.web.partnerships.views.shared import (
    address,
    ask,
    either,
    one_of,
    sent,
    take_step,
)
from commonlight.web.policy import WorkspaceRequest, page

__all__ = ["add_line", "move", "new", "pack_list", "pack_page", "remove_line"]

KINDS = {PackState.DRAFT: "", PackState.READY: "success", PackState.PRESENTED: "info"}
STEPS = {
    "make_ready": gettext_lazy("The pack is ready for the council."),
    "take_back": gettext_lazy("The pack is a draft again."),
    "present": gettext_lazy("The pack is marked as presented."),
}


@require_safe
@page("partnership.view")
def pack_list(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """All packs."""
    found = packing.packs_of(request.workspace)
    rows = [(one, KINDS[one.state], address(request, "pack", one.number)) for one in found]
    return render(request, "partnerships/packs.html", {"rows": rows})


@either
@page("meeting.write")
def new(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Begin a pack."""
    form = PackForm(sent(request))
    return ask(
        request,
        form,
        lambda: packing.begin_pack(request.actor, **form.cleaned_data),
        title=_("Begin a council pack"),
        button=_("Begin pack"),
        done=_("The pack is there. Add its lines."),
        back=address(request, "packs"),
        onward=lambda made: address(request, "pack", made.number),
    )


@require_safe
@page("partnership.view")
def pack_page(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The pack as it would be printed, and what keeps it from leaving."""
    pack = _pack(request, number)
    lines = packing.lines_of(request.actor, pack)
    context = {
        "pack": pack,
        "kind": KINDS[PackState(pack.state)],
        "is_draft": pack.state == PackState.DRAFT,
        "is_ready": pack.state == PackState.READY,
        "sections": [
            (row, [one for one in lines if one.line.section == row["id"]])
            for row in packing.sections()
        ],
        "unfounded": packing.unfounded(lines),
        "has_lines": bool(lines),
    }
    return render(request, "partnerships/pack.html", context)


@either
@page("meeting.write")
def add_line(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """A line; what it rests on is added in its thread."""
    pack = _pack(request, number)
    section = request.GET.get("section", "")
    form = LineForm(sent(request), initial={"section": section})
    return ask(
        request,
        form,
        lambda: packing.add_line(request.actor, pack, **form.cleaned_data),
        title=_("Add a line to the pack"),
        button=_("Add line"),
        done=_("The line is saved. Say in its thread which finding it rests on."),
        back=address(request, "pack", number),
    )


@require_POST
@page("meeting.write")
def remove_line(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Take a line out."""
    line: PackLine = one_of(PackLine.objects.of(request.workspace).select_related("pack"), pk=pk)
    return take_step(
        request,
        lambda: packing.remove_line(request.actor, line),
        done=_("The line is removed."),
        back=address(request, "pack", line.pack.number),
    )


@require_POST
@page("meeting.write")
def move(request: WorkspaceRequest, workspace: str, number: int, step: str) -> HttpResponse:
    """Make the pack ready, take it back, or mark it as presented."""
    name = step.replace("-", "_")
    if name not in STEPS:
        raise Http404
    pack = _pack(request, number)
    return take_step(
        request,
        lambda: packing.move_pack(request.actor, pack, name),
        done=STEPS[name],
        back=address(request, "pack", number),
    )


def _pack(request: WorkspaceRequest, number: int) -> CouncilPack:
    found: CouncilPack = one_of(packing.packs_of(request.workspace), number=number)
    return found
