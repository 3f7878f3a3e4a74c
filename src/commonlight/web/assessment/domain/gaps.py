"""What a gap is: one rule for principles and values, and the words that say what is missing.

A principle or value has a gap if no claim touches it; if claims touch it and none is shown, once
the verdicts are open; or if fewer than three claims touch it. More than one can be so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonlight.web.assessment.domain.matrix import Reading, Row, read_assessment
from commonlight.web.assessment.models import Assessment
from commonlight.web.assessment.words import verdict_words
from commonlight.web.policy import Actor

__all__ = ["counted_words", "gap_rule", "read_with_gaps", "with_gaps"]


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


def read_with_gaps(actor: Actor, assessment: Assessment) -> Reading:
    """The whole assessment as the actor may read it, with the gaps by the rule."""
    return with_gaps(read_assessment(actor, assessment))


def with_gaps(reading: Reading) -> Reading:
    """The same reading with the gaps of principles and values by one rule."""
    is_open, matrix = reading.assessment.is_open_to_all, reading.matrix
    principles = tuple(_told(one, is_open=is_open) for one in matrix.principles)
    values = tuple(_told(one, is_open=is_open) for one in matrix.values)
    return replace(reading, matrix=replace(matrix, principles=principles, values=values))


def gap_rule() -> str:
    """What a gap is, in words."""
    return _(
        "A principle or value has a gap if no claim touches it, if no claim that touches it is "
        "shown, or if fewer than %(few)d claims touch it."
    ) % {"few": _few()}


def counted_words(row: Row) -> str:
    """How many claims touch a principle or value, and what was found of them."""
    count, counts = len(row.claims), row.counts
    parts = [words(counts[name]) for name, words in COUNTED.items() if counts[name]]
    whole = ngettext("Of %(count)d claim, %(parts)s.", "Of %(count)d claims, %(parts)s.", count)
    return whole % {"count": count, "parts": get_text_list(parts, _("and"))}


def _told(row: Row, *, is_open: bool) -> Row:
    kinds = list(_gaps(row, is_open=is_open))
    return replace(row, gap=kinds[0] if kinds else "", sentence=" ".join(_sentences(row, kinds)))


def _gaps(row: Row, *, is_open: bool) -> Iterator[str]:
    """What is missing, the gravest first."""
    count = len(row.claims)
    if not count:
        yield "gap"
        return
    if is_open and not row.counts["shown"]:
        yield "nothing_shown"
    if count < _few():
        yield "thin"


def _sentences(row: Row, kinds: Iterable[str]) -> Iterator[str]:
    count = len(row.claims)
    for kind in kinds:
        if kind == "gap":
            yield str(verdict_words()["matrix"]["gap"])
        elif kind == "nothing_shown":
            yield _("Nothing shown. %(found)s") % {"found": counted_words(row)}
        else:
            yield ngettext(
                "Thin: only %(count)d claim touches it.",
                "Thin: only %(count)d claims touch it.",
                count,
            ) % {"count": count}


def _few() -> int:
    return int(verdict_words()["matrix"]["thin_below"])
