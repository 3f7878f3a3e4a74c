"""Logs for machines: one JSON object a line, on stderr, without personal data.

Only our own messages are filled in. Those of libraries may name addresses, accounts or paths,
so their wording is kept and their values are not. Of an error, its kind and its places in the
code are kept, not its message, which may quote a row.
"""

from __future__ import annotations

import json
import logging
import time
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

__all__ = ["LEVELS", "JsonLines", "logging_settings"]

LEVELS = ("debug", "info", "warning", "error")
OWN = ("commonlight", "_granian", "granian")
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, what happened, and the values that our code added."""
        line: dict[str, Any] = {
            "time": _moment(record.created),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": _words(record),
        }
        if record.name.split(".")[0] in OWN:
            line |= _extra(record)
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__qualname__
            line["at"] = _places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def logging_settings(level: str) -> dict[str, Any]:
    """The configuration of logging for Django and for the server."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "commonlight.web.config.logs.JsonLines"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stderr",
                "formatter": "json",
            }
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "commonlight": {"level": level.upper()},
            "_granian": {"level": "WARNING"},
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"level": "CRITICAL"},
            "axes": {"level": "WARNING"},
        },
    }


def _words(record: logging.LogRecord) -> str:
    """What happened; of a suspicious request its kind alone, since its words come from outside."""
    if record.name.startswith("django.security."):
        return "suspicious request"
    return record.getMessage() if record.name.split(".")[0] in OWN else str(record.msg)


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    return {key: value for key, value in vars(record).items() if key not in STANDARD}


def _moment(seconds: float) -> str:
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{moment}.{int(seconds % 1 * 1000):03d}Z"


def _places(trace: TracebackType | None) -> list[str]:
    """The frames of a trace, innermost last, without paths of the machine."""
    frames = traceback.extract_tb(trace)
    return [f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in frames][-12:]
