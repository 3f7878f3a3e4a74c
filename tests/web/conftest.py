"""A city with its partners, a stranger from elsewhere, and helpers to act as each of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

PASSWORD = "a long enough passphrase"
ROLES = ("coordinator", "analyst", "partner", "evaluator", "decision_maker")
TODAY = date.today()


@pytest.fixture(scope="session", autouse=True)
def events_give_way_between_tests() -> Any:
    """Tests that commit are cleaned up by a flush, which the guards of the event log refuse."""
    from django.db import connection

    from commonlight.web.eventlog import guards

    operations = type(connection.ops)
    flush = operations.sql_flush
    if flush.__name__ == "unguarded":
        yield
        return

    def unguarded(self: Any, *args: Any, **options: Any) -> list[str]:
        statements = flush(self, *args, **options)
        vendor = self.connection.vendor
        guarded = [*guards.removing(vendor), *statements, *guards.installing(vendor)]
        return guarded if statements else []

    operations.sql_flush = unguarded
    yield
    operations.sql_flush = flush


@pytest.fixture(scope="session", autouse=True)
def static_files_are_listed_once() -> Any:
    """Each client has middleware of its own, which else looks through all static folders anew."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    look, listed = WhiteNoiseMiddleware.add_files_from_finders, {}

    def look_once(self: Any) -> None:
        terms = (self.static_prefix, self.max_age)
        if terms not in listed:
            look(self)
            listed[terms] = dict(self.files)
        self.files.update(listed[terms])

    WhiteNoiseMiddleware.add_files_from_finders = look_once
    yield
    WhiteNoiseMiddleware.add_files_from_finders = look


@pytest.fixture(autouse=True)
def language_of_the_source() -> Any:
    """A test that asks for a page in another language leaves none behind."""
    from django.utils import timezone, translation

    yield
    translation.deactivate()
    timezone.deactivate()


def _walkers() -> list[Any]:
    """What each app says of its addresses, an app after those whose things it needs."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("walk/*_walk.py")):
        found[path.stem.removesuffix("_walk")] = import_module(f"web.walk.{path.stem}")
    order = TopologicalSorter({name: getattr(one, "AFTER", ()) for name, one in found.items()})
    return [found[name] for name in order.static_order()]


@pytest.fixture(scope="session")
def walkers() -> list[Any]:
    """What each app says of its addresses; see walk/README.md."""
    return _walkers()


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    """The folder of the installation."""
    settings.COMMONLIGHT_HOME = tmp_path / "home"
    return settings.COMMONLIGHT_HOME


@pytest.fixture
def city(db: None, home: Path) -> SimpleNamespace:
    """The workspace of Lakeside, with four organisations; and the one of Elsewhere."""
    from commonlight.web.workspaces.models import Organisation, Workspace

    lakeside = Workspace.objects.create(slug="lakeside", name="Safer Lakeside", city="Lakeside")
    elsewhere = Workspace.objects.create(slug="elsewhere", name="Elsewhere", city="Elsewhere")

    def organisation(workspace: Any, name: str, kind: str) -> Any:
        return Organisation.objects.create(workspace=workspace, name=name, kind=kind)

    return SimpleNamespace(
        workspace=lakeside,
        elsewhere=elsewhere,
        municipality=organisation(lakeside, "City of Lakeside", "municipality"),
        police=organisation(lakeside, "Lakeside Police", "police"),
        youth_work=organisation(lakeside, "Youth Work Lakeside", "ngo"),
        university=organisation(lakeside, "Lakeside University", "research"),
        foreign=organisation(elsewhere, "City of Elsewhere", "municipality"),
    )


@pytest.fixture
def people(city: SimpleNamespace) -> dict[str, Any]:
    """One person a role, and a stranger who coordinates another city."""
    from commonlight.web.accounts.models import User
    from commonlight.web.workspaces.models import Membership

    homes = {
        "coordinator": city.municipality,
        "analyst": city.police,
        "partner": city.youth_work,
        "evaluator": city.university,
        "decision_maker": city.municipality,
        "stranger": city.foreign,
    }
    found = {}
    for role, organisation in homes.items():
        user = User.objects.create_user(f"{role}@example.org", PASSWORD, name=role.title())
        Membership.objects.create(
            workspace=organisation.workspace,
            user=user,
            organisation=organisation,
            role="coordinator" if role == "stranger" else role,
            is_signatory=True,
        )
        found[role] = user
    return found


@pytest.fixture
def nothing_kept(settings: Any) -> None:
    """Everything is put together anew: for tests that count, or that go behind the log."""
    settings.COMMONLIGHT_KEEPS_PAGES = False


@pytest.fixture
def client_of(people: dict[str, Any]) -> Callable[[str], Client]:
    """A browser without script in which the person of that role has signed in."""

    def make(role: str) -> Client:
        client = Client()
        if role != "anonymous":
            client.force_login(
                people[role], backend="allauth.account.auth_backends.AuthenticationBackend"
            )
        return client

    return make


@pytest.fixture
def actor_of(people: dict[str, Any], city: SimpleNamespace) -> Callable[[str], Any]:
    """The actor of that role in its own workspace."""
    from commonlight.web.workspaces.actors import actor_for

    def make(role: str) -> Any:
        place = city.elsewhere if role == "stranger" else city.workspace
        return actor_for(people[role], place)

    return make


@pytest.fixture
def dataset(city: SimpleNamespace) -> Callable[..., Any]:
    """A data set of the police, without a version unless one is asked for."""
    from commonlight.web.data.models import DataSet, DataVersion

    def make(slug: str = "burglary", *, version: bool = False, **fields: Any) -> Any:
        given = {"name": slug.title(), "kind": "incidents", "owner": city.police, **fields}
        made = DataSet.objects.create(workspace=city.workspace, slug=slug, **given)
        if version:
            made.current = DataVersion.objects.create(
                workspace=city.workspace,
                dataset=made,
                number=1,
                lake_version="0001-aaaaaaaa",
                digest="a" * 64,
                rows_read=10,
                rows_accepted=9,
                rows_rejected=1,
            )
            made.save()
        return made

    return make


@pytest.fixture
def signed_agreement(city: SimpleNamespace) -> Callable[..., Any]:
    """An agreement in force by which the police give to the partners named."""
    from commonlight.web.agreements.models import Agreement, AgreementParty

    def make(*datasets: Any, receivers: tuple[Any, ...] = (), **fields: Any) -> Any:
        given = {
            "number": Agreement.objects.of(city.workspace).count() + 1,
            "title": "Counts for prevention",
            "kind": "one_way",
            "purpose": "Planning of prevention",
            "legal_basis": "Local Safety Act, section 4",
            "place_detail": "area",
            "time_detail": "month",
            "starts_on": TODAY - timedelta(days=30),
            "expires_on": TODAY + timedelta(days=330),
            "state": "signed",
            **fields,
        }
        made = Agreement.objects.create(workspace=city.workspace, **given)
        for organisation, gives in [(city.police, True), *((one, False) for one in receivers)]:
            AgreementParty.objects.create(
                workspace=city.workspace,
                agreement=made,
                organisation=organisation,
                gives=gives,
                receives=not gives,
            )
        for item in datasets:
            item.agreements.add(made)
        return made

    return make
