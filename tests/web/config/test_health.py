"""The health pages tell what is well, without names, versions or paths."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from commonlight.web.config import health
from commonlight.web.runs.models import WorkerBeat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forget() -> None:
    health._once_migrated.cache_clear()


def test_live_asks_nothing(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get("/health/live").json() == {"live": True}


def test_ready_without_a_worker(client: Client, home: Any) -> None:
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "database": True,
        "migrations": True,
        "disk": True,
        "worker": False,
    }


def test_a_worker_that_is_silent_does_not_count(client: Client, home: Any) -> None:
    beat = WorkerBeat.objects.create(name="w")
    assert client.get("/health/ready").json()["worker"]
    beat.beat_at = timezone.now() - timedelta(minutes=2)
    beat.save()
    assert not client.get("/health/ready").json()["worker"]


def test_missing_migrations_are_not_remembered(
    client: Client, home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pending = [3]
    monkeypatch.setattr(health, "pending_migrations", lambda: pending[0])
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["migrations"]) == (503, False)
    pending[0] = 0
    assert client.get("/health/ready").status_code == 200
    pending[0] = 3
    assert client.get("/health/ready").status_code == 200


def test_a_full_disk_is_told(client: Client, home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LEAST_DISK", 1 << 60)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["disk"]) == (503, False)
