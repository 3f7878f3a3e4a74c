"""Each demo person walks the whole tour: every page is there, and holds what the tour says."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from commonlight.web.demo.people import PEOPLE
from commonlight.web.demo.setup import prepare
from commonlight.web.demo.tours import TOURS, place_of

pytestmark = pytest.mark.django_db

STOPS = [(key, number) for key, stops in TOURS.items() for number in range(1, len(stops) + 1)]
NOT_FOR_THE_STRANGER = ("stranger", 2)

Become = Callable[[str], Client]


def text_of(client: Client, address: str) -> str:
    """A page as it is read, without marks."""
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_second_start_finds_it_made(demo: Path, django_assert_num_queries: Any) -> None:
    told: list[str] = []
    with django_assert_num_queries(0):
        prepare(told.append)
    assert told == []


def test_each_person_has_a_tour(demo: Path) -> None:
    assert set(TOURS) == {person.key for person in PEOPLE}


@pytest.mark.parametrize(("key", "number"), STOPS)
def test_every_stop_is_a_page_that_this_person_may_read(
    become: Become, key: str, number: int
) -> None:
    client = become(key)
    answer = client.get(f"/demo/{key}/{number}/", follow=True)
    expected = 404 if (key, number) == NOT_FOR_THE_STRANGER else 200
    assert answer.status_code == expected
    place = place_of(key, number)
    assert place is not None
    assert place.is_at(answer.wsgi_request.path)
    page = answer.content.decode()
    assert f"stop {number} of {len(TOURS[key])}" in page
    assert str(place.text)[:30] in page


def test_beside_the_way_the_tour_leads_back(become: Become) -> None:
    client = become("coordinator")
    client.get("/demo/coordinator/3/")
    page = client.get("/w/lindhafen/people/").content.decode()
    assert "Return to this stop" in page
    assert 'href="/demo/coordinator/3/"' in page
    assert "tour-title" not in client.get("/demo/").content.decode()


def test_the_tour_can_be_put_away(become: Become) -> None:
    client = become("partner")
    client.post("/demo/tour/end/")
    assert "tour-title" not in client.get("/w/lindhafen/").content.decode()


def test_the_coordinator_finds_what_waits_for_her(become: Become) -> None:
    page = text_of(become("coordinator"), "/w/lindhafen/")
    assert "Check the release “More about when and where”" in page
    assert "The agreement “Counts of incidents for youth work” ends soon" in page
    assert "Bring a new version of “Residents by quarter”" in page


def test_the_coordinator_decides_on_the_release(become: Become) -> None:
    assert "Your decision" in text_of(become("coordinator"), "/w/lindhafen/releases/2/")
    assert "Your decision" not in text_of(become("analyst"), "/w/lindhafen/releases/2/")


def test_the_analyst_is_refused_points_and_told_what_there_is_instead(become: Become) -> None:
    client = become("analyst")
    answer = client.post(
        "/w/lindhafen/data/residents-reports/export/",
        {
            "place_detail": "point",
            "time_detail": "hour",
            "purpose": "Local safety audit and planning of prevention",
        },
    )
    assert answer.status_code == 403
    assert "nothing finer than" in answer.content.decode()
    assert "Export data" in text_of(become("coordinator"), "/w/lindhafen/log/?kind=refusal")


def test_the_partner_has_an_agreement_to_sign_and_signs_it(become: Become) -> None:
    client = become("partner")
    waiting = "Read and sign the agreement"
    assert waiting in text_of(client, "/w/lindhafen/")
    for part in ("parties", "purpose", "data", "detail", "dates", "clauses"):
        client.get(f"/w/lindhafen/agreements/5/parts/{part}/")
    assert "You have not opened" not in text_of(client, "/w/lindhafen/agreements/5/")


def test_the_partner_sees_fewer_findings_and_is_told_so(become: Become) -> None:
    page = text_of(become("partner"), "/w/lindhafen/findings/")
    assert "rest on data that you may not see" in page
    whole = text_of(become("coordinator"), "/w/lindhafen/findings/")
    assert "rest on data that you may not see" not in whole


def test_the_evaluator_finds_the_seed_and_the_digests(become: Become) -> None:
    from commonlight.web.runs.models import Run

    run = Run.objects.everywhere("the demo's audit").get(kind="audits.audit")
    page = text_of(become("evaluator"), f"/w/lindhafen/runs/{run.pk}/")
    assert "Seed of random numbers" in page
    assert run.fingerprint in page


def test_respondents_are_compared_with_residents(become: Become) -> None:
    page = text_of(become("evaluator"), "/w/lindhafen/findings/")
    assert "compared with all residents" in page


def test_a_resident_reads_the_release_without_a_cookie(demo: Path) -> None:
    client = Client()
    page = text_of(client, "/public/lindhafen/")
    assert "Safety in Lindhafen: what the audit of 2025 found" in page
    assert "More about when and where" not in page
    assert not client.cookies


def test_who_has_ended_the_tour_finds_what_waits_for_the_next_person(become: Become) -> None:
    client = become("coordinator")
    client.get("/demo/coordinator/1/")
    answer = client.post("/demo/partner/")
    assert answer["Location"] == "/demo/partner/1/"
    client.post("/demo/tour/end/")
    answer = client.post("/demo/evaluator/", follow=True)
    assert answer.wsgi_request.path == "/w/lindhafen/"
    assert 'class="tour"' not in answer.content.decode()


def test_a_stranger_sees_nothing_of_the_city(become: Become) -> None:
    client = become("stranger")
    for page in ("", "data/", "findings/", "runs/", "log/", "agreements/1/"):
        assert client.get(f"/w/lindhafen/{page}").status_code == 404


def test_the_sample_file_is_one_that_can_be_brought_in(become: Become) -> None:
    answer = become("analyst").get("/demo/sample.csv")
    lines = answer.content.decode(errors="replace").splitlines()
    assert lines[0].startswith("case_no,offence,")
    assert len(lines) == 501
    assert "attachment" in answer["Content-Disposition"]


def test_elsewhere_there_is_no_demo(demo: Path, settings: Any) -> None:
    settings.COMMONLIGHT_DEMO = False
    client = Client()
    assert client.get("/demo/").status_code == 404
    assert client.get("/demo/sample.csv").status_code == 404
    assert client.get("/demo/coordinator/1/").status_code == 404
    assert client.post("/demo/coordinator/").status_code == 404
