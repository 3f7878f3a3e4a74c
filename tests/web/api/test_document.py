"""Requests made up from the OpenAPI document, sent to the real WSGI application."""

from __future__ import annotations

from collections import Counter

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis import checks
from schemathesis.generation import GenerationMode

from commonlight.web.api import rates

PER_OPERATION = 8
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


@pytest.fixture
def _no_limit(monkeypatch):
    """Counting is tested elsewhere; here the same asker comes hundreds of times."""
    monkeypatch.setattr(rates, "hits", lambda asker, minute: 1)


@pytest.fixture
def known(audited):
    """What makes an address lead somewhere."""
    return {
        "workspace": "lakeside",
        "dataset": "burglary",
        "audit": "safety",
        "run": audited.run.pk,
        "key": "north",
        "name": "table.csv",
        "number": 1,
    }


@pytest.fixture
def document(db):
    from commonlight.web.config.wsgi import application

    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_the_document_is_valid(document):
    document.validate()


@pytest.mark.usefixtures("_no_limit")
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("place", ["found", "made up"])
def test_no_request_finds_a_fault_of_ours(document, known, token_of, mode, place):
    headers = {"Authorization": f"Bearer {token_of('coordinator')}"}
    seen = Counter()
    for found in document.get_all_operations():
        operation = found.ok()
        names = {one.name for one in operation.path_parameters}
        fixed = {name: value for name, value in known.items() if name in names}
        chosen = fixed if place == "found" else {"workspace": "lakeside"}
        ask(operation, mode, headers, {k: v for k, v in chosen.items() if k in names}, seen)
    assert sum(seen.values()) > 100
    if place == "found" and mode is GenerationMode.POSITIVE:
        assert seen[200] > 50


def ask(operation, mode, headers, fixed, seen):
    @settings(
        max_examples=PER_OPERATION,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case):
        case.path_parameters = {**(case.path_parameters or {}), **fixed}
        answer = case.call(headers=headers)
        seen[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    send()


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000, b"null", b"x" * 7_000_000])
def test_a_malformed_or_oversized_body_is_no_fault_of_ours(program, audited, body):
    answer = program("analyst").post(
        "/api/v1/workspaces/lakeside/datasets/burglary/exports",
        data=body,
        content_type="application/json",
    )
    assert 400 <= answer.status_code < 500
    assert answer["Content-Type"] == "application/problem+json"


def test_no_two_answers_share_a_name():
    """Two classes of one name would stand in the document as one, and one of them would lie."""
    import ast
    from collections import Counter
    from pathlib import Path

    import commonlight.web.api

    found = Counter(
        node.name
        for path in Path(commonlight.web.api.__file__).parent.rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in found.items() if count > 1] == []
