"""The partnership of the demo city: who belongs to it, and what each brings."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from commonlight.web.accounts.models import User
from commonlight.web.data.models import DataSet
from commonlight.web.demo.people import ACCOUNTS, PEOPLE
from commonlight.web.workspaces.models import Membership, Organisation, Space, Workspace

__all__ = ["SOURCES", "DemoSource", "make_partnership"]


@dataclass(frozen=True, kw_only=True)
class DemoSource:
    """One data set of the demo: its file, its owner and who looks after it."""

    slug: str
    name: str
    kind: str
    owner: str
    steward: str
    file: str
    mapping: str = ""
    codebook: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    crs: str = ""
    noun: str = ""
    witness: str = "statistics"
    is_public: bool = False
    description: str = ""
    every_days: int | None = None
    due_in_days: int = 20


SOURCES = (
    DemoSource(
        slug="areas",
        name="Quarters",
        kind="areas",
        owner="municipality",
        steward="coordinator",
        file="simulated_areas.geojson",
        columns={"code": "area_code", "name": "area_name"},
        noun="quarters",
        is_public=True,
        description="The quarters of the city with their boundaries.",
    ),
    DemoSource(
        slug="residents",
        name="Residents by quarter",
        kind="population",
        owner="municipality",
        steward="coordinator",
        file="simulated_population.csv",
        columns={"area": "area_code", "count": "persons"},
        is_public=True,
        description="Residents at the end of 2023.",
        every_days=365,
        due_in_days=-12,
    ),
    DemoSource(
        slug="residents-by-group",
        name="Residents by sex and age",
        kind="population",
        owner="municipality",
        steward="coordinator",
        file="simulated_residents.csv",
        columns={"area": "area_code", "count": "adults"},
        is_public=True,
        description="Adults by quarter, sex and age, to compare with those who answered.",
        every_days=365,
        due_in_days=200,
    ),
    DemoSource(
        slug="streets",
        name="Streets",
        kind="streets",
        owner="municipality",
        steward="coordinator",
        file="simulated_streets.geojson",
        columns={"identifier": "segment"},
        is_public=True,
        description="The lines of the streets.",
    ),
    DemoSource(
        slug="recorded-crime",
        name="Recorded incidents",
        kind="incidents",
        owner="police",
        steward="analyst",
        file="simulated_incidents.csv",
        mapping="incidents.toml",
        noun="incidents",
        witness="police",
        description="What the police recorded from 2023 to 2025.",
        every_days=30,
    ),
    DemoSource(
        slug="residents-survey",
        name="Residents’ survey",
        kind="answers",
        owner="municipality",
        steward="coordinator",
        file="simulated_survey.csv",
        mapping="survey.toml",
        codebook="survey-codebook.toml",
        noun="residents",
        witness="survey",
        description="How safe residents feel, what they lived through, and how they see it.",
        every_days=365,
        due_in_days=200,
    ),
    DemoSource(
        slug="residents-reports",
        name="Citizen reports",
        kind="reports",
        owner="municipality",
        steward="coordinator",
        file="simulated_reports.csv",
        mapping="reports.toml",
        noun="citizen reports",
        witness="residents",
        description="What residents sent in through the city’s service.",
        every_days=30,
    ),
    DemoSource(
        slug="site-visits",
        name="Site visits",
        kind="visits",
        owner="ngo",
        steward="partner",
        file="simulated_visits.csv",
        mapping="visits.toml",
        noun="observations",
        witness="site",
        description="What teams saw on exploratory walks.",
        every_days=180,
        due_in_days=60,
    ),
)
ORGANISATIONS = {
    "municipality": ("City of Lindhafen", "City hall, Market square 1"),
    "police": ("Lindhafen Police", "Police headquarters, Harbour road 5"),
    "ngo": ("Youth Work Lindhafen", ""),
    "research": ("University of Lindhafen", ""),
    "social_service": ("Social Services Lindhafen", "Office of youth and family"),
    "transport": ("Lindhafen Transport", "Customer centre, Central station"),
    "school": ("Southern District School Lindhafen", ""),
    "business": ("Traders’ Association Lindhafen", ""),
    "residents": ("Residents’ Council South Lindhafen", "Neighbourhood house, open hour"),
}


def make_partnership(city: str) -> SimpleNamespace:
    """The workspace with its organisations, people, a space and the empty data sets."""
    workspace = Workspace.objects.create(
        slug="lindhafen",
        name="Safer Lindhafen",
        city=city,
        country="DE",
        time_zone="Europe/Berlin",
        crs="EPSG:25832",
        is_simulated=True,
    )
    elsewhere = Workspace.objects.create(
        slug="fernstadt",
        name="Safer Fernstadt",
        city="Fernstadt (simulated)",
        country="DE",
        time_zone="Europe/Berlin",
        is_simulated=True,
    )
    organisations = {
        kind: Organisation.objects.create(
            workspace=workspace, kind=kind, name=name, public_contact=contact
        )
        for kind, (name, contact) in ORGANISATIONS.items()
    }
    foreign = Organisation.objects.create(
        workspace=elsewhere, kind="municipality", name="City of Fernstadt"
    )
    members = {}
    for person in PEOPLE:
        home = foreign if person.city == "fernstadt" else organisations[person.organisation]
        members[person.key] = _member(person, home)
    for account in ACCOUNTS:
        members[account.key] = _member(account, organisations[account.organisation])
    Space.objects.create(
        workspace=workspace,
        slug="data",
        name="Data space",
        description="Where the partners’ data sets stand.",
    )
    partnership = SimpleNamespace(
        workspace=workspace, organisations=organisations, members=members, datasets={}
    )
    for source in SOURCES:
        partnership.datasets[source.slug] = _dataset(partnership, source)
    return partnership


def _member(person: Any, organisation: Organisation) -> Membership:
    user = User.objects.create_user(person.email, name=person.name, is_simulated=True)
    member: Membership = Membership.objects.create(
        workspace=organisation.workspace,
        user=user,
        organisation=organisation,
        role=person.role,
        is_signatory=person.key != "decision_maker",
    )
    return member


def _dataset(partnership: SimpleNamespace, source: DemoSource) -> DataSet:
    made: DataSet = DataSet.objects.create(
        workspace=partnership.workspace,
        slug=source.slug,
        name=source.name,
        kind=source.kind,
        owner=partnership.organisations[source.owner],
        steward=partnership.members[source.steward],
        description=source.description,
        noun=source.noun,
        witness=source.witness,
        publisher=partnership.workspace.city,
        licence="Simulated data, free to use",
        is_public=source.is_public,
        is_sensitive=not source.is_public,
        delivery_every_days=source.every_days,
        created_by=partnership.members[source.steward],
    )
    return made
