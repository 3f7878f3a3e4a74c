"""The pages of the event log."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonlight.web.eventlog.csv_export import safe_cell
from commonlight.web.eventlog.models import Event
from commonlight.web.eventlog.record import record

ADDRESS = "/w/lakeside/log/"


@pytest.fixture
def happened(actor_of, dataset):
    """A change, a read, an export and a refusal, and one event of another city."""
    thing = dataset(name="Burglary")
    record(actor_of("analyst"), "data.upload", thing, rows=10)
    record(actor_of("evaluator"), "data.view", thing, kind="read")
    record(actor_of("partner"), "data.export", thing, kind="export")
    record(actor_of("partner"), "data.export", thing, kind="refusal", reason="Too fine.")
    record(actor_of("stranger"), "workspace.configure", note="of Elsewhere")
    return thing


def text_of(client, address=ADDRESS):
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def test_the_coordinator_reads_what_happened_in_words(client_of, happened):
    text = text_of(client_of("coordinator"))
    assert "Bring data in: “Burglary”" in text
    assert "Refused: Export data: “Burglary”" in text
    assert "Too fine." in text
    assert "Analyst" in text
    assert "Elsewhere" not in text.split("<main")[1]


@pytest.mark.parametrize("role", ["analyst", "partner", "evaluator", "decision_maker"])
def test_others_are_refused_and_told_whom_to_ask(client_of, happened, role):
    answer = client_of(role).get(ADDRESS)
    assert answer.status_code == 403
    assert "coordinator" in answer.content.decode()


@pytest.mark.parametrize("page", ["", "1/", "export.csv"])
def test_the_stranger_sees_nothing(client_of, happened, page):
    assert client_of("stranger").get(ADDRESS + page).status_code == 404
    assert client_of("anonymous").get(ADDRESS + page).status_code == 302


def test_a_name_is_shown_only_while_the_account_exists(client_of, happened, people):
    people["analyst"].is_active = False
    people["analyst"].save()
    text = text_of(client_of("coordinator")).split("<main")[1]
    assert "Analyst" not in text
    assert f"person {people['analyst'].pk}" in text


def test_a_name_is_shown_to_the_coordinator_only(actor_of, people):
    from commonlight.web.eventlog.things import person_names

    assert person_names(actor_of("coordinator"), [people["partner"].pk])
    assert person_names(actor_of("analyst"), [people["partner"].pk]) == {}


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("kind=read", 1),
        ("action=data.export", 2),
        ("kind=refusal&action=data.export", 1),
        ("since=2000-01-01&until=2000-01-02", 0),
        ("since=2000-01-01", 4),
        ("until=2000-01-01", 0),
    ],
)
def test_filters_narrow_the_list(client_of, happened, query, number):
    answer = client_of("coordinator").get(f"{ADDRESS}?{query}")
    assert answer.context["page"].paginator.count == number


def test_the_filter_by_person(client_of, happened, people):
    answer = client_of("coordinator").get(f"{ADDRESS}?person={people['partner'].pk}")
    assert answer.context["page"].paginator.count == 2


@pytest.mark.parametrize("query", ["since=2024-05-02&until=2024-05-01", "since=x", "kind=theft"])
def test_wrong_filters_show_an_error_and_no_events(client_of, happened, query):
    answer = client_of("coordinator").get(f"{ADDRESS}?{query}")
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert answer.context["page"].paginator.count == 0


def test_the_newest_seal_is_shown(client_of, happened):
    newest = Event.objects.filter(chain="lakeside").first()
    assert newest.digest in text_of(client_of("coordinator"))


def test_one_event_shows_what_is_sealed(client_of, happened):
    event = Event.objects.get(chain="lakeside", number=1)
    text = text_of(client_of("coordinator"), f"{ADDRESS}1/")
    assert event.digest in text
    assert "rows: 10" in text
    assert client_of("coordinator").get(f"{ADDRESS}99/").status_code == 404


def test_the_file_holds_all_events_without_names_and_is_itself_an_event(client_of, happened):
    answer = client_of("coordinator").get(f"{ADDRESS}export.csv?kind=refusal")
    content = b"".join(answer.streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [row["action"] for row in rows] == ["data.export"]
    assert "Partner" not in content
    newest = Event.objects.filter(chain="lakeside").first()
    assert (newest.kind, newest.action) == ("export", "log.export")
    assert newest.detail == {"filters": ["kind"], "events": 1}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_a_spreadsheet_runs_nothing(text):
    assert safe_cell(text) == "'" + text
    assert safe_cell(7) == 7


def test_the_number_of_queries_does_not_grow(client_of, actor_of, dataset):
    client, actor = client_of("coordinator"), actor_of("analyst")
    counted = []
    for number in range(3):
        record(actor, "data.upload", dataset(f"set-{number}"))
        if number in (0, 2):
            with CaptureQueriesContext(connection) as queries:
                client.get(ADDRESS)
            counted.append(len(queries))
    assert counted[0] == counted[1]


def test_scripts_in_a_name_are_shown_as_text(client_of, actor_of, dataset):
    record(actor_of("analyst"), "data.upload", dataset(name="<script>alert(1)</script>"))
    assert "<script>alert" not in text_of(client_of("coordinator"))
