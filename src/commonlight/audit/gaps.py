"""What an audit lacks: missing sources, and whose voice is therefore absent."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from commonlight.audit.intake import Intake
from commonlight.findings.model import Block, MissingSource, SourceNote

__all__ = ["RECORDING_WITNESSES", "absent_voices", "missing_sources", "one_sided", "says_something"]

#: Witnesses whose records alone leave an audit one-sided.
RECORDING_WITNESSES = frozenset({"police"})

#: Sources that give denominators but witness nothing.
NOT_A_WITNESS = frozenset({"statistics"})


def missing_sources(intake: Intake) -> tuple[MissingSource, ...]:
    """The needs of a local safety audit that nothing in the intake meets."""
    had = _what_is_there(intake)
    return tuple(missing for missing, met_by in _needs() if not had & met_by)


def absent_voices(missing: tuple[MissingSource, ...]) -> tuple[str, ...]:
    """Whose voice the missing sources would carry, each once.

    Those who hold boundaries or counts of residents are asked for data, not for a view.
    """
    return tuple(dict.fromkeys(i.voice for i in missing if i.block is not Block.CONTEXT))


def one_sided(intake: Intake) -> bool:
    """Whether nobody but the police bears witness."""
    witnesses = {note.witness for note in intake.sources if says_something(note)} - NOT_A_WITNESS
    return witnesses <= RECORDING_WITNESSES


def says_something(note: SourceNote) -> bool:
    """Whether at least one row of a source could be used."""
    return note.rows_accepted != 0


def _what_is_there(intake: Intake) -> set[str]:
    notes = [note for note in intake.sources if says_something(note)]
    had = {note.kind for note in notes} | {note.witness for note in notes}
    if any(area.mapped for area in intake.areas):
        had.add("areas")
    return had


@cache
def _needs() -> tuple[tuple[MissingSource, frozenset[str]], ...]:
    text = files("commonlight.audit").joinpath("needs.toml").read_text(encoding="utf-8")
    return tuple(
        (
            MissingSource(
                name=item["name"],
                block=Block(item["block"]),
                voice=item["voice"],
                why=item["why"],
                next_step=item["next_step"],
            ),
            frozenset(item["met_by"]),
        )
        for item in tomllib.loads(text)["need"]
    )
