"""Runs: every computation, recorded.

Other apps use `job`, `Work`, `request`, `cancel`; they are loaded when first asked for, since
models cannot be imported before Django stands.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commonlight.web.runs.domain import cancel, request, run_again, visible_runs
    from commonlight.web.runs.registry import Job, job
    from commonlight.web.runs.work import Cancelled, Work

__all__ = ["Cancelled", "Job", "Work", "cancel", "job", "request", "run_again", "visible_runs"]

_PLACES = {
    "cancel": "domain",
    "request": "domain",
    "run_again": "domain",
    "visible_runs": "domain",
    "Job": "registry",
    "job": "registry",
    "Cancelled": "work",
    "Work": "work",
}


def __getattr__(name: str) -> Any:
    """Load what is asked for."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
