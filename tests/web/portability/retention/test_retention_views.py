"""The pages of retention, and the command."""

from datetime import timedelta
from typing import ClassVar

import pytest
from django.utils import timezone

from commonlight.web.accounts.models import User
from commonlight.web.agreements.domain import today_in
from commonlight.web.data.models import Upload
from commonlight.web.eventlog.models import Event
from commonlight.web.portability.retention.command import retention as command
from commonlight.web.runs.models import Run

ADDRESS = "/w/lakeside/retention/"


@pytest.fixture
def old_upload(city, dataset, a_file):
    made = Upload.objects.create(
        workspace=city.workspace,
        dataset=dataset(),
        file_name="raw.csv",
        size=2048,
        state="received",
        changed_at=timezone.now() - timedelta(days=20),
    )
    a_file(city.workspace.uploads_folder / str(made.pk) / "raw.csv", 2048)
    return made


def main_of(answer):
    assert answer.status_code == 200
    return answer.content.decode().split("<main")[1]


def test_the_dry_run_lists_what_would_go_and_says_what_backups_hold(client_of, old_upload):
    text = main_of(client_of("coordinator").get(ADDRESS))
    assert "In all, 1 thing would go" in text
    assert "2.0\xa0KB" in text
    assert "Backups that were made before" in text
    assert Upload.objects.of(old_upload.workspace).exists()


def test_the_removal_is_confirmed_and_becomes_a_run(client_of, old_upload):
    client = client_of("coordinator")
    assert "Raw uploads" in main_of(client.get(f"{ADDRESS}removal/"))
    assert "Tick the box" in main_of(client.post(f"{ADDRESS}removal/", {}))
    assert not Run.objects.of(old_upload.workspace).exists()
    answer = client.post(f"{ADDRESS}removal/", {"sure": "on"})
    run = Run.objects.of(old_upload.workspace).get()
    assert answer.url == f"/w/lakeside/runs/{run.pk}/"
    assert run.kind == "retention.run"


def test_the_job_removes_and_says_so(city, people, old_upload):
    from commonlight.web.portability.retention.jobs import run_retention
    from commonlight.web.workspaces.actors import actor_for

    class Work:
        workspace = city.workspace
        actor = actor_for(people["coordinator"], city.workspace)
        said: ClassVar = []

        def message(self, text, **values):
            self.said.append(text.format_map(values))

    result = run_retention(Work())
    assert result["removed"]["uploads"] == {"count": 1, "bytes": 2048}
    assert Work.said[0].startswith("Removed: 1. Backups")


def test_the_rules_are_set_within_their_limits(city, client_of):
    client = client_of("coordinator")
    given = {
        "uploads": 30,
        "previews": 7,
        "exports": 30,
        "versions": 0,
        "results": 365,
        "trash": 30,
        "invitations": 90,
        "accounts": 365,
    }
    text = main_of(client.post(f"{ADDRESS}rules/", {**given, "trash": 1, "versions": 5}))
    assert "There is a problem" in text
    assert "at least 30 days" in text
    assert client.post(f"{ADDRESS}rules/", given).url == ADDRESS
    city.workspace.refresh_from_db()
    assert city.workspace.retention["uploads"] == 30
    assert "without end" in main_of(client.get(ADDRESS))
    assert Event.objects.filter(action="retention.rules").count() == 1


@pytest.mark.parametrize("page", ["", "rules/", "removal/"])
def test_others_are_refused_and_the_stranger_finds_nothing(client_of, page):
    assert client_of("partner").get(ADDRESS + page).status_code == 403
    assert client_of("partner").post(ADDRESS + page).status_code in (403, 405)
    assert client_of("stranger").get(ADDRESS + page).status_code == 404
    assert client_of("anonymous").get(ADDRESS + page).status_code == 302


def test_data_sets_that_wait_for_a_delivery_are_named(city, client_of, dataset):
    day = today_in(city.workspace)
    dataset("late", name="Late counts", next_delivery_on=day - timedelta(days=1))
    dataset("early", name="Early counts", next_delivery_on=day)
    text = main_of(client_of("coordinator").get(ADDRESS))
    assert "Late counts" in text
    assert "Early counts" not in text


def test_a_person_deletes_her_own_account(client_of, people):
    client = client_of("partner")
    assert "not the address" in main_of(client.post("/me/delete/", {"email": "x@example.org"}))
    answer = client.post("/me/delete/", {"email": "Partner@example.org"})
    assert "Your account is deleted" in main_of(answer)
    assert not User.objects.get(pk=people["partner"].pk).is_active
    assert client.get("/me/delete/").status_code == 302


def test_the_only_coordinator_is_told_to_name_another(client_of, people):
    answer = client_of("coordinator").post("/me/delete/", {"email": "coordinator@example.org"})
    assert "Name another one first" in main_of(answer)


def test_the_command_lists_and_removes(city, old_upload, capsys):
    command("lakeside", dry_run=True)
    assert "lakeside: uploads: 1 would go, 2048 bytes" in capsys.readouterr().out
    assert Upload.objects.of(city.workspace).exists()
    command()
    out = capsys.readouterr().out
    assert "lakeside: uploads: 1 removed, 2048 bytes" in out
    assert "Backups" in out
    assert not Upload.objects.of(city.workspace).exists()
    with pytest.raises(ValueError, match="no workspace"):
        command("nowhere")
