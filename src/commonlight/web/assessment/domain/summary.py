"""What one page says: for the deputy mayor with fifteen minutes, and for two sheets of paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonlight.web.assessment.domain.flags import Flag
from commonlight.web.assessment.domain.matrix import Judged, Reading, Row, read_assessment
from commonlight.web.assessment.domain.mirror import Mirror, mirror_of
from commonlight.web.assessment.domain.recommending import Shown, recommendations_of
from commonlight.web.assessment.models import Assessment
from commonlight.web.assessment.words import fill, verdict_words
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor

__all__ = ["Summary", "coverage_words", "log_reading", "principle_words", "summary_of"]


FEW = 5


def _shown(count: int) -> str:
    return ngettext("%(count)d is shown", "%(count)d are shown", count) % {"count": count}


def _contradicted(count: int) -> str:
    text = ngettext("%(count)d is contradicted", "%(count)d are contradicted", count)
    return text % {"count": count}


def _claimed(count: int) -> str:
    text = ngettext("%(count)d is only claimed", "%(count)d are only claimed", count)
    return text % {"count": count}


def _absent(count: int) -> str:
    return ngettext("%(count)d is absent", "%(count)d are absent", count) % {"count": count}


def _differ(count: int) -> str:
    text = ngettext("the assessors differ on %(count)d", "the assessors differ on %(count)d", count)
    return text % {"count": count}


def _open(count: int) -> str:
    return ngettext("%(count)d is not judged", "%(count)d are not judged", count) % {"count": count}


COUNTED = {
    "shown": _shown,
    "contradicted": _contradicted,
    "claimed": _claimed,
    "absent": _absent,
    "differ": _differ,
    "open": _open,
}
"""The counts of a principle in words, in the order in which they are told."""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """An assessment in short, each part with what stands behind it."""

    reading: Reading
    mirror: Mirror
    recommendations: tuple[Shown, ...]
    coverage: str
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
        principles=tuple((row, principle_words(row)) for row in reading.matrix.principles),
        contradicted=tuple(one for one in reading.tagged if one.now == "contradicted"),
        unknown=tuple(_unknown(reading, mirror)),
    )


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
    count, counts = len(row.claims), row.counts
    if not count:
        return str(row.sentence)
    parts = [words(counts[name]) for name, words in COUNTED.items() if counts[name]]
    whole = ngettext("Of %(count)d claim, %(parts)s.", "Of %(count)d claims, %(parts)s.", count)
    sentence = whole % {"count": count, "parts": get_text_list(parts, _("and"))}
    return f"{sentence} {row.sentence}" if row.gap else sentence


def _unknown(reading: Reading, mirror: Mirror) -> Iterable[str]:
    """What cannot be said, each in a sentence."""
    words = verdict_words()["matrix"]
    if reading.coverage.unread:
        yield fill(words["unread_left"], count=reading.coverage.unread)
    if len(reading.assessment.assessors.all()) < 2:
        yield _("One person assessed alone. A second view is missing.")
    unmeasured = [one.row.title for one in mirror.rows if _lacks(one, "harm")]
    if unmeasured:
        yield _("The harm of these is not measured, which is not zero: %(names)s.") % {
            "names": ", ".join(unmeasured)
        }
    unasked = [one.row.title for one in mirror.rows if _lacks(one, "priorities")]
    if unasked:
        yield _("Residents were not asked about: %(names)s.") % {"names": ", ".join(unasked)}
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
