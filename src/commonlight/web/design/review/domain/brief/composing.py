"""Compose the brief from the record: section by section, in the order of the content.

A section never disappears: what is empty says what it would hold. The sections that deserve more
than a list are told by `sections.py`; the others list the fields of the record from which
`content/design_brief.toml` draws them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from commonlight.web.content import read_content
from commonlight.web.design.review.domain.brief.blocks import Block, facts, items
from commonlight.web.design.review.domain.brief.sections import SECTIONS, Sources
from commonlight.web.policy import Actor
from commonlight.web.problems.models import Problem
from commonlight.web.problems.needs import known_of, sharing
from commonlight.web.problems.record_fields import Field, reading
from commonlight.web.ui.dates import date_format

__all__ = ["SCHEMA", "brief_content", "compose", "digest_of"]

SCHEMA = "commonlight.design-brief/1"


def brief_content() -> dict[str, Any]:
    """The content file of the brief: its sections and what each asks for."""
    return read_content("commonlight.web.design.review", "design_brief")


def compose(
    actor: Actor, problem: Problem, texts: Mapping[str, str], *, number: int = 1
) -> dict[str, Any]:
    """The whole brief as the actor may see it, in the language of the workspace."""
    with translation.override(problem.workspace.language or "en"), sharing():
        fields = {
            field.id: field
            for heading in reading(actor, problem, "sara")
            for field in heading.fields
        }
        sources = Sources(actor, problem, fields, texts)
        rows = brief_content()["section"]
        sections = [_section(sources, row, texts.get(row["id"], "")) for row in rows]
        later = {row["id"] for row in rows if row.get("is_later")}
        return {
            "schema": SCHEMA,
            "language": translation.get_language() or "en",
            "title": problem.title,
            "problem": problem.number,
            "number": number,
            "city": problem.workspace.city or problem.workspace.name,
            "partnership": problem.workspace.name,
            "as_of": timezone.localdate().isoformat(),
            "is_simulated": problem.workspace.is_simulated,
            "one_sided": _one_sided(actor, problem),
            "cover": _cover(sources)["pairs"],
            "sections": sections,
            "missing": [
                one["title"] for one in sections if one["is_empty"] and one["id"] not in later
            ],
            "unwritten": [one["title"] for one in sections if one["asks_for"] and not one["text"]],
            "words": _words(),
        }


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 over what the brief says."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _section(sources: Sources, row: Mapping[str, Any], text: str) -> dict[str, Any]:
    make = SECTIONS.get(row["id"])
    blocks = make(sources) if make is not None else _listed(sources.fields, row)
    is_empty = not text and not any(one["kind"] != "note" for one in blocks)
    return {
        "id": row["id"],
        "title": str(row["title"]),
        "asks_for": str(row["asks_for"]),
        "text": text,
        "is_lead": bool(row.get("is_lead")),
        "blocks": blocks,
        "is_empty": is_empty,
        "when_empty": str(row["when_empty"]) if is_empty else "",
    }


def _listed(fields: Mapping[str, Field], row: Mapping[str, Any]) -> list[Block]:
    """Each field that holds something, as a list under its name."""
    chosen = [fields[name] for name in row["draws_from"] if name in fields]
    return [
        items(field.label, [str(one.text) for one in field.entries])
        for field in chosen
        if field.entries
    ]


def _cover(sources: Sources) -> Block:
    """What a reader sees first: where, since when, who answers for it."""
    problem, statement = sources.problem, sources.statement
    return facts(
        "",
        [
            (_("Place"), statement.place),
            (_("Period"), statement.period),
            (_("Focus area"), problem.get_focus_area_display()),
            (_("Theme"), problem.get_theme_display()),
            (_("Who answers for it"), problem.owner.name if problem.owner else ""),
            (_("As of"), date_format(timezone.localdate(), "DATE_FORMAT")),
        ],
    )


def _one_sided(actor: Actor, problem: Problem) -> str:
    """The mark of a problem that rests on recorded crime alone."""
    found = known_of(actor, [problem]).evidence[problem.pk]
    return str(brief_content()["words"]["one_sided"]) if found.is_police_only else ""


def _words() -> dict[str, str]:
    """The words that frame every brief, in its own language."""
    words = brief_content()["words"]
    today = date_format(timezone.localdate(), "DATE_FORMAT")
    return {
        "kind": _("Design brief"),
        "as_of": str(words["as_of"]).replace("{day}", today),
        "no_persons": str(words["no_persons"]),
        "missing": _("What this brief does not hold yet"),
        "unwritten": _("Nobody has written this part yet. It asks for:"),
        "contents": _("Contents"),
        "version": _("Version"),
        "simulated": _("Simulated data: a city that does not exist"),
        "draft": _("Draft: nobody has approved it"),
        "approved": _("Approved"),
        "proposed": _("Waits for approval"),
        "replaced": _("Replaced by a newer version"),
        "page_of": _("{page} of {pages}"),
    }
