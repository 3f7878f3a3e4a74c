"""A partnership with rows for four organisations, and people to answer a pulse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone


@pytest.fixture
def today() -> Any:
    """The day of the test."""
    return timezone.localdate()


@pytest.fixture
def partners(city: SimpleNamespace, people: dict[str, Any]) -> SimpleNamespace:
    """A row of the register for each organisation of Lakeside."""
    from commonlight.web.partnerships.domain.register import partner_of

    names = ("municipality", "police", "youth_work", "university")
    return SimpleNamespace(
        **{name: partner_of(city.workspace, getattr(city, name)) for name in names}
    )


@pytest.fixture
def member(city: SimpleNamespace) -> Callable[..., Any]:
    """One more person of an organisation, as an actor."""
    from commonlight.web.accounts.models import User
    from commonlight.web.workspaces.actors import actor_for
    from commonlight.web.workspaces.models import Membership

    count = iter(range(1, 1000))

    def make(organisation: Any, role: str = "partner", **more: Any) -> Any:
        number = next(count)
        user = User.objects.create(email=f"member{number}@example.org", name=f"Member {number}")
        Membership.objects.create(
            workspace=city.workspace, user=user, organisation=organisation, role=role, **more
        )
        return actor_for(user, city.workspace)

    return make


@pytest.fixture
def pulse(actor_of: Callable[[str], Any], city: SimpleNamespace) -> Callable[..., Any]:
    """A round that was answered by the actors given and closed by its date."""
    from commonlight.web.partnerships.domain.pulse import (
        answer_round,
        close_due_rounds,
        open_round,
        statement_ids,
    )

    def make(answers: list[tuple[Any, Any]], *, closed: bool = True) -> Any:
        coordinator, now = actor_of("coordinator"), timezone.now()
        asked = open_round(coordinator, closes_on=now.date(), at=now)
        for actor, value in answers:
            given = value if isinstance(value, dict) else dict.fromkeys(statement_ids(), value)
            answer_round(actor, asked, given, at=now)
        if closed:
            close_due_rounds(city.workspace, at=now + timedelta(days=2))
        asked.refresh_from_db()
        return asked

    return make


@pytest.fixture
def six(city: SimpleNamespace, member: Callable[..., Any]) -> list[Any]:
    """Six people of four organisations."""
    homes = (
        city.municipality,
        city.municipality,
        city.police,
        city.police,
        city.youth_work,
        city.university,
    )
    return [member(home) for home in homes]
