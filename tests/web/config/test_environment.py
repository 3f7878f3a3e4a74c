"""Settings from the environment: safe at home, strict in public."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from commonlight.web.config.environment import database_of, read_environment
from commonlight.web.config.mail import mail_settings

SECRET = "x" * 40
PUBLIC = {"COMMONLIGHT_HOSTS": "safer.example.org", "COMMONLIGHT_SECRET_KEY": SECRET}


def read(tmp_path: Path, **given: str):
    return read_environment({"COMMONLIGHT_HOME": str(tmp_path / "home"), **given})


def test_nothing_need_be_said_at_home(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert not found.is_public
    assert "localhost" in found.hosts
    assert found.log_level == "warning"
    assert "sqlite3" in str(found.database["ENGINE"])


def test_the_secret_made_at_home_is_kept_for_its_owner_only(tmp_path: Path) -> None:
    first, second = read(tmp_path), read(tmp_path)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 48
    assert (tmp_path / "home/secret.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"COMMONLIGHT_HOSTS": "safer.example.org"}, "COMMONLIGHT_SECRET_KEY must be set"),
        ({"COMMONLIGHT_SECRET_KEY": "short"}, "at least 32"),
        ({"COMMONLIGHT_LOG_LEVEL": "loud"}, "must be one of debug, info, warning, error"),
        ({"COMMONLIGHT_LARGEST_UPLOAD_MB": "all"}, "whole number from 1"),
        ({"COMMONLIGHT_LEASE_SECONDS": "0"}, "whole number from 1"),
        ({"COMMONLIGHT_DATABASE_URL": "mysql://somewhere/else"}, "postgresql://"),
        ({**PUBLIC, "COMMONLIGHT_DEMO": "1"}, "cannot be combined"),
    ],
)
def test_what_would_not_be_safe_is_refused(
    tmp_path: Path, given: dict[str, str], words: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=words):
        read(tmp_path, **given)


def test_in_public_requests_are_logged_and_forms_come_from_the_host(tmp_path: Path) -> None:
    found = read(tmp_path, **PUBLIC)
    assert found.is_public
    assert found.log_level == "info"
    assert found.origins == ("https://safer.example.org",)


def test_a_database_on_a_socket(tmp_path: Path) -> None:
    found = database_of("postgresql://me@/name?host=/run/socket&port=5433", tmp_path)
    assert (found["HOST"], found["PORT"], found["USER"]) == ("/run/socket", "5433", "me")
    found = database_of("postgresql://me:p%40ss@db.example.org:5432/name", tmp_path)
    assert (found["HOST"], found["PASSWORD"]) == ("db.example.org", "p@ss")


def test_mail_goes_to_files_unless_a_server_is_named(tmp_path: Path) -> None:
    found = mail_settings("", "us@example.org", tmp_path)
    assert found["EMAIL_BACKEND"].endswith("filebased.EmailBackend")
    assert found["EMAIL_FILE_PATH"] == tmp_path / "mail"


@pytest.mark.parametrize(
    ("scheme", "port", "tls", "ssl"),
    [("smtp", 25, False, False), ("smtp+tls", 587, True, False), ("smtps", 465, False, True)],
)
def test_mail_servers(tmp_path: Path, scheme: str, port: int, tls: bool, ssl: bool) -> None:
    found = mail_settings(f"{scheme}://u:p%20w@mail.example.org", "us@example.org", tmp_path)
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (port, tls, ssl)
    assert found["EMAIL_HOST_PASSWORD"] == "p w"


def test_a_mail_address_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="smtp"):
        mail_settings("mail.example.org", "us@example.org", tmp_path)
