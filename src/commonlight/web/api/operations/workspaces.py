"""Workspaces, their organisations, members, spaces and event log."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from commonlight.web.accounts.models import User
from commonlight.web.api.answers.paging import Limit, Offset, Page, answers, page_of
from commonlight.web.api.answers.places import (
    MemberOut,
    OrganisationOut,
    SpaceOut,
    WorkspaceOut,
    member_out,
    organisation_out,
    space_out,
    workspace_out,
)
from commonlight.web.api.answers.things import EventOut
from commonlight.web.api.auth import actor_in
from commonlight.web.api.convert import event_out
from commonlight.web.eventlog.models import Event, EventKind
from commonlight.web.eventlog.record import record
from commonlight.web.policy.rules import role_actions
from commonlight.web.workspaces.actors import memberships_of
from commonlight.web.workspaces.models import Membership, Organisation
from commonlight.web.workspaces.rules import spaces_open_to

router = Router(tags=["Workspaces"])


@router.get("/workspaces", response=answers(list[WorkspaceOut]), operation_id="workspaces")
def workspaces(request: HttpRequest) -> list[Any]:
    """The workspaces of the one who asks; a token knows its own only."""
    asker: Any = request.auth  # type: ignore[attr-defined]
    if isinstance(asker, User):
        rows = memberships_of(asker)
        return [workspace_out(one, sorted(role_actions(one.role))) for one in rows]
    allowed = role_actions(asker.role) & (asker.scopes or frozenset())
    return [workspace_out(asker.membership, sorted(allowed))]


@router.get("/workspaces/{workspace}", response=answers(WorkspaceOut), operation_id="workspace")
def one_workspace(request: HttpRequest, workspace: str) -> dict[str, Any]:
    """One workspace."""
    actor = actor_in(request, workspace, "workspace.view")
    allowed = role_actions(actor.role or "")
    chosen = allowed if actor.scopes is None else allowed & actor.scopes
    return workspace_out(actor.membership, sorted(chosen))


@router.get(
    "/workspaces/{workspace}/organisations",
    response=answers(Page[OrganisationOut]),
    operation_id="organisations",
)
def organisations(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """The partner organisations."""
    actor = actor_in(request, workspace, "people.view")
    return page_of(Organisation.objects.of(actor.workspace), limit, offset, organisation_out)


@router.get(
    "/workspaces/{workspace}/members", response=answers(Page[MemberOut]), operation_id="members"
)
def members(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """The members of today; addresses are not told."""
    actor = actor_in(request, workspace, "people.view")
    rows = Membership.objects.of(actor.workspace).filter(ended_at=None)
    rows = rows.select_related("user", "organisation").order_by("organisation__name", "pk")
    return page_of(rows, limit, offset, member_out)


@router.get(
    "/workspaces/{workspace}/spaces", response=answers(Page[SpaceOut]), operation_id="spaces"
)
def spaces(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """The spaces that the one who asks may enter."""
    actor = actor_in(request, workspace, "space.view")
    return page_of(spaces_open_to(actor), limit, offset, space_out)


@router.get(
    "/workspaces/{workspace}/events", response=answers(Page[EventOut]), operation_id="events"
)
def events(
    request: HttpRequest,
    workspace: str,
    kind: Annotated[EventKind | None, Query(description="Only events of this kind.")] = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    """The event log, the newest first; taking it away is itself an event."""
    actor = actor_in(request, workspace, "log.view")
    rows = Event.objects.filter(chain=workspace)
    if kind is not None:
        rows = rows.filter(kind=kind)
    found = page_of(rows, limit, offset, event_out)
    record(actor, "log.export", kind="export", events=len(found["items"]))
    return found
