"""Sharing agreements."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from commonlight.web.agreements.models import Agreement
from commonlight.web.api.answers.paging import Limit, Offset, Page, answers, page_of
from commonlight.web.api.answers.things import AgreementOut
from commonlight.web.api.auth import actor_in
from commonlight.web.api.convert import agreement_out
from commonlight.web.policy import Actor, decide, require

router = Router(tags=["Agreements"])


@router.get(
    "/workspaces/{workspace}/agreements",
    response=answers(Page[AgreementOut]),
    operation_id="agreements",
)
def agreements(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """The agreements that the one who asks may see, the newest first."""
    actor = actor_in(request, workspace, "agreement.view")
    rows = [one for one in _agreements(actor) if decide(actor, "agreement.view", one)]
    return page_of(rows, limit, offset, agreement_out)


@router.get(
    "/workspaces/{workspace}/agreements/{number}",
    response=answers(AgreementOut),
    operation_id="agreement",
)
def one_agreement(request: HttpRequest, workspace: str, number: int) -> dict[str, Any]:
    """One agreement."""
    actor = actor_in(request, workspace, "agreement.view")
    if not 0 <= number < 2**31:
        raise Http404
    found = _agreements(actor).filter(number=number).first()
    if found is None:
        raise Http404
    require(actor, "agreement.view", found)
    return agreement_out(found)


def _agreements(actor: Actor) -> Any:
    rows = Agreement.objects.of(actor.workspace).select_related("workspace", "created_by")
    return rows.prefetch_related("parties__organisation", "datasets")
