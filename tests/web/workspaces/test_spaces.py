"""Spaces: open ones for all members, closed ones for those who were let in."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonlight.web.eventlog.models import Event
from commonlight.web.workspaces.models import Space, SpaceRole


@pytest.fixture
def closed_space(city):
    return Space.objects.create(
        workspace=city.workspace, slug="night", name="Night work", description="x", is_open=False
    )


def test_a_space_is_made_with_a_short_name_of_its_own(client_of, city):
    client = client_of("coordinator")
    given = {"name": "Around the station", "description": "", "is_open": "on"}
    client.post("/w/lakeside/spaces/add/", given)
    made = Space.objects.of(city.workspace).get()
    assert made.slug == "around-the-station"
    client.post("/w/lakeside/spaces/add/", {**given, "name": "Around-the Station!"})
    assert Space.objects.of(city.workspace).filter(slug="around-the-station-2").exists()
    page = client.post("/w/lakeside/spaces/add/", given).content.decode()
    assert "of this name already" in page
    client.post("/w/lakeside/spaces/add/", {**given, "name": "広場"})
    assert Space.objects.of(city.workspace).filter(name="広場").exists()


def test_a_closed_space_is_for_those_let_in(client_of, closed_space, people, city):
    address = "/w/lakeside/spaces/night/"
    partner = client_of("partner")
    refused = partner.get(address)
    assert refused.status_code == 403
    assert "closed" in refused.content.decode()
    assert "Ask the coordinator" in partner.get("/w/lakeside/spaces/").content.decode()
    member = people["partner"].memberships.get()
    coordinator = client_of("coordinator")
    coordinator.post(f"{address}roles/", {"membership": member.pk, "role": "reader"})
    assert partner.get(address).status_code == 200
    role = SpaceRole.objects.of(city.workspace).get()
    coordinator.post(f"{address}roles/{role.pk}/end/")
    assert partner.get(address).status_code == 403
    actions = list(Event.objects.filter(thing_kind="workspaces.space").values_list("action"))
    assert ("space.let-in",) in actions
    assert ("space.let-out",) in actions
    assert client_of("stranger").get(address).status_code == 404


def test_only_the_coordinator_changes_spaces(client_of, closed_space, people):
    member = people["analyst"].memberships.get()
    for role in ("analyst", "partner", "evaluator", "decision_maker"):
        client = client_of(role)
        for path in ("add/", "night/change/"):
            assert client.post(f"/w/lakeside/spaces/{path}", {"name": "x"}).status_code == 403
        given = {"membership": member.pk, "role": "owner"}
        assert client.post("/w/lakeside/spaces/night/roles/", given).status_code == 403


def test_nobody_from_another_city_can_be_let_in(client_of, closed_space, people, city):
    foreign = people["stranger"].memberships.get()
    given = {"membership": foreign.pk, "role": "reader"}
    page = client_of("coordinator").post("/w/lakeside/spaces/night/roles/", given)
    assert "There is a problem" in page.content.decode()
    assert not SpaceRole.objects.of(city.workspace).exists()


def test_a_space_is_opened(client_of, closed_space):
    given = {"name": "Night work", "description": "", "is_open": "on"}
    client_of("coordinator").post("/w/lakeside/spaces/night/change/", given)
    assert client_of("evaluator").get("/w/lakeside/spaces/night/").status_code == 200


def test_queries_do_not_grow_with_spaces(client_of, city):
    client = client_of("partner")
    counts = []
    for number in range(3):
        Space.objects.create(
            workspace=city.workspace, slug=f"s{number}", name=f"S{number}", is_open=number != 1
        )
        with CaptureQueriesContext(connection) as queries:
            client.get("/w/lakeside/spaces/")
        counts.append(len(queries))
    assert counts[0] == counts[2]
