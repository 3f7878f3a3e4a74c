"""What is past its time goes with its files, and nothing else."""

from datetime import timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import transaction
from django.utils import timezone

from commonlight.sources.lake import Lake
from commonlight.sources.rejects import REJECTED_SCHEMA
from commonlight.web.audits.models import AuditPlan, Release, StoredFinding
from commonlight.web.data.models import DataSet, DataVersion, Upload
from commonlight.web.eventlog.models import Event
from commonlight.web.eventlog.verify import verify_chain
from commonlight.web.portability.retention import files, removal
from commonlight.web.portability.retention.due import due, due_of
from commonlight.web.portability.retention.models import PendingRemoval
from commonlight.web.portability.retention.removal import remove_due
from commonlight.web.runs.models import Run
from commonlight.web.workspaces.models import Invitation


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def counts(workspace):
    return {one.key: one.count for one in due(workspace) if one.count}


@pytest.fixture
def upload(city, dataset, a_file):
    def make(days, state="received", slug="burglary"):
        made = Upload.objects.create(
            workspace=city.workspace,
            dataset=DataSet.objects.of(city.workspace).filter(slug=slug).first() or dataset(slug),
            file_name="raw.csv",
            size=100,
            state=state,
            changed_at=days_ago(days),
        )
        a_file(city.workspace.uploads_folder / str(made.pk) / "raw.csv")
        return made

    return make


@pytest.fixture
def lake_version(city):
    """A version in the lake, with its row."""

    def make(thing, number, days):
        lake = Lake(city.workspace.lake_folder)
        with lake.draft(thing.slug) as draft:
            table = pa.table({"v": list(range(number))})
            pq.write_table(table, draft.folder / "observations-0.parquet")
            empty = pa.Table.from_pylist([], schema=REJECTED_SCHEMA)
            pq.write_table(empty, draft.folder / "rejected.parquet")
            kept, _ = draft.register(
                {"observations": number, "rejected": 0, "input_digest": str(number)}
            )
        made = DataVersion.objects.create(
            workspace=city.workspace,
            dataset=thing,
            number=number,
            lake_version=kept.id,
            digest="a" * 64,
            created_at=days_ago(days),
        )
        thing.current = made
        thing.save()
        return made

    return make


def test_nothing_is_due_in_a_new_workspace(city):
    assert counts(city.workspace) == {}
    assert remove_due(None, city.workspace)["uploads"] == {"count": 0, "bytes": 0}
    assert not Event.objects.exists()


def test_a_dry_run_counts_and_measures_and_removes_nothing(city, upload):
    old, young = upload(15), upload(13)
    found = due_of(city.workspace, "uploads")
    assert [item.thing for item in found.items] == [old]
    assert found.size == 100
    assert found.oldest == found.newest == old.changed_at
    assert Upload.objects.of(city.workspace).count() == 2
    assert (city.workspace.uploads_folder / str(old.pk) / "raw.csv").exists()
    assert young.pk


def test_uploads_go_with_their_folder(city, upload):
    old, young = upload(15), upload(13)
    busy = upload(99, state="importing")
    told = remove_due(None, city.workspace)
    assert told["uploads"] == {"count": 1, "bytes": 100}
    folder = city.workspace.uploads_folder
    assert {one.name for one in folder.iterdir()} == {str(young.pk), str(busy.pk)}
    assert not Upload.objects.of(city.workspace).filter(pk=old.pk).exists()


def test_previews_and_exports_lose_their_results_and_keep_their_rows(city, old_run):
    preview = old_run("data.preview", days=8)
    export = old_run("data.export", days=31)
    fresh = old_run("data.export", days=29)
    remove_due(None, city.workspace)
    for run in (preview, export):
        path = run.result_path
        run.refresh_from_db()
        assert not path.exists()
        assert (run.result, run.result_folder, run.state) == (None, "", "done")
        assert run.fingerprint == ""
    fresh.refresh_from_db()
    assert fresh.has_files


def test_old_results_go_but_the_latest_of_a_plan_and_released_ones_stay(
    city, old_run, finding, people
):
    from commonlight.web.workspaces.models import Membership

    gone, latest, public = old_run(), old_run(), old_run()
    for run in (gone, latest, public):
        finding(run)
    AuditPlan.objects.of(city.workspace).update(latest_run=latest)
    Release.objects.create(
        workspace=city.workspace,
        number=1,
        title="To the public",
        run=public,
        state="released",
        proposed_by=Membership.objects.of(city.workspace).first(),
    )
    assert counts(city.workspace) == {"results": 1}
    remove_due(None, city.workspace)
    left = set(StoredFinding.objects.of(city.workspace).values_list("run_id", flat=True))
    assert left == {latest.pk, public.pk}
    assert not gone.result_path.exists()


def test_old_versions_go_from_the_lake_and_the_current_one_stays(city, dataset, lake_version):
    thing = dataset()
    first, second = lake_version(thing, 1, 900), lake_version(thing, 2, 800)
    lake = Lake(city.workspace.lake_folder)
    assert counts(city.workspace) == {"versions": 1}
    remove_due(None, city.workspace)
    assert lake.versions("burglary") == (second.lake_version,)
    assert not DataVersion.objects.of(city.workspace).filter(pk=first.pk).exists()
    assert lake.open("burglary").table().num_rows == 2
    assert counts(city.workspace) == {}


def test_a_version_that_was_current_until_lately_stays(city, dataset, lake_version):
    thing = dataset()
    lake_version(thing, 1, 900)
    lake_version(thing, 2, 3)
    assert counts(city.workspace) == {}


def test_a_data_set_in_the_trash_goes_with_files_uploads_and_findings(
    city, dataset, lake_version, upload, old_run, finding, a_file
):
    thing = dataset()
    lake_version(thing, 1, 40)
    sent = upload(2)
    resting, other = old_run(days=5), old_run(days=5)
    finding(resting, "burglary")
    finding(other, "theft")
    DataSet.objects.of(city.workspace).update(deleted_at=days_ago(29))
    assert counts(city.workspace) == {}
    DataSet.objects.of(city.workspace).update(deleted_at=days_ago(31))
    assert counts(city.workspace) == {"trash": 1}
    remove_due(None, city.workspace)
    assert not DataSet.objects.of(city.workspace).exists()
    assert not (city.workspace.lake_folder / "burglary").exists()
    assert not (city.workspace.uploads_folder / str(sent.pk)).exists()
    assert not resting.result_path.exists()
    assert other.result_path.exists()
    assert [one.run for one in StoredFinding.objects.of(city.workspace)] == [other]


def test_findings_leave_the_pages_as_soon_as_their_data_set_is_in_the_trash(
    city, dataset, old_run, finding, actor_of
):
    from commonlight.web.audits.visibility import visible_findings

    thing, run = dataset(), old_run(days=1)
    finding(run)
    assert visible_findings(actor_of("analyst"), run)[0]
    thing.deleted_at = timezone.now()
    thing.save()
    shown, hidden = visible_findings(actor_of("analyst"), run)
    assert shown == []
    assert "trash" in str(hidden[0].reason)


def test_invitations_that_are_over_go(city, people):
    from commonlight.web.workspaces.models import Membership

    coordinator = Membership.objects.of(city.workspace).get(role="coordinator")

    def invite(number, **given):
        return Invitation.objects.create(
            workspace=city.workspace,
            email=f"{number}@example.org",
            organisation=city.police,
            role="partner",
            code_digest=str(number),
            invited_by=coordinator,
            **given,
        )

    invite(1, expires_at=days_ago(91))
    invite(2, expires_at=days_ago(89))
    invite(3, expires_at=days_ago(-3), accepted_at=days_ago(91))
    assert counts(city.workspace) == {"invitations": 2}
    remove_due(None, city.workspace)
    assert [one.email for one in Invitation.objects.of(city.workspace)] == ["2@example.org"]


def test_another_workspace_is_never_touched(city, old_run, upload):
    elsewhere = old_run("data.preview", days=99, workspace=city.elsewhere)
    upload(99)
    remove_due(None, city.workspace)
    elsewhere.refresh_from_db()
    assert elsewhere.has_files
    assert counts(city.elsewhere) == {"previews": 1}


def test_the_removal_is_an_event_with_counts_and_the_chain_holds(city, actor_of, upload):
    upload(99)
    remove_due(actor_of("coordinator"), city.workspace)
    event = Event.objects.get(action="retention.run")
    assert event.detail["removed"]["uploads"] == {"count": 1, "bytes": 100}
    assert verify_chain("lakeside").is_whole


def test_a_workspace_sets_its_own_days_and_may_keep_results_without_end(city, old_run, upload):
    old_run(days=4000)
    upload(20)
    city.workspace.retention = {"uploads": 30, "results": 0}
    assert counts(city.workspace) == {}
    city.workspace.retention = {"uploads": "nonsense", "results": -3}
    assert counts(city.workspace) == {"uploads": 1, "results": 1}


def test_a_removal_that_fails_removes_neither_rows_nor_files(city, upload, monkeypatch):
    old = upload(99)

    def fail(*args, **given):
        raise RuntimeError

    monkeypatch.setattr(removal, "record", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        remove_due(None, city.workspace)
    assert Upload.objects.of(city.workspace).get() == old
    assert (city.workspace.uploads_folder / str(old.pk) / "raw.csv").exists()


def test_a_removal_that_was_cut_short_is_finished_by_the_next_one(city, upload, monkeypatch):
    old = upload(99)
    folder = city.workspace.uploads_folder / str(old.pk)
    with monkeypatch.context() as patched:
        patched.setattr(removal.files, "finish", lambda workspace: 0)
        remove_due(None, city.workspace)
    assert folder.exists()
    assert PendingRemoval.objects.of(city.workspace).count() == 1
    remove_due(None, city.workspace)
    assert not folder.exists()
    assert not PendingRemoval.objects.of(city.workspace).exists()


def test_a_path_that_is_used_again_is_left_in_peace(city, dataset, a_file):
    PendingRemoval.objects.create(workspace=city.workspace, path="files/burglary")
    dataset("burglary", kind="areas")
    kept = a_file(city.workspace.files_folder / "burglary" / "areas.geojson")
    files.finish(city.workspace)
    assert kept.exists()


def test_nothing_outside_the_workspace_is_removed(city, a_file):
    secret = a_file(city.workspace.folder.parent / "other" / "file")
    PendingRemoval.objects.create(workspace=city.workspace, path="results/../../other/file")
    with pytest.raises(ValueError, match="outside the workspace"):
        files.finish(city.workspace)
    assert secret.exists()


def test_the_number_of_queries_of_a_dry_run_does_not_grow(city, upload, old_run):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counted = []
    for number in range(3):
        upload(99)
        old_run("data.preview")
        if number != 1:
            with CaptureQueriesContext(connection) as queries:
                due(city.workspace)
            counted.append(len(queries))
    assert counted[0] == counted[1]
    assert Run.objects.of(city.workspace).count() == 3
