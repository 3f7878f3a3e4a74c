"""One finding ready for its page: pictures, map, table, sources, how to cite it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from commonlight.web.audits.domain.downloads import drawing
from commonlight.web.audits.domain.pictures import Stamp
from commonlight.web.audits.domain.results import SourceUse, map_data
from commonlight.web.audits.models import StoredFinding
from commonlight.web.data.enums import DataKind
from commonlight.web.ui.dates import date_format

__all__ = ["SHOWN_ROWS", "Face", "cite_text", "face_of", "labelled_map", "period", "stamp_of"]

#: What is asked or seen on days of its own, whatever period the audit looks at.
MADE_ONCE = frozenset({DataKind.ANSWERS, DataKind.VISITS})
#: A table on the page holds at most so many rows; the CSV file holds all.
SHOWN_ROWS = 100


@dataclass(frozen=True, kw_only=True)
class Face:
    """What the page of a finding shows; internal and public faces are made alike."""

    content: Mapping[str, Any]
    chart_wide: str
    chart_narrow: str
    map: Mapping[str, Any] | None
    table: Mapping[str, Any] | None
    rows: int
    stamp: Stamp
    parameters: list[tuple[str, str]] = field(default_factory=list)

    @property
    def rows_left_out(self) -> int:
        """Rows that stand in the file only."""
        return max(0, self.rows - SHOWN_ROWS)


def face_of(
    finding: StoredFinding, content: Mapping[str, Any], stamp: Stamp, *, public: bool = False
) -> Face:
    """The face of a finding from what its run laid ready; nothing is computed.

    The title of the chart stands above the picture on the page, and in it in a file.
    """
    table = content.get("table")
    untitled = replace(stamp, title="")
    return Face(
        content=content,
        table={**table, "rows": table["rows"][:SHOWN_ROWS]} if table else None,
        rows=len(table["rows"]) if table else 0,
        map=labelled_map(finding, stamp, public=public) if content.get("map") else None,
        stamp=stamp,
        parameters=[(key, value) for key, value in _parameters(content)],
        chart_wide=drawing(finding, "chart", untitled, public=public),
        chart_narrow=drawing(finding, "chart", untitled, narrow=True, public=public),
    )


def labelled_map(
    finding: StoredFinding, stamp: Stamp, *, public: bool = False
) -> dict[str, Any] | None:
    """The data of a map, with source and date as the words that stand inside the map."""
    data = map_data(finding.run, finding.key, public=public)
    if data is None:
        return None
    return {**data, "attribution": " ".join([*stamp.lines, data.get("attribution", "")]).strip()}


def _parameters(content: Mapping[str, Any]) -> Any:
    return ((content.get("method") or {}).get("parameters") or {}).items()


def stamp_of(
    finding: StoredFinding,
    content: Mapping[str, Any],
    sources: Sequence[SourceUse],
    *,
    address: str,
) -> Stamp:
    """Title, source, period and date, as they stand inside each picture."""
    named = ", ".join(str(one.dataset.name) for one in sources)
    picture = content.get("chart") or content.get("map") or {}
    made = _day(finding.run.finished_at)
    lines = [
        _("Source: %(sources)s. Period: %(period)s.")
        % {"sources": named, "period": period(finding, sources)},
        _("Computed on %(date)s. %(address)s") % {"date": made, "address": address},
    ]
    if finding.one_sided:
        lines.append(_("One-sided: rests on police records alone."))
    if finding.run.workspace.is_simulated:
        lines.insert(0, _("Simulated city: these data are invented."))
    return Stamp(title=str(picture.get("title") or finding.question), lines=tuple(lines))


def period(finding: StoredFinding, sources: Sequence[SourceUse] = ()) -> str:
    """The period of the run in words, or the days on which a survey or walks were made."""
    days = _days_asked(sources) or _days_of_run(finding)
    if len(days) != 2:
        return _("not stated")
    first, last = (date_format(day, "DATE_FORMAT") for day in days)
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def _days_asked(sources: Sequence[SourceUse]) -> tuple[date, ...]:
    """First and last day where everything with dates was asked or seen, and nothing recorded."""
    dated = [one for one in sources if one.version is not None and one.version.first_day]
    if not dated or any(one.dataset.kind not in MADE_ONCE for one in dated):
        return ()
    versions = [one.version for one in dated if one.version is not None]
    firsts = [one.first_day for one in versions if one.first_day]
    lasts = [one.last_day for one in versions if one.last_day]
    return (min(firsts), max(lasts)) if lasts else ()


def _days_of_run(finding: StoredFinding) -> tuple[date, ...]:
    days = finding.run.parameters.get("period") or finding.plan.settings.get("period") or ()
    return tuple(date.fromisoformat(day) for day in days)


def _day(moment: Any) -> str:
    return date_format(moment, "DATE_FORMAT") if moment else _("not stated")


def cite_text(
    finding: StoredFinding,
    sentence: str,
    *,
    publisher: str,
    address: str,
    sources: Sequence[SourceUse],
) -> str:
    """The words to cite a finding by: sentence, who, when, where, and the version of the data."""
    return _(
        "%(publisher)s: “%(sentence)s” %(audit)s, %(period)s. Computed on %(date)s with "
        "Commonlight %(version)s from data with digest %(digest)s. %(address)s"
    ) % {
        "publisher": publisher,
        "sentence": sentence,
        "audit": finding.plan.title,
        "period": period(finding, sources),
        "date": _day(finding.run.finished_at),
        "version": finding.run.library_version,
        "digest": ", ".join(one.digest[:12] for one in sources),
        "address": address,
    }
