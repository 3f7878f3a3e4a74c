"""One hundred random requests are answered alike by page, interface, export, print and job."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from commonlight.web.data.domain.exports import ask_for_export
from commonlight.web.data.rules import ExportOrder
from commonlight.web.policy import Refused, decide
from commonlight.web.runs.domain import request as ask_for_run
from commonlight.web.runs.models import Run
from commonlight.web.runs.worker import work_off
from commonlight.web.workspaces.actors import actor_for
from commonlight.web.workspaces.models import Membership, Organisation, Space, SpaceRole

ROLES = (
    "coordinator",
    "analyst",
    "partner",
    "evaluator",
    "decision_maker",
    "guest",
    "former partner",
    "stranger",
)
NOT_MEMBERS = ("former partner", "stranger")
FACES = ("page", "interface", "export", "print", "job")
STATES = ("agreement in force", "agreement expired", "outside its purpose")
WEB, API = "/w/lakeside", "/api/v1/workspaces/lakeside"
PURPOSE = "Planning of prevention"
IN_FORCE = pytest.mark.parametrize("place", STATES[:1], indirect=True)


@pytest.fixture
def everybody(people, city):
    """Also a guest, and a partner who left."""
    from commonlight.web.accounts.models import User

    def join(name, role, **more):
        people[name] = User.objects.create_user(f"{name[:6].strip()}@example.org", "x", name=name)
        Membership.objects.create(
            workspace=city.workspace,
            user=people[name],
            organisation=Organisation.objects.of(city.workspace).get(pk=city.youth_work.pk),
            role=role,
            **more,
        )

    join("guest", "guest")
    join("former partner", "partner", ended_at=timezone.now() - timedelta(days=1))
    return people


@pytest.fixture(params=STATES)
def place(request, audited, everybody, city, dataset):
    """The city on a day of its agreement, on the day after the last one, and for another end."""
    audited.state = request.param
    if request.param == "agreement expired":
        audited.agreement.expires_on = timezone.now().date() - timedelta(days=1)
        audited.agreement.save()
    purpose = "Marketing" if request.param == "outside its purpose" else PURPOSE
    space = Space.objects.create(
        workspace=city.workspace, slug="inner", name="Inner circle", is_open=False
    )
    let_in = Membership.objects.of(city.workspace).get(user=everybody["evaluator"])
    SpaceRole.objects.create(
        workspace=city.workspace, space=space, membership=let_in, role="reader"
    )
    closed = dataset("minutes", version=True, space=space, is_public=True)
    run = audited.run.pk
    audited.routes = {
        "finding by area": finding(audited.findings[0], run, "north"),
        "finding by street": finding(audited.findings[1], run, "streets"),
        "data set": looked_at(audited.dataset, "burglary"),
        "data set in a closed space": looked_at(closed, "minutes"),
        "counts by area": ordered(audited.dataset, "area", "month", purpose),
        "single records": ordered(audited.dataset, "point", "hour", purpose),
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
    return audited


def finding(thing, run, key):
    return {
        "action": "finding.view",
        "thing": thing,
        "page": f"{WEB}/findings/{run}/{key}/",
        "print": f"{WEB}/findings/{run}/{key}/?print",
        "interface": f"{API}/findings/{run}/{key}",
        "export": f"{API}/findings/{run}/{key}/files/table.csv",
    }


def looked_at(thing, slug):
    return {
        "action": "data.view",
        "thing": thing,
        "page": f"{WEB}/data/{slug}/",
        "print": f"{WEB}/data/{slug}/?print",
        "interface": f"{API}/datasets/{slug}",
        "export": f"{API}/datasets/{slug}/versions/1",
    }


def ordered(thing, place, time, purpose):
    """An order to take data out; it is sent, not looked at."""
    order = ExportOrder(dataset=thing, place_detail=place, time_detail=time, purpose=purpose)
    return {
        "action": "data.export",
        "thing": order,
        "page": f"{WEB}/data/burglary/export/",
        "interface": f"{API}/datasets/burglary/exports",
    }


THINGS = (
    "finding by area",
    "finding by street",
    "data set",
    "data set in a closed space",
    "counts by area",
    "single records",
    "run",
    "log",
)


def requests(seed=20261121, number=100):
    """Random requests: who asks, for what, by which face."""
    chance = random.Random(seed)
    return [
        (chance.choice(ROLES), chance.choice(THINGS), chance.choice(FACES)) for _ in range(number)
    ]


def own_words(role, thing):
    """The police need no purpose for their own data, and the form offers them none."""
    if not isinstance(thing, ExportOrder) or role != "analyst":
        return thing
    return ExportOrder(
        dataset=thing.dataset, place_detail=thing.place_detail, time_detail=thing.time_detail
    )


def expected(people, city, role, route):
    """What the policy says; who is no member is told that there is no such thing."""
    if role in NOT_MEMBERS:
        return "absent"
    actor = actor_for(people[role], city.workspace)
    answer = decide(actor, route["action"], own_words(role, route["thing"]))
    return "open" if answer else "refused"


def answered(client, face, route, role):
    """By this face; where a thing has none, by its page."""
    face = face if face in route else "page"
    if not isinstance(route["thing"], ExportOrder):
        return meaning(client.get(route[face]))
    order = own_words(role, route["thing"])
    fields = {
        "place_detail": order.place_detail,
        "time_detail": order.time_detail,
        "purpose": order.purpose,
    }
    if face == "interface":
        return meaning(client.post(route[face], fields, content_type="application/json"))
    sent = client.post(route[face], fields)
    # The form offers only purposes that were agreed; another one is an error of the form.
    return "refused" if sent.status_code == 200 else meaning(sent)


def meaning(answer):
    status = answer.status_code
    return {200: "open", 201: "open", 302: "open", 403: "refused", 404: "absent"}.get(
        status, status
    )


def by_job(people, city, role, route):
    """The worker asks as the person who started the run, with the role of this moment."""
    actor = actor_for(people[role], city.workspace).as_job()
    if not actor.is_member:
        return "absent"
    thing = own_words(role, route["thing"])
    return "open" if decide(actor, route["action"], thing) else "refused"


def test_one_hundred_random_requests_are_answered_alike(place, everybody, city, client_of):
    asked = 0
    clients = {role: client_of(role) for role in ROLES}
    for role, name, face in requests():
        route = place.routes[name]
        wanted = expected(everybody, city, role, route)
        if face == "job":
            found = by_job(everybody, city, role, route)
        else:
            found = answered(clients[role], face, route, role)
        assert found == wanted, (role, name, face, found, wanted)
        asked += 1
    assert asked == 100


def test_the_requests_reach_every_role_thing_and_face():
    asked = requests()
    assert {one[0] for one in asked} == set(ROLES)
    assert {one[1] for one in asked} == set(THINGS)
    assert {one[2] for one in asked} == set(FACES)


BY_AGREEMENT = ("finding by area", "data set", "counts by area")
NEVER = ("finding by street", "single records", "log")


def test_what_the_agreement_says_is_what_the_partner_gets(place, everybody, city, client_of):
    """By hand, not by the policy: all that was agreed, nothing finer, and nothing afterwards."""
    client = client_of("partner")
    for name, route in place.routes.items():
        for face in set(FACES) & set(route):
            found = answered(client, face, route, "partner")
            if name in NEVER or name == "data set in a closed space":
                assert found == "refused", (name, face)
            if name in BY_AGREEMENT:
                is_open = place.state == "agreement in force" or (
                    place.state == "outside its purpose" and name != "counts by area"
                )
                assert found == ("open" if is_open else "refused"), (name, face, place.state)


@IN_FORCE
def test_a_closed_space_is_closed_also_to_the_owner(place, client_of):
    route = place.routes["data set in a closed space"]
    for role, wanted in (("analyst", "refused"), ("evaluator", "open"), ("coordinator", "open")):
        for face in set(FACES) & set(route):
            assert answered(client_of(role), face, route, role) == wanted, (role, face)


@IN_FORCE
def test_who_left_gets_nothing_anywhere(place, client_of):
    for role in NOT_MEMBERS:
        for route in place.routes.values():
            for face in set(FACES) & set(route):
                assert answered(client_of(role), face, route, role) == "absent", (role, face)


@IN_FORCE
@pytest.mark.parametrize("ends", ["agreement", "membership"])
def test_the_worker_refuses_what_ended_while_the_run_waited(place, everybody, city, ends):
    """The real job, not the policy: a right is asked for again before the work begins."""
    actor = actor_for(everybody["partner"], city.workspace)
    run = ask_for_export(actor, place.routes["counts by area"]["thing"])
    if ends == "agreement":
        place.agreement.state = "ended"
        place.agreement.save()
    else:
        Membership.objects.of(city.workspace).filter(user=everybody["partner"]).update(
            ended_at=timezone.now()
        )
    work_off()
    found = Run.objects.of(city.workspace).get(pk=run.pk)
    assert found.state == "failed"
    assert "fault of ours" not in found.failure_text
    assert "not there" not in found.failure_text
    assert found.result_folder == ""


@IN_FORCE
def test_the_worker_refuses_what_was_never_allowed(place, everybody, city):
    """A run for single records that was put into the table past all pages."""
    actor = actor_for(everybody["partner"], city.workspace)
    allowed = {"kind": "data.export", "workspace": city.workspace}
    with pytest.raises(Refused):
        ask_for_run(actor, **allowed, parameters=parameters(place, "point", "hour"))
    run = Run.objects.create(
        **allowed,
        title="Export",
        library_version="0.1.0",
        fingerprint="0" * 64,
        parameters=parameters(place, "point", "hour"),
        requested_by=everybody["partner"],
        organisation=city.youth_work,
        lane="quick",
    )
    work_off()
    run.refresh_from_db()
    assert run.state == "failed"
    assert "agreement" in run.failure_text
    assert run.result_folder == ""


def parameters(place, finest_place, finest_time):
    return {
        "dataset": place.dataset.pk,
        "place_detail": finest_place,
        "time_detail": finest_time,
        "fields": [],
        "purpose": PURPOSE,
    }


def test_a_token_with_all_scopes_sees_what_its_person_sees(place, everybody, city, program):
    for role in ("coordinator", "analyst", "partner", "evaluator", "stranger"):
        client = program(role)
        for route in place.routes.values():
            if "interface" in route:
                wanted = expected(everybody, city, role, route)
                assert answered(client, "interface", route, role) == wanted, (role, route)


@IN_FORCE
def test_who_is_not_signed_in_gets_nothing(place):
    for route in place.routes.values():
        for face in set(FACES) & set(route):
            assert Client().get(route[face]).status_code in (302, 401, 405)
