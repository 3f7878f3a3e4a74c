"""The restore drill: people work while a backup is made, and what comes back is whole."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from commonlight.web.portability.backup.making import make_backup
from commonlight.web.portability.backup.verifying import verify_backup
from commonlight.web.portability.errors import PackageError
from processes import PATIENCE

WRITERS = 3


class Work:
    """Threads that log events and bring in versions until they are told to stop."""

    def __init__(self, workspace, dataset):
        self.workspace, self.dataset = workspace, dataset
        self.stop = threading.Event()
        self.faults = []
        jobs = [self.log] * (WRITERS - 1) + [self.bring]
        self.threads = [threading.Thread(target=self.run, args=(job,)) for job in jobs]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *given):
        self.stop.set()
        for thread in self.threads:
            thread.join(PATIENCE)

    def run(self, job):
        try:
            number = 1
            while not self.stop.is_set():
                number += 1
                job(number)
        except Exception as error:
            self.faults.append(error)
        finally:
            connection.close()

    def wait_until_busy(self):
        from commonlight.web.data.models import DataVersion
        from commonlight.web.eventlog.models import Event

        versions = DataVersion.objects.of(self.workspace)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and not self.faults:
            if versions.count() > 1 and Event.objects.filter(chain="lakeside").count() > 5:
                return
            time.sleep(0.05)
        raise AssertionError(f"nobody works: {self.faults}")

    def log(self, number):
        from commonlight.web.eventlog.record import record

        record(None, "data.view", workspace=self.workspace, kind="read", number=number)

    def bring(self, number):
        """As an import does: the files first, whole; then the row that speaks of them."""
        from commonlight.web.data.models import DataVersion

        identifier = f"{number:04d}-abcdabcd"
        folder = write_version(self.workspace, self.dataset.slug, identifier, number)
        DataVersion.objects.create(
            workspace=self.workspace,
            dataset=self.dataset,
            number=number,
            lake_version=identifier,
            digest="a" * 64,
            rows_read=1,
            rows_accepted=1,
            rows_rejected=0,
            manifest={"folder": folder.name},
        )


def write_version(workspace, slug, identifier, number):
    source = workspace.lake_folder / slug
    draft = source / ".draft"
    draft.mkdir(parents=True)
    content = os.urandom(200_000)
    (draft / "observations-0.parquet").write_bytes(content)
    entry = {
        "name": "observations-0.parquet",
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    (draft / "manifest.json").write_text(json.dumps({"files": [entry]}))
    (source / "versions").mkdir(exist_ok=True)
    draft.rename(source / "versions" / identifier)
    register = source / "register.json"
    known = json.loads(register.read_text())["versions"] if register.exists() else []
    aside = source / "register.json.new"
    aside.write_text(json.dumps({"current": identifier, "versions": [*known, identifier]}))
    aside.replace(register)
    return source / "versions" / identifier


@pytest.fixture
def working(transactional_db, city, dataset):
    return Work(city.workspace, dataset())


def command(home, *words, database=""):
    """A command of a fresh process, in a home of its own."""
    given = {**os.environ, "COMMONLIGHT_HOME": str(home), "COMMONLIGHT_DATABASE_URL": database}
    given.pop("DJANGO_SETTINGS_MODULE", None)
    code = "from commonlight.cli import main; main()"
    line = [sys.executable, "-c", code, *words, "--home", str(home)]
    return subprocess.run(line, env=given, capture_output=True, text=True, timeout=PATIENCE)


@pytest.fixture
def empty_database():
    """The address of a new, empty database of the kind that is tested; empty for SQLite."""
    if connection.vendor == "sqlite":
        yield ""
        return
    import psycopg

    parts = urlsplit(os.environ["COMMONLIGHT_TEST_DATABASE"])
    name = f"restored_{os.getpid()}"
    with psycopg.connect(urlunsplit(parts), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name}")
        admin.execute(f"CREATE DATABASE {name}")
        yield urlunsplit(parts._replace(path=f"/{name}"))
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def count(home, database, code):
    """Ask the restored installation itself."""
    given = {
        **os.environ,
        "COMMONLIGHT_HOME": str(home),
        "COMMONLIGHT_DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "commonlight.web.config.settings",
    }
    start = f"import django; django.setup()\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", start], env=given, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])


LOOK = """
import json
from commonlight.web.data.models import DataVersion
from commonlight.web.eventlog.models import Event
from commonlight.web.eventlog.verify import verify_chain
rows = DataVersion.objects.everywhere("a test").select_related("workspace", "dataset")
whole = [
    (one.workspace.lake_folder / one.dataset.slug / "versions" / one.lake_version).is_dir()
    for one in rows
]
check = verify_chain("lakeside")
print(json.dumps({"versions": len(whole), "whole": all(whole), "broken": check.broken_at,
                  "events": Event.objects.filter(chain="lakeside").count()}))
"""


def test_the_drill(working, tmp_path, empty_database):
    with working:
        working.wait_until_busy()
        made = make_backup(tmp_path / "backup")
    assert working.faults == []
    verify_backup(tmp_path / "backup")
    done = command(tmp_path / "new", "restore", str(tmp_path / "backup"), database=empty_database)
    assert done.returncode == 0, done.stdout + done.stderr
    found = count(tmp_path / "new", empty_database, LOOK)
    assert found["whole"]
    assert found["broken"] is None
    assert found["versions"] == made.versions > 0
    assert found["events"] >= 5
    again = command(tmp_path / "new", "restore", str(tmp_path / "backup"), database=empty_database)
    assert again.returncode == 7
    assert "not empty" in again.stdout + again.stderr


class TestVerify:
    @pytest.fixture
    def backup(self, working, tmp_path):
        working.bring(1)
        make_backup(tmp_path / "backup")
        return tmp_path / "backup"

    def test_a_whole_backup(self, backup):
        assert verify_backup(backup).versions == 1

    def test_a_changed_file(self, backup):
        path = next(backup.rglob("*.parquet"))
        path.write_bytes(b"x" + path.read_bytes()[1:])
        with pytest.raises(PackageError, match="was changed"):
            verify_backup(backup)

    def test_a_lost_version(self, backup):
        manifest = json.loads((backup / "manifest.json").read_text())
        for name in [name for name in manifest["files"] if "/versions/" in name]:
            (backup / name).unlink()
            del manifest["files"][name]
        (backup / "manifest.json").write_text(json.dumps(manifest))
        with pytest.raises(PackageError, match="has no files"):
            verify_backup(backup)

    def test_a_backup_that_was_cut_short(self, backup):
        (backup / "manifest.json").unlink()
        with pytest.raises(PackageError, match="has no"):
            verify_backup(backup)

    def test_a_file_that_someone_added(self, backup):
        (backup / "workspaces" / "evil").write_text("x")
        with pytest.raises(PackageError, match="is in"):
            verify_backup(backup)


def test_the_secret_stays(working, tmp_path, settings):
    home = Path(settings.COMMONLIGHT_HOME)
    home.mkdir(parents=True)
    (home / "secret.key").write_text("very secret")
    make_backup(tmp_path / "backup")
    assert not list((tmp_path / "backup").rglob("secret.key"))


def test_a_folder_with_something_in_it_is_refused(working, tmp_path):
    (tmp_path / "x").write_text("x")
    with pytest.raises(PackageError, match="not empty"):
        make_backup(tmp_path)


def test_the_home_folder_itself_is_refused(working, settings):
    with pytest.raises(PackageError, match="home folder itself"):
        make_backup(Path(settings.COMMONLIGHT_HOME) / "backup")


def test_a_version_that_retention_deletes_meanwhile_does_not_spoil_it(
    working, tmp_path, monkeypatch
):
    import shutil

    from commonlight.web.data.models import DataVersion
    from commonlight.web.portability.backup import making

    working.bring(1)
    working.bring(2)
    real = making._copy_homes
    calls = []

    def delete_first(target):
        if not calls:
            one = DataVersion.objects.of(working.workspace).get(number=1)
            DataVersion.objects.of(working.workspace).filter(pk=one.pk).delete()
            shutil.rmtree(working.workspace.lake_folder / "burglary/versions" / one.lake_version)
        calls.append(1)
        real(target)

    monkeypatch.setattr(making, "_copy_homes", delete_first)
    assert make_backup(tmp_path / "backup").versions == 1
    assert len(calls) == 2
