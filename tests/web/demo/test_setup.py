"""Making the demo: once, again, after an interruption, and never over real data."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from commonlight.web.demo import leftovers
from commonlight.web.demo.setup import DemoError, prepare
from processes import PATIENCE


def test_a_real_workspace_is_left_alone(city: Any, home: Path) -> None:
    with pytest.raises(DemoError, match="holds a real workspace"):
        prepare()
    assert not (home / "demo-city").exists()


def test_half_a_demo_in_a_database_is_named(city: Any, home: Path) -> None:
    from commonlight.web.workspaces.models import Workspace

    Workspace.objects.update(is_simulated=True)
    with pytest.raises(DemoError, match="not finished"):
        prepare()


def test_what_an_interrupted_start_left_is_removed(tmp_path: Path) -> None:
    leftovers.mark_started(tmp_path)
    for name in ("workbench.sqlite3", "workbench.sqlite3-wal"):
        (tmp_path / name).touch()
    (tmp_path / "workspaces" / "lindhafen").mkdir(parents=True)
    (tmp_path / "secret-key").write_text("kept")
    leftovers.forget_interrupted(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


def test_a_demo_that_is_made_stays(tmp_path: Path) -> None:
    leftovers.mark_started(tmp_path)
    leftovers.mark_made(tmp_path)
    (tmp_path / "workbench.sqlite3").touch()
    leftovers.forget_interrupted(tmp_path)
    assert leftovers.is_made(tmp_path)
    assert (tmp_path / "workbench.sqlite3").exists()


def test_a_home_that_holds_no_demo_stays(tmp_path: Path) -> None:
    (tmp_path / "workspaces" / "real").mkdir(parents=True)
    (tmp_path / "workbench.sqlite3").touch()
    leftovers.forget_interrupted(tmp_path)
    assert (tmp_path / "workspaces" / "real").is_dir()
    assert (tmp_path / "workbench.sqlite3").exists()


def test_a_start_forgets_the_interrupted_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    from commonlight.web.config import process

    settings.COMMONLIGHT_HOME = tmp_path
    order: list[str] = []
    monkeypatch.setattr(process, "start_django", lambda **given: None)
    monkeypatch.setattr(process, "check_settings", lambda: None)
    monkeypatch.setattr(process, "_prepare_demo", lambda: order.append("demo"))
    monkeypatch.setattr(
        "django.core.management.call_command", lambda *given, **more: order.append(given[0])
    )
    leftovers.mark_started(tmp_path)
    (tmp_path / "workbench.sqlite3").touch()
    process.prepare(host="127.0.0.1", demo=True)
    assert not (tmp_path / "workbench.sqlite3").exists()
    assert order == ["migrate", "demo"]


def test_a_demo_refuses_to_be_public(tmp_path: Path) -> None:
    """It lets everybody in without a password."""
    ours = ("COMMONLIGHT", "DJANGO")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    answer = subprocess.run(
        [
            str(Path(sys.executable).with_name("commonlight")),
            *("serve", "--demo", "--home", str(tmp_path)),
        ],
        env={
            **environment,
            "COMMONLIGHT_HOSTS": "safety.example.org",
            "COMMONLIGHT_SECRET_KEY": "x" * 60,
        },
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert answer.returncode != 0
    assert "without a password" in answer.stderr
    assert not (tmp_path / "demo-city").exists()
