"""Settings of a workspace."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from commonlight.web.accounts.happenings import tell
from commonlight.web.policy import page
from commonlight.web.workspaces.asking import WorkspaceRequest
from commonlight.web.workspaces.models import Workspace
from commonlight.web.workspaces.settings_forms import LookForm, SettingsForm

__all__ = ["look", "settings"]


@page("workspace.configure")
def settings(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Name, place, language, roles that need a second factor."""
    kept = Workspace.objects.get(pk=request.workspace.pk)
    form = SettingsForm(request.POST or None, instance=kept)
    if request.method == "POST" and form.is_valid():
        _save(request, form.save(commit=False), changed=sorted(form.changed_data))
        return redirect("workspaces:settings", workspace=workspace)
    return render(request, "workspaces/settings.html", {"form": form})


@page("workspace.configure")
def look(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Colours and logo."""
    theme = request.workspace.theme
    form = LookForm(request.POST or None, request.FILES or None, theme=theme)
    if request.method == "POST" and form.is_valid():
        kept = Workspace.objects.get(pk=request.workspace.pk)
        kept.theme = form.chosen()
        _save(request, kept, changed=["theme"])
        return redirect("workspaces:look", workspace=workspace)
    return render(request, "workspaces/look.html", {"form": form})


@transaction.atomic
def _save(request: WorkspaceRequest, workspace: Workspace, *, changed: list[str]) -> None:
    workspace.save()
    tell(request.actor, "workspace.configure", workspace, changed=changed)
    messages.success(request, _("The settings are saved."))
