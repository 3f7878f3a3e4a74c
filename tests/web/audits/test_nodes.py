"""Findings and releases as grounds: they fall with their data, and with their withdrawal."""

from __future__ import annotations

import pytest
from django.utils import timezone

from commonlight.web.thread.domain import join, supports
from commonlight.web.thread.kinds import key_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def grounds(city, people, dataset):
    """A released finding of public data, and its release."""
    from commonlight.web.audits.models import AuditPlan, Release, StoredFinding
    from commonlight.web.runs.models import Run
    from commonlight.web.workspaces.models import Membership

    place = city.workspace
    data = dataset(version=True, is_public=True)
    analyst = Membership.objects.of(place).get(user=people["analyst"])
    run = Run.objects.create(
        workspace=place,
        kind="audits.audit",
        title="Audit",
        state="done",
        library_version="0",
        fingerprint="f",
        requested_by=people["analyst"],
        finished_at=timezone.now(),
    )
    plan = AuditPlan.objects.create(workspace=place, slug="a", title="Audit", latest_run=run)
    finding = StoredFinding.objects.create(
        workspace=place,
        plan=plan,
        run=run,
        key="trend",
        order=1,
        block="problems",
        question="Has it changed?",
        sentence="Fewer burglaries were recorded.",
        certainty="clear",
        method_name="Trend",
        method_page="methods/trend",
        sources=[data.slug],
        content={},
        place_detail="city",
        time_detail="year",
    )
    release = Release.objects.create(
        workspace=place, number=1, title="First", run=run, state="released", proposed_by=analyst
    )
    release.findings.add(finding)
    return data, finding, release


@pytest.fixture
def claim(actor_of):
    """A problem that would rest on them."""
    from commonlight.web.problems.domain.stating import open_problem

    return open_problem(
        actor_of("coordinator"),
        title="Evenings at the station",
        sentence="Girls are followed at the station in the evening.",
        place="Station square",
    )


def holds(actor, thing):
    return bool(supports(actor.workspace, [key_of(thing)])[key_of(thing)])


def test_a_claim_falls_when_the_data_behind_its_finding_are_deleted(grounds, claim, actor_of):
    data, finding, _release = grounds
    actor = actor_of("coordinator")
    join(actor, claim, finding)
    assert holds(actor, claim)
    data.deleted_at = timezone.now()
    data.save()
    assert not holds(actor, claim)


def test_a_claim_falls_when_its_release_is_withdrawn(grounds, claim, actor_of):
    _data, _finding, release = grounds
    actor = actor_of("coordinator")
    join(actor, claim, release)
    assert holds(actor, claim)
    release.state = "withdrawn"
    release.save()
    assert not holds(actor, claim)


def test_what_may_be_cited_is_what_may_be_read(grounds, actor_of):
    from commonlight.web.thread.kinds import kind_named

    _data, finding, release = grounds
    for role in ("coordinator", "partner"):
        assert release in list(kind_named("release").offer(actor_of(role), "first"))
        assert finding in list(kind_named("finding").offer(actor_of(role), "burglaries"))
    assert not list(kind_named("release").offer(actor_of("stranger"), "first"))
