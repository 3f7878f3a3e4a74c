"""Who looked for a record: a claim left as it was found differs from one where nothing was found.

An assessor looked if she called a claim shown or absent, said where she looked, linked a record, or
gave a reason for “claimed”. A claim that was merely saved was taken as claimed without looking; one
that the text itself contradicts was judged by reading.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonlight.web.assessment.domain.evidence import Evidence
from commonlight.web.assessment.models import Verdict

__all__ = ["has_looked", "left_as_claimed", "looking_words", "own_looking"]


def has_looked(verdict: Verdict, evidence: Iterable[Evidence]) -> bool:
    """Whether the assessor looked beyond the text for what shows or contradicts the claim."""
    if verdict.verdict in ("shown", "absent") or verdict.where_looked:
        return True
    if verdict.verdict == "claimed" and verdict.note:
        return True
    records = [one for one in evidence if not one.is_itself]
    if verdict.verdict == "contradicted" and any(one.direction == "against" for one in records):
        return True
    mine = verdict.assessor.membership_id
    return mine is not None and any(one.given_by == mine for one in records)


def left_as_claimed(claims: Iterable[Any]) -> int:
    """How many judged claims were taken as claimed, without looking."""
    untouched = [one for one in claims if one.verdicts and not one.lookers]
    return sum(one.now != "contradicted" for one in untouched)


def looking_words(claims: Iterable[Any]) -> str:
    """How many judged claims were looked up, by how many assessors; empty where none is judged."""
    judged = [one for one in claims if one.verdicts]
    times = Counter(one.lookers for one in judged)
    count, untouched = sum(times.values()), times.pop(0, 0)
    if not count:
        return ""
    left = left_as_claimed(judged)
    rest = " ".join(filter(None, [_by_text(untouched - left), _rest(left)]))
    if untouched == count:
        return _("No claim was looked up in the records. %(rest)s") % {"rest": rest}
    parts = [_by(times[who], who) for who in sorted(times)]
    text = ngettext(
        "%(looked)d of %(count)d judged claims was looked up: %(parts)s. %(rest)s",
        "%(looked)d of %(count)d judged claims were looked up: %(parts)s. %(rest)s",
        count - untouched,
    )
    shown = {"looked": count - untouched, "count": count, "rest": rest}
    return (text % (shown | {"parts": get_text_list(parts, _("and"))})).strip()


def own_looking(given: Iterable[Any]) -> str:
    """The same of one assessor’s verdicts, for herself; empty before she saved any."""
    found = [*given]
    if not found:
        return ""
    looked = sum(one.has_looked for one in found)
    by_text = sum(one.now == "contradicted" and not one.has_looked for one in found)
    text = _(
        "Saved: %(count)d. Looked up: %(looked)d. Taken as claimed, without looking: %(rest)d."
    ) % {"count": len(found), "looked": looked, "rest": len(found) - looked - by_text}
    return f"{text} {_by_text(by_text)}".strip()


def _by(count: int, who: int) -> str:
    text = ngettext("%(count)d by %(who)d assessor", "%(count)d by %(who)d assessors", who)
    return text % {"count": count, "who": who}


def _by_text(count: int) -> str:
    if not count:
        return ""
    text = ngettext(
        "%(count)d was judged by the text itself.",
        "%(count)d were judged by the text itself.",
        count,
    )
    return text % {"count": count}


def _rest(count: int) -> str:
    if not count:
        return ""
    text = ngettext(
        "%(count)d was taken as claimed, without looking.",
        "%(count)d were taken as claimed, without looking.",
        count,
    )
    return text % {"count": count}
