"""``commonlight evidence``: search, show, check and cells."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commonlight.cli.console import print_json, print_table, say
from commonlight.cli.evidence_words import told_practice, told_statement
from commonlight.cli.help_pages import Commands

if TYPE_CHECKING:
    from commonlight.evidence.room import Room
    from commonlight.evidence.search import Results

__all__ = ["app"]

MOST_SHOWN = 10
"""Practices, and statements, that are shown on the screen."""

app = Commands(help="What research knows: practices, statements and costs, with their sources.")

_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(help="Words of the problem, in any language.")],
    json: _Json = False,
) -> None:
    """Find practices and statements by the words of a problem.

    English, German, French, Spanish, Catalan, Italian, Dutch, Portuguese, Polish and Swedish
    words find the same practices. Each result says why it was found; the order is how well it
    fits the words, not how well it works.
    """
    from commonlight.evidence.room import load_room
    from commonlight.evidence.search import search as find

    room = load_room()
    found = find(" ".join(words), room)
    if json:
        print_json(found)
    else:
        _tell_search(found, room)


@app.command()
def show(
    id: Annotated[
        str, typer.Argument(help="A practice such as cctv, or a statement such as TE-009.")
    ],
    json: _Json = False,
) -> None:
    """Show a practice or a statement with its sources, marks and gaps."""
    from commonlight.evidence.practices import Practice
    from commonlight.evidence.room import load_room

    room = load_room()
    thing = room.thing(id)
    if json:
        print_json(thing)
        return
    told = (
        told_practice(thing, room) if isinstance(thing, Practice) else told_statement(thing, room)
    )
    for line in told:
        say(line)


@app.command()
def cells(json: _Json = False) -> None:
    """Count trends, tensions, lessons and gaps in each focus area; an empty cell says so."""
    from commonlight.evidence.room import load_room
    from commonlight.evidence.statements import CELL_AREAS, KINDS

    room = load_room()
    if json:
        print_json(room.statements.cells())
        return
    counts = {(one.kind, one.focus_area): one.count for one in room.statements.cells()}
    label = room.vocabulary.label
    rows = [
        [label("focus_areas", area), *(counts[kind, area] or "none found" for kind in KINDS)]
        for area in CELL_AREAS
    ]
    print_table(["focus area", *(label("kinds", kind) for kind in KINDS)], rows)


@app.command()
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Folder with the files [default: those of the package]."),
    ] = None,
    json: _Json = False,
) -> None:
    """Check evidence files: types, words, sources, ranges and marks.

    Stops at the first fault and names its file, line and field.
    """
    from commonlight.evidence.room import load_room, read_room

    room = load_room() if folder is None else read_room(folder)
    counts = {
        "practices": len(room.practices.practices),
        "effects": sum(len(one.effects) for one in room.practices.practices.values()),
        "sources": len(room.practices.sources),
        "statements": len(room.statements.statements),
        "unit_costs": len(room.unit_costs.costs),
        "concepts": len(room.terms.concepts),
        "languages": len(room.terms.languages),
    }
    if json:
        print_json(counts)
        return
    for name, count in counts.items():
        say(f"{count:6,} {name.replace('_', ' ')}")
    say("No fault was found.")


def _tell_search(found: Results, room: Room) -> None:
    for match in found.matches:
        say(f"“{match.text}” is understood as: {room.terms.concepts[match.concept].label('en')}")
    if found.not_understood:
        say(f"Not understood: {', '.join(found.not_understood)}")
    practices, statements = room.practices.practices, room.statements.statements
    for title, rows, names in (
        ("Practices", found.practices, {id: one.name for id, one in practices.items()}),
        ("Statements", found.statements, {id: one.title for id, one in statements.items()}),
    ):
        say()
        say(f"{title}: {len(rows) or 'nothing found'}")
        for one in rows[:MOST_SHOWN]:
            why = ", ".join(dict.fromkeys(reason.text for reason in one.reasons))
            say(f"  {one.id}  {names[one.id]} (by: {why})")
        if len(rows) > MOST_SHOWN:
            say(f"  and {len(rows) - MOST_SHOWN} more; --json lists all")
    _tell_near(found, room)


def _tell_near(found: Results, room: Room) -> None:
    if found.practices:
        return
    if found.suggestions:
        say(f"Words that look like yours: {', '.join(found.suggestions)}")
    if found.near:
        say("Nearest practices, which do not answer your words:")
        for id in found.near:
            say(f"  {id}  {room.practice(id).name}")
    text = "That nothing was found is an answer: the workbench records it as a gap, if you like."
    say(textwrap.fill(text, 100))
