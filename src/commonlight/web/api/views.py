"""Pages about the interface: one's tokens, and what programs can ask."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.api.description import operations_of
from commonlight.web.api.forms import TokenForm
from commonlight.web.api.problems import problem
from commonlight.web.api.service import api
from commonlight.web.api.tokens import make_token, own_tokens, revoke_token
from commonlight.web.api.words import scope_words
from commonlight.web.policy import WorkspaceRequest, open_page, page

__all__ = ["description", "document", "nothing", "revoke", "tokens"]


NEW = "new_token"


@never_cache
@page("token.manage")
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("text")
def tokens(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """One's own tokens; a new one is shown once, and then forgotten."""
    actor = request.actor
    form = TokenForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        made, text = make_token(actor, **form.cleaned_data)
        request.session[NEW] = {"text": text, "pk": made.pk}
        return redirect("api:tokens", workspace=workspace)
    rows = [(one, [scope_words(scope) for scope in one.scopes]) for one in own_tokens(actor)]
    context = {"form": form, "rows": rows, "new": request.session.pop(NEW, None)}
    return render(request, "api/tokens.html", context)


@page("token.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Ask once, then end a token."""
    actor = request.actor
    token = own_tokens(actor).filter(pk=pk).first()
    if token is None:
        raise Http404
    if request.method == "POST":
        revoke_token(actor, token)
        return redirect("api:tokens", workspace=workspace)
    context = {
        "title": _("Revoke the token “%(name)s”?") % {"name": token.name},
        "consequences": [
            _("Programs that use it are refused at once."),
            _("This cannot be undone."),
        ],
        "button": _("Revoke token"),
        "is_dangerous": True,
        "back_url": reverse("api:tokens", kwargs={"workspace": workspace}),
    }
    return render(request, "ui/confirm.html", context)


@require_safe
@open_page
def description(request: HttpRequest) -> HttpResponse:
    """What programs can ask, made from the OpenAPI document."""
    return render(request, "api/description.html", _described())


@require_safe
@open_page
def document(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document, for programs that write programs."""
    return HttpResponse(_document_text(), content_type="application/json")


@cache
def _described() -> dict[str, Any]:
    """The document as the page needs it; it is the same as long as the process lives."""
    document = api.get_openapi_schema()
    return {"info": document["info"], "tags": operations_of(document)}


@cache
def _document_text() -> str:
    return json.dumps(api.get_openapi_schema(), indent=1, cls=DjangoJSONEncoder)


@csrf_exempt
@open_page
def nothing(request: HttpRequest) -> HttpResponse:
    """Below the interface, a wrong address is a problem as well."""
    return problem(404, _("There is nothing at this address, or it is not for you."))
