"""The files for operating a team's installation fit the program and each other."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

VARIABLE = re.compile(r"COMMONLIGHT_[A-Z_]+[A-Z]")
NOT_SETTINGS = {"COMMONLIGHT_DATABASE_PASSWORD"}
"""Given to the containers' own database, not to Commonlight."""


@pytest.fixture(scope="module")
def root() -> Path:
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def listed(root: Path) -> set[str]:
    page = (root / "docs/reference/environment.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `(COMMONLIGHT_[A-Z_]+)`", page, re.M))


def read_by_the_program(root: Path) -> set[str]:
    """Variables that the source reads: by name, or as one of a group such as single sign-on."""
    found = set()
    for path in (root / "src/commonlight").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"variables\.get\(\s*\"(COMMONLIGHT_[A-Z_]+)\"", text))
        found |= set(re.findall(r"variables, \"(COMMONLIGHT_[A-Z_]+)\"", text))
        found |= set(re.findall(r"environ(?:\.get\(|\[)\s*\"(COMMONLIGHT_[A-Z_]+)\"", text))
    parts = (root / "src/commonlight/web/accounts/settings_part.py").read_text(encoding="utf-8")
    names = set(re.findall(r"oidc(?:\.get\(|\[)\"([a-z_]+)\"", parts)) | {"client_secret"}
    return found | {f"COMMONLIGHT_OIDC_{name.upper()}" for name in names}


def test_every_variable_is_listed_and_every_listed_one_is_read(root, listed):
    assert listed == read_by_the_program(root)


@pytest.mark.parametrize(
    "name", ["commonlight.env.example", "compose.yaml", "Containerfile", "nginx.conf.example"]
)
def test_files_name_only_variables_that_exist(root, listed, name):
    text = (root / "deploy" / name).read_text(encoding="utf-8")
    assert set(VARIABLE.findall(text)) - NOT_SETTINGS <= listed


def test_the_example_starts_once_its_secret_is_filled_in(root, tmp_path):
    from commonlight.web.config.environment import read_environment

    lines = (root / "deploy/commonlight.env.example").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    given |= {"COMMONLIGHT_SECRET_KEY": "s" * 40, "COMMONLIGHT_HOME": str(tmp_path)}
    read = read_environment(given)
    assert read.is_public
    assert read.behind_proxy
    assert read.database["ENGINE"] == "django.db.backends.postgresql"


def test_commands_of_units_and_containers_exist(root):
    from commonlight.web.config.command_line import COMMANDS

    units = "".join(path.read_text() for path in sorted((root / "deploy").glob("*.service")))
    called = set(re.findall(r"/opt/commonlight/bin/commonlight ([a-z]+)", units))
    services = yaml.safe_load((root / "deploy/compose.yaml").read_text())["services"]
    called |= {one["command"][1] for one in services.values() if "command" in one}
    assert called == {"migrate", "pages", "worker", "backup"}
    assert called <= set(COMMANDS)


def test_units_are_accepted_by_systemd(root, tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd-analyze, which comes with systemd")
    for path in (root / "deploy").glob("commonlight*.[st][ei][rm]*"):
        text = path.read_text().replace("/opt/commonlight/bin/commonlight", shutil.which("true"))
        (tmp_path / path.name.replace("@", "@1")).write_text(text)
    units = sorted(str(path) for path in tmp_path.iterdir())
    assert len(units) == 5
    done = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False
    )
    said = [line for line in done.stderr.splitlines() if str(tmp_path) in line]
    assert said == []
    assert done.returncode == 0, done.stderr
