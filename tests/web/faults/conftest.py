"""A city with data to bring in and to ask, workers in processes of their own, and what must hold
after every fault."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection

from processes import children, until
from web.runs import conftest as runs

TESTS = Path(__file__).resolve().parents[1]
WORKER = TESTS / "runs" / "worker_for_tests.py"
WRONG_CLOCK = TESTS / "faults" / "worker_with_a_clock.py"
jobs_for_tests = runs.jobs_for_tests


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A small simulated city: its files, and a lake into which they were imported."""
    from web.audits import simulated as helper

    folder = tmp_path_factory.mktemp("faults")
    helper.import_city(folder, incidents=3000)
    return SimpleNamespace(helper=helper, folder=folder, files=folder / "city")


def short(settings: dict[str, Any]) -> dict[str, Any]:
    """An audit of the recorded incidents alone, which takes a third of the time."""
    sources = [one for one in settings["sources"] if one["dataset"] == "crime"]
    return {**settings, "sources": sources, "divergence": [], "streets": None}


class Place:
    """The city in the database of the test: asks for runs, starts processes, looks at both."""

    until, children = staticmethod(until), staticmethod(children)

    def __init__(self, city: Any, people: Any, actor_of: Any, home: Path, simulated: Any) -> None:
        self.city, self.people, self.actor_of = city, people, actor_of
        self.workspace, self.home, self.simulated = city.workspace, home, simulated
        self.processes: list[subprocess.Popen[bytes]] = []

    # --- what is asked for

    def upload(self, dataset: Any, *, without: int = 0) -> Any:
        """The records of the simulated city, but the last ones, as a file that came in."""
        from commonlight.web.data.domain import importing, receiving

        path = self.workspace.uploads_folder / "form-sent"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = (self.simulated.files / "simulated_incidents.csv").read_bytes().splitlines(True)
        path.write_bytes(b"".join(lines[: len(lines) - without]))
        upload = receiving.keep_file(
            self.actor_of("analyst"),
            dataset,
            name="incidents.csv",
            path=path,
            size=path.stat().st_size,
            drop=[],
        )
        mapping = (self.simulated.files / "incidents.toml").read_text()
        importing.change_answers(upload, mapping=mapping)
        return upload

    def ask_for_import(self, dataset: Any, *, without: int = 0, tries: int = 50) -> Any:
        from commonlight.web.data.domain import importing

        upload = self.upload(dataset, without=without)
        run = importing.ask_for_import(self.actor_of("analyst"), upload)
        return self.with_tries(run, tries)

    def ask_for_audit(self, *, tries: int = 50) -> Any:
        from commonlight.web.audits.domain import plans
        from commonlight.web.audits.models import AuditPlan
        from commonlight.web.data.models import DataSet

        helper = self.simulated.helper
        if not DataSet.objects.of(self.workspace).filter(slug="crime").exists():
            helper.settle(self.simulated.folder, self.workspace, self.city.police)
        plan, _ = AuditPlan.objects.of(self.workspace).get_or_create(
            workspace=self.workspace,
            slug="audit",
            defaults={"title": "Audit", "settings": short(helper.SETTINGS)},
        )
        return self.with_tries(plans.start_audit(self.actor_of("analyst"), plan), tries)

    def ask_for_steps(self, log: Path, steps: int, **given: Any) -> Any:
        from commonlight.web.runs import request

        parameters = {"log": str(log), "steps": steps, **given}
        return request(
            self.actor_of("analyst"), "test.steps", workspace=self.workspace, parameters=parameters
        )

    def with_tries(self, run: Any, tries: int) -> Any:
        """Let a run be killed more often than a run of everyday life."""
        type(run).objects.everywhere("test").filter(pk=run.pk).update(max_attempts=tries)
        return run

    # --- processes

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to find this home, this database and these sessions."""
        own = {k: v for k, v in os.environ.items() if not k.startswith(("COMMONLIGHT", "DJANGO"))}
        url = os.environ.get("COMMONLIGHT_TEST_DATABASE", "")
        if url:
            name = str(connection.settings_dict["NAME"])
            url = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        return own | {
            "COMMONLIGHT_HOME": str(self.home),
            "COMMONLIGHT_TEST_DATABASE": url,
            "COMMONLIGHT_DATABASE_URL": url,
            "COMMONLIGHT_SECRET_KEY": str(django_settings.SECRET_KEY),
        }

    def start(self, *command: str, **more: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, *command], env=self.environment | more, start_new_session=True
        )
        self.processes.append(process)
        return process

    def start_worker(
        self, name: str = "worker", lease: float = 1.0, *, clock: Path | None = None
    ) -> Any:
        """A worker on this database; with `clock`, one whose clock the file shifts."""
        script = WORKER if clock is None else WRONG_CLOCK
        more = {} if clock is None else {"COMMONLIGHT_TEST_CLOCK": str(clock)}
        database = str(connection.settings_dict["NAME"])
        return self.start(str(script), str(self.home), database, name, str(lease), **more)

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
                process.wait()
        time.sleep(0.2)

    # --- what is there

    def stored(self, run: Any) -> Any:
        return type(run).objects.everywhere("test").get(pk=run.pk)

    def ended(self, run: Any) -> Any:
        """The run, once it is over."""
        until(lambda: self.stored(run).is_over, seconds=600)
        return self.stored(run)

    def result_folders(self) -> list[str]:
        """Names of all folders of results, finished or not."""
        results = self.workspace.results_folder
        aside = results / ".unfinished"
        found = [one.name for one in results.iterdir() if one.name != ".unfinished"]
        return sorted(found + ([one.name for one in aside.iterdir()] if aside.exists() else []))

    def check_import(self, run: Any, dataset: Any) -> None:
        """Done once: one version, whole files, nothing half-written, one event."""
        from commonlight.sources.lake import Lake
        from commonlight.web.eventlog.models import Event

        run = self.stored(run)
        assert run.state == "done", run.failure_text
        version = dataset.versions.get(run=run)
        lake = Lake(self.workspace.lake_folder)
        kept = lake.open(dataset.slug, version.lake_version)
        kept.verify()
        assert kept.table().num_rows == version.rows_accepted
        assert version.rows_accepted + version.rows_rejected == version.rows_read
        home = self.workspace.lake_folder / dataset.slug
        registered = json.loads((home / "register.json").read_text())["versions"]
        assert sorted(one.name for one in (home / "versions").iterdir()) == sorted(registered)
        assert not (home / ".draft").exists()
        lines = (run.result_path / "rejected.csv").read_text().splitlines()
        assert len(lines) == version.rows_rejected + 1
        upload = dataset.uploads.get(import_run=run)
        assert upload.state == "imported"
        told = Event.objects.filter(action="data.upload", detail__version=version.number)
        assert told.count() == 1
        self.check_log()

    def check_audit(self, run: Any) -> list[dict[str, Any]]:
        """Done once: each finding once, each with its files; returns what was found."""
        from commonlight.web.audits.models import AuditPlan, StoredFinding

        run = self.stored(run)
        assert run.state == "done", run.failure_text
        found = list(StoredFinding.objects.of(self.workspace).filter(run=run).order_by("order"))
        assert len(found) == run.result["counts"]["findings"] > 5
        assert len({one.key for one in found}) == len(found)
        shelf = run.result_path / "internal" / "shelf"
        for one in found:
            for name in one.content["files"].values():
                assert (shelf / name).stat().st_size > 0
        for version in ("internal", "public"):
            assert (run.result_path / version / "report.pdf").read_bytes().startswith(b"%PDF")
        assert AuditPlan.objects.of(self.workspace).get(slug="audit").latest_run == run
        self.check_log()
        return [{"key": one.key, "sentence": one.sentence, **one.content} for one in found]

    def check_log(self) -> None:
        from commonlight.web.eventlog.verify import verify_chain

        assert verify_chain(self.workspace.slug).is_whole

    @staticmethod
    def digests(folder: Path) -> dict[str, str]:
        """Every file below a folder with its SHA-256, to see that the old state stays."""
        return {
            str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def place(
    transactional_db: None, city: Any, people: Any, actor_of: Any, home: Path, simulated: Any
) -> Iterator[Place]:
    """The city, with its database where processes of its own find it."""
    home.mkdir(parents=True, exist_ok=True)
    if connection.vendor == "sqlite":
        (home / "workbench.sqlite3").symlink_to(str(connection.settings_dict["NAME"]))
    found = Place(city, people, actor_of, home, simulated)
    yield found
    found.end()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 320 MB of its own, in memory; skips where mounting is not allowed."""
    folder = tmp_path / "disk"
    folder.mkdir()
    root = [] if os.getuid() == 0 else ["sudo", "-n"]
    mount = [*root, "mount", "-t", "tmpfs", "-o", "size=320m,mode=0777", "tmpfs", str(folder)]
    if shutil.which(mount[0]) is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("needs to mount a small disk, which is not allowed here")
    yield folder
    subprocess.run([*root, "umount", "-l", str(folder)], check=True)


@pytest.fixture
def fill() -> Callable[[Path], Path]:
    """Fill a disk to the last byte but some; returns the file that fills it."""

    def make(folder: Path, *, leave: int = 0) -> Path:
        path = folder / "filling"
        with path.open("ab") as file:
            for size in (2**24, 2**18, 4096):
                with suppress(OSError):
                    while True:
                        os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, size)
        os.truncate(path, path.stat().st_size - leave)
        return path

    return make
