"""The answers of a survey as arrays, read with the codebook that says what they mean.

A code for "does not know" is never a number, a cell that is in no codebook is never
guessed, and both are counted. What this does not answer: what a value is worth for the
whole city. That needs the weights and the design, see :mod:`commonlight.analysis.survey`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from commonlight.sources.answer_cells import (
    NOT_IN_CODEBOOK,
    Decoded,
    decode_choices,
    decode_group,
    decode_item,
    decode_list,
    labelled,
)
from commonlight.sources.codebook import Codebook, CodebookGroup, CodebookItem, Construct
from commonlight.sources.errors import CodebookError

if TYPE_CHECKING:
    import pyarrow as pa

    from commonlight.sources.lake import Version

__all__ = ["AnswerItem", "Answers", "GroupColumn", "read_answers"]


@dataclass(frozen=True, kw_only=True)
class AnswerItem:
    """The answers to one question.

    Parameters
    ----------
    item : CodebookItem
        What was asked.
    values : ndarray of float, shape (n,)
        Answers as numbers, see :meth:`CodebookItem.values`; for a multiple answer, how many
        choices were made. nan = missing.
    missing : ndarray of int8, shape (n,)
        Index into `meanings`; -1 = answered.
    meanings : tuple of str
        Why there is no answer: does not know, no answer, not asked, empty, or not in the
        codebook.
    choices : mapping of str to ndarray of float, shape (n,)
        For a multiple answer, 1 or 0 for each choice by its code; nan = missing.
    """

    item: CodebookItem
    values: NDArray[np.float64]
    missing: NDArray[np.int8]
    meanings: tuple[str, ...]
    choices: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    @property
    def missing_counts(self) -> dict[str, int]:
        """Answer sheets without an answer by meaning; unweighted, none left out."""
        counts = np.bincount(self.missing[self.missing >= 0], minlength=len(self.meanings))
        return {m: int(n) for m, n in zip(self.meanings, counts, strict=True) if n}

    @property
    def n_answered(self) -> int:
        """Answer sheets with an answer."""
        return int(np.count_nonzero(self.missing < 0))

    def share(self) -> NDArray[np.float64]:
        """1 where the answer is one of the item's `share_of`, 0 where not, nan = missing.

        Raises
        ------
        CodebookError
            If the codebook does not say which answers are counted.
        """
        if not self.item.share_of:
            raise CodebookError(
                f"item {self.item.name!r} has no share_of, so it is not known which answers are "
                "counted in a share; add share_of = [...] to the codebook"
            )
        codes = self.item.values()
        wanted = [codes[c] if c in codes else float(c) for c in self.item.share_of]
        hits = np.isin(self.values, wanted).astype(np.float64)
        return np.where(np.isnan(self.values), np.nan, hits)


@dataclass(frozen=True, kw_only=True)
class GroupColumn:
    """A column that divides the answers, such as sex, age group, area or stratum.

    Parameters
    ----------
    name : str
        What divides.
    codes : ndarray of int32, shape (n,)
        Index into `labels`; -1 = none.
    labels : tuple of str
        In the order of the codebook; without one, in the order of the alphabet.
    missing_counts : mapping of str to int
        Answer sheets in no group by meaning.
    """

    name: str
    codes: NDArray[np.int32]
    labels: tuple[str, ...]
    missing_counts: Mapping[str, int] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Answer sheets by label; unweighted."""
        n = np.bincount(self.codes[self.codes >= 0], minlength=len(self.labels))
        return dict(zip(self.labels, n.tolist(), strict=True))


@dataclass(frozen=True, kw_only=True)
class Answers:
    """One wave of a survey.

    Parameters
    ----------
    name, version : str
        The source in the lake.
    n : int
        Answer sheets.
    codebook : Codebook
        What was asked.
    weight : ndarray of float, shape (n,)
        Survey weights; all 1 where `weighted` is false.
    weighted : bool
        Whether the source has weights.
    stratum, cluster, area : GroupColumn or None
        Design and place.
    stratum_population : ndarray of float, shape (n_strata,), or None
        Sampling units in the population of each stratum, in the order of `stratum.labels`.
    replicate_weights : ndarray of float, shape (n, n_replicates), or None
        As the source gives them.
    day : ndarray of datetime64[D], shape (n,), or None
        Day of the interview; NaT = not known.
    items : mapping of str to AnswerItem
        By name, in the order of the codebook.
    groups : mapping of str to GroupColumn
        By name.
    notes : tuple of str
        What a reader should know of the reading.
    """

    name: str
    version: str
    n: int
    codebook: Codebook
    weight: NDArray[np.float64]
    weighted: bool
    stratum: GroupColumn | None
    cluster: GroupColumn | None
    area: GroupColumn | None
    stratum_population: NDArray[np.float64] | None
    replicate_weights: NDArray[np.float64] | None
    day: NDArray[np.datetime64] | None
    items: Mapping[str, AnswerItem]
    groups: Mapping[str, GroupColumn]
    notes: tuple[str, ...] = ()

    def of(self, construct: Construct) -> dict[str, AnswerItem]:
        """The items about one construct."""
        return {n: item for n, item in self.items.items() if item.item.construct == construct}


def read_answers(version: Version, codebook: Codebook | None = None) -> Answers:
    """Read the answers of one version.

    Parameters
    ----------
    version : Version
        Of a source of the kind ``answers``, see :meth:`commonlight.sources.lake.Lake.open`.
    codebook : Codebook or None
        What was asked; None = the codebook that the source was imported with.

    Returns
    -------
    Answers
        Arrays over the answer sheets, in the order of the lake.

    Raises
    ------
    CodebookError
        If the version holds no answers, has no codebook, or did not keep a column that the
        codebook names; or if the sizes of a stratum contradict each other.

    Notes
    -----
    Each different cell is looked up once: as a missing code, as a code, as the text of an
    answer (whatever its case and spaces), and for numbers as a number within the limits. What
    is none of these is counted as "not in the codebook" and is missing.
    """
    codebook = _codebook(version, codebook)
    columns = _columns(version, codebook)
    table = version.table(sorted({*columns.values(), *_design(version)}))
    reader = _Reader(version, table, columns)
    items = {item.name: reader.item(item) for item in codebook.items}
    groups = {group.name: reader.group(group) for group in codebook.groups}
    weight, weighted = reader.weight()
    stratum = reader.labelled("stratum")
    return Answers(
        name=version.name,
        version=version.id,
        n=table.num_rows,
        codebook=codebook,
        weight=weight,
        weighted=weighted,
        stratum=stratum,
        cluster=reader.labelled("cluster"),
        area=reader.labelled("area"),
        stratum_population=reader.stratum_population(stratum),
        replicate_weights=reader.replicates(),
        day=reader.day(),
        items=items,
        groups=groups,
        notes=(*_notes(items), *(() if weighted else (_UNWEIGHTED,))),
    )


_UNWEIGHTED = "the source has no weights: every answer sheet counts once, whoever answered"


def _codebook(version: Version, given: Codebook | None) -> Codebook:
    kind = version.manifest["kind"]
    if kind != "answers":
        raise CodebookError(f"{version.name} holds {kind}; only answers are read with a codebook")
    if given is not None:
        return given
    if "codebook" not in version.manifest:
        raise CodebookError(
            f"{version.name} was imported without a codebook, so its numbers have no meaning; "
            "set codebook in the mapping and import it again, or name a codebook here"
        )
    from commonlight.sources.codebook_files import parse_codebook

    return parse_codebook(version.manifest["codebook"], f"codebook of {version.name}")


def _columns(version: Version, codebook: Codebook) -> dict[str, str]:
    """Columns of the lake by columns of the source, for all that the codebook names."""
    mapping = version.manifest["mapping"]
    kept = {column: f"local_{name}" for name, column in mapping["keep"].items()}
    place = mapping["place"] or {}
    for name, column in (("area", place.get("area")), ("stratum", mapping["stratum"])):
        if column is not None:
            kept.setdefault(column, name)
    wanted = codebook.columns()
    lost = {name: column for name, column in wanted.items() if column not in kept}
    if lost:
        name, column = next(iter(lost.items()))
        raise CodebookError(
            f"{version.name} did not keep the column {column!r} of {name!r}, nor "
            f"{len(lost) - 1} others that the codebook names; set codebook in the mapping, or "
            "name the columns under [keep], and import again"
        )
    return {column: kept[column] for column in wanted.values()}


def _design(version: Version) -> list[str]:
    wanted = ("weight", "stratum", "cluster", "area", "start", "stratum_size")
    names = version.schema.names
    return [n for n in names if n in wanted or n.startswith("replicate_")]


class _Reader:
    """Reads columns of one table."""

    def __init__(self, version: Version, table: pa.Table, columns: dict[str, str]) -> None:
        self._version = version
        self._table = table
        self._columns = columns
        self._mapping: dict[str, Any] = version.manifest["mapping"]

    def _cells(self, column: str) -> pa.DictionaryArray:
        """The cells of a source's column, each different text once."""
        return self._encoded(self._columns[column])

    def _encoded(self, name: str) -> pa.DictionaryArray:
        """The cells of a column of the lake, each different text once."""
        import pyarrow as pa

        chunks: Any = self._table[name].combine_chunks()
        if pa.types.is_dictionary(chunks.type):
            chunks = chunks.cast(pa.string())
        encoded: pa.DictionaryArray = chunks.dictionary_encode()
        return encoded

    def item(self, item: CodebookItem) -> AnswerItem:
        decoded = self._decoded(item)
        return AnswerItem(
            item=item,
            values=decoded.values,
            missing=decoded.missing,
            meanings=decoded.meanings,
            choices=decoded.choices,
        )

    def _decoded(self, item: CodebookItem) -> Decoded:
        if item.columns:
            cells = {code: self._cells(column) for code, column in item.columns.items()}
            return decode_choices(cells, item)
        assert item.column is not None
        if item.kind == "multiple":
            return decode_list(self._cells(item.column), item)
        decimal = self._mapping["file"]["decimal"]
        return decode_item(self._cells(item.column), item, decimal=decimal)

    def group(self, group: CodebookGroup) -> GroupColumn:
        codes, labels, missing = decode_group(self._cells(group.column), group)
        return GroupColumn(name=group.name, codes=codes, labels=labels, missing_counts=missing)

    def labelled(self, name: str) -> GroupColumn | None:
        """A column of the design; None where the mapping names none."""
        column = self._table[name]
        if column.null_count == len(column):
            return None
        codes, labels, missing = labelled(self._encoded(name))
        return GroupColumn(name=name, codes=codes, labels=labels, missing_counts=missing)

    def weight(self) -> tuple[NDArray[np.float64], bool]:
        if self._mapping["weight"] is None:
            return np.ones(self._table.num_rows), False
        return self._number("weight"), True

    def _number(self, name: str) -> NDArray[np.float64]:
        return np.asarray(self._table[name].to_numpy(), dtype=np.float64)

    def replicates(self) -> NDArray[np.float64] | None:
        n = len(self._mapping.get("replicate_weights", ()))
        if not n:
            return None
        return np.column_stack([self._number(f"replicate_{k}") for k in range(1, n + 1)])

    def day(self) -> NDArray[np.datetime64] | None:
        column = self._table["start"]
        if column.null_count == len(column):
            return None
        return np.asarray(column.to_numpy()).astype("datetime64[D]")

    def stratum_population(self, stratum: GroupColumn | None) -> NDArray[np.float64] | None:
        sizes = self._mapping.get("stratum_sizes") or {}
        if stratum is None or not (sizes or self._mapping.get("stratum_size")):
            return None
        if sizes:
            found = np.array([sizes.get(label, np.nan) for label in stratum.labels])
            low = found.copy()
        else:
            found, low = _extremes(self._number("stratum_size"), stratum)
        for label, high, least in zip(stratum.labels, found, low, strict=True):
            if high != least:
                got = "none" if np.isnan(high) else f"{least:g} and {high:g}"
                raise CodebookError(
                    f"{self._version.name}: the stratum {label!r} needs one size of its "
                    f"population, in sampling units; got {got}; correct it in the mapping or file"
                )
        return found


def _extremes(
    size: NDArray[np.float64], stratum: GroupColumn
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Largest and smallest size given in each stratum."""
    high = np.full(len(stratum.labels), -np.inf)
    low = np.full(len(stratum.labels), np.inf)
    inside = stratum.codes >= 0
    np.maximum.at(high, stratum.codes[inside], size[inside])
    np.minimum.at(low, stratum.codes[inside], size[inside])
    return high, low


def _notes(items: Mapping[str, AnswerItem]) -> tuple[str, ...]:
    """Items with cells that the codebook does not know."""
    strange = {n: item.missing_counts.get(NOT_IN_CODEBOOK, 0) for n, item in items.items()}
    return tuple(
        f"{n:,} answers to {name!r} are not in the codebook and were taken as missing; add their "
        "codes to its labels or missing"
        for name, n in strange.items()
        if n
    )
