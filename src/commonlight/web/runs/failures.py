"""Why a run failed, in a sentence for the person who asked for it."""

from __future__ import annotations

import errno
import secrets
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from django.db import DatabaseError
from django.utils.translation import gettext_noop

from commonlight.web.policy import Refused

__all__ = ["Failure", "explain", "is_disk_full", "ran_too_long", "worn_out"]

LIBRARY = tuple(
    f"commonlight.{room}."
    for room in ("analysis", "sources", "evidence", "findings", "audit", "simulate", "web")
)
FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class Failure:
    """The sentence with its values; `fault` is the number of a fault of ours in the log."""

    text: str
    values: dict[str, Any] = field(default_factory=dict)
    fault: str = ""


def explain(error: BaseException) -> Failure:
    """The sentence for an error: the library's own, where it raised it."""
    if isinstance(error, Refused):
        return _refusal(error)
    if isinstance(error, MemoryError):
        return Failure(
            gettext_noop(
                "The computation needed more memory than this computer has. Choose a shorter "
                "period, fewer data sets or larger areas, or ask for a larger computer."
            )
        )
    if is_disk_full(error):
        return Failure(
            gettext_noop(
                "The disk is full. Nothing was lost, and nothing half-written was kept. "
                "Ask the person who runs this installation to free space, then run this again."
            )
        )
    if _is_a_sentence(error):
        return Failure(" ".join(str(error).split()))
    return _fault_of_ours()


def worn_out(attempts: int) -> Failure:
    """A run whose worker was lost again and again."""
    return Failure(
        gettext_noop(
            "The work stopped {attempts} times without saying why, most often for lack of "
            "memory. It was not tried again. Choose a shorter period or fewer data sets, or ask "
            "the person who runs this installation."
        ),
        {"attempts": attempts},
    )


def ran_too_long(seconds: float) -> Failure:
    """A run that was stopped since it took longer than its kind may."""
    return Failure(
        gettext_noop(
            "The work took longer than {minutes} minutes and was stopped. Choose a shorter "
            "period or fewer data sets."
        ),
        {"minutes": round(seconds / 60)},
    )


def _refusal(error: Refused) -> Failure:
    parts = [str(error.decision.reason), str(error.decision.ask)]
    return Failure(" ".join(part for part in parts if part))


def _fault_of_ours() -> Failure:
    number = secrets.token_hex(4)
    return Failure(
        gettext_noop(
            "This is a fault of ours, not of your data. Nothing was changed. Report it with the "
            "number {fault}."
        ),
        {"fault": number},
        fault=number,
    )


def is_disk_full(error: BaseException) -> bool:
    """Whether the disk is full, as files or the database say it."""
    if isinstance(error, DatabaseError):
        text = str(error).lower()
        return "disk is full" in text or "no space left" in text
    if isinstance(error, OSError) and error.errno in FULL:
        return True
    return error.__cause__ is not None and is_disk_full(error.__cause__)


def _is_a_sentence(error: BaseException) -> bool:
    """Whether our code wrote the sentence, and not a library of others."""
    if type(error).__module__.startswith(LIBRARY):
        return isinstance(error, ValueError | LookupError | OSError | RuntimeError)
    return isinstance(error, ValueError) and _raised_in(error.__traceback__).startswith(LIBRARY)


def _raised_in(trace: TracebackType | None) -> str:
    """The module of the innermost frame."""
    name = ""
    while trace is not None:
        name = str(trace.tb_frame.f_globals.get("__name__", ""))
        trace = trace.tb_next
    return name
