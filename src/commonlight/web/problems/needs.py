"""What a problem needs before it counts as defined, told by the apps that know.

The list is data (`content/definition.toml`, `needed`). An app tells of an item in its
`problem_needs.py`:

    @need("valued_use")
    def valued_use(known: Known) -> Mapping[int, Lack]:
        return {problem.pk: Lack(need="valued_use", text=..., address=...) for problem in ...}

It answers for all problems of `known` at once in a constant number of queries, and leaves out the
problems that lack nothing. `known` reads what several items look at once only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Prefetch
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from commonlight.web.content import read_content
from commonlight.web.eventlog.keeping import kept_until_a_change
from commonlight.web.policy import Actor
from commonlight.web.problems.domain.evidence import Evidence, evidence_of
from commonlight.web.problems.models import Cause, Frame, FrameRound, Problem, Statement
from commonlight.web.workspaces.reading import read_once, reading

__all__ = ["Known", "Lack", "known_of", "lacks_of", "load_needs", "need", "sharing", "tellers"]


@dataclass(frozen=True, kw_only=True)
class Lack:
    """One thing that a problem lacks, in a sentence, and where it is mended."""

    need: str
    text: str | Promise
    address: str


@dataclass(frozen=True)
class Known:
    """What is known of some problems, each part read when it is first asked for."""

    actor: Actor
    problems: list[Problem] = field(compare=False)

    @cached_property
    def keys(self) -> list[int]:
        """The keys of the problems."""
        return [one.pk for one in self.problems]

    @cached_property
    def _by_key(self) -> dict[int, Problem]:
        return {one.pk: one for one in self.problems}

    @cached_property
    def all_statements(self) -> dict[int, list[Statement]]:
        """Every version by problem, the first one first."""
        rows = Statement.objects.of(self.actor.workspace).filter(problem__in=self.keys)
        found: dict[int, list[Statement]] = {key: [] for key in self.keys}
        for one in rows.select_related("author__organisation").order_by("number"):
            self._join(one)
            found[one.problem_id].append(one)
        return found

    @cached_property
    def statements(self) -> dict[int, Statement]:
        """The newest version by problem."""
        return {key: rows[-1] for key, rows in self.all_statements.items() if rows}

    @cached_property
    def causes(self) -> dict[int, list[Cause]]:
        """Causes by problem that were not withdrawn."""
        rows = Cause.objects.of(self.actor.workspace).filter(problem__in=self.keys)
        found: dict[int, list[Cause]] = defaultdict(list)
        for one in rows.filter(withdrawn_at=None):
            self._join(one)
            found[one.problem_id].append(one)
        return found

    @cached_property
    def rounds(self) -> dict[int, list[FrameRound]]:
        """Rounds of frames by problem, the newest first, with whom each asked and what is open."""
        rows = FrameRound.objects.of(self.actor.workspace).filter(problem__in=self.keys)
        frames = Frame.objects.of(self.actor.workspace).defer("sealed", "draft")
        opened = Prefetch("frames", frames.select_related("organisation"))
        rows = rows.prefetch_related("organisations", opened)
        found: dict[int, list[FrameRound]] = defaultdict(list)
        for one in rows.order_by("-number"):
            found[one.problem_id].append(one)
        return found

    @cached_property
    def evidence(self) -> dict[int, Evidence]:
        """What each problem, its statements and its causes rest on."""
        if len(self.problems) == 1:
            return {one.pk: _evidence(self.actor, one) for one in self.problems}
        return evidence_of(self.actor, self.all_statements, self.causes, self.problems)

    @cached_property
    def lacks(self) -> dict[int, list[Lack]]:
        """All that each problem lacks to count as defined."""
        return lacks_of(self)

    def _join(self, part: Statement | Cause) -> None:
        """A part of a problem that is in hand, with its workspace."""
        part.problem = self._by_key[part.problem_id]
        part.workspace = part.problem.workspace


Teller = Callable[[Known], Mapping[int, Lack]]
_tellers: dict[str, Teller] = {}

sharing = reading
"""What is read of some problems inside is read once."""


def known_of(actor: Actor, problems: Iterable[Problem]) -> Known:
    """What is known of the problems; inside `sharing` the same for the same problems."""
    return _known(actor, list(problems))


@read_once
def _known(actor: Actor, problems: list[Problem]) -> Known:
    return Known(actor, problems)


@kept_until_a_change
def _evidence(actor: Actor, problem: Problem) -> Evidence:
    """What one problem rests on, which many of its pages ask."""
    known = known_of(actor, [problem])
    found = evidence_of(actor, known.all_statements, known.causes, known.problems)
    return found[problem.pk]


def need(name: str) -> Callable[[Teller], Teller]:
    """Register what tells which problems lack one item of the list.

    Raises
    ------
    ValueError
        If the list has no such item, or another app tells of it already.
    """
    if name not in _items():
        raise ValueError(f"definition.toml has no needed item {name!r}")

    def register(tell: Teller) -> Teller:
        known = _tellers.get(name)
        if known is not None and known.__module__ != tell.__module__:
            raise ValueError(f"the item {name!r} is told by {known.__module__} already")
        _tellers[name] = tell
        return tell

    return register


def tellers() -> frozenset[str]:
    """The items that some app tells of."""
    return frozenset(_tellers)


def lacks_of(known: Known) -> dict[int, list[Lack]]:
    """All that each problem lacks, in the order of the list."""
    found: dict[int, list[Lack]] = {key: [] for key in known.keys}
    for name in _items():
        tell = _tellers.get(name)
        for key, lack in (tell(known) if tell is not None and known.keys else {}).items():
            found[key].append(lack)
    return found


def _items() -> list[str]:
    content = read_content("commonlight.web.problems", "definition")
    return [one["id"] for one in content["needed"]]


def load_needs() -> None:
    """Load the `problem_needs.py` of every app."""
    autodiscover_modules("problem_needs")
