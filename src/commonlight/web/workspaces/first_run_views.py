"""The page of the first run."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from commonlight.web.accounts.creation import sign_in_first
from commonlight.web.policy import open_page
from commonlight.web.workspaces.first_run import SetUpDoneError, is_right_code, set_up
from commonlight.web.workspaces.settings_forms import SetUpForm

__all__ = ["first_run"]


@open_page
def first_run(request: HttpRequest, code: str) -> HttpResponse:
    """Make the first coordinator and workspace; there is no such page afterwards."""
    if not is_right_code(code):
        raise Http404
    form = SetUpForm(request.POST or None, initial={"language": get_language()})
    if request.method != "POST" or not form.is_valid():
        return render(request, "workspaces/set_up.html", {"form": form})
    try:
        user, workspace = set_up(form.cleaned_data)
    except SetUpDoneError as error:
        raise Http404 from error
    sign_in_first(request, user)
    return redirect("workspaces:overview", workspace=workspace.slug)
