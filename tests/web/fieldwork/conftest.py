"""A problem at the station, and what helps to work on it in the field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest


@pytest.fixture
def problem(city: Any, actor_of: Callable[[str], Any]) -> Any:
    """Something is wrong at the station square."""
    from commonlight.web.problems.domain.stating import open_problem

    return open_problem(
        actor_of("coordinator"),
        title="Evenings at the station square",
        sentence="People who come home late avoid the station square since the summer.",
        place="Station square",
    )


@pytest.fixture
def session(problem: Any, actor_of: Callable[[str], Any]) -> Any:
    """A session of the youth workers with consent."""
    return held(actor_of("partner"), problem)


def held(actor: Any, problem: Any, **given: Any) -> Any:
    """A session, with what is not given as it mostly is."""
    from commonlight.web.problems.fieldwork.domain.sessions import record_session

    usual: dict[str, Any] = {
        "method": "interview",
        "held_on": date(2025, 11, 3),
        "place": "Youth club",
        "consent": "read_out",
        "groups": ["children_and_youth"],
        "people": "1-5",
    }
    return record_session(actor, problem, **{**usual, **given})


@pytest.fixture
def hold(problem: Any) -> Callable[..., Any]:
    """Record one more session of the problem."""
    return lambda actor, **given: held(actor, problem, **given)


@pytest.fixture
def cause(city: Any, problem: Any) -> Any:
    """A cause that somebody sees."""
    from commonlight.web.problems.models import Cause

    return Cause.objects.create(
        workspace=city.workspace,
        problem=problem,
        text="The last shop closes at eight",
        family="use",
        reach="inside",
    )


@pytest.fixture
def audit(city: Any, actor_of: Callable[[str], Any]) -> Any:
    """An open audit of the square."""
    from commonlight.web.problems.fieldwork.domain.scope import open_audit

    return open_audit(actor_of("coordinator"), title="Audit of the square", place="Station square")


@pytest.fixture
def finding(city: Any, people: Any, dataset: Any) -> Any:
    """A finding about problems that rests on records of the police alone."""
    from django.utils import timezone

    from commonlight.web.audits.models import AuditPlan, StoredFinding
    from commonlight.web.runs.models import Run

    data = dataset(version=True)
    data.current.last_day = date(2025, 5, 31)
    data.current.save()
    run = Run.objects.create(
        workspace=city.workspace,
        kind="audits.audit",
        title="Audit",
        state="done",
        library_version="0",
        fingerprint="f",
        requested_by=people["analyst"],
        finished_at=timezone.now(),
    )
    plan = AuditPlan.objects.create(
        workspace=city.workspace, slug="audit", title="Audit", latest_run=run
    )
    return StoredFinding.objects.create(
        workspace=city.workspace,
        plan=plan,
        run=run,
        key="trend",
        order=1,
        block="problems",
        question="Has it changed?",
        sentence="Lakeside Police recorded 81240735 thefts.",
        certainty="clear",
        method_name="Trend",
        method_page="methods/trend",
        sources=["burglary"],
        place_detail="city",
        time_detail="year",
    )
