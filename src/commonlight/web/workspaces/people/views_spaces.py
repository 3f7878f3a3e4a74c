"""Pages about the spaces of a workspace."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonlight.web.accounts.happenings import tell
from commonlight.web.policy import page, require
from commonlight.web.workspaces.asking import WorkspaceRequest
from commonlight.web.workspaces.models import Space, SpaceRole
from commonlight.web.workspaces.people.forms import SpaceForm, SpaceRoleForm

__all__ = ["add_space", "change_space", "enter_space", "leave_space", "space", "spaces"]


@page("space.view")
def spaces(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """All spaces; of a closed one, others see the name and whom to ask."""
    own = _own_roles(request)
    rows = [
        {"space": one, "may_enter": one.is_open or one.pk in own or _looks_after_all(request)}
        for one in Space.objects.of(request.workspace)
    ]
    return render(request, "workspaces/people/spaces.html", {"rows": rows})


def _own_roles(request: WorkspaceRequest) -> set[int]:
    own = SpaceRole.objects.of(request.workspace).filter(membership=request.actor.membership)
    return set(own.values_list("space_id", flat=True))


def _looks_after_all(request: WorkspaceRequest) -> bool:
    return request.actor.role == "coordinator"


@page("space.view")
def space(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """What a space is for, and who may do what in it; the coordinator lets people in."""
    found = _space(request, slug)
    require(request.actor, "space.view", found)
    return _space_page(request, found, SpaceRoleForm(space=found))


@page("space.manage")
@require_POST
def enter_space(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """Let a member in."""
    found = _space(request, slug)
    require(request.actor, "space.manage", found)
    form = SpaceRoleForm(request.POST, space=found)
    if not form.is_valid():
        return _space_page(request, found, form)
    with transaction.atomic():
        role = SpaceRole.objects.create(
            workspace=request.workspace, space=found, **form.cleaned_data
        )
        member = role.membership_id
        tell(request.actor, "space.let-in", found, membership=member, role=role.role)
    messages.success(request, _("%(name)s may enter now.") % {"name": role.membership.user})
    return redirect("workspaces:space", workspace=workspace, slug=slug)


@page("space.manage")
@require_POST
def leave_space(request: WorkspaceRequest, workspace: str, slug: str, pk: int) -> HttpResponse:
    """Take a member's role in the space away."""
    found = _space(request, slug)
    require(request.actor, "space.manage", found)
    role = get_object_or_404(SpaceRole.objects.of(request.workspace), space=found, pk=pk)
    with transaction.atomic():
        tell(request.actor, "space.let-out", found, membership=role.membership_id)
        role.delete()
    messages.success(request, _("The role in this space is taken away."))
    return redirect("workspaces:space", workspace=workspace, slug=slug)


@page("space.manage")
def add_space(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """A new space."""
    return _form(request, Space(workspace=request.workspace))


@page("space.manage")
def change_space(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """Another name or purpose; open it or close it."""
    found = _space(request, slug)
    require(request.actor, "space.manage", found)
    return _form(request, found)


def _space_page(request: WorkspaceRequest, found: Space, form: SpaceRoleForm) -> HttpResponse:
    roles: Any = found.roles.select_related("membership__user", "membership__organisation")
    context = {"space": found, "roles": roles.order_by("membership__user__name"), "form": form}
    return render(request, "workspaces/people/space.html", context)


def _form(request: WorkspaceRequest, found: Space) -> HttpResponse:
    is_new = found.pk is None
    form = SpaceForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            saved = form.save()
            action = "space.add" if is_new else "space.change"
            tell(request.actor, action, saved, changed=sorted(form.changed_data))
        messages.success(request, _("The space is saved."))
        return redirect("workspaces:space", workspace=request.workspace.slug, slug=saved.slug)
    return render(request, "workspaces/people/space_form.html", {"form": form, "is_new": is_new})


def _space(request: WorkspaceRequest, slug: str) -> Space:
    found: Space = get_object_or_404(Space.objects.of(request.workspace), slug=slug)
    return found
