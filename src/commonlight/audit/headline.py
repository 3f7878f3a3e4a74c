"""Which findings a person with little time reads first."""

from __future__ import annotations

from collections.abc import Sequence

from commonlight.findings.model import Certainty, Finding

__all__ = ["headline_ids"]

#: Kinds of finding in the order of what a decision needs, by the end of their identifier.
ORDER = ("trend", "rates", "hot-spots", "concentration", "kinds-change", "near-repeat", "kinds", "hours")

#: How many sentences fit into a minute.
MOST = 6


def headline_ids(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Identifiers of at most six findings: the firmest first, spread over the sources.

    A finding that cannot tell is left out, unless nothing else is left.
    """
    ranked = sorted(
        (item for item in findings if _kind(item) in ORDER),
        key=lambda item: (item.certainty is Certainty.CANNOT_TELL, ORDER.index(_kind(item))),
    )
    told = [item for item in ranked if item.certainty is not Certainty.CANNOT_TELL] or ranked
    return tuple(item.id for item in told[:MOST])


def _kind(finding: Finding) -> str:
    return finding.id.rsplit(".", 1)[-1]
