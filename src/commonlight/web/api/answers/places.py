"""Workspaces, organisations, people and spaces."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema

__all__ = [
    "MemberOut",
    "OrganisationOut",
    "SpaceOut",
    "WorkspaceOut",
    "member_out",
    "organisation_out",
    "space_out",
    "workspace_out",
]


class WorkspaceOut(Schema):
    """A workspace, and what the one who asks is in it."""

    slug: str
    name: str
    city: str
    country: str
    language: str
    time_zone: str
    licence: str
    is_simulated: bool
    role: str
    organisation: str
    actions: list[str]


class OrganisationOut(Schema):
    """A partner organisation."""

    id: int
    name: str
    kind: str
    public_contact: str


class MemberOut(Schema):
    """A member, as the page of people shows her or him."""

    id: int
    name: str
    organisation: str
    role: str
    is_signatory: bool
    since: datetime


class SpaceOut(Schema):
    """A space that the one who asks may enter."""

    slug: str
    name: str
    description: str
    is_open: bool


def workspace_out(membership: Any, actions: list[str]) -> dict[str, Any]:
    """A membership as a workspace."""
    place = membership.workspace
    return {
        **{
            name: getattr(place, name) for name in WorkspaceOut.model_fields if hasattr(place, name)
        },
        "role": membership.role,
        "organisation": membership.organisation.name,
        "actions": actions,
    }


def organisation_out(one: Any) -> dict[str, Any]:
    """An organisation."""
    return {"id": one.pk, "name": one.name, "kind": one.kind, "public_contact": one.public_contact}


def member_out(one: Any) -> dict[str, Any]:
    """A membership as a member."""
    return {
        "id": one.pk,
        "name": one.user.name,
        "organisation": one.organisation.name,
        "role": one.role,
        "is_signatory": one.is_signatory,
        "since": one.started_at,
    }


def space_out(one: Any) -> dict[str, Any]:
    """A space."""
    return {
        "slug": one.slug,
        "name": one.name,
        "description": one.description,
        "is_open": one.is_open,
    }
