"""What one crime costs, as printed in texts that were read; None where no figure was found.

Costs are per crime that happened, as surveys estimate it, and not per crime recorded: recorded
counts times these costs are a lower bound. Prices belong to their year and country. Rows of two
sets are never added. A figure that was read in the press is marked as such.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from commonlight.evidence.data_file import DataFile, Word, open_text, read_rows
from commonlight.evidence.offences import FITS, Iccs
from commonlight.evidence.practices import Practices
from commonlight.evidence.vocabulary import Vocabulary

__all__ = ["CostSet", "CostSource", "MeasureCost", "UnitCost", "UnitCosts", "read_unit_costs"]


@dataclass(frozen=True, kw_only=True)
class CostSource:
    """A text with costs.

    Parameters
    ----------
    ref, title : str
        Key and title.
    authors : str or None
        Who wrote it.
    year : int or None
        Year.
    url, doi : str or None
        Where it is.
    type, seen : str
        Kind of text, and what was seen of it.
    """

    ref: str
    title: str
    authors: str | None
    year: int | None
    url: str | None
    doi: str | None
    type: str
    seen: str

    @property
    def address(self) -> str | None:
        """Where a reader finds it."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url


@dataclass(frozen=True, kw_only=True)
class CostSet:
    """Costs of one report, which belong together.

    Parameters
    ----------
    id, title, country, currency, price_year : str
        What it is, and in which prices.
    report_year : int or None
        Year of the report.
    per : str
        What one cost is the cost of.
    primary_source : str or None
        The report itself, where it was seen.
    total, total_source : str or None
        Its total in words, and where that was read.
    includes : tuple of str
        What is counted.
    excludes : str or None
        What is not.
    weights_file : str or None
        The harm weights of the same report.
    """

    id: str
    title: str
    country: str
    currency: str
    price_year: str
    report_year: int | None
    per: str
    primary_source: str | None
    total: str | None
    total_source: str | None
    includes: tuple[str, ...]
    excludes: str | None
    weights_file: str | None


@dataclass(frozen=True, kw_only=True)
class UnitCost:
    """One figure.

    Parameters
    ----------
    id, set : str
        Identifier, and the set it belongs to.
    country, currency, price_year : str
        Where, in which money, and in prices of which year.
    offence : str
        As the source calls it.
    iccs : tuple of str
        Offence classes; empty where none is plain.
    iccs_fit : str or None
        How well they fit.
    amount : float or None
        The cost; None where it was not found.
    component : str or None
        The part that it is; None for the whole cost.
    source, confidence : str
        The text, and what was read of it.
    note : str or None
        What to keep in mind.
    """

    id: str
    set: str
    country: str
    currency: str
    price_year: str
    offence: str
    iccs: tuple[str, ...]
    iccs_fit: str | None
    amount: float | None
    component: str | None
    source: str
    confidence: Annotated[str, Word("confidences")]
    note: str | None


@dataclass(frozen=True, kw_only=True)
class MeasureCost:
    """What a measure costs, not what crime costs.

    Parameters
    ----------
    id, practice, item : str
        Identifier, the practice, and what is paid for.
    country, currency : str
        Where, and in which money.
    price_year : str or None
        Year of the prices.
    amount : float or None
        The cost.
    also : str or None
        The same in another money.
    source, confidence : str
        The text, and what was read of it.
    note : str or None
        What to keep in mind.
    """

    id: str
    practice: str
    item: str
    country: str
    currency: str
    price_year: str | None
    amount: float | None
    also: str | None
    source: str
    confidence: Annotated[str, Word("confidences")]
    note: str | None


@dataclass(frozen=True, kw_only=True)
class UnitCosts:
    """All costs.

    Parameters
    ----------
    version : int
        Version of the file.
    checked, check_again : date
        When it was checked, and when it must be checked again.
    sets : mapping of str to CostSet
        By id.
    costs : mapping of str to UnitCost
        By id.
    measure_costs : mapping of str to MeasureCost
        By id.
    sources : mapping of str to CostSource
        By key.
    """

    version: int
    checked: date
    check_again: date
    sets: Mapping[str, CostSet]
    costs: Mapping[str, UnitCost]
    measure_costs: Mapping[str, MeasureCost]
    sources: Mapping[str, CostSource]

    def of_set(self, id: str) -> tuple[UnitCost, ...]:
        """The costs of a set."""
        return tuple(one for one in self.costs.values() if one.set == id)


def read_unit_costs(
    text: str,
    vocabulary: Vocabulary,
    practices: Practices,
    iccs: Iccs,
    *,
    name: str = "unit_costs.yaml",
) -> UnitCosts:
    """Check and read costs.

    Parameters
    ----------
    text : str
        The YAML.
    vocabulary : Vocabulary
        The words that it may use.
    practices : Practices
        What costs of measures refer to.
    iccs : Iccs
        The offence classes.
    name : str
        Its name, for errors.

    Returns
    -------
    UnitCosts

    Raises
    ------
    EvidenceError
        At the first place that breaks a rule, with file, line and field.
    """
    file = open_text(text, name, {"sets", "costs", "measure_costs", "sources", "check_again"})
    whole, words = file.whole, vocabulary.ids
    found = UnitCosts(
        version=int(file.data["version"]),
        checked=file.data["checked"],
        check_again=file.data["check_again"],
        sets=read_rows(CostSet, whole.at("sets"), key="id"),
        costs=read_rows(UnitCost, whole.at("costs"), key="id", words=words),
        measure_costs=read_rows(MeasureCost, whole.at("measure_costs"), key="id", words=words),
        sources=read_rows(CostSource, whole.at("sources"), key="ref"),
    )
    _check_costs(found, file, iccs)
    for place, one in zip(
        whole.at("measure_costs").rows(), found.measure_costs.values(), strict=True
    ):
        if one.practice not in practices.practices:
            raise place.at("practice").refuse(f"no practice {one.practice!r}")
    return found


def _check_costs(found: UnitCosts, file: DataFile, iccs: Iccs) -> None:
    for place, one in zip(file.whole.at("costs").rows(), found.costs.values(), strict=True):
        if one.set not in found.sets:
            raise place.at("set").refuse(f"no set {one.set!r}")
        if one.source not in found.sources:
            raise place.at("source").refuse(f"no source {one.source!r}")
        if (one.amount is None) != (one.confidence == "not_found"):
            raise place.at("amount").refuse("is null exactly where the figure was not found")
        if one.amount is not None and one.amount <= 0:
            raise place.at("amount").refuse(f"must be above 0; got {one.amount}")
        if bool(one.iccs) != (one.iccs_fit is not None) or one.iccs_fit not in {None, *FITS}:
            raise place.at("iccs_fit").refuse(f"must be one of {', '.join(FITS)} where a class is")
        for code in one.iccs:
            if code not in iccs.classes:
                raise place.at("iccs").refuse(f"no offence class {code!r}")
