"""One hundred random requests are answered alike by page, interface, export, print and job."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from commonlight.web.policy import decide
from commonlight.web.workspaces.actors import actor_for

ROLES = ("coordinator", "analyst", "partner", "evaluator", "decision_maker", "stranger")
THINGS = ("finding by area", "finding by street", "data set", "data set export", "run", "log")
FACES = ("page", "interface", "export", "print", "job")
WEB, API = "/w/lakeside", "/api/v1/workspaces/lakeside"


@pytest.fixture(params=["agreement in force", "agreement expired"])
def place(request, audited):
    """The city with its agreement in force, and on the day after its last one."""
    if request.param == "agreement expired":
        audited.agreement.expires_on = timezone.now().date() - timedelta(days=1)
        audited.agreement.save()
    run = audited.run.pk
    routes = {
        "finding by area": {
            "action": "finding.view",
            "thing": audited.findings[0],
            "page": f"{WEB}/findings/{run}/north/",
            "print": f"{WEB}/findings/{run}/north/?print",
            "interface": f"{API}/findings/{run}/north",
            "export": f"{API}/findings/{run}/north/files/table.csv",
        },
        "finding by street": {
            "action": "finding.view",
            "thing": audited.findings[1],
            "page": f"{WEB}/findings/{run}/streets/",
            "print": f"{WEB}/findings/{run}/streets/?print",
            "interface": f"{API}/findings/{run}/streets",
            "export": f"{API}/findings/{run}/streets/files/table.csv",
        },
        "data set": {
            "action": "data.view",
            "thing": audited.dataset,
            "page": f"{WEB}/data/burglary/",
            "print": f"{WEB}/data/burglary/?print",
            "interface": f"{API}/datasets/burglary",
        },
        "data set export": {
            "action": "data.export",
            "thing": audited.dataset,
            "page": f"{WEB}/data/burglary/export/",
        },
        "run": {
            "action": "run.view",
            "thing": audited.run,
            "page": f"{WEB}/runs/{run}/",
            "print": f"{WEB}/runs/{run}/?print",
            "interface": f"{API}/runs/{run}",
        },
        "log": {
            "action": "log.view",
            "thing": None,
            "page": f"{WEB}/log/",
            "print": f"{WEB}/log/?print",
            "interface": f"{API}/events",
            "export": f"{WEB}/log/export.csv",
        },
    }
    audited.routes = routes
    return audited


def requests(seed=20261121, number=100):
    """Random requests: who asks, for what, by which face."""
    chance = random.Random(seed)
    return [
        (chance.choice(ROLES), chance.choice(THINGS), chance.choice(FACES)) for _ in range(number)
    ]


def expected(people, city, role, route):
    """What the policy says; the stranger is told that there is no such thing."""
    if role == "stranger":
        return "absent"
    actor = actor_for(people[role], city.workspace)
    return "open" if decide(actor, route["action"], route["thing"]) else "refused"


def answered(client, address):
    status = client.get(address).status_code
    return {200: "open", 403: "refused", 404: "absent"}.get(status, status)


def test_one_hundred_random_requests_are_answered_alike(place, people, city, client_of):
    asked = 0
    clients = {role: client_of(role) for role in ROLES}
    for role, name, face in requests():
        route = place.routes[name]
        wanted = expected(people, city, role, route)
        if face == "job":
            found = by_job(people, city, role, route)
        elif face in route:
            found = answered(clients[role], route[face])
        else:
            found = answered(clients[role], route["page"])
        assert found == wanted, (role, name, face, found, wanted)
        asked += 1
    assert asked == 100


def by_job(people, city, role, route):
    """The worker asks as the person who started the run, with the role of this moment."""
    actor = actor_for(people[role], city.workspace).as_job()
    if not actor.is_member:
        return "absent"
    return "open" if decide(actor, route["action"], route["thing"]) else "refused"


def test_the_requests_reach_every_role_thing_and_face():
    asked = requests()
    assert {one[0] for one in asked} == set(ROLES)
    assert {one[1] for one in asked} == set(THINGS)
    assert {one[2] for one in asked} == set(FACES)


def test_a_token_with_all_scopes_sees_what_its_person_sees(place, people, city, program):
    for role in ("coordinator", "analyst", "partner", "evaluator", "stranger"):
        client = program(role)
        for route in place.routes.values():
            if "interface" in route:
                wanted = expected(people, city, role, route)
                assert answered(client, route["interface"]) == wanted, (role, route)


def test_who_is_not_signed_in_gets_nothing(place):
    for route in place.routes.values():
        for face in set(FACES) & set(route):
            assert Client().get(route[face]).status_code in (302, 401)
