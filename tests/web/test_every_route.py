"""Every address, every role, every method: what the table of roles says is what happens.

The walk is made from the addresses that exist, so that a new page is in it on the day it is
written. An address whose things are not known here fails the test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from commonlight.web.policy.middleware import is_marked
from commonlight.web.policy.rules import role_actions

METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
MEMBERS = ("coordinator", "analyst", "partner", "evaluator", "decision_maker", "guest")


def routes() -> Iterator[tuple[str, Any]]:
    """Every address with its view, as `("/w/<slug:workspace>/data/", view)`."""

    def walk(found: Any, prefix: str) -> Iterator[tuple[str, Any]]:
        for item in found.url_patterns:
            here = prefix + str(item.pattern)
            if isinstance(item, URLResolver):
                yield from walk(item, here)
            elif isinstance(item, URLPattern):
                yield here, item.callback

    return walk(get_resolver(), "/")


ALL = tuple(routes())
OURS = tuple((route, view) for route, view in ALL if "<slug:workspace>" in route)


def test_every_view_says_who_may_open_it():
    assert [route for route, view in ALL if not is_marked(view)] == []


def test_pages_of_a_workspace_are_never_open_but_for_the_public_ones():
    wrong = [
        route
        for route, view in OURS
        if getattr(view, "policy", "") in ("open", "own") and not route.startswith("/public/")
    ]
    assert [route for route in wrong if not route.endswith("theme.css")] == []


#: What stands in each place of an address; the longest beginning of the address decides.
VALUES: dict[str, dict[str, Any]] = {
    "people/invitations/": {"pk": "invitation"},
    "people/organisations/": {"pk": "organisation"},
    "people/": {"pk": "membership"},
    "spaces/": {"slug": "space", "pk": "space_role"},
    "log/": {"number": 1},
    "runs/": {"pk": "run"},
    "agreements/": {"number": 1, "name": "limits"},
    "agreements/<int:number>/parts/": {"number": 1, "name": "purpose"},
    "data/requests/": {"pk": "request"},
    "data/uploads/": {"pk": "upload"},
    "data/": {"slug": "burglary", "pk": "dataset_role", "number": 1},
    "data/<slug:slug>/exports/": {"slug": "burglary", "pk": "run", "name": "extract.csv"},
    "audits/": {"plan": "audit"},
    "findings/": {"run": "run", "number": 1, "key": "trend", "name": "table.csv"},
    "releases/": {"number": 1, "key": "trend"},
    "export/": {"pk": "run"},
    "tokens/": {"pk": "token"},
}
FIXED = {"kind": "chart", "width": "wide", "digest": "abcdef"}


@pytest.fixture
def things(city, people, dataset, signed_agreement, walkers):
    """One of everything in Lakeside, by the name that VALUES calls it."""
    from datetime import timedelta

    from django.utils import timezone

    from commonlight.web.api.models import ApiToken
    from commonlight.web.audits.models import AuditPlan, Release, StoredFinding
    from commonlight.web.data.models import DataRequest, DataSetRole, Upload
    from commonlight.web.eventlog.record import record
    from commonlight.web.runs.models import Run
    from commonlight.web.workspaces.models import Invitation, Membership, Space, SpaceRole

    place = city.workspace
    members = {one.role: one for one in Membership.objects.of(place).select_related("organisation")}
    record(None, "workspace.configure", workspace=place)
    data = dataset(version=True)
    agreement = signed_agreement(data, receivers=(city.municipality, city.university))
    space = Space.objects.create(workspace=place, slug="room", name="Room", is_open=False)
    run = Run.objects.create(
        workspace=place,
        kind="audits.audit",
        title="Audit",
        state="done",
        parameters={"plan": "audit", "period": ["2025-01-01", "2025-12-31"]},
        library_version="0",
        fingerprint="f",
        requested_by=people["analyst"],
        finished_at=timezone.now(),
    )
    plan = AuditPlan.objects.create(
        workspace=place,
        slug="audit",
        title="Audit",
        latest_run=run,
        settings={"period": ["2025-01-01", "2025-12-31"], "sources": [{"dataset": "burglary"}]},
    )
    finding = StoredFinding.objects.create(
        workspace=place,
        plan=plan,
        run=run,
        key="trend",
        order=1,
        block="problems",
        question="Has it changed?",
        sentence="Lakeside Police recorded fewer burglaries.",
        certainty="clear",
        method_name="Trend",
        method_page="methods/trend",
        sources=["burglary"],
        content={"method": {"page": "methods/trend", "name": "Trend"}},
        place_detail="city",
        time_detail="year",
    )
    release = Release.objects.create(
        workspace=place, number=1, title="First", run=run, proposed_by=members["analyst"]
    )
    release.findings.add(finding)
    later = timezone.now() + timedelta(days=5)
    made = {
        "dataset": data,
        "agreement": agreement,
        "finding": finding,
        "run": run,
        "membership": members["partner"],
        "organisation": city.youth_work,
        "space_role": SpaceRole.objects.create(
            workspace=place, space=space, membership=members["partner"], role="reader"
        ),
        "invitation": Invitation.objects.create(
            workspace=place,
            email="new@example.org",
            organisation=city.youth_work,
            role="partner",
            code_digest="0" * 64,
            invited_by=members["coordinator"],
            expires_at=later,
        ),
        "upload": Upload.objects.create(
            workspace=place,
            dataset=data,
            file_name="a.csv",
            size=10,
            created_by=members["analyst"],
        ),
        "dataset_role": DataSetRole.objects.create(
            workspace=place, dataset=data, membership=members["partner"], role="reader"
        ),
        "request": DataRequest.objects.create(
            workspace=place,
            dataset=data,
            asked_by=members["evaluator"],
            organisation=city.university,
            place_detail="point",
            time_detail="day",
            reason="Needed",
            answer_by=later.date(),
        ),
        "token": ApiToken.objects.create(
            workspace=place,
            membership=members["coordinator"],
            name="Test",
            scopes=["data.list"],
            digest="1" * 64,
            prefix="abcd",
            expires_at=later,
        ),
    }
    values = dict(VALUES)
    for walker in walkers:
        made |= walker.make(city, members, 1, made)
        values |= walker.VALUES

    def value(route: str, name: str) -> Any:
        rest = route.split("<slug:workspace>/")[1].lstrip("^")
        starts = [start for start in values if rest.startswith(start)]
        assert starts, f"say in VALUES what stands in {route}"
        known = values[max(starts, key=len)] | FIXED
        if name == "kind" and "report" in rest:
            return "html"
        if name == "slug" and rest.startswith("spaces/"):
            return "room"
        assert name in known, f"say in VALUES what <{name}> is in {route}"
        found = known[name]
        return made[found].pk if found in made else found

    return value


def filled(route: str, value: Any) -> str:
    """An address with its places filled, of either form that Django knows."""
    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route).replace("\\.", ".")
    plain = plain.replace("^", "").replace("$", "")

    def put(match: re.Match[str]) -> str:
        name = match[1]
        return "lakeside" if name == "workspace" else str(value(route, name))

    return re.sub(r"<(?:\w+:)?(\w+)>", put, plain)


@pytest.fixture
def addresses(things):
    """Addresses of the workspace with the things of this test put in."""
    return [(route, filled(route, things), view) for route, view in OURS]


def test_the_stranger_sees_nothing_anywhere(addresses, client_of, people):
    client = client_of("stranger")
    for _route, address, view in addresses:
        if getattr(view, "policy", "") == "open":
            continue
        for method in METHODS:
            answer = getattr(client, method)(address)
            assert answer.status_code in (404, 405), f"{method} {address}: {answer.status_code}"
            assert b"Lakeside Police" not in answer.content


def test_who_has_not_signed_in_is_sent_to_sign_in(addresses, client_of):
    client = client_of("anonymous")
    for _route, address, view in addresses:
        if getattr(view, "policy", "") == "open":
            continue
        for method in METHODS:
            answer = getattr(client, method)(address)
            assert answer.status_code in (302, 401, 403, 404, 405), f"{method} {address}"
            assert b"Lakeside Police" not in answer.content


@pytest.mark.parametrize("role", MEMBERS)
def test_a_page_answers_as_the_table_of_roles_says(addresses, client_of, role, people, city):
    from commonlight.web.workspaces.models import Membership

    person = "partner" if role == "guest" else role
    Membership.objects.of(city.workspace).filter(user=people[person]).update(role=role)
    client = client_of(person)
    for route, address, view in addresses:
        action = getattr(view, "policy", "")
        if action in ("open", "own", ""):
            continue
        for method in METHODS if role == "guest" else ("get", "post"):
            answer = getattr(client, method)(address)
            place = f"{role} {method} {route}: {answer.status_code}"
            assert answer.status_code < 500, place
            if action not in role_actions(role):
                assert answer.status_code in (403, 405), place
                if method == "get" and answer.status_code == 403:
                    assert b"role" in answer.content, place


def test_a_role_that_nobody_knows_may_open_nothing(addresses, client_of, people, city):
    from commonlight.web.workspaces.models import Membership

    Membership.objects.of(city.workspace).filter(user=people["partner"]).update(role="newcomer")
    client = client_of("partner")
    for _route, address, view in addresses:
        if getattr(view, "policy", "") != "open":
            assert client.get(address).status_code in (403, 404, 405), address
