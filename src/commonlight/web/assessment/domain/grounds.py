"""Which records are offered for a claim: those that can show what it touches, the nearest first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

from commonlight.web.assessment.domain.evidence import evidence_of, why_not
from commonlight.web.assessment.domain.finding import model_of
from commonlight.web.assessment.models import Assessment, Claim
from commonlight.web.assessment.words import EVIDENCE
from commonlight.web.content import read_content
from commonlight.web.knowledge.domain.searching import search
from commonlight.web.policy import Actor
from commonlight.web.thread.domain import supports, web_of
from commonlight.web.thread.domain.offering import offered
from commonlight.web.thread.domain.support import Nodes
from commonlight.web.thread.kinds import NodeKind, kind_named
from commonlight.web.thread.nearness import stems

__all__ = ["MOST", "Choice", "Choices", "choices_for", "kinds_for"]

MOST = 8
"""So many records are proposed before anybody has searched."""

MOST_OF_A_KIND = 3
"""So many of one kind are proposed before another kind is."""

MOST_READ = 200
"""So many records of a kind are read to find those nearest to a claim."""

MOST_MEANT = 3
"""So many practices that the evidence room finds for a claim count as near to it."""

DOCUMENT = "document"
"""A document elsewhere can show anything, so it is always among the kinds proposed."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A record that can be linked: what it is, where it is read, and whether it stands."""

    key: str
    kind: str
    label: str
    title: str
    thing: Any
    address: str = ""
    stands: bool = True
    reason: str = ""
    direction: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Choices:
    """The records that are shown, those of this city first, and all that may be chosen."""

    near: tuple[Choice, ...]
    fitting: tuple[Choice, ...] = ()
    research: tuple[Choice, ...] = ()
    all: tuple[Choice, ...]

    @property
    def shown(self) -> tuple[Choice, ...]:
        """What is near, what is of a kind that can show it, and what research says."""
        return (*self.near, *self.fitting, *self.research)

    @property
    def more(self) -> int:
        """How many are not shown."""
        return len(self.all) - len(self.shown)

    def chosen(self, keys: Iterable[str]) -> list[Any]:
        """The things that a form names."""
        known = {one.key: one.thing for one in self.all}
        return [known[key] for key in keys if key in known]


def kinds_for(claim: Claim) -> list[tuple[str, list[tuple[str, str]]]]:
    """What would show each principle or value of the claim: its title, and kinds with a sentence.

    A value has no records of its own in a model: those of the principles that rest on it count.
    """
    model = model_of(claim.assessment)
    found = []
    for name in (*claim.principles, *claim.values):
        item = model.by_id.get(name)
        if item is not None:
            rows = list(item.evidence)
            if name in claim.values and not claim.principles:
                rows += [
                    row for one in model.principles if name in one.values for row in one.evidence
                ]
            found.append((item.title, list(dict.fromkeys(rows))))
    return [one for one in found if one[1]]


def choices_for(
    actor: Actor,
    claim: Claim,
    *,
    words: str = "",
    only: str = "",
    nature: str = "",
    everything: bool = False,
    also: Iterable[str] = (),
) -> Choices:
    """Records for a claim; without a search, at most eight: near ones, then of fitting kinds.

    Those of `also` are shown too, and those that are linked. Whether each stands is said before it
    is chosen. What research says stands apart: it shows no deed of this city.
    """
    is_searched = bool(words or only or nature)
    wanted = [kind for _title, rows in kinds_for(claim) for kind, _text in rows]
    order = {kind: place for place, kind in enumerate(dict.fromkeys([*wanted, DOCUMENT]))}
    rows = [
        (f"{kind.name}:{key}", kind, thing)
        for kind, things in offered(actor, claim, words=words, only=only, most=MOST_READ)
        for key, thing in things
        if not nature or kind.nature(thing) == nature
    ]
    near = _nearness(actor, claim, rows)
    first = set(_rules()["shows_a_promise"]) if _is_promise(claim) else set()
    ranked = sorted(
        rows,
        key=lambda row: (
            bool(first) and row[1].name not in first,
            -near[row[0]],
            order.get(_evidence(row[1].name), len(order)),
            row[1].name,
        ),
    )
    made = _made(actor, claim, ranked)
    published = set(_rules()["research"])
    own = [one for one in made if one.kind not in published]
    research = [one for one in made if one.kind in published]
    if is_searched or everything:
        return Choices(near=tuple(own), research=tuple(research), all=tuple(made))
    all_kinds = {_evidence(one.kind) for one in made}
    show_how = (order.keys() if wanted else all_kinds) - set(_rules()["tell_of_a_subject"])
    told = [one for one in research if near[one.key]][:MOST_MEANT]
    fitting = [
        one
        for one in own
        if (near[one.key] or _evidence(one.kind) in show_how) and not _is_of_another(claim, one)
    ]
    by_nearness = sorted(fitting, key=lambda one: (not near[one.key], not one.stands))
    few = _mixed(by_nearness)[: MOST - len(told)]
    kept = {one.key for one in made if one.direction} | set(also)
    open_now = [one for one in few if near[one.key] or one.key in kept]
    seen = {one.key for one in (*few, *told)}
    open_now += [one for one in made if one.key in kept and one.key not in seen]
    return Choices(
        near=tuple(open_now),
        fitting=tuple(one for one in few if one not in open_now),
        research=tuple(told),
        all=tuple(made),
    )


def _mixed(found: Iterable[Choice]) -> list[Choice]:
    """A few of each kind first, so that no kind takes all places."""
    times: Counter[str] = Counter()
    first: list[Choice] = []
    rest: list[Choice] = []
    for one in found:
        times[one.kind] += 1
        (first if times[one.kind] <= MOST_OF_A_KIND else rest).append(one)
    return [*first, *rest]


def _nearness(
    actor: Actor, claim: Claim, rows: Sequence[tuple[str, NodeKind, Any]]
) -> dict[str, float]:
    """How near each record is to the claim, 0 where too little joins them.

    A word that both hold counts the more, the fewer of the records hold it (inverse document
    frequency). Practices are looked for by what the claim means, in whatever language.
    """
    little, research = _rules()["little"], _rules()["research"]
    about, common = stems(claim.text, without=little), stems(" ".join(_rules()["common"]))
    held = {
        key: _shared(about, stems(f"{kind.label} {kind.title(thing)}", without=little), common)
        for key, kind, thing in rows
        if kind.name not in research
    }
    spread = Counter(word for words in held.values() for word in words)
    weight = {word: log((1 + len(rows)) / times) for word, times in spread.items()}
    near = dict.fromkeys((key for key, _kind, _thing in rows), 0.0)
    near |= {key: sum(weight[word] for word in words) for key, words in held.items()}
    meant = search(actor, claim.text).practices[:MOST_MEANT] if rows else ()
    for one in meant:
        key = f"practice:{one.id}"
        if key in near and (one.is_meant or one.is_telling):
            near[key] += log(1 + len(rows))
    return near


def _shared(about: set[str], title: set[str], common: set[str]) -> set[str]:
    """The words that bring a title near to a claim: two, and at least one that is not common."""
    both = about & title
    return both if both - common and len(both) > 1 else set()


def _is_promise(claim: Claim) -> bool:
    """Whether the sentence says what is to be done, and not what is."""
    patterns = _rules()["promise"]
    language = claim.assessment.strategy.language
    return bool(re.search(patterns.get(language, patterns["en"]), claim.text, re.IGNORECASE))


def _is_of_another(claim: Claim, one: Choice) -> bool:
    """Whether a record belongs to the assessment of another strategy."""
    if one.kind == DOCUMENT:
        return bool(one.thing.strategy_id != claim.assessment.strategy_id)
    return isinstance(one.thing, Assessment) and one.thing.pk != claim.assessment_id


def _evidence(name: str) -> str:
    return EVIDENCE.get(name, name)


def _rules() -> dict[str, Any]:
    found: dict[str, Any] = read_content("commonlight.web.assessment", "claims")["nearness"]
    return found


def _made(actor: Actor, claim: Claim, rows: Sequence[tuple[str, Any, Any]]) -> list[Choice]:
    """Each record with its address and whether it stands; as many queries for one as for all."""
    keys = [(kind.name, key.partition(":")[2]) for key, kind, _thing in rows]
    nodes = Nodes(actor.workspace, keys)
    held = supports(actor.workspace, keys, web=web_of(actor.workspace))
    linked = {one.link.ground: one for one in evidence_of(actor, [claim])[claim.pk]}
    made = []
    for (key, kind, thing), name in zip(rows, keys, strict=True):
        known, before = nodes.things.get(name), linked.get(name)
        reason = why_not(known, held[name])
        is_linked = before is not None and before.removed_at is None
        made.append(
            Choice(
                key=key,
                kind=kind.name,
                label=str(kind.label),
                title=str(kind.title(thing)),
                thing=thing,
                address=kind_named(kind.name).address(known) if known is not None else "",
                stands=not reason,
                reason=reason,
                direction=before.direction if before is not None and is_linked else "",
                note=before.note if before is not None and is_linked else "",
            )
        )
    return made
