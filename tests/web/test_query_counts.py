"""A page asks as many questions of the database for three things as for one.

The pages are found, not listed: every address whose only place is the workspace, pages and JSON
alike, so that a new list is in the test on the day it is written; and the pages of things that
hold lists of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

pytestmark = pytest.mark.usefixtures("nothing_kept")

PLACE = "<slug:workspace>"
#: Pages of things that hold lists; their things are made by `one_more`.
HOLDERS = (
    "/w/lakeside/data/set-1/",
    "/w/lakeside/data/set-1/versions/1/",
    "/w/lakeside/data/set-1/people/",
    "/w/lakeside/data/set-1/sharing/",
    "/w/lakeside/data/set-1/export/",
    "/w/lakeside/agreements/1/",
    "/w/lakeside/agreements/1/check/",
    "/w/lakeside/audits/audit-1/",
    "/w/lakeside/audits/audit-1/change/",
    "/w/lakeside/findings/{run}/finding-1/",
    "/w/lakeside/releases/1/",
    "/w/lakeside/runs/{run}/",
    "/w/lakeside/people/{membership}/",
    "/w/lakeside/spaces/space-1/",
    "/public/lakeside/findings/1/",
    "/api/v1/workspaces/lakeside/data/set-1",
    "/",
    "/me/",
)
#: A file whose length grows with what it holds is not a page.
FILES = (".csv", ".json", ".jsonld", ".ttl", ".css", ".zip")
#: How often somebody asks the interface is counted by the minute.
NOT_OF_PAGES = ("api_ratewindow", "SAVEPOINT")
ROLES = ("coordinator", "partner", "stranger")
"""Who sees all, who sees what was shared, and who sees nothing."""


def addresses() -> Iterator[str]:
    """Every address whose only place is the workspace, of pages and of the interface."""

    def walk(found: Any, prefix: str) -> Iterator[str]:
        for item in found.url_patterns:
            here = prefix + str(item.pattern)
            if isinstance(item, URLResolver):
                yield from walk(item, here)
            elif isinstance(item, URLPattern) and "<" not in here.replace(PLACE, "", 1).replace(
                "<workspace>", "", 1
            ):
                yield here.replace(PLACE, "lakeside").replace("<workspace>", "lakeside")

    return (one for one in walk(get_resolver(), "/") if "lakeside" in one)


LISTS = tuple(sorted({one for one in addresses() if not one.endswith(FILES)}))


@pytest.fixture
def one_more(
    city: SimpleNamespace,
    people: dict[str, Any],
    dataset: Callable[..., Any],
    signed_agreement: Callable[..., Any],
    walkers: list[Any],
) -> Callable[[int], SimpleNamespace]:
    """One more of everything that a page lists; things of one number belong together."""
    from commonlight.web.accounts.models import User
    from commonlight.web.api.models import ApiToken
    from commonlight.web.audits.models import AuditPlan, Release, StoredFinding
    from commonlight.web.data.models import DataRequest, DataSet, DataSetRole, DataVersion, Upload
    from commonlight.web.eventlog.record import record
    from commonlight.web.runs.models import Run
    from commonlight.web.workspaces.models import (
        Invitation,
        Membership,
        Organisation,
        Space,
        SpaceRole,
    )

    place = city.workspace
    members = {one.role: one for one in Membership.objects.of(place)}
    later, now = timezone.now() + timedelta(days=5), timezone.now()
    first: dict[str, Any] = {}

    def make(number: int) -> SimpleNamespace:
        partner = Organisation.objects.create(workspace=place, name=f"Partner {number}", kind="ngo")
        user = User.objects.create_user(f"member{number}@example.org", name=f"Member {number}")
        member = Membership.objects.create(
            workspace=place, user=user, organisation=partner, role="partner", is_signatory=True
        )
        space = Space.objects.create(
            workspace=place, slug=f"space-{number}", name=f"Space {number}", is_open=number == 0
        )
        data = dataset(
            f"set-{number}",
            version=True,
            steward=members["analyst"],
            next_delivery_on=now.date() - timedelta(days=3),
        )
        dataset(f"own-{number}", owner=city.municipality, next_delivery_on=now.date())
        dataset(f"thrown-{number}", deleted_at=now)
        in_space = dataset(f"closed-{number}", space=space, settings={"named_only": True})
        run = Run.objects.create(
            workspace=place,
            kind="audits.audit",
            title="Audit",
            state="done" if number == 1 else "failed",
            inputs=[{"dataset": "set-1", "version": 1, "digest": "a" * 64}],
            parameters={"plan": "audit-1", "period": ["2025-01-01", "2025-12-31"]},
            library_version="0",
            fingerprint=f"f{number}",
            requested_by=people["coordinator"],
            organisation=city.municipality,
            finished_at=now,
        )
        held = first.setdefault("set", data)
        if number > 1:
            DataVersion.objects.create(
                workspace=place, dataset=held, number=number, digest=f"{number}" * 64, run=run
            )
        agreement = signed_agreement(
            data,
            held,
            receivers=(city.municipality, city.university, city.youth_work, partner),
            expires_on=now.date() + timedelta(days=20),
        )
        signed_agreement(data, receivers=(city.municipality, partner), state="offered")
        for owned, who in ((held, member), (in_space, members["coordinator"])):
            DataSetRole.objects.create(
                workspace=place, dataset=owned, membership=who, role="contributor"
            )
        held_space = first.setdefault("space", space)
        SpaceRole.objects.create(
            workspace=place, space=held_space, membership=member, role="reader"
        )
        plan = AuditPlan.objects.create(
            workspace=place,
            slug=f"audit-{number}",
            title=f"Audit {number}",
            created_by=members["analyst"],
            latest_run=first.setdefault("run", run),
            settings={"period": ["2025-01-01", "2025-12-31"], "sources": [{"dataset": "set-1"}]},
        )
        finding = StoredFinding.objects.create(
            workspace=place,
            plan=first.setdefault("plan", plan),
            run=first["run"],
            key=f"finding-{number}",
            order=number,
            block="problems",
            question="Has it changed?",
            sentence="Lakeside Police recorded fewer burglaries.",
            certainty="clear",
            is_headline=True,
            method_name="Trend",
            method_page="methods/trend",
            sources=["set-1"],
            content={"method": {"page": "methods/trend", "name": "Trend"}, "sources": ["set-1"]},
            public_content={"method": {"page": "methods/trend", "name": "Trend"}},
            place_detail="city",
            time_detail="year",
        )
        for state, step in (("released", 0), ("proposed", 1)):
            release = Release.objects.create(
                workspace=place,
                number=2 * number - 1 + step,
                title="Release",
                run=first["run"],
                state=state,
                proposed_by=members["analyst"],
                checked_by=None if step else members["evaluator"],
                checked_at=None if step else now,
            )
            release.findings.add(finding)
            first.setdefault(f"release-{state}", release).findings.add(finding)
        Invitation.objects.create(
            workspace=place,
            email=f"new{number}@example.org",
            organisation=partner,
            role="partner",
            code_digest=f"{number}" * 64,
            invited_by=members["coordinator"],
            expires_at=later,
            renewal_asked_at=now,
        )
        Upload.objects.create(
            workspace=place,
            dataset=held,
            file_name=f"{number}.csv",
            size=10,
            created_by=members["analyst"],
        )
        DataRequest.objects.create(
            workspace=place,
            dataset=held,
            asked_by=member,
            organisation=partner,
            place_detail="point",
            time_detail="day",
            reason="Needed",
            answer_by=later.date(),
        )
        for role in ("coordinator", "analyst"):
            ApiToken.objects.create(
                workspace=place,
                membership=members[role],
                name="Test",
                scopes=["data.list", "finding.view"],
                digest=f"{role[0]}{number}".ljust(64, "0"),
                prefix="abcd",
                expires_at=later,
            )
        record(None, "workspace.configure", workspace=place)
        assert DataSet.objects.of(place).filter(slug=f"set-{number}").exists()
        known = first.setdefault(
            "made",
            {
                "run": first["run"],
                "membership": members["partner"],
                "finding": finding,
                "dataset": data,
                "agreement": agreement,
            },
        )
        for walker in walkers:
            for name, thing in walker.make(city, members, number, known).items():
                known.setdefault(name, thing)
        return SimpleNamespace(**{name: getattr(one, "pk", one) for name, one in known.items()})

    return make


def questions(client: Client, address: str) -> tuple[int, int, list[str]]:
    """The status of a page and the questions that it asks."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
        if answer.streaming:
            b"".join(answer)
    found = [one["sql"] for one in asked if not any(word in one["sql"] for word in NOT_OF_PAGES)]
    return answer.status_code, len(found), found


def test_the_lists_are_found() -> None:
    assert len(LISTS) > 40
    assert {"/w/lakeside/data/", "/public/lakeside/agreements/"} <= {*LISTS}
    assert "/api/v1/workspaces/lakeside/findings" in LISTS


@pytest.mark.parametrize("role", ROLES)
def test_three_things_cost_as_many_questions_as_one(
    role: str,
    one_more: Callable[[int], SimpleNamespace],
    walkers: list[Any],
    client_of: Callable[[str], Client],
) -> None:
    client = client_of(role)
    known = vars(one_more(1))
    holders = [*HOLDERS, *(one for walker in walkers for one in walker.HOLDERS)]
    pages = [*LISTS, *(one.format(**known) for one in holders)]
    before = _warm_and_measured(client, pages)
    one_more(2)
    one_more(3)
    after = _warm_and_measured(client, pages)
    wrong = {}
    for page, (status, count, asked) in before.items():
        now, more, several = after[page]
        assert status == now < 500, f"{page}: {status}, then {now}"
        if more != count:
            wrong[page] = (count, more, _repeated(asked, several))
    assert not wrong, "\n".join(f"{page}: {found}" for page, found in wrong.items())
    if role == "coordinator":
        shown = sum(status == 200 for status, _, _ in before.values())
        assert shown > 40, f"only {shown} pages were shown"


def _warm_and_measured(client: Client, pages: list[str]) -> dict[str, tuple[int, int, list[str]]]:
    """Each page is opened before any is measured, since reading is recorded the first time."""
    for page in pages:
        client.get(page)
    return {page: questions(client, page) for page in pages}


def _repeated(before: list[str], after: list[str]) -> list[str]:
    """The beginnings of the questions that were asked more often."""
    tables = [one.split(" FROM ")[-1][:60] for one in after]
    known = [one.split(" FROM ")[-1][:60] for one in before]
    return sorted({one for one in tables if tables.count(one) > known.count(one)})
