"""What a problem rests on: its sources by nature and by organisation, and which cause has any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from commonlight.web.policy import Actor
from commonlight.web.problems.models import Cause, Problem, Statement
from commonlight.web.thread.domain import supports, web_of
from commonlight.web.thread.domain.support import Nodes, Support
from commonlight.web.thread.kinds import Key, kind_named
from commonlight.web.workspaces.models import Organisation

__all__ = ["Evidence", "Source", "evidence_of"]

OWN_KINDS = frozenset({"problem", "statement_of_problem", "cause"})
"""Parts of the record itself: what they rest on is a source, they are none."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """One thing that the problem rests on, as the actor may see it."""

    key: Key
    kind: Any
    title: str
    address: str
    nature: str
    organisations: tuple[Organisation, ...]
    stands: bool
    why_not: Any = ""
    is_closed: bool = False
    lets_speak: bool = True
    """Whether people speak in it; who is only seen in it is not heard."""

    @property
    def says_its_kind(self) -> bool:
        """Whether the title tells already what the source is, as “session 1” does."""
        return str(self.kind).casefold() in self.title.casefold()

    @property
    def is_quantitative(self) -> bool:
        """Whether it counts something."""
        return self.nature == "quantitative"

    @property
    def is_qualitative(self) -> bool:
        """Whether it tells something."""
        return self.nature == "qualitative"


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The sources of one problem; those that were withdrawn stay listed and count for nothing."""

    sources: tuple[Source, ...]
    causes: Mapping[int, Support]

    @property
    def standing(self) -> tuple[Source, ...]:
        """Sources that still stand."""
        return tuple(one for one in self.sources if one.stands)

    @property
    def organisations(self) -> dict[int, Organisation]:
        """Whose accounts the standing sources are."""
        return {one.pk: one for source in self.standing for one in source.organisations}

    @property
    def single_organisation(self) -> Organisation | None:
        """The only organisation whose account there is, if there is just one."""
        found = list(self.organisations.values())
        return found[0] if len(found) == 1 else None

    @property
    def is_police_only(self) -> bool:
        """Whether every account is one of the police."""
        kinds = {one.kind for one in self.organisations.values()}
        return kinds == {"police"}


def evidence_of(
    actor: Actor,
    statements: Mapping[int, list[Statement]],
    causes: Mapping[int, list[Cause]],
    problems: Iterable[Problem] = (),
) -> dict[int, Evidence]:
    """The evidence of each problem, in a constant number of queries."""
    web = web_of(actor.workspace)
    claims = {key: _claims(key, statements.get(key, ()), causes.get(key, ())) for key in statements}
    below = {
        key: list(dict.fromkeys(far for one in own for far in web.below(one)))
        for key, own in claims.items()
    }
    reach = dict.fromkeys([key for rows in [*claims.values(), *below.values()] for key in rows])
    torn = [link.ground for key in reach for link in web.wounds.get(key, ())]
    in_hand: dict[Key, Any] = {("problem", str(one.pk)): one for one in problems}
    for name, known in (("statement_of_problem", statements), ("cause", causes)):
        in_hand |= {(name, str(one.pk)): one for rows in known.values() for one in rows}
    nodes = Nodes(actor.workspace, [*reach, *torn], actor=actor, in_hand=in_hand)
    asked = [("cause", str(one.pk)) for rows in causes.values() for one in rows]
    held = supports(actor.workspace, asked, web=web, nodes=nodes)
    made = _sources(actor, reach, nodes)
    return {
        key: Evidence(
            sources=tuple(made[one] for one in below[key] if one in made),
            causes={one.pk: held["cause", str(one.pk)] for one in causes.get(key, ())},
        )
        for key in claims
    }


def _claims(problem: int, statements: Iterable[Statement], causes: Iterable[Cause]) -> list[Key]:
    return [
        ("problem", str(problem)),
        *(("statement_of_problem", str(one.pk)) for one in statements),
        *(("cause", str(one.pk)) for one in causes),
    ]


def _sources(actor: Actor, keys: Iterable[Key], nodes: Nodes) -> dict[Key, Source]:
    """The things that are sources, each with the organisations whose account it is."""
    found = [key for key in keys if key in nodes.things and key[0] not in OWN_KINDS]
    owners = _owners(found, nodes)
    wanted = {one for rows in owners.values() for one in rows}
    known = Organisation.objects.of(actor.workspace).in_bulk(wanted) if wanted else {}
    return {key: _source(key, nodes, [known[one] for one in sorted(owners[key])]) for key in found}


def _owners(keys: Iterable[Key], nodes: Nodes) -> dict[Key, frozenset[int]]:
    by_kind: dict[str, dict[str, Any]] = {}
    for kind, key in keys:
        by_kind.setdefault(kind, {})[key] = nodes.things[kind, key]
    found: dict[Key, frozenset[int]] = {}
    for kind, things in by_kind.items():
        told = kind_named(kind).organisations(things)
        found.update({(kind, key): told.get(key, frozenset()) for key in things})
    return found


def _source(key: Key, nodes: Nodes, organisations: list[Organisation]) -> Source:
    kind, thing, gone = kind_named(key[0]), nodes.things[key], nodes.stands(key)
    is_open = nodes.is_open(key)
    return Source(
        key=key,
        kind=kind.label,
        title=nodes.title(key) if is_open else "",
        address=kind.address(thing) if is_open else "",
        nature=kind.nature(thing),
        organisations=tuple(organisations),
        stands=gone is None,
        why_not=gone.reason if gone else "",
        is_closed=not is_open,
        lets_speak=nodes.lets_speak(key),
    )
