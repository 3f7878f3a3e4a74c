"""The invented people of the demo city, one a role, and a stranger from another city."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = ["PEOPLE", "DemoPerson", "demo_person"]


@dataclass(frozen=True, kw_only=True)
class DemoPerson:
    """Somebody one can be while trying the workbench."""

    key: str
    name: str
    role: str
    organisation: str
    about: Promise | str
    city: str = "lindhafen"

    @property
    def email(self) -> str:
        """An address that cannot exist."""
        return f"{self.key.replace('_', '.')}@{self.city}.example"


PEOPLE = (
    DemoPerson(
        key="coordinator",
        name="Ida Brandt",
        role="coordinator",
        organisation="municipality",
        about=_("Prevention coordinator of the city, without an analyst of her own."),
    ),
    DemoPerson(
        key="analyst",
        name="Jonas Meer",
        role="analyst",
        organisation="police",
        about=_("Police analyst who brings a raw export."),
    ),
    DemoPerson(
        key="partner",
        name="Samira Okafor",
        role="partner",
        organisation="ngo",
        about=_("Youth worker of a small organisation, with a phone and little time."),
    ),
    DemoPerson(
        key="evaluator",
        name="Piet Larsson",
        role="evaluator",
        organisation="research",
        about=_("Evaluator who wants to see what went into each number."),
    ),
    DemoPerson(
        key="decision_maker",
        name="Clara Winter",
        role="decision_maker",
        organisation="municipality",
        about=_("Deputy mayor with fifteen minutes before the council."),
    ),
    DemoPerson(
        key="stranger",
        name="Tom Weiler",
        role="coordinator",
        organisation="municipality",
        city="fernstadt",
        about=_("Coordinator of another city, who must see nothing of this one."),
    ),
)


def demo_person(key: str) -> DemoPerson:
    """The person of that name in the list; KeyError where there is none."""
    return {person.key: person for person in PEOPLE}[key]
