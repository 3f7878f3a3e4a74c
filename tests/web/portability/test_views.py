"""Taking a workspace out by the page: asked for, done by the worker, downloaded, all of it kept."""

import io
import zipfile

import pytest
from django.utils import timezone

from commonlight.web.eventlog.models import Event
from commonlight.web.portability.models import ExportConsent
from commonlight.web.runs.models import Run
from commonlight.web.workspaces.models import Membership

PAGE = "/w/lakeside/export/"


@pytest.mark.parametrize("role", ["analyst", "partner", "evaluator", "decision_maker"])
def test_only_the_coordinator_exports(client_of, full_city, role):
    assert client_of(role).get(PAGE).status_code == 403
    assert client_of(role).post(PAGE).status_code == 403


def test_for_the_stranger_there_is_no_such_page(client_of, full_city):
    assert client_of("stranger").get(PAGE).status_code == 404


def agree(client_of, role):
    """The signatory of that role's organisation agrees."""
    return client_of(role).post(f"{PAGE}consent/", {"answer": "agree"})


@pytest.fixture
def agreed(client_of, full_city, city):
    """The police agree, whose data set is in the workspace."""
    assert agree(client_of, "analyst").status_code == 302


def test_from_the_button_to_the_file(client_of, full_city, agreed, do_runs):
    client = client_of("coordinator")
    assert client.post(PAGE).status_code == 302
    do_runs()
    run = Run.objects.of(full_city).get(kind="portability.export")
    assert run.state == "done", run.failure
    assert "Download the zip file" in client.get(PAGE).content.decode()
    answer = client.get(f"{PAGE}{run.pk}/workspace.zip")
    content = b"".join(answer.streaming_content)
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert {"manifest.json", "README.md", "log/events.jsonl"} <= set(names)
    assert len(content) == run.result["zip_bytes"]
    kept = Event.objects.filter(chain="lakeside", kind="export")
    assert list(kept.order_by("number").values_list("action", flat=True)) == [
        "workspace.export",
        "workspace.export.download",
    ]
    assert client_of("analyst").get(f"{PAGE}{run.pk}/workspace.zip").status_code == 403
    assert client_of("stranger").get(f"{PAGE}{run.pk}/workspace.zip").status_code == 404


def test_without_the_consent_of_the_police_the_coordinator_gets_no_export(
    client_of, full_city, do_runs
):
    client = client_of("coordinator")
    page = client.get(PAGE).content.decode()
    assert 'aria-disabled="true"' in page
    assert "These have not agreed to it: Lakeside Police." in page
    assert client.post(PAGE).status_code == 403
    assert not Run.objects.of(full_city).filter(kind="portability.export").exists()
    event = Event.objects.filter(chain="lakeside", kind="refusal").latest("number")
    assert event.action == "workspace.export"


def test_the_coordinator_asks_and_the_signatory_of_the_police_finds_the_question(
    client_of, full_city
):
    analyst = client_of("analyst")
    question = "Decide whether the whole workspace may be exported"
    assert question not in analyst.get("/w/lakeside/").content.decode()
    assert client_of("coordinator").post(f"{PAGE}ask/").status_code == 302
    assert question in analyst.get("/w/lakeside/").content.decode()
    assert "Was asked on" in client_of("coordinator").get(PAGE).content.decode()
    assert "Burglary" in analyst.get(f"{PAGE}consent/").content.decode()
    agree(client_of, "analyst")
    assert question not in analyst.get("/w/lakeside/").content.decode()
    assert "Agrees until" in client_of("coordinator").get(PAGE).content.decode()
    told = Event.objects.filter(chain="lakeside", kind="change", action__contains="consent")
    assert list(told.order_by("number").values_list("action", flat=True)) == [
        "workspace.ask-consent",
        "workspace.consent",
    ]


def test_nobody_but_the_signatory_agrees_and_for_no_other_organisation(
    client_of, full_city, people
):
    assert agree(client_of, "partner").status_code == 302
    assert client_of("coordinator").post(PAGE).status_code == 403
    full_city_members = Membership.objects.of(full_city)
    full_city_members.filter(user=people["analyst"]).update(is_signatory=False)
    answer = agree(client_of, "analyst")
    assert answer.status_code == 403
    assert b"Only the registered signatory of Lakeside Police" in answer.content
    assert client_of("stranger").post(f"{PAGE}consent/").status_code == 404
    page = client_of("coordinator").get(PAGE).content.decode()
    assert "Has no signatory who could agree" in page


def test_a_consent_ends_after_thirty_days_and_whenever_it_is_taken_back(
    client_of, full_city, agreed, do_runs
):
    client = client_of("coordinator")
    client.post(PAGE)
    do_runs()
    file = f"{PAGE}{Run.objects.of(full_city).get(kind='portability.export').pk}/workspace.zip"
    assert client.get(file).status_code == 200
    client_of("analyst").post(f"{PAGE}consent/", {"answer": "withdraw"})
    assert client.get(file).status_code == 403
    agree(client_of, "analyst")
    assert client.get(file).status_code == 200
    past = timezone.now() - ExportConsent.VALID_FOR
    ExportConsent.objects.of(full_city).update(given_at=past)
    assert client.get(file).status_code == 403
    assert client.post(PAGE).status_code == 403


def test_a_consent_that_is_taken_back_stops_an_export_that_waits(
    client_of, full_city, agreed, do_runs
):
    client_of("coordinator").post(PAGE)
    client_of("analyst").post(f"{PAGE}consent/", {"answer": "withdraw"})
    do_runs()
    run = Run.objects.of(full_city).get(kind="portability.export")
    assert run.state == "failed"
    assert not run.has_files


def test_whoever_asked_for_runs_of_their_own_must_agree_too(client_of, full_city, agreed, city):
    Run.objects.create(
        workspace=full_city,
        kind="data.preview",
        title="Preview",
        library_version="0",
        fingerprint="p",
        state="done",
        organisation=city.youth_work,
    )
    answer = client_of("coordinator").post(PAGE)
    assert answer.status_code == 403
    assert b"Youth Work Lakeside" in answer.content


def test_an_export_holds_no_earlier_export(client_of, full_city, agreed, do_runs):
    client = client_of("coordinator")
    for _ in range(2):
        client.post(PAGE)
        do_runs()
    sizes = [
        run.result["files"]
        for run in Run.objects.of(full_city).filter(state="done")
        if run.kind == "portability.export"
    ]
    assert sizes[0] == sizes[1]
