"""Taking a workspace out by the page: asked for, done by the worker, downloaded, all of it kept."""

import io
import zipfile

import pytest

from commonlight.web.eventlog.models import Event
from commonlight.web.runs.models import Run

PAGE = "/w/lakeside/export/"


@pytest.mark.parametrize("role", ["analyst", "partner", "evaluator", "decision_maker"])
def test_only_the_coordinator_exports(client_of, full_city, role):
    assert client_of(role).get(PAGE).status_code == 403
    assert client_of(role).post(PAGE).status_code == 403


def test_for_the_stranger_there_is_no_such_page(client_of, full_city):
    assert client_of("stranger").get(PAGE).status_code == 404


def test_from_the_button_to_the_file(client_of, full_city, do_runs):
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


def test_an_export_holds_no_earlier_export(client_of, full_city, do_runs):
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
