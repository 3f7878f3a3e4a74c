"""Who speaks in this audit, since when, and who is missing?"""

from __future__ import annotations

from collections.abc import Sequence

from commonlight.audit.answers_layer import AnswersLayer
from commonlight.audit.gaps import NOT_A_WITNESS, says_something
from commonlight.audit.methods import method
from commonlight.audit.questions.survey.respondents import missing_groups
from commonlight.findings import words
from commonlight.findings.model import (
    Block,
    Certainty,
    Column,
    Finding,
    MissingSource,
    SourceNote,
    Table,
)

__all__ = ["board_finding"]

#: What each kind of table can bear witness to.
SPEAKS_OF = {
    "incidents": "what was reported and recorded",
    "answers": "what residents feel and live through",
    "reports": "what residents take the trouble to report",
    "visits": "what was seen on site",
}


def board_finding(
    sources: Sequence[SourceNote],
    surveys: Sequence[AnswersLayer],
    missing: Sequence[MissingSource],
    *,
    one_sided: bool,
) -> Finding | None:
    """The board of witnesses; None where nobody bears witness."""
    speaking = [n for n in sources if n.witness not in NOT_A_WITNESS and says_something(n)]
    speaking.sort(key=lambda note: (note.witness, note.id))
    if not speaking:
        return None
    weak = tuple(dict.fromkeys(name for survey in surveys for name in missing_groups(survey)))
    absent = tuple(dict.fromkeys(item.voice for item in missing if item.block is not Block.CONTEXT))
    return Finding(
        id="context.witnesses",
        block=Block.CONTEXT,
        question="Who speaks in this audit, and who is missing?",
        sentence=_sentence(speaking, absent, one_sided=one_sided),
        certainty=Certainty.DESCRIPTIVE,
        method=method("description"),
        sources=tuple(note.id for note in speaking),
        details=_details(weak, absent),
        limits=(
            "Each witness sees what it is made to see. Where two agree a statement is firmer; "
            "where they part ways there is something to find out.",
        ),
        table=Table(
            columns=(
                Column(name="source", label="Source"),
                Column(name="witness", label="Whose view"),
                Column(name="of", label="Of what"),
                Column(name="first", label="From"),
                Column(name="last", label="To"),
                Column(name="age", label="How old"),
            ),
            rows=tuple(_row(note) for note in speaking),
            caption="Who speaks, of what, and since when",
        ),
        numbers={"witnesses": len({note.witness for note in speaking}), "missing": len(absent)},
        one_sided=False,
    )


def _row(note: SourceNote) -> tuple[str, ...]:
    return (
        note.name,
        words.capital(note.witness),
        SPEAKS_OF.get(note.kind, note.kind),
        words.day(note.first_day),
        words.day(note.last_day),
        words.age(note.age_days),
    )


def _sentence(speaking: list[SourceNote], absent: tuple[str, ...], *, one_sided: bool) -> str:
    of = tuple(dict.fromkeys(SPEAKS_OF.get(note.kind, note.kind) for note in speaking))
    told = words.listing(list(of), limit=4)
    if one_sided:
        return f"Only the police speak in this audit, of {told}."
    voices = words.counted(len(absent), "voice is", "voices are")
    silent = f"; {voices} missing" if absent else ""
    return f"This audit hears {told}{silent}."


def _details(weak: tuple[str, ...], absent: tuple[str, ...]) -> tuple[str, ...]:
    details = []
    if weak:
        details.append(f"Too few among those who answered: {'; '.join(weak)}.")
    if absent:
        details.append(f"Not heard at all: {'; '.join(absent)}.")
    return tuple(details)
