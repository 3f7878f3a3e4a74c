"""Requests that cannot be answered get a sentence and the right status, never a 500."""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client, RequestFactory

from commonlight.web.config import errors

ClientOf = Callable[[str], Client]


@pytest.fixture
def client(client_of: ClientOf) -> Client:
    found = client_of("coordinator")
    found.raise_request_exception = False
    return found


def text(answer: Any) -> str:
    return answer.content.decode()


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nowhere", 404),
        ("/w/nowhere/", 404),
        ("/w/lakeside/runs/99999999999999999999999/", 404),
        ("/w/lakeside/runs/?page=%00", 400),
        ("/w/lakeside/runs/?kind=a%00b", 400),
        ("/w/lakeside/runs/?page=" + "9" * 5000, 200),
        ("/w/lakeside/runs/?state=" + "x" * 20_000, 200),
        ("/w/lakeside/runs/%FF%FE/", 404),
        ("/w/lakeside%00/", 400),
        ("/w/../../etc/passwd", 404),
        ("/static/../../settings.py", 404),
    ],
)
def test_odd_addresses(client: Client, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert "<h1>" in text(answer)
    assert "Content-Security-Policy" in answer.headers or status == 404


def test_a_page_that_is_not_there_says_so_in_the_frame(client: Client) -> None:
    page = text(client.get("/nowhere"))
    assert "There is no such page" in page
    assert "Safer Lakeside" in page or "Sign out" in page


def test_too_large_a_body_is_refused_before_it_is_read(client: Client, settings: Any) -> None:
    settings.COMMONLIGHT_LARGEST_BODY = 1000
    answer = client.post("/accounts/login/", {"login": "x" * 2000})
    assert answer.status_code == 413
    assert "Nothing was kept" in text(answer)


def test_too_large_a_form_is_refused(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client.logout()
    answer = client.post(
        "/accounts/login/", "login=" + "x" * 2000, "application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413


def test_too_many_fields_are_refused(client: Client) -> None:
    client.logout()
    fields = "&".join(f"f{n}=1" for n in range(3000))
    answer = client.post("/accounts/login/", fields, "application/x-www-form-urlencoded")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"--x\r\nnot a part", "multipart/form-data; boundary=x"),
        (b"nothing", "multipart/form-data"),
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"a=%00%ff%fe&login=%00", "application/x-www-form-urlencoded"),
        (b"{", "application/json"),
        (b"", "application/x-www-form-urlencoded; charset=nonsense"),
    ],
)
def test_malformed_bodies(client: Client, body: bytes, kind: str) -> None:
    client.logout()
    answer = client.generic("POST", "/accounts/login/", body, content_type=kind)
    assert answer.status_code < 500
    assert "<h1" in text(answer)


def test_a_zero_byte_in_a_form_is_no_fault(client: Client) -> None:
    client.logout()
    answer = client.post("/accounts/login/", {"login": "a\x00b@example.org", "password": "\x00"})
    assert answer.status_code < 500


def test_a_file_where_none_is_expected(client: Client) -> None:
    client.logout()
    answer = client.post("/accounts/login/", {"login": SimpleUploadedFile("a.txt", b"x")})
    assert answer.status_code < 500


def test_an_unknown_method(client: Client) -> None:
    assert client.generic("BREW", "/w/lakeside/runs/").status_code == 405
    assert client.delete("/w/lakeside/runs/").status_code == 405


def test_an_unknown_host(client: Client) -> None:
    assert client.get("/", headers={"host": "evil.example.org"}).status_code == 400


def test_a_form_from_elsewhere_says_why(client_of: ClientOf, people: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"login": "x"})
    assert answer.status_code == 403
    assert "This form is no longer valid" in text(answer)


def test_a_fault_names_its_number_and_nothing_else(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("commonlight.web.runs.domain.visible_runs", broken)
    answer = client.get("/w/lakeside/runs/")
    assert answer.status_code == 500
    assert answer["X-Request-ID"] in text(answer)
    assert "secret of the house" not in text(answer)


def test_a_database_that_is_away_is_told_with_a_sentence(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise OperationalError("could not connect to server")

    monkeypatch.setattr("commonlight.web.runs.domain.visible_runs", away)
    answer = client.get("/w/lakeside/runs/")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert "Nothing is lost" in text(answer)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OperationalError("database or disk is full"),
        OperationalError("could not extend file: No space left on device"),
    ],
)
def test_a_disk_that_is_full_is_told_with_a_sentence(
    client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr("commonlight.web.runs.domain.visible_runs", full)
    answer = client.get("/w/lakeside/runs/")
    assert answer.status_code == 507
    assert "The disk of this installation is full" in text(answer)
    monkeypatch.setattr("commonlight.web.api.operations.runs.visible_runs", full)
    told = client.get("/api/v1/workspaces/lakeside/runs")
    assert told.status_code == 507
    assert told["Content-Type"] == "application/problem+json"
    assert "The disk is full" in told.json()["detail"]


def test_nothing_answers_500_when_every_query_fails(client: Client) -> None:
    def away(execute: Any, *_: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(away):
        answers = [client.get(url) for url in ("/", "/w/lakeside/", "/health/ready", "/nowhere")]
    assert [answer.status_code for answer in answers] == [503] * 4


def test_a_question_that_makes_no_sense_is_a_fault() -> None:
    assert errors.is_away(OperationalError("database is locked"))
    assert not errors.is_away(OperationalError("no such table: runs_run"))
    assert not errors.is_away(ValueError("x"))


def test_bad_request_without_exception() -> None:
    assert errors.bad_request(RequestFactory().get("/")).status_code == 400
