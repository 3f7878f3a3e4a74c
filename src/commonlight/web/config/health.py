"""Is the installation well: its process, database, migrations, disk and worker."""

from __future__ import annotations

import shutil
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from commonlight.web.config.start import pending_migrations
from commonlight.web.policy import open_page
from commonlight.web.runs.models import WorkerBeat

__all__ = ["live", "ready", "report"]

LEAST_DISK = 200 * 1024 * 1024
SILENT_AFTER = timedelta(seconds=30)


@require_safe
@never_cache
@open_page
def live(request: HttpRequest) -> JsonResponse:
    """Whether this process answers at all."""
    return JsonResponse({"live": True})


@require_safe
@never_cache
@open_page
def ready(request: HttpRequest) -> JsonResponse:
    """Whether pages can be served. A missing worker is told, but pages go on without it."""
    found = report()
    return JsonResponse(found, status=200 if found["ready"] else 503)


def report() -> dict[str, Any]:
    """What is well and what is not, without names, versions or paths."""
    database = _database_answers()
    migrated = database and _is_migrated()
    disk = _disk_has_room()
    return {
        "ready": migrated and disk,
        "database": database,
        "migrations": migrated,
        "disk": disk,
        "worker": database and migrated and _worker_is_alive(),
    }


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return False
    return True


def _is_migrated() -> bool:
    try:
        return _once_migrated()
    except (DatabaseError, NotMigratedError):
        return False


class NotMigratedError(RuntimeError):
    """The database lacks changes of this version; not remembered, since it will get them."""


@lru_cache
def _once_migrated() -> bool:
    """Asked until it is true, then remembered: a process serves one version of the code."""
    if pending_migrations():
        raise NotMigratedError
    return True


def _disk_has_room() -> bool:
    home = Path(settings.COMMONLIGHT_HOME)
    place = next((one for one in (home, *home.parents) if one.is_dir()), Path("/"))
    return shutil.disk_usage(place).free >= LEAST_DISK


def _worker_is_alive() -> bool:
    heard = timezone.now() - SILENT_AFTER
    try:
        return WorkerBeat.objects.filter(beat_at__gte=heard).exists()
    except DatabaseError:
        return False
