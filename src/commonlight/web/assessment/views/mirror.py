"""The balance mirror: rows, totals, weights."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from commonlight.web.assessment.domain.counted import counted
from commonlight.web.assessment.domain.harm import harm_findings
from commonlight.web.assessment.domain.mirror import (
    MirrorError,
    choose_weights,
    keep_row,
    keep_totals,
    mirror_of,
    missing_word,
    remove_row,
)
from commonlight.web.assessment.forms.balance import RowForm, TotalsForm, WeightsForm
from commonlight.web.assessment.models import Assessment, BalanceRow
from commonlight.web.assessment.rules import fill_mirror
from commonlight.web.assessment.views.frame import (
    ERRORS,
    address,
    assessment_page,
    either,
    frame,
    sent_form,
    step_page,
)
from commonlight.web.assessment.words import balance_words
from commonlight.web.policy import Refused, WorkspaceRequest, page

__all__ = ["change_row", "mirror", "new_row", "remove", "totals", "weights"]

Request = WorkspaceRequest


@require_safe
@page("assessment.view")
def mirror(request: Request, workspace: str, number: int, edition: int) -> HttpResponse:
    """What goes where beside what is harmed and what residents name, with its flags."""
    found = assessment_page(request, number, edition)
    made = mirror_of(found, weights=request.GET.get("weights", ""))
    words = balance_words()
    titles = {one["id"]: one for one in (*words["resource"], *words["measure"])}
    sources = _sources(made)
    context = frame(
        found,
        here="mirror",
        mirror=made,
        rows=[
            (
                row.row,
                [
                    (*cell, sources.get(_source(cell), 0), words["text"][missing_word(*cell[:2])])
                    for cell in row.cells
                ],
            )
            for row in made.rows
        ],
        sources=list(sources),
        words=words,
        titles=list(titles.values()),
        profiles={one["id"]: one["title"] for one in words["profile"]},
        may=fill_mirror(request.actor, found),
        weights_form=WeightsForm(sets=made.weight_sets, initial={"weights": made.weights}),
    )
    return render(request, "assessment/mirror.html", context)


def _sources(made: Any) -> dict[str, int]:
    """Each source of the mirror with its number, in the order of the table."""
    told = (_source(cell) for row in made.rows for cell in row.cells)
    return {text: number for number, text in enumerate(dict.fromkeys(filter(None, told)), start=1)}


def _source(cell: Any) -> str:
    """Where the figure of a cell comes from; empty where there is none."""
    _what, figure, _share = cell
    return str(figure.source) if figure is not None and figure.value is not None else ""


@either
@page("assessment.assess")
def new_row(request: Request, workspace: str, number: int, edition: int) -> HttpResponse:
    """A new row of the mirror."""
    return _row_page(request, _fillable(request, number, edition), None)


@either
@page("assessment.assess")
def change_row(
    request: Request, workspace: str, number: int, edition: int, row: int
) -> HttpResponse:
    """New figures for a row."""
    found = _fillable(request, number, edition)
    return _row_page(request, found, _row(found, row))


@either
@page("assessment.assess")
def remove(request: Request, workspace: str, number: int, edition: int, row: int) -> HttpResponse:
    """Take a row out."""
    found = _fillable(request, number, edition)
    chosen = _row(found, row)
    return step_page(
        request,
        lambda: remove_row(request.actor, chosen),
        after=address(found, "mirror"),
        done=_("The row is gone."),
        title=_("Remove “%(title)s” from the mirror") % {"title": chosen.title},
        button=_("Remove the row"),
        is_dangerous=True,
        consequences=[_("Its figures go with it. They cannot be brought back.")],
    )


@either
@page("assessment.assess")
def totals(request: Request, workspace: str, number: int, edition: int) -> HttpResponse:
    """The whole of each resource."""
    found = _fillable(request, number, edition)
    form = sent_form(request, TotalsForm, totals=found.totals.all())
    back = address(found, "mirror")
    if request.method == "POST" and form.is_valid():
        try:
            keep_totals(request.actor, found, form.totals())
        except MirrorError as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("The totals are saved."))
            return redirect(back)
    context = frame(found, form=form, title=_("Totals"), button=_("Save the totals"))
    return render(request, "assessment/form.html", context | {"back_url": back})


@require_POST
@page("assessment.assess")
def weights(request: Request, workspace: str, number: int, edition: int) -> HttpResponse:
    """Under which set of weights harm is shown."""
    found = _fillable(request, number, edition)
    form = WeightsForm(request.POST, sets=mirror_of(found).weight_sets)
    if form.is_valid():
        choose_weights(request.actor, found, form.cleaned_data["weights"])
    else:
        messages.error(request, _("Choose one of the sets of weights."))
    return redirect(address(found, "mirror"))


def _fillable(request: Request, number: int, edition: int) -> Assessment:
    """The assessment, if the actor may fill its mirror in."""
    found = assessment_page(request, number, edition)
    decision = fill_mirror(request.actor, found)
    if not decision:
        raise Refused("assessment.assess", decision)
    return found


def _row(found: Assessment, number: int) -> BalanceRow:
    row = (
        found.rows.filter(number=number)
        .select_related("problem__workspace")
        .prefetch_related("figures")
        .first()
    )
    if row is None:
        raise Http404
    row.assessment = found
    chosen: BalanceRow = row
    return chosen


def _row_page(request: Request, found: Assessment, row: BalanceRow | None) -> HttpResponse:
    harm = harm_findings(request.actor)
    form = sent_form(request, RowForm, workspace=request.workspace, harm=harm, row=row)
    back = address(found, "mirror")
    if request.method == "POST" and form.is_valid():
        try:
            _keep(request, found, row, form)
        except MirrorError as error:
            form.add_error(f"{error.field}_value", str(error))
        except ERRORS as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The row is saved."))
            return redirect(back)
    title = _("Change “%(title)s”") % {"title": row.title} if row else _("Add a problem")
    known = counted(row.problem) if row is not None and row.problem else None
    context = frame(found, form=form, title=title, harm=harm, row=row, counted=known)
    return render(request, "assessment/row.html", context | {"back_url": back})


def _keep(request: Request, found: Assessment, row: BalanceRow | None, form: Any) -> None:
    given = form.cleaned_data
    keep_row(
        request.actor,
        found,
        row=row,
        title=given["title"],
        profile=given["profile"],
        problem=given["problem"],
        figures=form.figures(),
    )
