"""The city profile: how it is here, field by field."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.knowledge.domain.profile import profile_of, save_profile, transfer_fields
from commonlight.web.knowledge.forms.linking import ProfileForm
from commonlight.web.policy import WorkspaceRequest, page

__all__ = ["change", "profile"]


@require_safe
@page("knowledge.view")
def profile(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What is known of the city; a field that nobody answered says unknown."""
    known = profile_of(request.actor)
    rows = [(one, known.get(one.id)) for one in transfer_fields()]
    context = {"rows": rows, "language": request.workspace.language}
    return render(request, "knowledge/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page("knowledge.add")
def change(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Say how it is here."""
    known = profile_of(request.actor)
    form = ProfileForm(
        request.POST if request.method == "POST" else None,
        initial={name: one.text for name, one in known.items()},
    )
    back = reverse("knowledge:profile", args=[workspace])
    if request.method == "POST" and form.is_valid():
        changed = save_profile(request.actor, form.cleaned_data)
        if changed:
            messages.success(request, _("The profile is saved. New passports begin with it."))
        else:
            messages.info(request, _("Nothing was changed."))
        return redirect(back)
    return render(request, "knowledge/profile_form.html", {"form": form, "back_url": back})
