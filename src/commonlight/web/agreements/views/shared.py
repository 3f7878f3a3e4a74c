"""What the pages of an agreement have in common."""

from __future__ import annotations

from typing import Any

from django.http import Http404, QueryDict
from django.urls import reverse

from commonlight.web.agreements.domain.coverage import today_in
from commonlight.web.agreements.domain.finding import agreements_of, standing
from commonlight.web.agreements.models import Agreement
from commonlight.web.policy import WorkspaceRequest, require

__all__ = ["address", "asked_for", "frame", "sent"]


def asked_for(request: WorkspaceRequest, number: int, action: str = "agreement.view") -> Agreement:
    """The agreement with this number, if the actor may do this to it."""
    place: Any = request.workspace
    found = agreements_of(place).filter(number=number).first()
    if found is None:
        raise Http404
    if action != "agreement.view":
        require(request.actor, "agreement.view", found)
    require(request.actor, action, found)
    return found


def address(agreement: Agreement, name: str = "agreement", *more: Any) -> str:
    """The address of a page of the agreement."""
    return reverse(f"agreements:{name}", args=[agreement.workspace.slug, agreement.number, *more])


def frame(agreement: Agreement, **more: Any) -> dict[str, Any]:
    """What each template of an agreement is given."""
    return {
        "agreement": agreement,
        "standing": standing(agreement, today_in(agreement.workspace)),
        "home": address(agreement),
        "back_url": address(agreement),
        **more,
    }


def sent(request: WorkspaceRequest) -> QueryDict | None:
    """What a form was sent with; None where the page was only opened."""
    return request.POST if request.method == "POST" else None
