"""Who sees which finding: the agreement decides, on the day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from commonlight.web.audits.domain import visible_findings
from commonlight.web.audits.domain.reports import report_decision
from commonlight.web.audits.models import StoredFinding
from commonlight.web.policy import decide

ROLES = ("coordinator", "analyst", "partner", "evaluator", "decision_maker")


def today() -> Any:
    return timezone.localdate()


def test_only_the_owner_sees_a_finding_without_an_agreement(audit: Any, actor_of: Any) -> None:
    done = audit()
    seen = {role: len(visible_findings(actor_of(role), done.run)[0]) for role in ROLES}
    assert seen == {
        "coordinator": 0,
        "analyst": 2,
        "partner": 0,
        "evaluator": 0,
        "decision_maker": 0,
    }


def test_a_stranger_sees_nothing(audit: Any, actor_of: Any, city: Any) -> None:
    done = audit()
    stranger = actor_of("stranger")
    assert visible_findings(stranger, done.run) == ([], [])
    finding = StoredFinding.objects.of(city.workspace).first()
    assert not decide(stranger, "finding.view", finding)
    assert not decide(stranger, "finding.download", finding)


def test_hidden_findings_are_counted_with_reason_and_whom_to_ask(audit: Any, actor_of: Any) -> None:
    visible, hidden = visible_findings(actor_of("partner"), audit().run)
    assert visible == []
    assert [one.count for one in hidden] == [2]
    assert "Burglary" in str(hidden[0].reason)
    assert "Lakeside Police" in str(hidden[0].ask)


@pytest.mark.parametrize(
    ("place", "time", "seen"),
    [
        ("area", "month", True),
        ("city", "year", True),
        ("street", "month", False),
        ("cell", "year", False),
        ("area", "day", False),
        ("point", "hour", False),
    ],
)
def test_a_finding_is_never_finer_than_agreed(
    audit: Any, actor_of: Any, city: Any, signed_agreement: Any, place: str, time: str, seen: bool
) -> None:
    done = audit(place_detail=place, time_detail=time)
    signed_agreement(done.source, receivers=(city.youth_work,))
    visible, hidden = visible_findings(actor_of("partner"), done.run)
    assert bool(visible) is seen
    assert bool(hidden) is not seen


def test_the_day_after_expiry_the_finding_is_gone(
    audit: Any, actor_of: Any, city: Any, signed_agreement: Any
) -> None:
    done = audit()
    agreement = signed_agreement(done.source, receivers=(city.youth_work,), expires_on=today())
    assert len(visible_findings(actor_of("partner"), done.run)[0]) == 2
    agreement.expires_on = today() - timedelta(days=1)
    agreement.save()
    visible, hidden = visible_findings(actor_of("partner"), done.run)
    assert visible == []
    assert "expired" in str(hidden[0].reason)


def test_a_deleted_data_set_takes_its_findings_along(audit: Any, actor_of: Any) -> None:
    done = audit()
    done.source.deleted_at = timezone.now()
    done.source.save()
    visible, hidden = visible_findings(actor_of("analyst"), done.run)
    assert visible == []
    assert hidden


def test_every_source_must_be_open(audit: Any, actor_of: Any, dataset: Any, city: Any) -> None:
    done = audit()
    dataset("survey", kind="answers", owner=city.university, version=True)
    for finding in StoredFinding.objects.of(city.workspace).filter(key=done.keys[0]):
        finding.sources = ["burglary", "survey"]
        finding.save()
    visible, hidden = visible_findings(actor_of("analyst"), done.run)
    assert [one.key for one in visible] == done.keys[1:]
    assert "Survey" in str(hidden[0].reason)


def test_a_source_that_is_unknown_hides_the_finding(audit: Any, actor_of: Any, city: Any) -> None:
    done = audit(1)
    StoredFinding.objects.of(city.workspace).update(sources=["gone"])
    assert visible_findings(actor_of("analyst"), done.run)[0] == []


def test_the_report_needs_every_finding_and_every_input(
    audit: Any, actor_of: Any, city: Any, signed_agreement: Any, dataset: Any
) -> None:
    done = audit()
    assert report_decision(actor_of("analyst"), done.run)
    refused = report_decision(actor_of("partner"), done.run)
    assert not refused
    assert "Burglary" in str(refused.reason)
    signed_agreement(done.source, receivers=(city.youth_work,))
    assert report_decision(actor_of("partner"), done.run)
    other = dataset("survey", kind="answers", owner=city.university, version=True)
    done.run.inputs = [*done.run.inputs, {"dataset": other.slug, "version": 1, "digest": "b"}]
    assert not report_decision(actor_of("partner"), done.run)


def test_as_many_queries_for_three_findings_as_for_one(
    audit: Any, actor_of: Any, city: Any, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    done = audit(3)
    actor = actor_of("partner")
    with CaptureQueriesContext(
        connection,
    ) as several:
        visible_findings(actor, done.run)
    StoredFinding.objects.of(city.workspace).exclude(key=done.keys[0]).delete()
    with django_assert_num_queries(len(several)):
        visible_findings(actor, done.run)
