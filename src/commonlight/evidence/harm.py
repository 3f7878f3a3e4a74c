"""Harm weights: what one offence of a class counts, in several named sets.

A set turns counts into days of custody, points or money. The sets come from the courts and prices
of a few countries and differ widely, so a single one is never the truth: take several and show the
range. What they do not answer: how much a victim suffered. A sentence says what a state punishes,
a price says what a study could put into money.

Most values were read in texts that quote the publisher, and are marked `secondary`. A value that
we did not find is listed as missing; it is never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

from commonlight.evidence.offences import (
    EvidenceError,
    Iccs,
    load_iccs,
    load_scheme,
    scheme_names,
)
from commonlight.evidence.sources import EvidenceSource, check_keys, parse, read_sources

__all__ = [
    "CONFIDENCE",
    "HarmWeight",
    "HarmWeightSet",
    "MissingWeight",
    "SetWithoutValues",
    "load_sets_without_values",
    "load_weight_set",
    "load_weight_sets",
    "matching_scheme",
    "read_weight_set",
    "weight_set_names",
]

CONFIDENCE = ("verified", "secondary", "not found")
"""verified: read in a text of the publisher. secondary: read in a text that quotes it.
not found: looked for and not found."""

_FITS = ("close", "broad", "partial", "weak")
_KINDS = ("sentence", "money")
_PER = ("recorded", "estimated")
#: Entries with these fits stand for the whole class, so classes below may take their weight.
_WHOLE = ("close", "broad")
#: A class takes a range from below only if at least this many entries lie below it.
_FEWEST_BELOW = 2


@dataclass(frozen=True, kw_only=True)
class HarmWeight:
    """What one offence counts in one set.

    Parameters
    ----------
    value : float or None
        The weight; None where only a range is known.
    low, high : float
        Range to count with; both equal `value` where there is one.
    confidence : str
        `verified` or `secondary`.
    source : str
        Key of the text it was read in, see `HarmWeightSet.sources`.
    source_label : str
        The offence as the source names it.
    fit : str
        How well the class fits the source's offence, as in the offence classes.
    note : str
        What to keep in mind.
    found : str
        `printed` for this class or type, `above` for a wider class, `below` for the range over
        the classes below.
    spread : tuple of float, optional
        Least and most over the single offences behind the value, where printed. For information;
        it is not counted with.
    """

    value: float | None
    low: float
    high: float
    confidence: str
    source: str
    source_label: str
    fit: str
    note: str = ""
    found: str = "printed"
    spread: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class MissingWeight:
    """An offence that the set weights and whose weight we did not find."""

    source_label: str
    iccs: tuple[str, ...]
    source: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class HarmWeightSet:
    """A named set of weights.

    Parameters
    ----------
    name, title, short : str
        Identifier, full title and short title.
    kind : str
        `sentence` or `money`.
    unit : str
        What a weight is counted in.
    country : str
        Whose courts or prices they are.
    year : int or None
        Year of the edition; None where it is not stated.
    currency, price_year : str or None
        Of money; `price_year` is `not stated` where the text does not say.
    per : str
        `recorded` where a weight belongs to a recorded offence, `estimated` where it belongs to
        one that happened, recorded or not.
    method : str
        How the weights were made.
    cautions : tuple of str
        What limits their use.
    source : str
        Key of the publication.
    sources : mapping of str to EvidenceSource
        All texts behind the set.
    weights : mapping of str to HarmWeight
        By ICCS code, as printed.
    types : mapping of (scheme, type) to HarmWeight or None
        By a publisher's own type where the class is too coarse; None = has no weight here.
    missing : tuple of MissingWeight
        What was looked for and not found.
    """

    name: str
    title: str
    short: str
    kind: str
    unit: str
    country: str
    year: int | None
    currency: str | None
    price_year: str | None
    per: str
    method: str
    cautions: tuple[str, ...]
    source: str
    sources: Mapping[str, EvidenceSource]
    weights: Mapping[str, HarmWeight]
    types: Mapping[tuple[str, str], HarmWeight | None]
    missing: tuple[MissingWeight, ...]

    @property
    def year_unknown(self) -> bool:
        """Whether it is money without a stated price year."""
        return self.price_year == "not stated"

    def weight(
        self, iccs: str | None, *, label: str | None = None, scheme: str | None = None
    ) -> HarmWeight | None:
        """Weight of an offence; None where the set has none.

        The publisher's own type is looked up first, then the class, then the classes above it if
        their entry stands for the whole class, last the range over the entries below it. A class
        whose weight was not found takes none from above or below.

        Parameters
        ----------
        iccs : str or None
            Code of the UN classification; None = unmapped.
        label, scheme : str, optional
            The local type and the table it is from, see `matching_scheme`.

        Returns
        -------
        HarmWeight or None
        """
        if label is not None and scheme is not None and (key := _key(scheme, label)) in self.types:
            return self.types[key]
        if iccs is None or any(iccs in item.iccs for item in self.missing):
            return None
        if iccs in self.weights:
            return self.weights[iccs]
        return self._above(iccs) or self._below(iccs)

    def excludes(self, label: str, *, scheme: str) -> bool:
        """Whether the set names a publisher's type as one that it has no weight for."""
        key = _key(scheme, label)
        return key in self.types and self.types[key] is None

    def _above(self, iccs: str) -> HarmWeight | None:
        for code in load_iccs().ancestors(iccs):
            found = self.weights.get(code)
            if found is not None and found.fit in _WHOLE:
                return replace(found, found="above")
        return None

    def _below(self, iccs: str) -> HarmWeight | None:
        """The range over the entries below; nothing for a whole section."""
        below = [w for code, w in self.weights.items() if code.startswith(iccs) and len(iccs) > 2]
        labels = list(dict.fromkeys(w.source_label for w in below))
        if len(labels) < _FEWEST_BELOW:
            return None
        low, high = min(w.low for w in below), max(w.high for w in below)
        sure = all(w.confidence == "verified" for w in below)
        return HarmWeight(
            value=low if low == high else None,
            low=low,
            high=high,
            confidence="verified" if sure else "secondary",
            source=below[0].source,
            source_label="; ".join(labels),
            fit="broad",
            note="range over the offences of this class that have a weight",
            found="below",
        )


@dataclass(frozen=True, kw_only=True)
class SetWithoutValues:
    """A set that exists and whose values we did not find."""

    title: str
    country: str
    source: EvidenceSource
    note: str


def weight_set_names() -> tuple[str, ...]:
    """Names of the sets that ship with Commonlight."""
    return tuple(sorted(p.name[:-5] for p in _folder().iterdir() if p.name.endswith(".yaml")))


@lru_cache(maxsize=1)
def load_weight_sets() -> tuple[HarmWeightSet, ...]:
    """All sets that ship with Commonlight, sentences first, then money.

    Returns
    -------
    tuple of HarmWeightSet

    Examples
    --------
    >>> [found.short for found in load_weight_sets()][:3]
    ['Cambridge', 'ONS 2016', 'ONS later']
    """
    sets = [load_weight_set(name) for name in weight_set_names()]
    return tuple(sorted(sets, key=lambda s: (_KINDS.index(s.kind), s.name)))


@lru_cache(maxsize=32)
def load_weight_set(name: str) -> HarmWeightSet:
    """One set by its name.

    Parameters
    ----------
    name : str
        One of :func:`weight_set_names`.

    Returns
    -------
    HarmWeightSet

    Raises
    ------
    EvidenceError
        If there is no such set.

    Examples
    --------
    >>> load_weight_set("cambridge_chi_2026").weight("0401").value
    365
    >>> load_weight_set("home_office_2018").weight("05012") is None
    True
    """
    if name not in weight_set_names():
        raise EvidenceError(
            f"there is no set of harm weights {name!r}; there are {', '.join(weight_set_names())}"
        )
    text = (_folder() / f"{name}.yaml").read_text(encoding="utf-8")
    return read_weight_set(text, file=f"{name}.yaml", iccs=load_iccs())


def load_sets_without_values() -> tuple[SetWithoutValues, ...]:
    """Sets that exist elsewhere and whose values we did not find in a text we could read."""
    path = files("commonlight.evidence") / "data" / "harm_weights_not_found.yaml"
    data = parse(path.read_text(encoding="utf-8"), path.name, {"sources", "sets"})
    sources = read_sources(data["sources"], path.name)
    return tuple(
        SetWithoutValues(
            title=row["title"],
            country=row["country"],
            source=sources[row["source"]],
            note=row["note"],
        )
        for row in data["sets"]
    )


def matching_scheme(labels: Iterable[str]) -> str | None:
    """The one table of local types that knows all of these types; None where none or several do.

    Parameters
    ----------
    labels : iterable of str
        Types as the publisher writes them.

    Returns
    -------
    str or None

    Examples
    --------
    >>> matching_scheme(["Burglary", "Shoplifting", "Drugs", "Vehicle crime"])
    'data_police_uk'
    """
    wanted = list(labels)
    fitting = [name for name in scheme_names() if all(map(load_scheme(name).knows, wanted))]
    return fitting[0] if wanted and len(fitting) == 1 else None


def read_weight_set(text: str, *, file: str, iccs: Iccs) -> HarmWeightSet:
    """Check the text of a set.

    Parameters
    ----------
    text : str
        YAML, see the page on harm weights.
    file : str
        Its name, for errors.
    iccs : Iccs
        The classification its codes must be in.

    Returns
    -------
    HarmWeightSet

    Raises
    ------
    EvidenceError
        If a number lacks its source or confidence, a source or code is unknown, a code is weighted
        twice, or a missing value carries a number.
    """
    data = parse(text, file, _SET_KEYS | {"weights", "sources", "checked", "cautions"})
    sources = read_sources(data["sources"], file)
    _check_set(data, file, sources)
    weights: dict[str, HarmWeight] = {}
    types = _unweighted(data.get("not_weighted") or {}, file)
    missing = []
    for number, row in enumerate(data["weights"], start=1):
        where = f"{file}, weights, entry {number}"
        _check_entry(row, where, sources, iccs)
        if row["confidence"] == "not found":
            missing.append(_missing(row))
            _enter(types, _type_keys(row, where), None, where)
        else:
            _enter(weights, row["iccs"], _weight(row), where)
            _enter(types, _type_keys(row, where), _weight(row), where)
    header = {key: data[key] for key in _SET_KEYS}
    header["price_year"] = None if header["price_year"] is None else str(header["price_year"])
    return HarmWeightSet(
        **header,
        cautions=tuple(data["cautions"]),
        sources=sources,
        weights=dict(sorted(weights.items())),
        types=types,
        missing=tuple(missing),
    )


_SET_KEYS = {
    "name",
    "title",
    "short",
    "kind",
    "unit",
    "country",
    "year",
    "currency",
    "price_year",
    "per",
    "method",
    "source",
}
_ENTRY_KEYS = {"label", "iccs", "fit", "confidence", "source"}
_ENTRY_MORE = {"types", "value", "low", "high", "spread", "note"}


def _folder() -> Any:
    return files("commonlight.evidence") / "data" / "harm_weights"


def _check_set(data: Mapping[str, Any], file: str, sources: Mapping[str, Any]) -> None:
    for key, allowed in (("kind", _KINDS), ("per", _PER)):
        if data[key] not in allowed:
            raise EvidenceError(f"{file}: {key} must be one of {allowed}; got {data[key]!r}")
    if data["source"] not in sources:
        raise EvidenceError(f"{file}: source {data['source']!r} is not listed under sources")
    if (data["kind"] == "money") != (data["currency"] is not None):
        raise EvidenceError(f"{file}: money, and only money, has a currency")
    if data["kind"] == "money" and data["price_year"] is None:
        raise EvidenceError(f"{file}: price_year is missing; write 'not stated' where it is not")


def _check_entry(row: Any, where: str, sources: Mapping[str, Any], iccs: Iccs) -> None:
    check_keys(row, where, _ENTRY_KEYS, _ENTRY_MORE)
    if row["confidence"] not in CONFIDENCE:
        raise EvidenceError(f"{where}: confidence must be one of {', '.join(CONFIDENCE)}")
    if row["source"] not in sources:
        raise EvidenceError(f"{where}: source {row['source']!r} is not listed under sources")
    if row["fit"] not in _FITS:
        raise EvidenceError(f"{where}: fit must be one of {', '.join(_FITS)}; got {row['fit']!r}")
    for code in row["iccs"]:
        if code not in iccs.classes:
            raise EvidenceError(f"{where}: code {code!r} is not in the classification")
    _check_numbers(row, where)


def _check_numbers(row: Mapping[str, Any], where: str) -> None:
    value, low, high = row.get("value"), row.get("low"), row.get("high")
    if row["confidence"] == "not found":
        if (value, low, high) != (None, None, None):
            raise EvidenceError(f"{where}: a weight that was not found has no number")
        return
    if value is not None and (low, high) == (None, None):
        low = high = value
    if value is None and (low is None or high is None):
        raise EvidenceError(f"{where}: give value, or low and high, or confidence 'not found'")
    if low is None or high is None or not 0 < low <= high < float("inf"):
        raise EvidenceError(f"{where}: a weight must be above 0 and finite; got {row!r}")


def _weight(row: Mapping[str, Any]) -> HarmWeight:
    value = row.get("value")
    spread = row.get("spread")
    return HarmWeight(
        value=value,
        low=row["low"] if value is None else value,
        high=row["high"] if value is None else value,
        confidence=row["confidence"],
        source=row["source"],
        source_label=row["label"],
        fit=row["fit"],
        note=row.get("note", ""),
        spread=None if spread is None else (spread[0], spread[1]),
    )


def _missing(row: Mapping[str, Any]) -> MissingWeight:
    return MissingWeight(
        source_label=row["label"],
        iccs=tuple(row["iccs"]),
        source=row["source"],
        note=row.get("note", ""),
    )


def _enter(
    held: dict[Any, Any], keys: Iterable[Any], weight: HarmWeight | None, where: str
) -> None:
    for key in keys:
        if key in held:
            raise EvidenceError(f"{where}: {key!r} is weighted twice")
        held[key] = weight


def _type_keys(row: Mapping[str, Any], where: str) -> list[tuple[str, str]]:
    return _keys(row.get("types") or {}, where)


def _unweighted(
    named: Mapping[str, list[str]], file: str
) -> dict[tuple[str, str], HarmWeight | None]:
    return dict.fromkeys(_keys(named, f"{file}, not_weighted"))


def _keys(named: Mapping[str, list[str]], where: str) -> list[tuple[str, str]]:
    for scheme, labels in named.items():
        if scheme not in scheme_names():
            raise EvidenceError(f"{where}: there is no offence scheme {scheme!r}")
        for label in labels:
            if not load_scheme(scheme).knows(label):
                raise EvidenceError(f"{where}: {label!r} is not a type of {scheme}")
    return [_key(scheme, label) for scheme, labels in named.items() for label in labels]


def _key(scheme: str, label: str) -> tuple[str, str]:
    return scheme, " ".join(label.split()).casefold()
