"""Which findings a person with little time reads first."""

from __future__ import annotations

from collections.abc import Sequence

from commonlight.findings.model import Certainty, Finding

__all__ = ["headline_ids"]

#: Kinds of finding in the order of what a decision needs, by the end of their identifier.
ORDER = (
    "trend",
    "divergence",
    "safety",
    "rates",
    "victimisation",
    "clusters",
    "hot-spots",
    "kinds-change",
    "near-repeat",
    "concentration",
    "hours",
    "kinds",
)

#: How many sentences fit into a minute.
MOST = 6


def headline_ids(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Identifiers of at most six findings.

    Trends come first, whatever they say, for that nothing changed is news too. Of the rest
    those that say something come before those that found nothing. A finding that cannot tell
    is left out, unless nothing else is left.
    """
    ranked = sorted((item for item in findings if _kind(item) in ORDER), key=_rank)
    told = [item for item in ranked if item.certainty is not Certainty.CANNOT_TELL] or ranked
    return tuple(item.id for item in told[:MOST])


def _rank(finding: Finding) -> tuple[bool, int]:
    kind = _kind(finding)
    nothing = (Certainty.NO_CLEAR_CHANGE, Certainty.NOT_SHOWN)
    found_nothing = finding.certainty in nothing and kind != "trend"
    return found_nothing, ORDER.index(kind)


def _kind(finding: Finding) -> str:
    return finding.id.rsplit(".", 1)[-1]
