"""A problem at the station, partners who are asked about it, and their answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

SENTENCE = "Girls are followed at the station in the evening and stay away from training."


@pytest.fixture
def problem(actor_of: Callable[[str], Any], people: Any) -> Any:
    """A signal of the coordinator."""
    from commonlight.web.problems.domain.stating import open_problem

    return open_problem(
        actor_of("coordinator"),
        title="Evenings at the station",
        sentence=SENTENCE,
        place="Station square",
    )


@pytest.fixture
def found(city: Any, people: Any) -> Callable[..., Any]:
    """Keep a finding of the newest run of an audit; the run is made with the first."""
    from commonlight.web.audits.models import AuditPlan, StoredFinding
    from commonlight.web.runs.models import Run

    place, plans = city.workspace, AuditPlan.objects.of(city.workspace)

    def make(key: str, **given: Any) -> Any:
        plan = plans.select_related("latest_run").filter(slug="audit").first()
        if plan is None:
            run = Run.objects.create(
                workspace=place,
                kind="audits.audit",
                title="Audit",
                state="done",
                library_version="0",
                fingerprint="f",
                requested_by=people["analyst"],
            )
            plan = AuditPlan.objects.create(
                workspace=place, slug="audit", title="Audit", latest_run=run, settings={}
            )
        told = {
            "order": 1,
            "question": "What?",
            "certainty": "clear",
            "method_name": "Count",
            "method_page": "methods/count",
            "place_detail": "city",
            "time_detail": "year",
        }
        return StoredFinding.objects.create(
            workspace=place, plan=plan, run=plan.latest_run, key=key, **told | given
        )

    return make


@pytest.fixture
def frame_of() -> Callable[..., dict[str, Any]]:
    """What a partner answers; causes as pairs of family and words."""

    def make(*causes: tuple[str, str], **more: str) -> dict[str, Any]:
        rows = causes or (("lighting", "Dark corners behind the kiosk"),)
        return {
            "what": "Girls are followed and called after.",
            "where": "Station square, tram stop 4",
            "when": "Winter evenings after six",
            "who_is_harmed": "Girls on their way home from training",
            "likely_cause": [{"family": family, "text": text} for family, text in rows],
            "first_step": "Ask the girls which way they take",
            "confidence": "fairly",
            **more,
        }

    return make


@pytest.fixture
def asked(problem: Any, city: Any, actor_of: Callable[[str], Any]) -> Any:
    """Three partners were asked until tomorrow."""
    from commonlight.web.problems.domain.framing import open_round

    return open_round(
        actor_of("coordinator"),
        problem,
        organisations=[city.municipality, city.police, city.youth_work],
        closes_at=timezone.now() + timedelta(days=1),
    )


@pytest.fixture
def answered(asked: Any, actor_of: Callable[[str], Any], frame_of: Callable[..., Any]) -> Any:
    """Two of three have answered; the answers are still sealed."""
    from commonlight.web.problems.domain.framing import send_answer

    send_answer(
        actor_of("analyst"),
        asked,
        frame_of(("lighting", "Lamps are broken"), ("policing", "Few rounds")),
    )
    send_answer(
        actor_of("partner"),
        asked,
        frame_of(("lighting", "It is dark"), ("school_family", "Training ends too late")),
    )
    return asked


@pytest.fixture
def opened(answered: Any, city: Any) -> Any:
    """The closing time has come."""
    from commonlight.web.problems.domain.framing import open_due

    open_due(city.workspace, at=timezone.now() + timedelta(days=2))
    answered.refresh_from_db()
    return answered


@pytest.fixture
def sources(problem: Any, city: Any, actor_of: Callable[[str], Any], dataset: Any) -> Any:
    """Something counted by the police and something told to the municipality, both public."""
    from commonlight.web.thread.domain import join

    actor = actor_of("coordinator")
    counted = dataset("thefts", is_public=True, version=True)
    told = dataset("walk", kind="visits", owner=city.municipality, is_public=True, version=True)
    for one in (counted, told):
        join(actor, problem, one)
    return counted, told


@pytest.fixture
def whole() -> dict[str, str]:
    """All parts of a statement."""
    return {
        "sentence": "Girls are followed at the station and stay away from training.",
        "place": "Station square",
        "period": "Winter evenings, since 2024",
        "groups_harmed": "Girls between 12 and 17",
        "harm": "Girls are afraid, and one in three has given up training.",
        "effects": "Parents drive them",
        "disputed": "Whether it is worse than five years ago",
    }
