"""The names of the things and persons that events point to, fetched for a page at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from commonlight.web.accounts.models import User
from commonlight.web.eventlog.models import Event
from commonlight.web.policy import Actor
from commonlight.web.workspaces.enums import Role
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["number_people_with", "people_of", "person_name", "person_names", "thing_names"]

NAME_FIELDS = {
    "agreements.agreement": "title",
    "assessment.strategy": "title",
    "audits.auditplan": "title",
    "audits.release": "title",
    "data.dataset": "name",
    "design.concept": "name",
    "design.workshop": "title",
    "partnerships.meeting": "title",
    "partnerships.task": "activity",
    "problems.problem": "title",
    "workspaces.organisation": "name",
    "workspaces.space": "name",
}
"""Kinds of things that have a name which is not about a person."""

PeopleOf = Callable[[str, list[Event]], Mapping[int, int | None]]
_numbering: list[PeopleOf] = []


def number_people_with(function: PeopleOf) -> None:
    """Say who stands behind the numbers of events that came from another installation.

    The function is given a chain and events, and returns the person's number here by the
    event's number; None where that person has no account here.
    """
    _numbering[:] = [function]


def thing_names(workspace: Any, events: Iterable[Event]) -> dict[tuple[str, str], str]:
    """What each thing is called, or its kind and number; one query a kind."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for event in events:
        if event.thing_kind:
            wanted[event.thing_kind].add(event.thing_id)
    return {
        (kind, key): text
        for kind, keys in wanted.items()
        for key, text in _named(workspace, kind, keys).items()
    }


def people_of(chain: str, events: list[Event]) -> dict[int, int | None]:
    """The person's number in this installation, by the number of the event."""
    own: dict[int, int | None] = {event.number: event.actor_id for event in events}
    return {**own, **_numbering[0](chain, events)} if _numbering else own


def person_names(actor: Actor, numbers: Iterable[int | None]) -> dict[int, str]:
    """Names for the coordinator, as long as the account exists."""
    if actor.role != Role.COORDINATOR:
        return {}
    wanted = {number for number in numbers if number is not None}
    found = User.objects.filter(pk__in=wanted, is_active=True).values_list("pk", "name")
    return {number: name for number, name in found if name}


def person_name(event: Event, number: int | None, names: Mapping[int, str]) -> str:
    """Who did it: a name, a number, or the system."""
    if event.actor_kind == "system":
        return _("the system")
    if number is None:
        return _("an account that is not here")
    return names.get(number) or _("person %(number)s") % {"number": number}


def _named(workspace: Any, kind: str, keys: set[str]) -> dict[str, str]:
    model = _model(kind)
    if model is None:
        return {key: f"{kind} {key}" for key in keys}
    label = capfirst(model._meta.verbose_name)
    named = {key: _("%(kind)s %(number)s") % {"kind": label, "number": key} for key in keys}
    field = NAME_FIELDS.get(kind)
    if field and issubclass(model, WorkspaceModel) and workspace is not None:
        numbers = [key for key in keys if key.isdigit()]
        rows = model.objects.of(workspace).filter(pk__in=numbers).values_list("pk", field)
        named.update({str(key): _("“%(name)s”") % {"name": name} for key, name in rows})
    return named


def _model(kind: str) -> type[Model] | None:
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None
