"""The public register: organisations and purposes, never persons."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commonlight.web.agreements.domain.coverage import today_in
from commonlight.web.eventlog.models import Event

PAGE = "/public/lakeside/agreements/"
FILES = ("/public/lakeside/agreements.csv", "/public/lakeside/agreements.json")


@pytest.fixture
def shared(city, dataset, signed):
    city.police.public_contact = "police@lakeside.example, front office"
    city.police.save()
    return signed(thing=dataset("burglary", name="Secret name of a data set"))


@pytest.mark.parametrize("address", [PAGE, *FILES])
def test_everybody_reads_it_and_no_person_stands_in_it(shared, people, address):
    text = Client().get(address).content.decode()
    for said in ("Youth work", "Lakeside Police", "Youth Work Lakeside", "Act, section 4"):
        assert said in text
    assert "front office" in text
    for user in people.values():
        assert user.email not in text
    assert not any(f">{name}<" in text for name in ("Analyst", "Partner"))
    assert "Secret name" not in text


def test_page_csv_and_json_tell_the_same(shared):
    told = json.loads(Client().get(FILES[1]).content)["agreements"]
    rows = list(csv.DictReader(io.StringIO(Client().get(FILES[0]).content.decode())))
    assert len(told) == len(rows) == 1
    assert rows[0]["purpose"] == told[0]["purpose"] == "Youth work"
    assert rows[0]["data_kinds"] == "; ".join(told[0]["data_kinds"]) == "incidents"
    assert told[0]["sha256"] == shared.text_digest
    assert (told[0]["place_detail"], told[0]["time_detail"]) == ("area", "month")
    assert told[0]["standing"] == "in_force"


@pytest.mark.parametrize("state", ["draft", "offered"])
def test_what_is_not_signed_is_not_public(signed_agreement, state):
    signed_agreement(state=state, title="Not yet", signed_at=None)
    for address in (PAGE, *FILES):
        assert "Not yet" not in Client().get(address).content.decode()


def test_what_expired_stays_listed_as_expired(city, signed_agreement):
    day = today_in(city.workspace) - timedelta(days=1)
    signed_agreement(expires_on=day, signed_at="2024-01-01T00:00Z")
    told = json.loads(Client().get(FILES[1]).content)["agreements"]
    assert [one["standing"] for one in told] == ["expired"]


def test_another_city_lists_its_own_only(shared):
    told = json.loads(Client().get("/public/elsewhere/agreements.json").content)
    assert told["agreements"] == []
    assert Client().get("/public/nowhere/agreements/").status_code == 404


def test_reading_leaves_no_trace(shared, client_of):
    before = Event.objects.count()
    for address in (PAGE, *FILES):
        Client().get(address)
        client_of("analyst").get(address)
    assert Event.objects.count() == before


def test_a_formula_in_a_purpose_stays_text(signed_agreement):
    signed_agreement(purpose="=1+1", signed_at="2024-01-01T00:00Z")
    assert "'=1+1" in Client().get(FILES[0]).content.decode()


def test_the_number_of_queries_does_not_grow(city, signed_agreement, dataset):
    counted = []
    for number in (1, 2, 3):
        signed_agreement(
            dataset(f"set-{number}"), receivers=(city.youth_work,), signed_at="2024-01-01T00:00Z"
        )
        if number != 2:
            with CaptureQueriesContext(connection) as queries:
                Client().get(PAGE)
            counted.append(len(queries))
    assert counted[0] == counted[1]
