"""Pages about the organisations of a workspace."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from commonlight.web.accounts.happenings import tell
from commonlight.web.policy import page
from commonlight.web.workspaces.asking import WorkspaceRequest
from commonlight.web.workspaces.models import Organisation
from commonlight.web.workspaces.people.forms import OrganisationForm

__all__ = ["add_organisation", "change_organisation"]


@page("people.manage")
def add_organisation(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """A new partner."""
    return _form(request, Organisation(workspace=request.workspace))


@page("people.manage")
def change_organisation(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Another name, kind or public contact."""
    found = Organisation.objects.of(request.workspace)
    return _form(request, get_object_or_404(found, pk=pk))


def _form(request: WorkspaceRequest, organisation: Organisation) -> HttpResponse:
    is_new = organisation.pk is None
    form = OrganisationForm(request.POST or None, instance=organisation)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            saved = form.save()
            action = "organisation.add" if is_new else "organisation.change"
            tell(request.actor, action, saved, changed=sorted(form.changed_data))
        messages.success(request, _("The organisation is saved."))
        return redirect("workspaces:people", workspace=request.workspace.slug)
    context = {"form": form, "is_new": is_new}
    return render(request, "workspaces/people/organisation.html", context)
