"""Which findings a person with little time reads first."""

from __future__ import annotations

from collections.abc import Sequence

from commonlight.findings.model import Certainty, Finding

__all__ = ["headline_ids"]

#: Kinds of finding in the order of what a decision needs, by the end of their identifier: what is
#: recorded, what people live through, see and feel, and where these part ways.
ORDER = (
    "trend",
    "rates",
    "victimisation",
    "perceived-disorder",
    "safety",
    "divergence",
    "safety-change",
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

    The first trend comes first, whatever it says, for that nothing changed is news too. Of the
    rest those that say something come before those that found nothing, and no kind comes twice
    before every other has come once: a second source does not push what residents feel out. A
    finding that cannot tell is left out, unless nothing else is left.
    """
    kinds = [item for item in findings if _kind(item) in ORDER]
    told = [item for item in kinds if item.certainty is not Certainty.CANNOT_TELL] or kinds
    turn: dict[str, int] = {}
    ranked = []
    for item in told:
        turn[_kind(item)] = turn.get(_kind(item), 0) + 1
        ranked.append((_rank(item, turn[_kind(item)]), item.id))
    return tuple(name for _, name in sorted(ranked, key=lambda pair: pair[0])[:MOST])


def _rank(finding: Finding, turn: int) -> tuple[bool, int, int]:
    kind = _kind(finding)
    nothing = (Certainty.NO_CLEAR_CHANGE, Certainty.NOT_SHOWN)
    found_nothing = finding.certainty in nothing and (kind != "trend" or turn > 1)
    return found_nothing, turn, ORDER.index(kind)


def _kind(finding: Finding) -> str:
    return finding.id.rsplit(".", 1)[-1]
