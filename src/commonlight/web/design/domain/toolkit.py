"""The toolkit specification: what a tool is before it is built for good, and its files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commonlight.web.design.domain.catalogue import (
    group_titles,
    specification_fields,
    specification_parts,
)
from commonlight.web.design.domain.concepts import current_version
from commonlight.web.design.domain.numbering import hold_problem, next_number
from commonlight.web.design.models import Concept, ToolkitSpecification
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.problems.domain.stating import current_statement
from commonlight.web.problems.domain.words import refuse_contacts
from commonlight.web.ui.dates import date_format
from commonlight.web.workspaces.reading import read_once

__all__ = [
    "SCHEMA",
    "as_json",
    "as_markdown",
    "current_specification",
    "open_fields",
    "save_specification",
    "sections",
    "suggested",
]

SCHEMA = "commonlight.toolkit-specification/1"


@transaction.atomic
def save_specification(
    actor: Actor, concept: Concept, answers: Mapping[str, str], *, at: datetime | None = None
) -> ToolkitSpecification:
    """A new version of the specification; one that changes nothing is none."""
    require(actor, "design.write", concept.problem)
    refuse_contacts(**answers)
    clean = {name: answers.get(name, "").strip() for name in specification_fields()}
    before = current_specification(concept)
    if before is not None and before.answers == clean:
        return before
    hold_problem(concept.problem)
    made: ToolkitSpecification = ToolkitSpecification.objects.create(
        workspace=actor.workspace,
        concept=concept,
        number=next_number(concept.specifications),
        answers=clean,
        author=actor.membership,
        created_at=at or timezone.now(),
    )
    record(actor, "design.specification_saved", concept, number=concept.number)
    return made


@read_once
def current_specification(concept: Concept) -> ToolkitSpecification | None:
    """The newest version, if somebody has written one."""
    found: ToolkitSpecification | None = concept.specifications.first()
    return found


def open_fields(specification: ToolkitSpecification) -> list[Any]:
    """The titles of required fields in which nothing stands."""
    return [
        one["title"]
        for name, one in specification_fields().items()
        if one["required"] and not specification.answers.get(name)
    ]


def suggested(concept: Concept) -> dict[str, str]:
    """What the record says already, so that nobody types it again."""
    card = current_version(concept)
    return {
        "problem": current_statement(concept.problem).sentence,
        "concept_text": card.in_one_sentence,
        "beneficiaries": get_text_list([str(one) for one in group_titles(card.users)], _("and")),
        "owner": card.who_does_it,
        "resources": card.cost_guess,
        "risks": card.who_may_lose,
    }


def sections(specification: ToolkitSpecification) -> list[tuple[Any, list[tuple[Any, str]]]]:
    """Each part with its fields and what stands in them; an empty field stays visible."""
    return [
        (
            part["title"],
            [
                (one["title"], specification.answers.get(field, ""))
                for field, one in specification_fields().items()
                if one["part"] == name
            ],
        )
        for name, part in specification_parts().items()
    ]


def as_json(specification: ToolkitSpecification) -> str:
    """The specification for programs: fields by their names, and what each is called."""
    concept = specification.concept
    content = {
        "schema": SCHEMA,
        "language": get_language(),
        "concept": {
            "problem": concept.problem.number,
            "number": concept.number,
            "name": concept.name,
            "state": concept.state,
        },
        "version": specification.number,
        "written_at": specification.created_at.isoformat(),
        "parts": [
            {
                "id": name,
                "title": str(part["title"]),
                "fields": [
                    {
                        "id": field,
                        "title": str(one["title"]),
                        "text": specification.answers.get(field, ""),
                    }
                    for field, one in specification_fields().items()
                    if one["part"] == name
                ],
            }
            for name, part in specification_parts().items()
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def as_markdown(specification: ToolkitSpecification) -> str:
    """The specification for people, as text with headings."""
    concept = specification.concept
    facts = _("Toolkit specification, version %(number)d of %(day)s. Problem: %(problem)s") % {
        "number": specification.number,
        "day": date_format(specification.created_at, "DATE_FORMAT"),
        "problem": concept.problem.title,
    }
    lines = [f"# {_marked(concept.name)}", "", _marked(facts)]
    for title, fields in sections(specification):
        lines += ["", f"## {title}"]
        for label, text in fields:
            lines += ["", f"### {label}", "", _marked(text) or _("Not answered yet.")]
    return "\n".join(lines) + "\n"


def _marked(text: str) -> str:
    """Text of people, in which no line can become a heading, a list or a tag of its own."""
    return "\n".join(_marked_line(line) for line in text.splitlines())


def _marked_line(line: str) -> str:
    clean = line.replace("\\", "\\\\").replace("<", "\\<").replace("`", "\\`")
    clean = clean.replace("[", "\\[").replace("*", "\\*").replace("_", "\\_")
    starts = clean.lstrip()[:1]
    return f"\\{clean.lstrip()}" if starts in "#>-+=~|" and starts else clean
