"""One page for who has fifteen minutes: what people say, what records say, what is not known.

Sources are told apart by who speaks in them: people (surveys, reports, visits, sessions) or the
records of an agency. Nothing is summed up; every line leads to its source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from commonlight.web.data.enums import DataKind
from commonlight.web.data.models import DataSet
from commonlight.web.policy import Actor
from commonlight.web.problems.domain.agreeing import last_opened, named_causes
from commonlight.web.problems.domain.differences import CauseRow
from commonlight.web.problems.domain.evidence import Source
from commonlight.web.problems.models import Problem
from commonlight.web.problems.needs import Known
from commonlight.web.problems.path import PartState, Pillar
from commonlight.web.thread.kinds import Key, kind_named

__all__ = ["Glance", "glance_of"]

Text = str | Promise
PEOPLE = frozenset({DataKind.ANSWERS, DataKind.REPORTS, DataKind.VISITS})
DEFINITION = "problem_identification"


@dataclass(frozen=True, kw_only=True)
class Glance:
    """A problem as somebody reads it who has little time.

    `doing` are the parts of the later pillars that have begun, each with how far it is; `unknown`
    is what cannot be said yet, each with the page on which it will be; `later` are the pillars
    that come next.
    """

    people: tuple[Source, ...]
    records: tuple[Source, ...]
    others: tuple[Source, ...]
    organisations: tuple[str, ...]
    differing: tuple[CauseRow, ...]
    doing: tuple[tuple[Text, PartState], ...]
    unknown: tuple[tuple[Text, str], ...]
    later: tuple[Pillar, ...]


def glance_of(actor: Actor, problem: Problem, known: Known, path: Iterable[Pillar]) -> Glance:
    """What stands in the record, in the order in which it is asked for."""
    pillars = list(path)
    sources = [one for one in known.evidence[problem.pk].standing if not one.is_closed]
    spoken = _who_speaks(actor, sources)
    opened = last_opened(problem)
    table = named_causes(opened) if opened is not None else None
    return Glance(
        people=tuple(one for one in sources if spoken[one.key] == "people"),
        records=tuple(one for one in sources if spoken[one.key] == "records"),
        others=tuple(one for one in sources if not spoken[one.key]),
        organisations=table.organisations if table is not None else (),
        differing=table.differing if table is not None else (),
        doing=tuple(_doing(pillars)),
        unknown=tuple(_unknown(problem, known, pillars)),
        later=tuple(one for one in pillars if not one.is_built),
    )


def _who_speaks(actor: Actor, sources: Iterable[Source]) -> dict[Key, str]:
    """Whether people or records speak in each source; empty where it is neither."""
    rows = list(sources)
    data = _data_behind(actor, [one.key for one in rows])
    slugs = {slug for found in data.values() for slug in found}
    known = DataSet.objects.of(actor.workspace).filter(slug__in=slugs)
    kinds = dict(known.values_list("slug", "kind"))
    return {one.key: _speaker(one, data.get(one.key, ()), kinds) for one in rows}


def _speaker(source: Source, slugs: Iterable[str], kinds: Mapping[str, str]) -> str:
    found = {kinds[slug] for slug in slugs if slug in kinds}
    if found & PEOPLE or (not found and source.is_qualitative and source.lets_speak):
        return "people"
    return "records" if DataKind.INCIDENTS in found else ""


def _data_behind(actor: Actor, keys: Iterable[Key]) -> dict[Key, tuple[str, ...]]:
    """The data sets behind each finding, and each data set itself, by short name."""
    wanted = list(keys)
    found: dict[Key, tuple[str, ...]] = {}
    for name in ("finding", "dataset"):
        numbers = [number for kind, number in wanted if kind == name]
        things: Mapping[str, Any] = kind_named(name).find(actor.workspace, numbers)
        for number, one in things.items():
            found[name, number] = tuple(one.sources) if name == "finding" else (one.slug,)
    return found


def _doing(pillars: Iterable[Pillar]) -> Iterator[tuple[Text, PartState]]:
    for pillar in pillars:
        if pillar.id != DEFINITION:
            yield from ((label, state) for label, state in pillar.parts if state.is_begun)


def _unknown(
    problem: Problem, known: Known, pillars: Iterable[Pillar]
) -> Iterator[tuple[Text, str]]:
    for one in known.lacks[problem.pk]:
        yield one.text, one.address
    for pillar in pillars:
        if pillar.id == DEFINITION:
            continue
        for _label, state in pillar.parts:
            if state.is_begun:
                yield from ((text, state.address) for text in state.missing)
