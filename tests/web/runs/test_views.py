"""Pages of runs: what each person sees, and that a page never costs more with more runs."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commonlight.web.eventlog.models import Event
from commonlight.web.runs.models import Run
from commonlight.web.runs.worker import work_off

Ask = Callable[..., Any]
ClientOf = Callable[[str], Client]
ADDRESSES = ("", "progress/", "cancel/")


def test_the_list_shows_own_and_shared_runs(ask: Ask, client_of: ClientOf) -> None:
    ask()
    ask("test.shared", role="evaluator")
    for role, sum_seen, shared_seen in [
        ("analyst", True, True),
        ("partner", False, True),
        ("coordinator", False, True),
    ]:
        page = client_of(role).get("/w/lakeside/runs/")
        assert page.status_code == 200
        text = page.content.decode()
        assert ("Sum of numbers" in text) == sum_seen, role
        assert ("Shared" in text) == shared_seen, role


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_run_belongs_to_its_organisation(ask: Ask, client_of: ClientOf, address: str) -> None:
    run = ask()
    url = f"/w/lakeside/runs/{run.pk}/{address}"
    assert client_of("analyst").get(url).status_code == 200
    page = client_of("partner").get(url)
    assert page.status_code == 403
    assert "another organisation" in page.content.decode()
    assert client_of("decision_maker").get(url).status_code == 403
    assert client_of("stranger").get(url).status_code == 404
    assert client_of("anonymous").get(url).status_code == 302


def test_a_stranger_sees_nothing_through_the_own_workspace(ask: Ask, client_of: ClientOf) -> None:
    run = ask()
    for address in ADDRESSES:
        url = f"/w/elsewhere/runs/{run.pk}/{address}"
        assert client_of("stranger").get(url).status_code == 404
    assert client_of("stranger").post(f"/w/elsewhere/runs/{run.pk}/again/").status_code == 404
    page = client_of("stranger").get("/w/elsewhere/runs/")
    assert "Sum of" not in page.content.decode()


def test_the_page_tells_what_went_in_and_how_it_ended(ask: Ask, client_of: ClientOf) -> None:
    digest = "ab" * 32
    run = ask(inputs=[{"dataset": "burglary", "version": 4, "digest": digest}], seed=7)
    client = client_of("analyst")
    waiting = client.get(run.get_absolute_url()).content.decode()
    assert "waits for its turn" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    work_off()
    text = client.get(run.get_absolute_url()).content.decode()
    for words in ("The run is done.", "Added 2 numbers.", "burglary", digest, run.fingerprint):
        assert words in text
    assert "hx-trigger" not in text
    assert "style=" not in text


def test_the_end_loads_the_page_anew(ask: Ask, client_of: ClientOf) -> None:
    run = ask()
    client = client_of("analyst")
    url = f"{run.get_absolute_url()}progress/"
    assert "HX-Refresh" not in client.get(url, headers={"hx-request": "true"}).headers
    work_off()
    assert client.get(url, headers={"hx-request": "true"}).headers["HX-Refresh"] == "true"
    assert "HX-Refresh" not in client.get(url).headers


def test_a_failure_is_told(ask: Ask, client_of: ClientOf) -> None:
    run = ask("test.fail", parameters={"how": "library"})
    work_off()
    text = client_of("analyst").get(run.get_absolute_url()).content.decode()
    assert "the mapping names no column for the time" in text


def test_cancel_asks_first(ask: Ask, client_of: ClientOf) -> None:
    run = ask()
    client = client_of("analyst")
    url = f"{run.get_absolute_url()}cancel/"
    assert "Cancel this run?" in client.get(url).content.decode()
    run.refresh_from_db()
    assert run.state == "queued"
    page = client.post(url, follow=True)
    assert page.redirect_chain == [(run.get_absolute_url(), 302)]
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert Event.objects.filter(action="run.cancel", thing_id=str(run.pk)).exists()
    assert work_off() == []


def test_run_again_makes_a_new_run(ask: Ask, client_of: ClientOf) -> None:
    run = ask()
    work_off()
    client = client_of("analyst")
    url = f"{run.get_absolute_url()}again/"
    assert client.get(url).status_code == 405
    assert client.post(url).status_code == 302
    runs = Run.objects.everywhere("test").order_by("pk")
    assert [one.state for one in runs] == ["done", "queued"]
    assert len({one.fingerprint for one in runs}) == 1
    assert client_of("partner").post(url).status_code == 403


def test_filters(ask: Ask, client_of: ClientOf) -> None:
    ask()
    work_off()
    ask("test.shared", role="evaluator")
    client = client_of("analyst")
    for query, seen in [
        ("state=done", ["Sum of numbers"]),
        ("state=queued", ["Shared"]),
        ("by=me", ["Sum of numbers"]),
        ("by=others", ["Shared"]),
        ("kind=test.shared", ["Shared"]),
        ("state=failed", []),
        ("state=nonsense&page=99", ["Sum of numbers", "Shared"]),
    ]:
        text = client.get(f"/w/lakeside/runs/?{query}").content.decode()
        body = text[text.find("<tbody>") :] if "<tbody>" in text else ""
        assert [name for name in ("Sum of numbers", "Shared") if name in body] == seen, query


def test_queries_do_not_grow(ask: Ask, client_of: ClientOf, city: SimpleNamespace) -> None:
    client = client_of("analyst")
    ask()
    counts = []
    for more in (0, 2):
        for number in range(more):
            ask(parameters={"numbers": [number]}, reuse=False)
        client.get("/w/lakeside/runs/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/w/lakeside/runs/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_was_typed_in_is_shown_as_text(ask: Ask, client_of: ClientOf) -> None:
    bad = "<script>alert(1)</script>{0.__class__}"
    run = ask(title_values={"what": bad}, parameters={"numbers": [1], bad: bad})
    text = client_of("analyst").get(run.get_absolute_url()).content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
