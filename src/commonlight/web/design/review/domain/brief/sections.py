"""The sections of the brief that deserve more than a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from commonlight.web.design.engagement.domain.catalogue import gates
from commonlight.web.design.engagement.domain.hearing import heard_groups
from commonlight.web.design.review.domain.brief import engaged, planned, watched
from commonlight.web.design.review.domain.brief.blocks import (
    Block,
    Item,
    facts,
    item,
    items,
    note,
    quote,
    table,
)
from commonlight.web.design.review.domain.sentences import ended
from commonlight.web.policy import Actor
from commonlight.web.problems.domain.board import voices_of
from commonlight.web.problems.fieldwork.catalogue import question_named
from commonlight.web.problems.models import Cause, Problem, Statement
from commonlight.web.problems.needs import Known, known_of
from commonlight.web.problems.record_fields import Field
from commonlight.web.thread.domain.support import Nodes
from commonlight.web.thread.domain.web import Strand, Web, web_of
from commonlight.web.thread.kinds import Key
from commonlight.web.ui.punctuation import named

__all__ = ["SECTIONS", "Sources"]


@dataclass(frozen=True)
class Sources:
    """What a section draws from: the record, the fields of its readings, and the thread."""

    actor: Actor
    problem: Problem
    fields: Mapping[str, Field]
    texts: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def known(self) -> Known:
        """Statement, causes and evidence."""
        return known_of(self.actor, [self.problem])

    @property
    def statement(self) -> Statement:
        """The newest version."""
        return self.known.statements[self.problem.pk]

    @cached_property
    def web(self) -> Web:
        """The links of the workspace."""
        return web_of(self.actor.workspace)

    def listed(self, *names: str) -> list[Block]:
        """Fields that hold something, each as a list under its name."""
        chosen = [self.fields[name] for name in names if name in self.fields]
        return [
            items(one.label, [str(entry.text) for entry in one.entries])
            for one in chosen
            if one.entries
        ]


def summary(sources: Sources) -> list[Block]:
    """What is proposed, what it costs and who does it, beside what the authors wrote."""
    return planned.proposal(sources.problem, sources.texts.get("summary", ""))


def context(sources: Sources) -> list[Block]:
    """What the place is good for, and what was looked at; the heading asks the first question."""
    asked = str((question_named("valued_uses") or {}).get("title", ""))
    found = sources.fields.get("valued_uses")
    told = [str(one.text).removeprefix(asked).strip() for one in found.entries] if found else []
    valued = [items(found.label, told)] if found and told else []
    return [*valued, *sources.listed("desired_uses", "audit_scope")]


def problem(sources: Sources) -> list[Block]:
    """The statement as it stands, with who is harmed and how."""
    now = sources.statement
    told = _("Version %(number)s, agreed by the partners together") % {"number": now.number}
    alone = _("Version %(number)s, not a joint statement") % {"number": now.number}
    return [
        quote(now.sentence, told if now.is_joint else alone),
        facts(
            "",
            [
                (_("Who is harmed"), now.groups_harmed),
                (_("Harm"), now.harm),
                (_("Effects on daily life"), now.effects),
                (_("First framed by"), getattr(sources.problem.first_framed_by, "name", "")),
            ],
        ),
    ]


def causes(sources: Sources) -> list[Block]:
    """Each cause with its reach, who sees it, and what shows it, if anything shows one."""
    found = [
        one for one in sources.known.causes.get(sources.problem.pk, ()) if not one.left_out_reason
    ]
    prefetch_related_objects(found, "seen_by")
    shown = _shown_by(sources, found)
    blocks = sources.listed("minority_causes")
    if not found:
        return blocks
    rows: list[list[Any]] = [[one.text, one.get_reach_display(), _seers(one)] for one in found]
    heads = [_("Cause"), _("Reach"), _("Seen by")]
    if not any(shown.values()):
        told = note(_("No cause is backed by evidence yet."))
        return [table(_("Causes, and who sees them"), heads, rows), told, *blocks]
    rows = [[*row, shown[one.pk] or _unshown(one)] for row, one in zip(rows, found, strict=True)]
    caption = _("Causes, who sees them, and what each rests on")
    return [table(caption, [*heads, _("What shows it")], rows), *blocks]


def sources_of(sources: Sources) -> list[Block]:
    """What the problem rests on, by nature, each with what was noted when it was linked."""
    standing = sources.known.evidence[sources.problem.pk].standing
    notes = _notes(sources)
    blocks = []
    for nature, label in (
        ("quantitative", _("Numbers")),
        ("qualitative", _("Voices and observations")),
        ("", _("Other sources")),
    ):
        rows: list[Item] = [
            item(_noted(_source(one), "" if one.is_closed else notes.get(one.key, "")), one.key)
            for one in standing
            if one.nature == nature
        ]
        if rows:
            blocks.append(items(label, rows))
    return [*blocks, *sources.listed("requirements")]


def reframing(sources: Sources) -> list[Block]:
    """The first and the newest statement beside each other, and what moved each version."""
    versions = sources.known.all_statements[sources.problem.pk]
    blocks = sources.listed("reframings", "frames")
    if len(versions) < 2:
        return blocks
    if versions[0].sentence == versions[-1].sentence:
        return [note(_("The sentence stayed the same; what is known around it grew.")), *blocks]
    rows = [[_("At first"), versions[0].sentence], [_("Now"), versions[-1].sentence]]
    beside = table(
        _("The problem as it was seen at first, and as it is seen now"),
        ["", _("Statement")],
        rows,
    )
    return [beside, *blocks]


def unknown(sources: Sources) -> list[Block]:
    """What nobody knows yet, from every part of the record."""
    blocks = [*_missing_voices(sources), *sources.listed("theory_checks")]
    if sources.statement.disputed:
        blocks.insert(0, items(_("What is disputed"), [sources.statement.disputed]))
    return [*blocks, *watched.not_known(sources.problem), *planned.not_known(sources.problem)]


def _missing_voices(sources: Sources) -> list[Block]:
    """Groups that no source of the problem and no record of engagement lets speak."""
    found = sources.fields.get("missing_voices")
    if found is None:
        return []
    heard, pairs = heard_groups(sources.problem), gates()["groups_of_voice"]
    told = [
        str(one.told)
        for one in voices_of(sources.actor, [sources.problem])[sources.problem.pk]
        if not one.is_heard and heard.isdisjoint(pairs.get(one.id, ()))
    ]
    return [items(found.label, told)] if told else []


def _source(one: object) -> str:
    owners = ", ".join(org.name for org in getattr(one, "organisations", ()))
    values = {
        "title": getattr(one, "title", "") or _("A source that is closed to you"),
        "kind": getattr(one, "kind", ""),
        "owners": owners,
    }
    if owners:
        return _("%(title)s (%(kind)s, %(owners)s)") % values
    return _("%(title)s (%(kind)s)") % values


def _shown_by(sources: Sources, found: list[Cause]) -> dict[int, list[Item]]:
    """What each cause rests on today."""
    found_links = {one.pk: sources.web.grounds.get(("cause", str(one.pk)), []) for one in found}
    asked = [link.ground for links in found_links.values() for link in links]
    nodes = Nodes(sources.actor.workspace, asked, actor=sources.actor)
    return {
        pk: [
            item(_noted(nodes.title(link.ground), _open_note(nodes, link)), link.ground)
            for link in links
            if nodes.stands(link.ground) is None
        ]
        for pk, links in found_links.items()
    }


def _notes(sources: Sources) -> dict[Key, str]:
    """What was noted when a source was linked to the problem or to a version of its statement."""
    versions = sources.known.all_statements[sources.problem.pk]
    claims = [("problem", str(sources.problem.pk))]
    claims += [("statement_of_problem", str(one.pk)) for one in versions]
    found: dict[Key, list[str]] = {}
    for claim in claims:
        for link in sources.web.grounds.get(claim, ()):
            if link.note.strip():
                found.setdefault(link.ground, []).append(ended(link.note))
    return {key: " ".join(dict.fromkeys(told)) for key, told in found.items()}


def _open_note(nodes: Nodes, link: Strand) -> str:
    return ended(link.note) if nodes.is_open(link.ground) else ""


def _noted(title: str, told: str) -> str:
    return named(title, told) if told else title


def _unshown(cause: Cause) -> str:
    return _("presumed, not shown yet") if cause.is_presumed else _("nothing yet")


def _seers(cause: Cause) -> str:
    names = ", ".join(one.name for one in cause.seen_by.all()) or "–"
    return _("%(names)s; disputed") % {"names": names} if cause.is_disputed else names


SECTIONS: dict[str, Callable[[Sources], list[Block]]] = {
    "summary": summary,
    "context": context,
    "problem": problem,
    "causes": causes,
    "sources": sources_of,
    "reframing": reframing,
    "engagement": lambda one: engaged.engagement(one.problem, one.listed("workshops")),
    "design": lambda one: planned.design(one.problem, one.listed("ideas")),
    "theory": lambda one: planned.theory(one.actor, one.problem, one.listed("theory_checks")),
    "side_effects": lambda one: watched.side_effects(one.actor, one.problem),
    "unknown": unknown,
    "decision": lambda one: engaged.decision(one.problem),
}
"""The sections that are told here, by their names in the content."""
