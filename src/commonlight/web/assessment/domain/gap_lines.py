"""Gaps, each said once: principles and values that lack the same stand in one line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonlight.web.assessment.domain.gaps import gravity
from commonlight.web.assessment.domain.matrix import Row

__all__ = ["GapLine", "gap_lines"]


@dataclass(frozen=True, kw_only=True)
class GapLine:
    """What some principles and values lack; one that lacks something else stands alone."""

    kind: str
    rows: tuple[Row, ...]
    lead: str = ""
    sentence: Any = ""

    @property
    def names(self) -> list[tuple[Row, str]]:
        """Each principle or value with the numbers in which it differs from the others."""
        return [(one, _numbers(one) if self.lead else "") for one in self.rows]


def gap_lines(rows: Iterable[Row]) -> list[GapLine]:
    """The gaps, the most serious first; rows that are told in the same words stand together."""
    found: dict[tuple[int, str], list[Row]] = {}
    for row in rows:
        grade = gravity(row.gap, row.counts)
        alone = row.item.id if row.gap == "nothing_shown" and not _is_only_claimed(row) else ""
        found.setdefault((grade, alone), []).append(row)
    return [_line(tuple(each)) for _key, each in sorted(found.items(), key=lambda one: one[0][0])]


def _line(rows: tuple[Row, ...]) -> GapLine:
    first = rows[0]
    if first.gap == "thin":
        lead = _("Touched by few claims:")
    elif _is_only_claimed(first):
        lead = _("Nothing is shown yet for:")
    else:
        return GapLine(kind=first.gap, rows=rows, sentence=first.told)
    return GapLine(kind=first.gap, rows=rows, lead=lead)


def _is_only_claimed(row: Row) -> bool:
    return row.gap == "nothing_shown" and row.counts["claimed"] == len(row.claims)


def _numbers(row: Row) -> str:
    """How many claims touch it and, where nothing is shown, how many were looked up."""
    count = len(row.claims)
    if row.gap == "thin":
        return ngettext("%(count)d claim", "%(count)d claims", count) % {"count": count}
    text = ngettext(
        "%(count)d claim, %(looked)d looked up", "%(count)d claims, %(looked)d looked up", count
    )
    return text % {"count": count, "looked": row.looked}
