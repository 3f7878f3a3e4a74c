"""What changed from one wave of a survey to the next, where the questions stayed the same?"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from commonlight.analysis.multiple_testing import benjamini_hochberg
from commonlight.analysis.survey.differences import wave_difference
from commonlight.analysis.survey.estimates import SurveyEstimates
from commonlight.audit.answers_layer import AnswersLayer, Measure, measures_of
from commonlight.audit.methods import method
from commonlight.audit.questions.survey.estimates import estimate, written
from commonlight.findings import words
from commonlight.findings.model import Block, Certainty, Column, CountCells, Finding, Table
from commonlight.sources.codebook import WordingComparison, same_wording

__all__ = ["newest_waves", "wave_findings"]

LEVEL = 0.05
_NAMED = 3


def wave_findings(surveys: Sequence[AnswersLayer]) -> list[Finding]:
    """Compare every two waves of one survey that follow each other."""
    by_name: dict[str, list[AnswersLayer]] = {}
    for survey in surveys:
        by_name.setdefault(survey.answers.codebook.name, []).append(survey)
    found = []
    for waves in by_name.values():
        for earlier, later in itertools.pairwise(sorted(waves, key=_wave)):
            if _wave(earlier) != _wave(later):
                found.append(_finding(earlier, later))
    return found


def _wave(layer: AnswersLayer) -> tuple[tuple[int, str], ...]:
    """The name of the wave as it is sorted: wave 9 comes before wave 10."""
    parts = re.findall(r"\d+|\D+", layer.answers.codebook.wave)
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)


def _finding(earlier: AnswersLayer, later: AnswersLayer) -> Finding:
    wording = same_wording(earlier.answers.codebook, later.answers.codebook)
    pairs = _pairs(earlier, later, wording)
    both = [(a, b, estimate(earlier, a), estimate(later, b)) for a, b in pairs]
    change = [
        wave_difference(x, y)
        if a.item.item.name in wording.unchanged and x.available[0] and y.available[0]
        else None
        for a, _, x, y in both
    ]
    clear = [(both[k][1], item) for k, item in _clear(change)]
    waves = (earlier.answers.codebook.wave, later.answers.codebook.wave)
    compared = sum(item is not None for item in change)
    return Finding(
        id=f"{later.name}.waves",
        block=Block.PROBLEMS,
        question=f"What changed in the answers from {waves[0]} to {waves[1]}?",
        sentence=_sentence(waves, clear, compared, wording),
        certainty=(
            Certainty.CLEAR
            if clear
            else Certainty.NO_CLEAR_CHANGE
            if compared
            else Certainty.CANNOT_TELL
        ),
        method=method(
            "survey-waves",
            questions_compared=compared,
            false_discovery_rate=words.percent(LEVEL),
        ),
        sources=(earlier.name, later.name),
        details=(
            *(f"{words.capital(wording.refusal(name))}." for name in wording.changed_items),
            *(f"{words.capital(note)}." for note in wording.notes),
        ),
        limits=(
            "A question without a clear change may have changed by less than two samples can tell.",
            "The interval covers the draw of both samples. If other people were reached than "
            "before, a change may be theirs.",
        ),
        table=_table(both, change, wording, waves),
        numbers={
            "compared": compared,
            "clear": len(clear),
            "not_comparable": list(wording.changed_items),
        },
        cells=_cells(earlier, later, both),
        one_sided=False,
    )


def _clear(change: list[SurveyEstimates | None]) -> list[tuple[int, SurveyEstimates]]:
    """Changes that would hardly come by chance, with all questions tested together."""
    tested = [
        (k, item)
        for k, item in enumerate(change)
        if item is not None and item.available[0] and np.isfinite(item.p_value[0])
    ]
    if not tested:
        return []
    p = np.array([float(item.p_value[0]) for _, item in tested])
    rejected = benjamini_hochberg(p, level=LEVEL).rejected
    return [pair for pair, is_clear in zip(tested, rejected, strict=True) if is_clear]


def newest_waves(surveys: Sequence[AnswersLayer]) -> tuple[AnswersLayer, ...]:
    """The last wave of each survey, in the order given."""
    last: dict[str, tuple[tuple[int, str], ...]] = {}
    for survey in surveys:
        name = survey.answers.codebook.name
        last[name] = max(last.get(name, ()), _wave(survey))
    return tuple(s for s in surveys if _wave(s) == last[s.answers.codebook.name])


def _pairs(
    earlier: AnswersLayer, later: AnswersLayer, wording: WordingComparison
) -> list[tuple[Measure, Measure]]:
    """The measures that both waves have, in the order of the later one.

    Where the question stayed the same, the earlier answers are counted as the later codebook
    counts them. Where it was changed, each wave is shown as its own codebook has it.
    """
    found = []
    for name, now in later.answers.items.items():
        before = earlier.answers.items.get(name)
        if before is None:
            continue
        if name in wording.unchanged:
            about = replace(before.item, share_of=now.item.share_of, high_is=now.item.high_is)
            before = replace(before, item=about)
        first, second = measures_of(name, before), measures_of(name, now)
        known = {measure.name: measure for measure in first}
        both = [(known[m.name], m) for m in second if m.name in known]
        found += both or list(zip(first[:1], second[:1], strict=False))
    return found


def _sentence(
    waves: tuple[str, str],
    clear: list[tuple[Measure, SurveyEstimates]],
    compared: int,
    wording: WordingComparison,
) -> str:
    span = f"From {waves[0]} to {waves[1]}"
    changed = wording.changed_items
    left = ""
    if changed:
        names = words.listing([f"\u2018{name.replace('_', ' ')}\u2019" for name in changed])
        verb = "is" if len(changed) == 1 else "are"
        left = f" {names} {verb} not compared, because the question was changed."
    if not compared:
        return (
            f"{span} nothing can be compared: no question is known to have stayed the same.{left}"
        )
    asked = words.counted(compared, "question")
    if not clear:
        return f"{span} none of {asked} that stayed the same shows a clear change.{left}"
    told = "; ".join(_change(measure, item) for measure, item in clear[:_NAMED])
    return (
        f"{span} {words.number(len(clear))} of {asked} that stayed the same changed: {told}.{left}"
    )


def _change(measure: Measure, item: SurveyEstimates) -> str:
    value, low, high = (float(v[0]) for v in (item.estimate, item.ci_lower, item.ci_upper))
    way = "up" if value > 0 else "down"
    least, most = sorted((abs(low), abs(high)))
    factor, unit = (100.0, " percentage points") if measure.share else (1.0, "")
    size, least_, most_ = (words.number(factor * v, decimals=1) for v in (abs(value), least, most))
    return f"{measure.label} {way} by {size}{unit} (between {least_} and {most_})"


Both = list[tuple[Measure, Measure, SurveyEstimates, SurveyEstimates]]


def _table(
    both: Both,
    change: list[SurveyEstimates | None],
    wording: WordingComparison,
    waves: tuple[str, str],
) -> Table:
    rows = []
    for (before, measure, x, y), item in zip(both, change, strict=True):
        factor = 100.0 if measure.share else 1.0
        shown = item is not None and bool(item.available[0])
        assert item is not None or not shown
        rows.append(
            (
                measure.label,
                _told(before, x),
                _told(measure, y),
                *(
                    float(factor * value[0]) if shown else None
                    for value in (
                        (item.estimate, item.ci_lower, item.ci_upper)
                        if item is not None
                        else (x.estimate, x.estimate, x.estimate)
                    )
                ),
                int(x.n[0]),
                int(y.n[0]),
                wording.refusal(measure.item.item.name),
            )
        )
    return Table(
        columns=(
            Column(name="item", label="Item"),
            Column(name="earlier", label=waves[0]),
            Column(name="later", label=waves[1]),
            Column(name="change", label="Change", numeric=True, decimals=1),
            Column(name="lower", label="at least", numeric=True, decimals=1),
            Column(name="upper", label="at most", numeric=True, decimals=1),
            Column(name="answers_earlier", label=f"Answers {waves[0]}", numeric=True),
            Column(name="answers_later", label=f"Answers {waves[1]}", numeric=True),
            Column(name="refusal", label="Why not compared"),
        ),
        rows=tuple(rows),
        caption=f"Answers in {waves[0]} and {waves[1]}; changed questions are not subtracted",
    )


def _told(measure: Measure, wave: SurveyEstimates) -> str:
    if not wave.available[0]:
        return "too few answers"
    return written(
        measure, float(wave.estimate[0]), float(wave.ci_lower[0]), float(wave.ci_upper[0])
    )


def _cells(earlier: AnswersLayer, later: AnswersLayer, both: Both) -> tuple[CountCells, ...]:
    def cells(layer: AnswersLayer, column: str, wave: int) -> CountCells:
        return CountCells(
            source=f"{layer.name}/answers",
            dimensions=("item",),
            keys=tuple(((row[0], row[1])[wave].name,) for row in both),
            counts=tuple(int((row[2], row[3])[wave].n[0]) for row in both),
            column=f"answers_{column}",
            derived=(column, "change", "lower", "upper"),
        )

    return (
        cells(earlier, "earlier", 0),
        cells(later, "later", 1),
    )
