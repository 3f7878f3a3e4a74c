"""Where do what is recorded and what is felt part ways?"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from commonlight.analysis.dispersion import period_dispersion
from commonlight.analysis.divergence import Divergence, DivergenceClass, divergence
from commonlight.analysis.witnesses import (
    FeltWitness,
    RecordedWitness,
    felt_witness,
    recorded_witness,
)
from commonlight.audit.answers_layer import AnswersLayer, Measure, answer_cells
from commonlight.audit.config import DivergenceConfig
from commonlight.audit.counted import area_cells
from commonlight.audit.errors import AuditConfigError
from commonlight.audit.layers import AreaLayer, Layer
from commonlight.audit.methods import method
from commonlight.audit.questions.observed import ObservedCause, cause_chart
from commonlight.audit.questions.rates import years_covered
from commonlight.audit.questions.survey.estimates import about, estimate
from commonlight.audit.series import by_area_and_month
from commonlight.findings import words
from commonlight.findings.model import AreaMap, Block, Certainty, Column, CountCells, Finding, Table
from commonlight.sources.codebook import Construct

__all__ = ["divergence_findings", "next_steps"]

PER = 1000.0
#: Classes as a map shades them, from light to dark; "cannot tell" is hatched.
SHADED = (
    DivergenceClass.BOTH_LOW,
    DivergenceClass.RECORDED_ONLY,
    DivergenceClass.FELT_ONLY,
    DivergenceClass.BOTH_HIGH,
)
#: Questions that are laid beside records where the configuration names none.
FELT = (Construct.SAFETY, Construct.WORRY, Construct.PERCEIVED_RISK)
#: What a sentence calls the second witness.
CONCERNS = {
    Construct.SAFETY: "unease",
    Construct.WORRY: "worry",
    Construct.PERCEIVED_RISK: "expected harm",
    Construct.BEHAVIOUR: "avoidance",
    Construct.PERCEIVED_DISORDER: "disorder that is seen",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class _Pair:
    """Two witnesses of the same areas."""

    areas: AreaLayer
    survey: AnswersLayer
    felt: Measure
    records: Layer | None
    lived: Measure | None

    @property
    def recorded(self) -> str:
        """What the first witness speaks of, as a plural."""
        if self.records is not None:
            return f"recorded {self.records.noun.removeprefix('recorded ')}"
        return "residents who lived through it"

    def title(self, kind: DivergenceClass) -> str:
        """What a class is called: nothing was recorded where residents are both witnesses."""
        title = next_steps()[kind]["title"]
        return title if self.records is not None else title.replace("recorded", "lived through")

    @property
    def both(self) -> str:
        """The two witnesses in the title of a map or table."""
        return "Recorded and felt" if self.records is not None else "Lived through and felt"

    @property
    def counted(self) -> str:
        """The first witness in a sentence about rates and shares, as a plural."""
        if self.records is not None:
            return f"{self.recorded} per resident"
        assert self.lived is not None
        title = about(self.lived)
        return title if title.lower().startswith("victims") else self.recorded

    @property
    def concern(self) -> str:
        """What the second witness speaks of, in a word that more of is worse."""
        return CONCERNS.get(self.felt.construct, "concern")

    @property
    def recorded_label(self) -> str:
        """The same as the heading of a column."""
        if self.records is not None:
            return words.capital(f"{self.records.noun} a year per {words.number(PER)} residents")
        assert self.lived is not None
        return words.capital(self.lived.label) + (", %" if self.lived.share else "")


@cache
def next_steps() -> Mapping[DivergenceClass, Mapping[str, str]]:
    """Title, meaning and next step of each class."""
    text = files("commonlight.audit").joinpath("divergence.toml").read_text(encoding="utf-8")
    given = tomllib.loads(text)
    return {kind: given[kind.name.lower()] for kind in DivergenceClass}


def divergence_findings(
    layers: Sequence[Layer],
    surveys: Sequence[AnswersLayer],
    chosen: Sequence[DivergenceConfig] = (),
    *,
    causes: Mapping[str, tuple[ObservedCause, ...]] | None = None,
) -> list[Finding]:
    """Lay the witnesses that the configuration names beside each other, or the first two there are.

    Parameters
    ----------
    layers : sequence of Layer
        What was recorded.
    surveys : sequence of AnswersLayer
        What residents said.
    chosen : sequence of DivergenceConfig
        Pairs to compare; without any, the first records and the first question about safety.
    causes : mapping, optional
        What was seen on site, by name of the areas.

    Returns
    -------
    list of Finding

    Raises
    ------
    AuditConfigError
        A pair names a source or question that is not there, or areas that differ.
    """
    pairs = (
        [_named(layers, surveys, item) for item in chosen]
        if chosen
        else _first_pair(layers, surveys)
    )
    return [_finding(pair, (causes or {}).get(pair.areas.name, ())) for pair in pairs]


def _first_pair(layers: Sequence[Layer], surveys: Sequence[AnswersLayer]) -> list[_Pair]:
    for survey in surveys:
        felt = _felt(survey)
        if felt is None or survey.areas is None or not (survey.area >= 0).any():
            continue
        for layer in layers:
            if (
                layer.record_kind == "incidents"
                and layer.areas is survey.areas
                and layer.n
                and _inhabited(survey.areas)
            ):
                return [
                    _Pair(areas=survey.areas, survey=survey, felt=felt, records=layer, lived=None)
                ]
        lived = survey.main_measure(Construct.VICTIMISATION)
        if lived is not None:
            return [_Pair(areas=survey.areas, survey=survey, felt=felt, records=None, lived=lived)]
    return []


def _felt(survey: AnswersLayer) -> Measure | None:
    """The main question about feelings of which it is known whether high is better or worse."""
    asked = (survey.main_measure(construct) for construct in FELT)
    return next((m for m in asked if m is not None and m.higher_is_worse is not None), None)


def _named(
    layers: Sequence[Layer], surveys: Sequence[AnswersLayer], item: DivergenceConfig
) -> _Pair:
    survey, felt = _question(surveys, item.felt, "felt")
    if survey.areas is None:
        raise AuditConfigError(f"[divergence]: the answers of {survey.name!r} have no areas")
    if felt.higher_is_worse is None:
        raise AuditConfigError(
            f"[divergence]: the codebook does not say whether a high value of {item.felt!r} is "
            'better or worse; add high_is = "safe" or "unsafe"'
        )
    records = next((layer for layer in layers if layer.name == item.recorded), None)
    if records is None:
        other, lived = _question(surveys, item.recorded, "recorded")
        if other.areas is not survey.areas:
            raise AuditConfigError("[divergence]: the two questions belong to different areas")
        return _Pair(areas=survey.areas, survey=survey, felt=felt, records=None, lived=lived)
    if records.areas is not survey.areas or not _inhabited(survey.areas):
        raise AuditConfigError(
            f"[divergence]: {item.recorded!r} and {item.felt!r} need the same areas, and residents "
            "of each"
        )
    return _Pair(areas=survey.areas, survey=survey, felt=felt, records=records, lived=None)


def _inhabited(areas: AreaLayer) -> bool:
    """Whether residents of at least one area are known."""
    return areas.population is not None and bool((np.nan_to_num(areas.population) > 0).any())


def _question(surveys: Sequence[AnswersLayer], name: str, key: str) -> tuple[AnswersLayer, Measure]:
    source, _, item = name.partition(".")
    for survey in surveys:
        if survey.name == source:
            try:
                return survey, survey.measure(item)
            except KeyError:
                known = words.listing(list(survey.answers.items), limit=12)
                raise AuditConfigError(
                    f"[divergence]: {key} = {name!r}: the survey has no question {item!r}; "
                    f"it has {known}"
                ) from None
    raise AuditConfigError(
        f"[divergence]: {key} = {name!r} is no source of incidents and no question of a survey; "
        'write it as "survey.question"'
    )


def _witnesses(pair: _Pair) -> tuple[RecordedWitness | FeltWitness, FeltWitness]:
    areas, survey = pair.areas, pair.survey
    felt = _asked(survey, pair.felt, areas)
    if pair.records is None:
        assert pair.lived is not None
        return _asked(survey, pair.lived, areas), felt
    assert areas.population is not None
    counts = pair.records.area_counts()
    return (
        recorded_witness(
            counts,
            areas.population * years_covered(pair.records),
            per=PER,
            dispersion=period_dispersion(by_area_and_month(pair.records)),
        ),
        felt,
    )


def _asked(survey: AnswersLayer, measure: Measure, areas: AreaLayer) -> FeltWitness:
    """What residents say by area, beside the mean of all areas that have enough answers."""
    found = estimate(survey, measure, by=survey.area, n_groups=len(areas.codes))
    residents = _residents(survey, areas, found.available)
    return felt_witness(
        found,
        residents=residents,
        border=None if (residents[found.available] > 0).any() else 0.0,  # nothing to compare
        high_is_worse=measure.higher_is_worse is not False,
    )


def _residents(survey: AnswersLayer, areas: AreaLayer, usable: np.ndarray) -> np.ndarray:
    """Residents of the areas, or weights of the answers where they are not known."""
    if areas.population is not None:
        known = np.asarray(np.nan_to_num(areas.population))
        if (known[usable] > 0).any():
            return known
    n = len(areas.codes)
    use = survey.area >= 0
    weights = survey.answers.weight[use]
    return np.asarray(np.bincount(survey.area[use], weights=weights, minlength=n))


def _finding(pair: _Pair, causes: tuple[ObservedCause, ...]) -> Finding:
    found = divergence(*_witnesses(pair))
    areas, counts = pair.areas, found.counts()
    recorded = pair.records.name if pair.records is not None else "lived-through"
    told = int(found.told.sum())
    police = pair.records is not None
    return Finding(
        id=f"{pair.survey.name}.{recorded}-{pair.felt.slug}.divergence".replace("_", "-"),
        block=Block.PROBLEMS,
        question=(
            f"Where do {pair.recorded} and what residents feel part ways?"
            if police
            else "Where do what residents lived through and what they feel part ways?"
        ),
        sentence=_sentence(pair, found),
        certainty=Certainty.CLEAR if told else Certainty.CANNOT_TELL,
        method=method(
            "divergence",
            recorded=pair.recorded_label,
            felt=pair.felt.item.item.wording,
            level_of_intervals=words.percent(found.confidence, decimals=1),
            wrong_classes_expected_at_most=words.percent(0.05),
        ),
        sources=tuple(
            dict.fromkeys(
                name
                for name in (
                    pair.records.name if pair.records is not None else None,
                    pair.survey.name,
                    areas.population_source if police else None,
                    *(cause.source for cause in causes),
                )
                if name
            )
        ),
        details=_details(pair, found),
        limits=(
            "A class says that two witnesses differ, not who is right and not why. Recording "
            "depends on who reports; feeling depends on more than crime."
            if police
            else "Both come from one survey and from the same residents, so they are no two "
            "witnesses: those who do not answer are missing from both.",
            "No area is ranked. \u2018Cannot tell\u2019 is not \u2018average\u2019: there the "
            "figures are too few to say.",
            "Those who did not answer may feel otherwise.",
        ),
        chart=cause_chart(causes),
        map=_map(pair, found),
        table=_table(pair, found),
        numbers={kind.name.lower(): counts[kind] for kind in DivergenceClass},
        cells=_cells(pair, areas),
        free=("chart",) if causes else (),
        one_sided=False,
    )


def _sentence(pair: _Pair, found: Divergence) -> str:
    areas = pair.areas
    counts, told = found.counts(), found.told.any()
    n = len(areas.codes)
    if not told:
        why = (
            "too few residents answered in each"
            if not np.isfinite(found.felt).any()
            else "the intervals lie across the city's own value"
        )
        return (
            f"We cannot tell for any of {words.number(n)} {areas.noun} whether what is recorded "
            f"and what is felt go together: {why}."
        )
    parts = [
        f"{pair.title(kind)} in {words.number(counts[kind])}"
        for kind in reversed(SHADED)
        if counts[kind]
    ]
    left = counts[DivergenceClass.CANNOT_TELL]
    rest = f"; for {words.number(left)} we cannot tell" if left else ""
    return words.capital(
        f"{pair.counted} and {pair.concern} in {words.number(n)} {areas.noun}, set against the "
        f"city as a whole: {words.listing(parts, limit=4)}{rest}."
    )


def _details(pair: _Pair, found: Divergence) -> tuple[str, ...]:
    counts, steps = found.counts(), next_steps()
    return tuple(
        f"{words.capital(pair.title(kind))}: "
        f"{step['meaning'].format(recorded=pair.counted, felt=pair.concern)} {step['next_step']}"
        for kind, step in ((k, steps[k]) for k in (*reversed(SHADED), DivergenceClass.CANNOT_TELL))
        if counts[kind]
    )


def _map(pair: _Pair, found: Divergence) -> AreaMap | None:
    areas = pair.areas
    if not areas.mapped:
        return None
    place = {kind: float(number) for number, kind in enumerate(SHADED)}
    counts = found.counts()
    return AreaMap(
        title=f"{pair.both}, {words.number(len(areas.codes))} {areas.noun}",
        description=(
            "Map of the classes of the divergence view: "
            + "; ".join(f"{pair.title(kind)} {counts[kind]}" for kind in DivergenceClass)
            + "."
        ),
        geometries=areas.polygons,
        labels=areas.labels,
        values=np.array([place.get(kind, np.nan) for kind in found.kind]),
        breaks=(),
        unit=f"{pair.both}, against the city as a whole",
        crs=areas.crs,
        attribution=pair.survey.source.attribution or pair.survey.source.publisher,
        categories=tuple(pair.title(kind) for kind in SHADED),
        no_value_label=next_steps()[DivergenceClass.CANNOT_TELL]["title"],
    )


def _table(pair: _Pair, found: Divergence) -> Table:
    areas = pair.areas
    answers = estimate(pair.survey, pair.felt, by=pair.survey.area, n_groups=len(areas.codes)).n
    order = np.argsort(np.asarray(areas.labels, dtype=object), kind="stable")
    turned = pair.felt.higher_is_worse is False
    felt = _turned_back(found, pair.felt, turned)
    shown = 100.0 if pair.lived is not None and pair.lived.share else 1.0
    recorded = tuple(
        shown * v for v in (found.recorded, found.recorded_lower, found.recorded_upper)
    )
    level = words.percent(found.confidence, decimals=1)
    return Table(
        columns=(
            Column(name="code", label="Code"),
            Column(name="area", label="Area"),
            Column(name="class", label="Class"),
            Column(name="recorded", label=pair.recorded_label, numeric=True, decimals=1),
            Column(name="recorded_lower", label="at least", numeric=True, decimals=1),
            Column(name="recorded_upper", label="at most", numeric=True, decimals=1),
            Column(name="answers", label="Answers", numeric=True),
            Column(name="felt", label=words.capital(pair.felt.label), numeric=True, decimals=1),
            Column(name="felt_lower", label="at least", numeric=True, decimals=1),
            Column(name="felt_upper", label="at most", numeric=True, decimals=1),
            Column(name="unclear", label="Not clear of the city"),
        ),
        rows=tuple(
            (
                areas.codes[i],
                areas.labels[i],
                pair.title(found.kind[i]),
                *(_known(v[i]) for v in recorded),
                int(answers[i]),
                *(_known(v[i]) for v in felt),
                _unclear(found, int(i)),
            )
            for i in order
        ),
        caption=f"{pair.both} by area, in the order of names, with {level} intervals",
    )


def _unclear(found: Divergence, i: int) -> str:
    """Which of the two does not lie clear of the city's own value, or is not known."""
    sides = (
        ("recorded", found.recorded_lower[i], found.recorded_upper[i], found.recorded_border),
        ("felt", found.felt_lower[i], found.felt_upper[i], found.felt_border),
    )
    return " and ".join(
        name for name, low, high, border in sides if not (low > border or high < border)
    )


def _turned_back(
    found: Divergence, measure: Measure, turned: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What is felt on the questionnaire's own scale, estimate, lower and upper limit."""
    factor = 100.0 if measure.share else 1.0
    value, low, high = found.felt, found.felt_lower, found.felt_upper
    if turned:
        base = 1.0 if measure.share else 0.0
        value, low, high = base - value, base - high, base - low
    return factor * value, factor * low, factor * high


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _cells(pair: _Pair, areas: AreaLayer) -> tuple[CountCells, ...]:
    n = len(areas.codes)
    order = np.argsort(np.asarray(areas.labels, dtype=object), kind="stable")
    felt = estimate(pair.survey, pair.felt, by=pair.survey.area, n_groups=n).n
    both = ("class", "unclear")
    columns = ("recorded", "recorded_lower", "recorded_upper", *both)
    found = [
        answer_cells(
            pair.survey,
            pair.felt,
            areas,
            felt,
            order,
            column="answers",
            derived=("felt", "felt_lower", "felt_upper", *both),
        )
    ]
    maps = [answer_cells(pair.survey, pair.felt, areas, felt, shown_in="map")]
    if pair.records is not None:
        counts = pair.records.area_counts()
        found.append(area_cells(pair.records, areas, counts, order, derived=columns))
        maps.append(area_cells(pair.records, areas, counts, shown_in="map"))
    elif pair.lived is not None:
        lived = estimate(pair.survey, pair.lived, by=pair.survey.area, n_groups=n).n
        found.append(answer_cells(pair.survey, pair.lived, areas, lived, order, derived=columns))
        maps.append(answer_cells(pair.survey, pair.lived, areas, lived, shown_in="map"))
    return (*found, *maps) if areas.mapped else tuple(found)
