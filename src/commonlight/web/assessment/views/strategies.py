"""Strategies, their texts, the models, and the beginning of an assessment."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from commonlight.web.assessment.domain.documents_elsewhere import name_document, withdraw_document
from commonlight.web.assessment.domain.finding import strategies_of
from commonlight.web.assessment.domain.joining import join_to_those_before
from commonlight.web.assessment.domain.security_model import BUILT_IN, built_in_text, read_model
from commonlight.web.assessment.domain.starting import (
    add_text,
    begin_assessment,
    bring_strategy,
    keep_built_in,
    keep_model,
    models_of,
)
from commonlight.web.assessment.forms.reading import ReasonForm
from commonlight.web.assessment.forms.starting import (
    AssessForm,
    DocumentForm,
    ModelForm,
    StrategyForm,
    TextForm,
)
from commonlight.web.assessment.models import KeptModel, Strategy
from commonlight.web.assessment.views.frame import (
    ERRORS,
    address,
    assessment_page,
    either,
    go_back,
    sent_form,
    strategy_page,
)
from commonlight.web.policy import WorkspaceRequest, decide, page

__all__ = [
    "add_version",
    "assess",
    "document",
    "index",
    "join_ticked",
    "load_model",
    "model",
    "model_file",
    "models",
    "new",
    "strategy",
    "withdraw",
]

ON_A_PAGE = 25


@require_safe
@page("assessment.view")
def index(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """All strategies with their assessments."""
    shown = Paginator(strategies_of(request.actor), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, _editions(request, one)) for one in shown]
    return render(request, "assessment/list.html", {"rows": rows, "shown": shown})


@either
@page("assessment.manage")
def new(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Bring a strategy in and begin to assess it."""
    form = sent_form(request, StrategyForm, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            made = _brought(request, form.cleaned_data)
        except ERRORS as error:
            form.add_error("text", str(error))
        else:
            messages.success(request, _("The strategy is in. Look at how the text was cut."))
            return redirect(address(made, "cut"))
    back = reverse("assessment:list", args=[workspace])
    return render(request, "assessment/new.html", {"form": form, "back_url": back})


@require_safe
@page("assessment.view")
def strategy(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """One strategy: versions of its text, assessments, documents that speak to it."""
    found = strategy_page(request, number)
    context = {
        "strategy": found,
        "editions": _editions(request, found),
        "texts": found.texts.select_related("brought_by__organisation"),
        "documents": found.documents.select_related("added_by__organisation"),
    }
    return render(request, "assessment/strategy.html", context)


@either
@page("assessment.manage")
def add_version(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Bring a newer text in; what was assessed before keeps its own."""
    found = strategy_page(request, number, "assessment.manage")
    form = sent_form(request, TextForm)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            add_text(request.actor, found, text=given["text"], file_name=given.get("file_name", ""))
        except ERRORS as error:
            form.add_error("text", str(error))
        else:
            messages.success(request, _("The new version is in. Begin an assessment of it."))
            return redirect(_home(found))
    return _form_page(
        request, form, _home(found), _("Bring a new version of the text in"), _("Save the text")
    )


@either
@page("assessment.manage")
def assess(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Begin another assessment of the newest text."""
    found = strategy_page(request, number, "assessment.manage")
    form = sent_form(request, AssessForm, actor=request.actor, authors=found.authors.all())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            chosen = _model(request, given["model"])
            made = begin_assessment(
                request.actor, found, model=chosen, assessors=given["assessors"]
            )
        except ERRORS as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The assessment has begun."))
            return redirect(address(made, "cut"))
    return _form_page(
        request, form, _home(found), _("Assess this strategy anew"), _("Begin the assessment")
    )


@either
@page("assessment.assess")
def document(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Name a document that lies elsewhere."""
    found = strategy_page(request, number, "assessment.assess")
    form = sent_form(request, DocumentForm)
    if request.method == "POST" and form.is_valid():
        name_document(request.actor, found, **form.cleaned_data)
        messages.success(request, _("The document is named. You can link it to claims now."))
        return go_back(request, _home(found))
    return _form_page(
        request, form, _home(found), _("Name a document elsewhere"), _("Save the document")
    )


@either
@page("assessment.assess")
def withdraw(request: WorkspaceRequest, workspace: str, number: int, pk: int) -> HttpResponse:
    """Withdraw a document; verdicts that rest on it alone drop at once."""
    found = strategy_page(request, number, "assessment.assess")
    chosen = found.documents.select_related("strategy").filter(pk=pk).first()
    if chosen is None:
        raise Http404
    form = sent_form(request, ReasonForm)
    if request.method == "POST" and form.is_valid():
        withdraw_document(request.actor, chosen, reason=form.cleaned_data["reason"])
        messages.success(request, _("The document is withdrawn."))
        return redirect(_home(found))
    context = {
        "form": form,
        "title": _("Withdraw the document “%(title)s”") % {"title": chosen.title},
        "button": _("Withdraw the document"),
        "is_dangerous": True,
        "consequences": [
            _("Verdicts that rest on it alone become “claimed” at once."),
            _("The document stays readable with your reason."),
        ],
        "back_url": _home(found),
    }
    return render(request, "ui/confirm.html", context)


@require_safe
@page("assessment.view")
def models(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The models that can be chosen, and those in whose versions something was assessed."""
    kept = list(KeptModel.objects.of(request.workspace))
    offered = [(one, key) for key, one, row in models_of(request.workspace) if row is None]
    return render(request, "assessment/models.html", {"offered": offered, "kept": kept})


@require_safe
@page("assessment.view")
def model(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """A model in the version that was kept."""
    kept = _kept(request, pk)
    read = read_model(kept.content, translated=not kept.is_own)
    return render(request, "assessment/model.html", {"kept": kept, "model": read})


@require_safe
@page("assessment.view")
def model_file(request: WorkspaceRequest, workspace: str, name: str) -> HttpResponse:
    """The file of a model: of the workbench by its name, or a kept one by its number."""
    text = _kept(request, int(name)).content if name.isdecimal() else _built_in(name)
    answer = HttpResponse(text, content_type="application/toml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="model-{name}.toml"'
    return answer


@either
@page("assessment.manage")
def load_model(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Load a model of the partnership's own."""
    form = sent_form(request, ModelForm)
    back = reverse("assessment:models", args=[workspace])
    if request.method == "POST" and form.is_valid():
        try:
            kept = keep_model(request.actor, form.cleaned_data["file"].read(400_000).decode())
        except UnicodeDecodeError:
            form.add_error("file", _("The letters of this file cannot be read. Save it as UTF-8."))
        except ERRORS as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("The model is loaded. You can assess by it now."))
            return redirect("assessment:model", workspace, kept.pk)
    return _form_page(request, form, back, _("Load a model of your own"), _("Load the model"))


@require_POST
@page("assessment.manage")
def join_ticked(
    request: WorkspaceRequest, workspace: str, number: int, edition: int
) -> HttpResponse:
    """Join each ticked sentence with the one before it."""
    found = assessment_page(request, number, edition, "assessment.manage")
    keys = {int(one) for one in request.POST.getlist("claim") if one.isdecimal()}
    try:
        count = join_to_those_before(request.actor, found, keys)
    except ERRORS as error:
        messages.error(request, str(error))
    else:
        text = ngettext(
            "%(count)d sentence was joined with the one before it.",
            "%(count)d sentences were joined with the ones before them.",
            count,
        )
        if count:
            messages.success(request, text % {"count": count})
        else:
            messages.error(request, _("Tick the sentences that belong to the one before."))
    return redirect(address(found, "cut"))


@transaction.atomic
def _brought(request: WorkspaceRequest, given: dict[str, Any]) -> Any:
    made = bring_strategy(
        request.actor,
        title=given["title"],
        text=given["text"],
        language=given["language"],
        authors=given["authors"],
        file_name=given.get("file_name", ""),
    )
    return begin_assessment(
        request.actor, made, model=_model(request, given["model"]), assessors=given["assessors"]
    )


def _model(request: WorkspaceRequest, key: str) -> KeptModel:
    kind, _colon, name = key.partition(":")
    return keep_built_in(request.actor, name) if kind == "built-in" else _kept(request, int(name))


def _kept(request: WorkspaceRequest, pk: int) -> KeptModel:
    found = KeptModel.objects.of(request.workspace).filter(pk=min(pk, 2**62)).first()
    if found is None:
        raise Http404
    kept: KeptModel = found
    return kept


def _built_in(name: str) -> str:
    if name not in BUILT_IN:
        raise Http404
    return built_in_text(name)


def _editions(request: WorkspaceRequest, found: Strategy) -> list[dict[str, Any]]:
    """The assessments of a strategy, each with its address where the actor may open it."""
    rows = []
    for one in found.assessments.all():
        one.strategy = found
        may = decide(request.actor, "assessment.view", one)
        name = "brief" if request.actor.role == "decision_maker" else "assessment"
        rows.append({"one": one, "may": may, "url": address(one, name) if may else ""})
    return rows


def _home(found: Strategy) -> str:
    return reverse("assessment:strategy", args=[found.workspace.slug, found.number])


def _form_page(
    request: WorkspaceRequest, form: Any, back: str, title: str, button: str
) -> HttpResponse:
    context = {"form": form, "back_url": back, "title": title, "button": button}
    return render(request, "assessment/form.html", context)
