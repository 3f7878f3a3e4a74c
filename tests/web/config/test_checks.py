"""An installation that would lose work or leak does not start."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.checks import run_checks

from commonlight.web.config import checks
from commonlight.web.config.checks import check_database, check_public
from commonlight.web.config.environment import database_of


def test_the_settings_as_they_are_pass() -> None:
    assert [one for one in run_checks() if one.level >= 40] == []


def use(monkeypatch: pytest.MonkeyPatch, database: dict[str, Any]) -> None:
    """Let the check see this database; Django's own settings stay as they are."""
    monkeypatch.setattr(checks, "settings", SimpleNamespace(DATABASES={"default": database}))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"transaction_mode": "DEFERRED"}, "commonlight.E001"),
        ({"init_command": "PRAGMA synchronous=NORMAL;"}, "commonlight.E002"),
    ],
)
def test_sqlite_must_be_set_up_for_several_writers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, change: dict[str, str], code: str
) -> None:
    database: Any = database_of("", tmp_path)
    use(monkeypatch, database)
    assert check_database() == []
    database["OPTIONS"] |= change
    assert [one.id for one in check_database()] == [code]


def test_postgresql_needs_no_such_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    use(monkeypatch, database_of("postgresql://u@h/n", tmp_path))
    assert check_database() == []


def test_what_is_not_safe_in_public(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.SECRET_KEY = "short"
    settings.COMMONLIGHT_IS_PUBLIC = True
    found = [one.id for one in check_public()]
    assert found == ["commonlight.E003", "commonlight.E004", "commonlight.W001"]
