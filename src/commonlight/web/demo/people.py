"""The invented people of the demo city, one a role, and a stranger from another city."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = ["ACCOUNTS", "PEOPLE", "DemoPerson", "demo_person"]


@dataclass(frozen=True, kw_only=True)
class DemoPerson:
    """Somebody one can be while trying the workbench."""

    key: str
    name: str
    role: str
    organisation: str
    about: Promise | str = ""
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

# Offices that speak for an organisation; nobody can be them while trying the workbench.
ACCOUNTS = (
    DemoPerson(
        key="planning_office",
        name="City planning office",
        role="partner",
        organisation="municipality",
    ),
    DemoPerson(
        key="prevention_desk",
        name="Crime prevention desk",
        role="partner",
        organisation="police",
    ),
    DemoPerson(
        key="family_office",
        name="Office of youth and family",
        role="partner",
        organisation="social_service",
    ),
    DemoPerson(
        key="night_service",
        name="Night service planning",
        role="partner",
        organisation="transport",
    ),
    DemoPerson(
        key="school_office",
        name="School prevention office",
        role="partner",
        organisation="school",
    ),
    DemoPerson(
        key="traders_office",
        name="Traders’ association office",
        role="partner",
        organisation="business",
    ),
    DemoPerson(
        key="residents_council",
        name="Speaker’s desk of the residents’ council",
        role="partner",
        organisation="residents",
    ),
)


def demo_person(key: str) -> DemoPerson:
    """The person of that name in the list; KeyError where there is none."""
    return {person.key: person for person in PEOPLE}[key]
