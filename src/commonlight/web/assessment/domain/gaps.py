"""What a gap is: one rule for principles and values, and the words that say what is missing.

A principle or value has a gap if no claim touches it; if claims touch it and none is shown, once
the verdicts are open; or if fewer than three claims touch it. More than one can be so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonlight.web.assessment.words import verdict_words

__all__ = ["COUNTED", "counted_words", "gap_rule", "gravity", "told_gaps"]


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


def gap_rule() -> str:
    """What a gap is, in words."""
    return _(
        "A principle or value has a gap if no claim touches it, if no claim that touches it is "
        "shown, or if fewer than %(few)d claims touch it."
    ) % {"few": _few()}


def counted_words(count: int, counts: Mapping[str, int]) -> str:
    """How many claims touch a principle or value, and what was found of them."""
    parts = [words(counts[name]) for name, words in COUNTED.items() if counts[name]]
    whole = ngettext("Of %(count)d claim, %(parts)s.", "Of %(count)d claims, %(parts)s.", count)
    return whole % {"count": count, "parts": get_text_list(parts, _("and"))}


def gravity(gap: str, counts: Mapping[str, int]) -> int:
    """How serious a gap is, 0 for the most serious: contradicted, absent, claimed only, thin."""
    if gap == "nothing_shown":
        order = {"contradicted": 0, "absent": 2, "differ": 3, "open": 3}
        return min((place for name, place in order.items() if counts[name]), default=4)
    return {"gap": 1, "thin": 5}[gap]


def told_gaps(count: int, counts: Mapping[str, int], *, is_open: bool) -> tuple[str, str]:
    """The gravest gap of a principle or value, empty where there is none, and all in words.

    `count` claims touch it; `counts` says how many of them have each verdict. Verdicts that are
    not open yet are no gap.
    """
    kinds = list(_gaps(count, counts, is_open=is_open))
    return kinds[0] if kinds else "", " ".join(_sentences(count, counts, kinds))


def _gaps(count: int, counts: Mapping[str, int], *, is_open: bool) -> Iterator[str]:
    """What is missing, the gravest first."""
    if not count:
        yield "gap"
        return
    if is_open and not counts["shown"]:
        yield "nothing_shown"
    if count < _few():
        yield "thin"


def _sentences(count: int, counts: Mapping[str, int], kinds: Iterable[str]) -> Iterator[str]:
    for kind in kinds:
        if kind == "gap":
            yield str(verdict_words()["matrix"]["gap"])
        elif kind == "nothing_shown":
            yield _("Nothing is shown yet. %(found)s") % {"found": counted_words(count, counts)}
        else:
            yield ngettext(
                "Thin: only %(count)d claim touches it.",
                "Thin: only %(count)d claims touch it.",
                count,
            ) % {"count": count}


def _few() -> int:
    return int(verdict_words()["matrix"]["thin_below"])
