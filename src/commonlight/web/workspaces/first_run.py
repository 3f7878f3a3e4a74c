"""The first run: a link that works once makes the first coordinator and the first workspace."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from commonlight.web.accounts.creation import create_account
from commonlight.web.accounts.models import User
from commonlight.web.workspaces.creation import add_member, create_workspace
from commonlight.web.workspaces.models import Workspace
from commonlight.web.workspaces.settings_forms import short_name

__all__ = [
    "SetUpDoneError",
    "is_needed",
    "is_right_code",
    "set_up",
    "set_up_address",
    "set_up_path",
]


class SetUpDoneError(RuntimeError):
    """Somebody has set the installation up meanwhile."""


def is_needed() -> bool:
    """Whether nobody has an account yet."""
    return not User.objects.exists()


def set_up_path() -> str | None:
    """The path of the link, for who starts the installation; None once it is set up."""
    if not is_needed():
        return None
    return reverse("workspaces-site:set-up", args=[_code()])


def set_up_address(port: int) -> str | None:
    """The whole link; a name and not a number stands for this computer, as passkeys need it."""
    path = set_up_path()
    origin = [*settings.CSRF_TRUSTED_ORIGINS, f"http://localhost:{port}"][0]
    return f"{origin}{path}" if path else None


def is_right_code(code: str) -> bool:
    """Whether the link may be used: the code is right and nobody has an account."""
    return is_needed() and _file().exists() and constant_time_compare(code, _code())


def set_up(given: dict[str, Any]) -> tuple[User, Workspace]:
    """The first coordinator, who may sign, in the first workspace; the link ends.

    Raises
    ------
    SetUpDoneError
        If somebody was faster.
    """
    with transaction.atomic():
        user = create_account(
            email=given["email"],
            name=given["name"],
            password=given["password"],
            language=given["language"],
            is_operator=True,
        )
        if User.objects.count() != 1:
            raise SetUpDoneError("this installation has been set up already")
        workspace = _workspace(given, user)
    _file().unlink(missing_ok=True)
    return user, workspace


def _workspace(given: dict[str, Any], user: User) -> Workspace:
    workspace = create_workspace(
        slug=short_name(given["city"], set()),
        name=given["workspace"],
        city=given["city"],
        country=given["country"],
        language=given["language"],
        time_zone=given["time_zone"],
        by=user,
    )
    add_member(
        workspace,
        user,
        organisation=given["organisation"],
        kind=given["kind"],
        role="coordinator",
        is_signatory=True,
        by=user,
    )
    return workspace


def _file() -> Path:
    return Path(settings.COMMONLIGHT_HOME) / "set-up.code"


def _code() -> str:
    """The code, made on first use and readable by its owner only."""
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    code = secrets.token_urlsafe(24)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(code)
    return code
