"""Restore a backup into an empty home folder and an empty database."""

from __future__ import annotations

import shutil
from pathlib import Path
from secrets import token_hex

from django.conf import settings

from commonlight.web.eventlog.record import record
from commonlight.web.eventlog.verify import chains, verify_chain
from commonlight.web.portability.backup.database import check_empty, load_database
from commonlight.web.portability.backup.making import DATABASE, HOME
from commonlight.web.portability.backup.verifying import Verified, verify_backup
from commonlight.web.portability.errors import PackageError
from commonlight.web.portability.manifest import copy_file

__all__ = ["restore_backup"]


def restore_backup(folder: Path) -> Verified:
    """Check the backup, bring files and database back, and verify every event log.

    Raises
    ------
    PackageError
        If the backup is not whole, the place is not empty, or an event log is broken.
    """
    facts = verify_backup(folder)
    check_empty()
    home = Path(settings.COMMONLIGHT_HOME)
    if (home / HOME).exists():
        raise PackageError(f"{home / HOME} exists already; restore into a new home folder")
    home.mkdir(parents=True, exist_ok=True)
    aside = home / f".restoring-{token_hex(4)}"
    try:
        _copy_files(folder, list(facts.manifest["files"]), aside)
        load_database(folder / DATABASE, facts.manifest["database"])
        aside.rename(home / HOME)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    _verify_logs()
    record(None, "installation.restore", files=facts.files, versions=facts.versions)
    return facts


def _copy_files(folder: Path, names: list[str], aside: Path) -> None:
    aside.mkdir()
    for name in names:
        if name.startswith(f"{HOME}/"):
            copy_file(folder / name, aside / name.removeprefix(f"{HOME}/"))


def _verify_logs() -> None:
    for chain in chains():
        check = verify_chain(chain)
        if check.broken_at is not None:
            raise PackageError(
                f"everything was restored, but the event log of “{chain}” is broken at event "
                f"{check.broken_at}, as it was when the backup was made; "
                "see `commonlight log verify`"
            )
