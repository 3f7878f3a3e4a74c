"""What the page of a run shows."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from commonlight.web.runs.models import Run
from commonlight.web.runs.registry import UnknownJobError, find_job
from commonlight.web.ui.components.rows import SummaryRow
from commonlight.web.ui.dates import date_format

__all__ = ["facts", "input_rows", "parameter_rows", "result_address"]


def facts(run: Run) -> list[SummaryRow]:
    """Who asked, when, with what: all that makes the result what it is."""
    rows = [
        (_("Asked for by"), _requester(run)),
        (_("Asked for"), _moment(run.created_at)),
        (_("Started"), _moment(run.started_at)),
        (_("Ended"), _moment(run.finished_at)),
        (_("Attempts"), number_format(run.attempts)),
        (_("Version of Commonlight"), run.library_version),
        (_("Seed of random numbers"), str(run.seed)),
        (_("Digest of inputs and parameters"), run.fingerprint),
    ]
    return [SummaryRow(label, value) for label, value in rows if value]


def input_rows(run: Run) -> list[dict[str, str]]:
    """The versions of data that went in, each with its digest."""
    names = ("dataset", "version", "digest")
    return [{name: str(row.get(name, "")) for name in names} for row in run.inputs]


def parameter_rows(run: Run) -> list[SummaryRow]:
    """The parameters by name; what lies within them is shown as it is kept."""
    return [SummaryRow(name, value) for name, value in _flat("", run.parameters)]


def result_address(run: Run) -> str:
    """Where the result is read; empty where there is no such page or no result."""
    if not run.is_done:
        return ""
    try:
        addresser = find_job(run.kind).addresser
    except UnknownJobError:
        return ""
    return addresser(run) if addresser else ""


def _requester(run: Run) -> str:
    if run.requested_by is None:
        return _("The installation itself")
    if run.organisation is None:
        return str(run.requested_by)
    return f"{run.requested_by}, {run.organisation}"


def _moment(moment: Any) -> str:
    return date_format(localtime(moment), "DATETIME_FORMAT") if moment else ""


def _flat(above: str, value: Any) -> list[tuple[str, str]]:
    """Nested values as lines, named by the path to them."""
    if isinstance(value, dict) and value:
        return [line for key, one in value.items() for line in _flat(f"{above}.{key}", one)]
    if isinstance(value, list) and all(not isinstance(one, dict | list) for one in value):
        return [(above.lstrip("."), ", ".join(map(str, value)) or "–")]
    if isinstance(value, list):
        return [line for i, one in enumerate(value) for line in _flat(f"{above}.{i + 1}", one)]
    return [(above.lstrip("."), "–" if value in (None, "", {}) else str(value))] if above else []
