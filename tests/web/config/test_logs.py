"""Logs hold what an operator needs, and nobody's address, name or place."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from commonlight.web.config.logs import JsonLines, logging_settings


def line(name: str, message: str, *values: Any, error: bool = False, **extra: Any) -> dict:
    exc = sys.exc_info() if error else None
    record = logging.LogRecord(name, logging.ERROR, "f", 1, message, values, exc)
    vars(record).update(extra)
    return json.loads(JsonLines().format(record))


def test_our_own_messages_keep_their_values() -> None:
    found = line("commonlight.runs", "run %s", 7, run=7)
    assert (found["event"], found["run"], found["level"]) == ("run 7", 7, "error")


def test_the_messages_of_libraries_lose_theirs() -> None:
    found = line("axes.watch", "AXES: failure by %s", "anna@example.org", request="anna")
    assert "anna" not in json.dumps(found)


def test_a_suspicious_request_is_told_by_its_kind_alone() -> None:
    found = line("django.security.DisallowedHost", "Invalid HTTP_HOST header: 'anna.example'")
    assert "anna" not in json.dumps(found)
    assert found["from"] == "django.security.DisallowedHost"


def test_an_error_is_told_by_its_kind_and_place_only() -> None:
    try:
        raise ValueError("Key (email)=(anna@example.org) already exists")
    except ValueError:
        found = line("django.request", "Internal Server Error: %s", "/x", error=True)
    assert found["error"] == "ValueError"
    assert found["at"][-1].startswith("test_logs.py:")
    assert "anna" not in json.dumps(found)


def test_the_settings_are_valid() -> None:
    assert logging.config is not None
    logging.config.DictConfigurator(logging_settings("info"))


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[dict[str, Any]]]:
    caplog.set_level(logging.INFO, "commonlight.requests")

    def read() -> list[dict[str, Any]]:
        own = [one for one in caplog.records if one.name == "commonlight.requests"]
        return [json.loads(JsonLines().format(one)) for one in own]

    return read


def test_a_request_is_told_by_its_route(
    client_of: Callable[[str], Client], lines: Callable[[], list[dict[str, Any]]]
) -> None:
    answer = client_of("analyst").get("/w/lakeside/runs/77/?email=anna@example.org")
    (found,) = lines()
    assert (found["route"], found["status"], found["method"]) == ("runs:run", 404, "GET")
    assert found["request"] == answer["X-Request-ID"]
    assert found["ms"] > 0
    text = json.dumps(found)
    assert not [word for word in ("anna", "lakeside", "77/", "127.0.0.1") if word in text]


def test_what_the_client_sends_as_a_number_is_not_believed(db: None, client: Client) -> None:
    given = "abcdef0123456789"
    assert client.get("/health/live", headers={"x-request-id": given})["X-Request-ID"] != given


def test_the_number_of_a_trusted_proxy_is_kept(db: None, client: Client, settings: Any) -> None:
    settings.COMMONLIGHT_BEHIND_PROXY = True
    given = "abcdef0123456789"
    assert client.get("/health/live", headers={"x-request-id": given})["X-Request-ID"] == given
    bad = "a\tb" + "x" * 99
    assert client.get("/health/live", headers={"x-request-id": bad})["X-Request-ID"] != bad
