"""What the core of the record knows of the items that a problem needs to be defined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from commonlight.web.content import read_content
from commonlight.web.policy import decide
from commonlight.web.problems.addresses import address
from commonlight.web.problems.domain.sentences import in_a_row
from commonlight.web.problems.enums import CauseReach
from commonlight.web.problems.models import Cause, Problem
from commonlight.web.problems.needs import Known, Lack, need

__all__ = [
    "bare_causes",
    "causes_with_evidence",
    "contributors",
    "joint_statement",
    "missing_fields",
    "qualitative_source",
    "quantitative_source",
    "statement_complete",
    "two_organisations",
]

FEWEST = 2
OF_PROBLEM = frozenset({"title", "owner"})
OF_CAUSES = {"causes_inside": CauseReach.INSIDE, "causes_outside": CauseReach.OUTSIDE}


def missing_fields(known: Known, problem: Problem) -> list[Mapping[str, Any]]:
    """The required fields of the statement in which nothing stands."""
    return [
        one
        for one in read_content("commonlight.web.problems", "definition")["statement_field"]
        if one["required"] and not _stands(known, problem, one["id"])
    ]


def _stands(known: Known, problem: Problem, name: str) -> bool:
    if name in OF_CAUSES:
        rows = known.causes.get(problem.pk, ())
        return any(one.reach == OF_CAUSES[name] and not one.left_out_reason for one in rows)
    if name in OF_PROBLEM:
        return bool(getattr(problem, name))
    statement = known.statements.get(problem.pk)
    return bool(getattr(statement, name, ""))


@need("statement_complete")
def statement_complete(known: Known) -> Mapping[int, Lack]:
    """The fields that are empty, with the page of the first of them; readers see the log."""
    found, may_write = {}, bool(decide(known.actor, "problem.write"))
    for problem in known.problems:
        fields = missing_fields(known, problem)
        if fields:
            page = _page(fields[0]["id"]) if may_write else "reframing"
            names = get_text_list([str(one["label"]) for one in fields], _("and"))
            found[problem.pk] = _lack("statement_complete", problem, page, fields=names)
    return found


def _page(name: str) -> str:
    """The page on which a field of the statement is filled in."""
    if name in OF_CAUSES:
        return "causes"
    return "describe" if name in OF_PROBLEM else "statement"


@need("joint_statement")
def joint_statement(known: Known) -> Mapping[int, Lack]:
    """Problems of which no version is marked as joint."""
    found = {}
    for problem in known.problems:
        if not any(one.is_joint for one in known.all_statements.get(problem.pk, ())):
            is_open = any(one.is_open for one in known.rounds.get(problem.pk, ()))
            found[problem.pk] = _lack("joint_statement", problem, "joint" if is_open else "frames")
    return found


@need("two_organisations")
def two_organisations(known: Known) -> Mapping[int, Lack]:
    """Problems to which one organisation alone has contributed."""
    found = {}
    for problem in known.problems:
        names = contributors(known, problem)
        if len(names) < FEWEST:
            organisation = next(iter(names.values()), _("nobody"))
            found[problem.pk] = _lack(
                "two_organisations", problem, "frames", organisation=organisation
            )
    return found


def contributors(known: Known, problem: Problem) -> dict[int, str]:
    """Organisations that wrote a version, answered apart, or whose account a source is."""
    found = {
        one.author.organisation_id: one.author.organisation.name
        for one in known.all_statements.get(problem.pk, ())
        if one.author
    }
    for round in known.rounds.get(problem.pk, ()):
        for frame in round.frames.all():
            if frame.answers is not None:
                found[frame.organisation_id] = frame.organisation.name
    organisations = known.evidence[problem.pk].organisations
    return {**found, **{key: one.name for key, one in organisations.items()}}


@need("quantitative_source")
def quantitative_source(known: Known) -> Mapping[int, Lack]:
    """Problems that nothing counted stands behind."""
    return _without_source(known, "quantitative_source", "quantitative")


@need("qualitative_source")
def qualitative_source(known: Known) -> Mapping[int, Lack]:
    """Problems that nobody has told of or looked at."""
    return _without_source(known, "qualitative_source", "qualitative")


def _without_source(known: Known, name: str, nature: str) -> dict[int, Lack]:
    return {
        one.pk: _lack(name, one, "sources")
        for one in known.problems
        if not any(source.nature == nature for source in known.evidence[one.pk].standing)
    }


@need("causes_with_evidence")
def causes_with_evidence(known: Known) -> Mapping[int, Lack]:
    """Problems without a cause within reach, or with one that nothing shows and nobody presumes."""
    found = {}
    for problem in known.problems:
        bare = [one.text for one in bare_causes(known, problem)]
        if not _reached(known, problem):
            none = _("No cause within your reach is named yet.")
            place = address(problem, "causes")
            found[problem.pk] = Lack(need="causes_with_evidence", text=none, address=place)
        elif bare:
            names = in_a_row(bare)
            found[problem.pk] = _lack("causes_with_evidence", problem, "causes", causes=names)
    return found


def bare_causes(known: Known, problem: Problem) -> list[Cause]:
    """Causes within reach that nothing shows and nobody presumes."""
    held = known.evidence[problem.pk].causes
    return [one for one in _reached(known, problem) if not (one.is_presumed or held[one.pk])]


def _reached(known: Known, problem: Problem) -> list[Cause]:
    """Causes of the statement that the partners can change."""
    return [
        one
        for one in known.causes.get(problem.pk, ())
        if one.reach == CauseReach.INSIDE and not one.left_out_reason
    ]


def _lack(name: str, problem: Problem, page: str, **values: str) -> Lack:
    text = str(_items()[name]["missing"])
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", value)
    return Lack(need=name, text=text, address=address(problem, page))


def _items() -> dict[str, Mapping[str, Any]]:
    rows: Iterable[Mapping[str, Any]] = read_content("commonlight.web.problems", "definition")[
        "needed"
    ]
    return {one["id"]: one for one in rows}
