"""A theory as JSON: what leaves can come back identically, here or in another workbench."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from commonlight.web.design.theory.domain.changing import opened
from commonlight.web.design.theory.domain.file_check import EVIDENCE, FileError, checked
from commonlight.web.design.theory.domain.keeping import replaced
from commonlight.web.design.theory.domain.reading import Sheet
from commonlight.web.design.theory.domain.versions import link_row, step_row
from commonlight.web.design.theory.models import Link, Theory
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor
from commonlight.web.problems.models import Problem
from commonlight.web.thread.domain import LinkError, join, web_of
from commonlight.web.thread.kinds import kind_named, kinds

__all__ = ["LARGEST", "SCHEMA", "as_json", "document_of", "import_theory", "read_file"]

SCHEMA = "commonlight.theory/1"
LARGEST = 1024 * 1024


def document_of(sheet: Sheet) -> dict[str, Any]:
    """The theory with the evidence that the reader may see."""
    return {
        "schema": SCHEMA,
        "steps": [step_row(one) for one in sheet.steps],
        "links": [{**link_row(one), "evidence": _evidence(sheet, one)} for one in sheet.links],
    }


def as_json(sheet: Sheet) -> str:
    """The document as text; the same theory gives the same text."""
    return json.dumps(document_of(sheet), ensure_ascii=False, indent=2) + "\n"


def read_file(content: bytes) -> dict[str, Any]:
    """The content of a file that was handed in.

    Raises
    ------
    FileError
        If it is too large, no JSON, or no theory; with the place and what to do.
    """
    if len(content) > LARGEST:
        raise FileError(_("The file is larger than 1 MB. A theory never is: choose another file."))
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise FileError(
            _("The file is not JSON. Choose a file that “Export as JSON” has made.")
        ) from error
    return checked(found, schema=SCHEMA)


@transaction.atomic
def import_theory(actor: Actor, problem: Problem, content: dict[str, Any]) -> Theory:
    """Put the content of a file in the place of the theory; what was there is kept as a version.

    Evidence is linked where this workspace has it under the same name; other evidence stays
    beside its link as named in the file, and proves nothing.
    """
    theory = opened(actor, problem)
    links = replaced(actor, theory, content)
    rows = {row["id"]: row.get("evidence", []) for row in content["links"]}
    for link in links.values():
        link.theory, link.workspace = theory, theory.workspace
    _cite(actor, theory, links, rows)
    values: dict[str, Any] = {"steps": len(content["steps"]), "links": len(content["links"])}
    record(actor, "theory.import", theory, problem=problem.number, **values)
    return theory


def _evidence(sheet: Sheet, link: Link) -> list[dict[str, str]]:
    found = [
        {name: getattr(one, name) for name in EVIDENCE}
        for one in sheet.grounds.get(link.pk, ())
        if one.is_open
    ]
    # A database may keep the members of JSON in an order of its own; a file has one order.
    named = [{name: one[name] for name in EVIDENCE} for one in link.cited]
    return sorted([*found, *named], key=lambda one: (one["kind"], one["title"], one["key"]))


def _cite(
    actor: Actor, theory: Theory, links: dict[str, Link], rows: dict[str, list[dict[str, str]]]
) -> None:
    """Join what is here and may be seen; keep the names of the rest."""
    things = _things(actor, [one for named in rows.values() for one in named])
    web = web_of(actor.workspace)
    changed = []
    for uid, link in links.items():
        here = {one.ground for one in web.grounds.get(("theory_link", str(link.pk)), ())}
        rest = [one for one in rows[uid] if not _is_cited(actor, link, one, things, here)]
        if link.cited != rest:
            link.cited = rest
            changed.append(link)
    Link.objects.of(theory.workspace).bulk_update(changed, ["cited"], batch_size=100)


def _is_cited(
    actor: Actor,
    link: Link,
    named: dict[str, str],
    things: dict[tuple[str, str], Any],
    here: set[tuple[str, str]],
) -> bool:
    """Whether the thread joins the link to what is named; it is joined now where it can be."""
    key = (named["kind"], named["key"])
    thing = things.get(key)
    if thing is None or kind_named(key[0]).title(thing) != named["title"]:
        return False
    return key in here or _joined(actor, link, thing, named["note"])


def _joined(actor: Actor, link: Link, thing: Any, note: str) -> bool:
    try:
        join(actor, link, thing, note=note)
    except LinkError:
        return False
    return True


def _things(actor: Actor, named: list[dict[str, str]]) -> dict[tuple[str, str], Any]:
    """The things of this workspace that are named and that the actor may see and cite."""
    known = {one.name: one for one in kinds() if one.may_ground}
    found = {}
    for name, kind in known.items():
        keys = {one["key"] for one in named if one["kind"] == name}
        things = kind.find(actor.workspace, keys) if keys else {}
        sight = kind.see(actor, things) if things else {}
        found.update({(name, key): one for key, one in things.items() if sight.get(key)})
    return found
