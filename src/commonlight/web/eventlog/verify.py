"""Walk a chain from its first event and find what was tampered with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from commonlight.web.eventlog.models import ChainHead, Event
from commonlight.web.eventlog.record import event_digest

__all__ = ["ChainCheck", "Fault", "chains", "heads", "verify_chain"]

Fault = Literal["changed", "rewritten", "missing", "reordered", "cut off", "not as noted"]


@dataclass(frozen=True, kw_only=True)
class ChainCheck:
    """What a walk over a chain found; `broken_at` is the first number that does not hold."""

    chain: str
    events: int
    digest: str
    broken_at: int | None = None
    fault: Fault | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing was changed, removed or moved."""
        return self.fault is None

    @property
    def name(self) -> str:
        """The chain's name for people."""
        return self.chain or "(installation)"

    def __str__(self) -> str:
        if self.is_whole:
            return f"{self.name}: {self.events} events, unbroken, head {self.digest or '-'}"
        return f"{self.name}: broken at event {self.broken_at}: {_WORDS[str(self.fault)]}"


def verify_chain(chain: str, *, noted: Mapping[int, str] | None = None) -> ChainCheck:
    """Check every event of a chain against the one before, and against digests noted elsewhere.

    Who can write to the database can work a whole chain out anew; only digests that were
    written down elsewhere (`noted`, by number) show that.
    """
    head = ChainHead.objects.filter(chain=chain).first()
    events = Event.objects.filter(chain=chain).order_by("number").iterator(chunk_size=2000)
    notes = dict(noted or {})
    number, digest = 0, ""
    for event in events:
        fault = _fault(event, number + 1, digest)
        if fault is None and notes.pop(event.number, event.digest) != event.digest:
            fault = "not as noted"
        if fault is not None:
            at = number if fault == "rewritten" else number + 1
            return ChainCheck(chain=chain, events=number, digest=digest, broken_at=at, fault=fault)
        number, digest = event.number, event.digest
    cut = bool(notes) or head is None or (head.number, head.digest) != (number, digest)
    if cut and (number or notes or head is not None):
        return ChainCheck(
            chain=chain, events=number, digest=digest, broken_at=number + 1, fault="cut off"
        )
    return ChainCheck(chain=chain, events=number, digest=digest)


def chains() -> list[str]:
    """The names of all chains, also of those whose head is gone."""
    named = set(ChainHead.objects.values_list("chain", flat=True))
    return sorted(named | set(Event.objects.order_by().values_list("chain", flat=True).distinct()))


def heads(only: Iterable[str] | None = None) -> list[ChainHead]:
    """The newest number and digest of each chain, to be written down elsewhere."""
    found = ChainHead.objects.order_by("chain")
    return list(found if only is None else found.filter(chain__in=list(only)))


def _fault(event: Event, expected: int, previous: str) -> Fault | None:
    if event.number != expected:
        return "missing"
    if event_digest(event) != event.digest:
        return "reordered" if _stood_elsewhere(event) else "changed"
    if event.previous == previous:
        return None
    return "rewritten" if expected > 1 else "missing"


def _stood_elsewhere(event: Event) -> bool:
    """Whether the event holds under another number: then it was moved, not rewritten."""
    given = event.number
    last = Event.objects.filter(chain=event.chain).count() + 1
    try:
        for number in range(1, last + 1):
            event.number = number
            if event_digest(event) == event.digest:
                return True
        return False
    finally:
        event.number = given


_WORDS = {
    "changed": "its content was changed after it was written",
    "rewritten": "it was replaced by another event, which the next one does not know",
    "missing": "an event was removed here",
    "reordered": "events were put into another order",
    "cut off": "the newest events were removed",
    "not as noted": "its digest is not the one that was noted; the chain was written anew",
}
