"""Survey items on feelings of insecurity: what they measure, their limits and what others found.

Items are told in our own words; the wording is in the questionnaire that the source names. A
benchmark belongs to its own questionnaire, mode and year and is no target. Constructs are kept
apart: worry, own risk, behaviour and safety by place are different things, and no function here
joins them.

What this does not answer: whether an item works in another language or city. That takes a test
with people there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from commonlight.evidence.offences import EvidenceError
from commonlight.evidence.sources import EvidenceSource, check_keys, parse, read_sources

__all__ = [
    "BENCHMARK_CONFIDENCE",
    "Benchmark",
    "Criticism",
    "CriticismPoint",
    "ItemWarning",
    "SurveyConstruct",
    "SurveyItem",
    "SurveyItems",
    "criticism",
    "load_items",
    "read_items",
    "single_item_warning",
]

BENCHMARK_CONFIDENCE = ("full text", "abstract", "secondary")
"""full text: read in a text of the publisher. abstract: read in a summary of it.
secondary: read in the press or in another text that quotes it."""

NIGHT_WALK = "safety_alone_dark"
"""The item on walking alone after dark."""

#: Constructs of a codebook that say how people feel, think of risk, or act.
_FEELINGS = ("safety", "worry", "perceived_risk", "behaviour")
_MISSING_NAMES = {
    "worry": "worry by offence",
    "perceived_risk": "the own estimate of risk",
    "behaviour": "what people do or avoid",
}


@dataclass(frozen=True, kw_only=True)
class SurveyConstruct:
    """What a group of items measures, and its name in a codebook (None where none fits)."""

    name: str
    codebook: str | None


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """What another survey found.

    Parameters
    ----------
    area, year, measure : str
        Where, when and which answers.
    percent : float
        Per cent of answers, or for `kind` "change" a change in per cent.
    kind : str
        `level` or `change`.
    confidence : str
        One of :data:`BENCHMARK_CONFIDENCE`.
    source : str
        Key of the text it was read in.
    note : str
        What to keep in mind.
    """

    area: str
    year: str
    measure: str
    percent: float
    kind: str
    confidence: str
    source: str
    note: str


@dataclass(frozen=True, kw_only=True)
class SurveyItem:
    """One question.

    Parameters
    ----------
    id : str
        Its identifier, which a codebook names.
    construct : str
        What it measures.
    dimension : str or None
        Part of the construct, such as affective or spatial.
    paraphrase : str
        The question in our words.
    scale : str
        Answers.
    variable : str or None
        Its name in a known questionnaire.
    source : str
        Key of the text it was read in.
    recommended_use : str
        What it is good for.
    caveats : tuple of str
        What limits it.
    benchmarks : tuple of Benchmark
        What others found; never to be averaged.
    """

    id: str
    construct: str
    dimension: str | None
    paraphrase: str
    scale: str
    variable: str | None
    source: str
    recommended_use: str
    caveats: tuple[str, ...]
    benchmarks: tuple[Benchmark, ...]


@dataclass(frozen=True, kw_only=True)
class CriticismPoint:
    """One point of criticism with the texts that make it."""

    text: str
    sources: tuple[EvidenceSource, ...]


@dataclass(frozen=True, kw_only=True)
class Criticism:
    """What research holds against an item, and what to ask instead or beside it."""

    item: str
    points: tuple[CriticismPoint, ...]
    next_step: str


@dataclass(frozen=True, kw_only=True)
class ItemWarning:
    """A survey that asks too little to be read as it often is.

    Parameters
    ----------
    item : str
        The item it rests on.
    text : str
        What is wrong, in one sentence.
    missing : tuple of str
        Constructs, by their codebook names, that would have to stand beside it.
    criticism : Criticism
        The points and their sources.
    """

    item: str
    text: str
    missing: tuple[str, ...]
    criticism: Criticism


@dataclass(frozen=True, kw_only=True)
class SurveyItems:
    """All items with their constructs and texts.

    Parameters
    ----------
    constructs : mapping of str to SurveyConstruct
        By name.
    items : mapping of str to SurveyItem
        By identifier.
    criticisms : mapping of str to Criticism
        By item.
    sources : mapping of str to EvidenceSource
        By key.
    method_notes : tuple of str
        Advice that holds for all items.
    """

    constructs: Mapping[str, SurveyConstruct]
    items: Mapping[str, SurveyItem]
    criticisms: Mapping[str, Criticism]
    sources: Mapping[str, EvidenceSource]
    method_notes: tuple[str, ...]

    def item(self, item_id: str) -> SurveyItem:
        """The item with this identifier; EvidenceError where there is none."""
        if item_id not in self.items:
            raise EvidenceError(
                f"there is no survey item {item_id!r}; there are {', '.join(self.items)}"
            )
        return self.items[item_id]

    def codebook_construct(self, item_id: str) -> str | None:
        """Name of an item's construct in a codebook; None where a codebook has none."""
        return self.constructs[self.item(item_id).construct].codebook

    def of_construct(self, codebook: str) -> tuple[SurveyItem, ...]:
        """Items whose construct has this name in a codebook, in the order of the file."""
        return tuple(i for i in self.items.values() if self.codebook_construct(i.id) == codebook)


@lru_cache(maxsize=1)
def load_items() -> SurveyItems:
    """The items that ship with Commonlight.

    Returns
    -------
    SurveyItems

    Examples
    --------
    >>> items = load_items()
    >>> len(items.items), items.codebook_construct("worry_burglary")
    (33, 'worry')
    """
    path = files("commonlight.evidence") / "data" / "survey_items.yaml"
    return read_items(path.read_text(encoding="utf-8"), file=path.name)


def criticism(item_id: str) -> Criticism | None:
    """What research holds against an item; None where we know of nothing.

    Parameters
    ----------
    item_id : str
        Identifier of an item.

    Returns
    -------
    Criticism or None

    Raises
    ------
    EvidenceError
        If there is no such item.

    Examples
    --------
    >>> criticism("safety_alone_dark").points[1].text[:24]
    'It asks how one would fe'
    """
    load_items().item(item_id)
    return load_items().criticisms.get(item_id)


def single_item_warning(
    constructs: Iterable[str], *, items: Iterable[str] = ()
) -> ItemWarning | None:
    """The warning for a survey that knows feelings from the night-walk item alone.

    Parameters
    ----------
    constructs : iterable of str
        Constructs that the survey's codebook holds, by their codebook names.
    items : iterable of str
        Identifiers of its items, where the codebook names them.

    Returns
    -------
    ItemWarning or None
        None where worry, own risk or behaviour stand beside it, or the item is not asked. Without
        identifiers a survey that holds `safety` is taken to ask it.

    Raises
    ------
    EvidenceError
        If an identifier is unknown.

    Examples
    --------
    >>> single_item_warning(["safety", "trust_police"]).missing
    ('worry', 'perceived_risk', 'behaviour')
    >>> single_item_warning(["safety", "worry"]) is None
    True
    """
    held = load_items()
    named = tuple(items)
    present = {str(name) for name in constructs}
    present |= {name for i in named if (name := held.codebook_construct(i)) is not None}
    asked = NIGHT_WALK in named if named else "safety" in present
    if not asked or present & set(_FEELINGS[1:]):
        return None
    missing = [_MISSING_NAMES[name] for name in _FEELINGS[1:]]
    return ItemWarning(
        item=NIGHT_WALK,
        text=(
            "This survey knows feelings from the question on walking alone after dark only. It "
            f"asks neither {missing[0]} nor {missing[1]} nor {missing[2]}, so it shows unease, not "
            "fear of crime."
        ),
        missing=_FEELINGS[1:],
        criticism=held.criticisms[NIGHT_WALK],
    )


def read_items(text: str, *, file: str) -> SurveyItems:
    """Check the text of a file of items.

    Parameters
    ----------
    text : str
        YAML, see the page on survey items.
    file : str
        Its name, for errors.

    Returns
    -------
    SurveyItems

    Raises
    ------
    EvidenceError
        If a key is missing or unknown, an item is there twice, or a construct, a source or a
        confidence is unknown.
    """
    data = parse(text, file, {"constructs", "items", "criticisms", "sources", "method_notes"})
    sources = read_sources(data["sources"], file)
    constructs = _constructs(data["constructs"], file)
    items: dict[str, SurveyItem] = {}
    for number, row in enumerate(data["items"], start=1):
        item = _item(row, f"{file}, items, entry {number}", constructs, sources)
        if item.id in items:
            raise EvidenceError(f"{file}: item {item.id!r} is there twice")
        items[item.id] = item
    return SurveyItems(
        constructs=constructs,
        items=items,
        criticisms={
            row["item"]: _criticism(row, f"{file}, criticisms", items, sources)
            for row in data["criticisms"]
        },
        sources=sources,
        method_notes=tuple(data["method_notes"]),
    )


_ITEM_KEYS = {
    "id",
    "construct",
    "dimension",
    "paraphrase",
    "scale",
    "variable",
    "source",
    "recommended_use",
    "caveats",
    "benchmarks",
}
_BENCHMARK_KEYS = {"area", "year", "measure", "percent", "kind", "source", "confidence", "note"}


def _constructs(rows: Any, file: str) -> dict[str, SurveyConstruct]:
    found = {}
    for row in rows:
        check_keys(row, f"{file}, constructs", {"name", "codebook"}, set())
        found[row["name"]] = SurveyConstruct(name=row["name"], codebook=row["codebook"])
    return found


def _item(
    row: Any, where: str, constructs: Mapping[str, Any], sources: Mapping[str, Any]
) -> SurveyItem:
    check_keys(row, where, _ITEM_KEYS, set())
    if row["construct"] not in constructs:
        raise EvidenceError(f"{where}: construct {row['construct']!r} is not listed")
    _check_source(row["source"], where, sources)
    benchmarks = tuple(_benchmark(item, where, sources) for item in row["benchmarks"])
    plain = {key: row[key] for key in _ITEM_KEYS - {"caveats", "benchmarks"}}
    return SurveyItem(**plain, caveats=tuple(row["caveats"]), benchmarks=benchmarks)


def _benchmark(row: Any, where: str, sources: Mapping[str, Any]) -> Benchmark:
    check_keys(row, f"{where}, benchmarks", _BENCHMARK_KEYS, set())
    _check_source(row["source"], where, sources)
    if row["confidence"] not in BENCHMARK_CONFIDENCE:
        raise EvidenceError(
            f"{where}: confidence must be one of {', '.join(BENCHMARK_CONFIDENCE)}; "
            f"got {row['confidence']!r}"
        )
    percent = row["percent"]
    least = {"level": 0, "change": -100}.get(row["kind"])
    if least is None or not isinstance(percent, int | float) or not least <= percent <= 100:
        raise EvidenceError(f"{where}: percent must lie between 0 and 100; got {percent!r}")
    return Benchmark(**row)


def _criticism(
    row: Any, where: str, items: Mapping[str, Any], sources: Mapping[str, EvidenceSource]
) -> Criticism:
    check_keys(row, where, {"item", "points", "next_step"}, set())
    if row["item"] not in items:
        raise EvidenceError(f"{where}: there is no item {row['item']!r}")
    points = []
    for point in row["points"]:
        check_keys(point, where, {"text", "sources"}, set())
        for key in point["sources"]:
            _check_source(key, where, sources)
        points.append(
            CriticismPoint(text=point["text"], sources=tuple(sources[k] for k in point["sources"]))
        )
    return Criticism(item=row["item"], points=tuple(points), next_step=row["next_step"])


def _check_source(key: str, where: str, sources: Mapping[str, Any]) -> None:
    if key not in sources:
        raise EvidenceError(f"{where}: source {key!r} is not listed under sources")
