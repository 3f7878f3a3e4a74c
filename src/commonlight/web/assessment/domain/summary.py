"""What one page says: for the deputy mayor with fifteen minutes, and for two sheets of paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonlight.web.assessment.domain.flags import Flag
from commonlight.web.assessment.domain.gaps import COUNTED, counted_words
from commonlight.web.assessment.domain.matrix import Judged, Reading, Row, read_assessment
from commonlight.web.assessment.domain.mirror import Mirror, mirror_of
from commonlight.web.assessment.domain.recommending import Shown, recommendations_of
from commonlight.web.assessment.models import Assessment
from commonlight.web.assessment.words import fill, verdict_words
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor

__all__ = ["Summary", "coverage_words", "log_reading", "principle_words", "summary_of"]


FEW = 5


@dataclass(frozen=True, kw_only=True)
class Summary:
    """An assessment in short, each part with what stands behind it."""

    reading: Reading
    mirror: Mirror
    recommendations: tuple[Shown, ...]
    coverage: str
    found: str
    principles: tuple[tuple[Row, str], ...]
    contradicted: tuple[Judged, ...]
    unknown: tuple[str, ...]

    @property
    def first_flags(self) -> list[Flag]:
        """Flags that are sure, before those that are a maybe."""
        return sorted(self.mirror.flags, key=lambda one: not one.is_sure)

    @property
    def few_flags(self) -> list[Flag]:
        """As many as one reads in a few minutes."""
        return self.first_flags[:FEW]

    @property
    def more_flags(self) -> int:
        """How many flags there are beside them."""
        return max(len(self.mirror.flags) - FEW, 0)

    @property
    def missing_values(self) -> list[Row]:
        """Values that no claim names."""
        return [row for row in self.reading.matrix.values if row.gap == "gap"]


def summary_of(actor: Actor, assessment: Assessment) -> Summary:
    """Everything that the short pages show; that it was read is kept in the log."""
    reading = read_assessment(actor, assessment)
    mirror = mirror_of(assessment)
    return Summary(
        reading=reading,
        mirror=mirror,
        recommendations=tuple(recommendations_of(actor, assessment, reading)),
        coverage=coverage_words(reading),
        found=_found(reading),
        principles=tuple((row, principle_words(row)) for row in reading.matrix.principles),
        contradicted=tuple(one for one in reading.tagged if one.now == "contradicted"),
        unknown=tuple(_unknown(reading, mirror)),
    )


def _found(reading: Reading) -> str:
    """How many claims have each verdict; no sum of them, and empty where none touches anything."""
    times = Counter(one.now for one in reading.tagged)
    counts = {name: times[name] for name in COUNTED}
    return counted_words(len(reading.tagged), counts) if reading.tagged else ""


def log_reading(actor: Actor, assessment: Assessment, name: str) -> None:
    """Keep that a file left the workbench."""
    record(actor, "assessment.export", assessment, kind="export", file=name)


def coverage_words(reading: Reading) -> str:
    """How far the text was read."""
    found = reading.coverage
    return fill(
        verdict_words()["matrix"]["coverage"],
        tagged=found.tagged,
        total=found.total,
        none=found.none,
        unread=found.unread,
    )


def principle_words(row: Row) -> str:
    """What was found of one principle, in a sentence or two."""
    if not row.claims or row.gap == "nothing_shown":
        return row.told
    return f"{counted_words(len(row.claims), row.counts)} {row.sentence}".strip()


def _unknown(reading: Reading, mirror: Mirror) -> Iterable[str]:
    """What cannot be said, each in a sentence."""
    words = verdict_words()["matrix"]
    if reading.coverage.unread:
        yield fill(words["unread_left"], count=reading.coverage.unread)
    if len(reading.assessment.assessors.all()) < 2:
        yield _("One person assessed alone. A second view is missing.")
    unmeasured = [one.row.title for one in mirror.rows if _lacks(one, "harm")]
    if unmeasured:
        yield _("No figure of harm is given for these, which is not zero: %(names)s.") % {
            "names": ", ".join(unmeasured)
        }
    unasked = [one.row.title for one in mirror.rows if _lacks(one, "priorities")]
    if unasked:
        yield _("No figure says how many residents name these: %(names)s.") % {
            "names": ", ".join(unasked)
        }
    if reading.dropped:
        yield ngettext(
            "%(count)d verdict dropped to “claimed”, since its record does not stand any more.",
            "%(count)d verdicts dropped to “claimed”, since their records do not stand any more.",
            len(reading.dropped),
        ) % {"count": len(reading.dropped)}
    limits: Any = reading.model.facts.get("limits")
    if limits:
        yield str(limits)


def _lacks(row: Any, what: str) -> bool:
    share = row.shares.get(what)
    return share is None or share.value is None
