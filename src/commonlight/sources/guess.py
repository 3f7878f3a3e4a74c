"""A first mapping for an unknown file, with what was taken for what, and why.

A guess reads the first 2,000 records. What it does not answer: whether it is right. It is
written for a person to correct, and what it is unsure about stands in the notes.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from commonlight.sources.errors import MappingError
from commonlight.sources.guess_tables import FirstRecords, read_first_records
from commonlight.sources.guess_times import TimeGuess, guess_times
from commonlight.sources.headers import listed
from commonlight.sources.mapping import FileFormat, Mapping, PlaceColumns, TimeColumns, TypeColumns
from commonlight.sources.mapping_files import list_presets, load_mapping
from commonlight.sources.numbers import read_number

if TYPE_CHECKING:
    from commonlight.sources.codebook import Codebook
    from commonlight.sources.persons import PersonColumn

__all__ = ["Guess", "area_words", "guess_mapping"]


@dataclass(frozen=True)
class Guess:
    """A first mapping and the reasons for it.

    Parameters
    ----------
    mapping : Mapping
        What was guessed.
    notes : tuple of str
        What was taken and why, and what is unsure; one sentence each.
    codebook : Codebook or None
        For an export of survey software, a first codebook.
    """

    mapping: Mapping
    notes: tuple[str, ...]
    codebook: Codebook | None = None


def guess_mapping(path: Path | str, *, structure: Path | str | None = None) -> Guess:
    """Guess how a file is to be read.

    Parameters
    ----------
    path : path or str
        A CSV, TSV, compressed CSV, Excel, GeoJSON, GeoPackage or Parquet file, or a folder
        of files, of which the first is looked at.
    structure : path or str or None
        For an export of survey software, the structure file of the form: LimeSurvey's .lss or
        .txt, or an XLSForm.

    Returns
    -------
    Guess
        A mapping, and what was taken for what. A file with the columns of a preset gets the
        preset.

    Raises
    ------
    UnreadableFileError
        If the file cannot be read or has no record.
    MappingError
        If the format cannot be told from the name, or a structure is given for a file that
        is no export of survey software.
    """
    from commonlight.sources.source_files import find_files

    first = find_files(path)[0]
    table = read_first_records(first)
    person_notes, persons = _persons(table)
    preset = _preset(table)
    if preset is not None:
        name, mapping = preset
        known = f"The columns are those of the preset {name}; it was taken as it is."
        return Guess(replace(mapping, file=_file_of(mapping, table)), (known, *person_notes))
    survey = _survey(table, first, structure)
    if survey is not None:
        return survey
    guessed = _Guesser(table, set(persons)).guess(first)
    return Guess(replace(guessed.mapping, drop=persons), (*guessed.notes, *person_notes))


def _survey(table: FirstRecords, path: Path, structure: Path | str | None) -> Guess | None:
    """A guess by the rules of the survey software that wrote the file, if one did."""
    from commonlight.sources.survey_exports.guess_survey import guess_survey

    personal = {column.name: column.reason for column in _person_columns(table)}
    found = guess_survey(table, path, personal=personal, structure=structure)
    if found is not None:
        return Guess(found.mapping, found.notes, found.codebook)
    if structure is not None:
        raise MappingError(
            f"{path.name} has not the columns of an export of LimeSurvey or KoboToolbox, so "
            f"{structure} does not say what they are; leave the structure out"
        )
    return None


def _file_of(preset: Mapping, table: FirstRecords) -> FileFormat:
    """The preset's reading, in the encoding that the file has."""
    return replace(preset.file, encoding=table.file.encoding)


def _preset(table: FirstRecords) -> tuple[str, Mapping] | None:
    """The preset whose columns are all there; the one that uses most of them.

    A preset that is a part of another, such as ``x-parts`` of ``x``, gives way to it.
    """
    from commonlight.sources.records import columns_used

    fits = []
    for name in list_presets():
        mapping = load_mapping(name)
        used = columns_used(mapping)
        if set(used) <= set(table.header) and _times_fit(mapping, table):
            fits.append((len(used), name, mapping))
    if not fits:
        return None
    names = [name for _, name, _ in fits]
    whole = [fit for fit in fits if not any(fit[1].startswith(f"{name}-") for name in names)]
    _, name, mapping = max(whole, key=lambda fit: fit[0])
    return name, mapping


def _times_fit(mapping: Mapping, table: FirstRecords) -> bool:
    time = mapping.time
    if time is None or not time.formats:
        return True
    found = guess_times(table.columns[time.start][:200], named=True)
    return found is None or bool(set(found.formats) & set(time.formats))


def _person_columns(table: FirstRecords) -> tuple[PersonColumn, ...]:
    from commonlight.sources.persons import find_person_columns

    return find_person_columns(table.header, [table.columns[name] for name in table.header])


def _persons(table: FirstRecords) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found = _person_columns(table)
    notes = tuple(
        f"{column.name!r} looks like data about persons ({column.kind}, {column.reason}); "
        "it was put under drop and is not read."
        for column in found
    )
    return notes, tuple(column.name for column in found)


# --- which column is what


class _Guesser:
    """Goes through the parts of a mapping, taking columns and noting why."""

    def __init__(self, table: FirstRecords, dropped: set[str]) -> None:
        self._table = table
        self._free = [
            name for name in table.header if name not in dropped and table.header.count(name) == 1
        ]
        self._notes = list(table.notes)
        self._decimal = "."

    def guess(self, path: Path) -> Guess:
        x, y, crs = self._coordinates()
        time = self._time()
        recorded, recorded_formats = self._recorded()
        identifier = self._id()
        area = self._named("area", self._is_code, "area code")
        kind = self._named("type", self._is_type, "type")
        count = self._named("count", self._is_count, "number of incidents")
        self._note_unread(time is not None, x is not None)
        has_place = x is not None or area is not None
        place = PlaceColumns(x=x, y=y, crs=crs, area=area) if has_place else None
        if not has_place:
            self._notes.append("No column with a place was found; name one under [place].")
        file = replace(self._table.file, decimal=self._decimal)
        mapping = Mapping(
            kind="reports" if count and "report" in count.casefold() else "incidents",
            name=re.sub(r"[\W_]+", " ", path.name.split(".")[0]).strip() or "source",
            file=file,
            id=identifier,
            time=time,
            place=place,
            type=TypeColumns(column=kind) if kind else None,
            count=count,
            recorded=recorded,
            recorded_formats=recorded_formats,
        )
        if self._free:
            self._notes.append(
                f"Not taken, and so not kept: {listed(self._free)}. "
                "Name what you need under [keep]."
            )
        self._notes.append("Publisher, licence and attribution are for you to fill in.")
        return Guess(mapping, tuple(self._notes))

    def _take(self, name: str) -> None:
        self._free.remove(name)

    def _by_word(self, role: str) -> list[str]:
        """Free columns whose name has a word of the role, best word first."""
        words = _words()[role]
        ranked = []
        for name in self._free:
            hits = [words.index(token) for token in _tokens(name) if token in words]
            if hits:
                ranked.append((min(hits), self._free.index(name), name))
        return [name for _, _, name in sorted(ranked)]

    def _named(self, role: str, fits: object, label: str) -> str | None:
        for name in self._by_word(role):
            if callable(fits) and fits(self._table.columns[name]):
                self._take(name)
                self._notes.append(f"{name!r} was taken as the {label}, by its name and cells.")
                self._note_gaps(name)
                return name
        return None

    def _note_gaps(self, name: str) -> None:
        n = len(self._table.columns[name])
        if n < 0.6 * self._table.n_rows:
            self._notes.append(
                f"{name!r} is empty in {1 - n / self._table.n_rows:.0%} of the rows; where cells "
                "were merged, only the first row has the value: fill the others in the file."
            )

    def _is_code(self, cells: list[str]) -> bool:
        return bool(cells) and len(set(cells)) > 1 and max(map(len, cells)) <= 24

    def _is_type(self, cells: list[str]) -> bool:
        few = len(set(cells)) <= max(2, len(cells) / 4) and len(set(cells)) <= 400
        return bool(cells) and few and not all(_number(c, self._decimal) is not None for c in cells)

    def _is_count(self, cells: list[str]) -> bool:
        """Nearly all cells are whole numbers; the import rejects the others."""
        whole = sum(re.fullmatch(r"-?\d{1,6}", cell) is not None for cell in cells)
        return bool(cells) and whole >= 0.9 * len(cells)

    def _note_unread(self, has_time: bool, has_point: bool) -> None:
        """Say of columns that were not taken what they seem to be, and what to do."""
        for name in self._free:
            cells = self._table.columns[name]
            if not cells:
                continue
            if not has_time and self._says(name, "time", "recorded"):
                self._notes.append(
                    f"{name!r} is named like a time, but its cells, such as {_shape(cells[0])!r} "
                    "(9 a digit, a a letter), are in no form that is known; write them in the file "
                    "as 2024-12-31 14:05, or add time.formats."
                )
            pairs = sum(_PAIR.fullmatch(cell) is not None for cell in cells)
            if not has_point and pairs > 0.8 * len(cells):
                self._notes.append(
                    f"{name!r} holds two coordinates in one cell; make two columns of it in the "
                    "file, and name them under [place] as x (longitude) and y (latitude)."
                )

    def _id(self) -> str | None:
        for name in self._by_word("id"):
            cells = self._table.columns[name]
            if cells and len(set(cells)) == len(cells) and len(cells) > 1:
                self._take(name)
                self._notes.append(f"{name!r} was taken as identifier: no value repeats.")
                return name
            if len(set(cells)) > 0.5 * len(cells):
                self._notes.append(
                    f"{name!r} was not taken as identifier: {len(cells) - len(set(cells)):,} of "
                    f"{len(cells):,} values repeat. Set id to it if a repeat is a mistake."
                )
        return None

    # time

    def _time(self) -> TimeColumns | None:
        found = self._time_columns()
        starts = [name for name in found if not self._says(name, "end", "recorded")]
        if not starts:
            self._notes.append("No column with a time was found; name one under [time].")
            return None
        start = starts[0]
        self._note_time(start, found[start])
        hour = self._hour(start)
        ends = [name for name in found if name in self._free and self._says(name, "end")]
        end = ends[0] if ends else None
        if end is not None:
            self._note_time(end, found[end], "end of the time span")
        end_hour = self._hour(end) if end is not None else None
        end_formats = found[end].formats if end is not None else ()
        return TimeColumns(
            start=start,
            formats=found[start].formats,
            hour=hour,
            end=end,
            end_formats=() if end_formats == found[start].formats else end_formats,
            end_hour=end_hour,
        )

    def _time_columns(self) -> dict[str, TimeGuess]:
        """Columns of times; those named after a time first, finer times before coarser."""
        found = {}
        for name in self._free:
            named = self._says(name, "time", "recorded")
            guess = guess_times(self._table.columns[name], named=named)
            if guess is not None:
                found[name] = guess
        words = _words()["time"]

        def rank(name: str) -> tuple[bool, int, int]:
            hits = [words.index(token) for token in _tokens(name) if token in words]
            fine = sum(found[name].formats[0].count(d) for d in ("%d", "%H", "%I"))
            return (not hits, -fine, min(hits, default=99))

        return {name: found[name] for name in sorted(found, key=rank)}

    def _says(self, name: str, *roles: str) -> bool:
        words = {word for role in roles for word in _words()[role]}
        return not words.isdisjoint(_tokens(name))

    def _note_time(self, name: str, guess: TimeGuess, what: str = "time") -> None:
        self._take(name)
        formats = " or ".join(map(repr, guess.formats))
        why = f", {guess.note}" if guess.note else ""
        unsure = "" if guess.sure else " Please check."
        part = "" if guess.share == 1 else f" ({min(guess.share, 0.99):.0%} of the cells)"
        self._notes.append(
            f"{name!r} was taken as the {what}, written {formats}{part}{why}.{unsure}"
        )

    def _hour(self, beside: str) -> str | None:
        """A column of hours 0 to 24 whose name shares a word with the date's."""
        shared = set(_tokens(beside))
        for name in self._free:
            tokens = set(_tokens(name))
            cells = self._table.columns[name]
            is_hour = bool(cells) and all(_HOUR.fullmatch(cell) for cell in cells)
            if is_hour and self._says(name, "hour") and (tokens & shared or len(tokens) == 1):
                other = "ende" in tokens or "end" in tokens
                if other == bool({"ende", "end"} & shared):
                    self._take(name)
                    self._notes.append(
                        f"{name!r} was taken as the hour or time of day of {beside!r}."
                    )
                    return name
        return None

    def _recorded(self) -> tuple[str | None, tuple[str, ...]]:
        for name, guess in self._time_columns().items():
            if self._says(name, "recorded"):
                self._note_time(name, guess, "day of recording")
                return name, guess.formats
        return None, ()

    # place

    def _coordinates(self) -> tuple[str | None, str | None, str | None]:
        if {"__x", "__y"} <= set(self._free):
            self._take("__x")
            self._take("__y")
            crs = self._table.crs or "EPSG:4326"
            self._notes.append(f"The points of the file were taken as the place, in {crs}.")
            return "__x", "__y", crs
        pairs = [(self._numbers(a), self._numbers(b)) for a, b in self._pairs()]
        for (a, b), (x, y) in zip(self._pairs(), pairs, strict=True):
            if x is not None and y is not None and len(x) and len(y):
                return self._placed(a, b, x, y)
        return None, None, None

    def _pairs(self) -> list[tuple[str, str]]:
        """Pairs of columns named as coordinates; degrees before projected ones."""
        return list(zip(self._by_word("x"), self._by_word("y"), strict=False))

    def _numbers(self, name: str) -> np.ndarray | None:
        """Numbers of a column; notes a decimal comma. None where most cells are none."""
        cells = self._table.columns[name]
        for decimal in (".", ","):
            values = [_number(cell, decimal) for cell in cells]
            fine = np.array([v for v in values if v is not None and v != 0])
            if cells and len(fine) >= 0.8 * sum(c not in ("0", "0.0") for c in cells) and len(fine):
                if decimal == ",":
                    self._decimal = ","
                return fine
        return None

    def _placed(self, a: str, b: str, x: np.ndarray, y: np.ndarray) -> tuple[str, str, str | None]:
        self._take(a)
        self._take(b)
        mark = " with a decimal comma" if self._decimal == "," else ""
        if np.median(np.abs(x)) <= 180 and np.median(np.abs(y)) <= 180:
            by_name = {"x": _tokens(a), "y": _tokens(b)}
            if np.abs(y).max() > 90 >= np.abs(x).max():
                self._notes.append(
                    f"{a!r} and {b!r} are degrees{mark} and seem to be swapped: "
                    f"{b!r} goes beyond 90."
                )
                return b, a, "EPSG:4326"
            europe = _europe(y, x) and not _europe(x, y)
            if europe and not {"longitude", "lon", "lng"} & set(by_name["x"]):
                self._notes.append(
                    f"{a!r} and {b!r} are degrees{mark} and were taken as swapped, since "
                    "the points then lie in Europe. Please check."
                )
                return b, a, "EPSG:4326"
            if europe:
                self._notes.append(
                    f"{a!r} and {b!r} may be swapped: as named, the points lie outside Europe. "
                    "Please check."
                )
            self._notes.append(f"{a!r} and {b!r} were taken as longitude and latitude{mark}.")
            return a, b, "EPSG:4326"
        self._notes.append(
            f"{a!r} and {b!r} are projected coordinates{mark} (about {np.median(x):.0f}, "
            f"{np.median(y):.0f}); which system cannot be told from the numbers: set place.crs."
        )
        return a, b, None


def _europe(lon: np.ndarray, lat: np.ndarray) -> bool:
    return bool(-25 <= np.median(lon) <= 40 and 34 <= np.median(lat) <= 72)


_HOUR = re.compile(r"([01]?\d|2[0-4])(:[0-5]\d(:[0-5]\d(\.\d+)?)?)?")
_PAIR = re.compile(r"(POINT\s*)?[(\[]?\s*-?\d+[.]\d+\s*[,; ]\s*-?\d+[.]\d+\s*[)\]]?", re.IGNORECASE)


def _shape(cell: str) -> str:
    """A cell with its letters and digits hidden."""
    kinds = ("9" if c.isdigit() else "a" if c.isalpha() else c for c in cell[:40])
    return "".join(kinds)


def _number(cell: str, decimal: str) -> float | None:
    return read_number(cell, decimal)


def _tokens(name: str) -> list[str]:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    plain = unicodedata.normalize("NFKD", apart.casefold())
    return re.findall(r"[a-z]+", "".join(c for c in plain if not unicodedata.combining(c)))


def area_words() -> frozenset[str]:
    """Words in names of columns that say that the column holds an area."""
    return frozenset(_words()["area"])


@lru_cache(maxsize=1)
def _words() -> dict[str, tuple[str, ...]]:
    text = (files("commonlight.sources") / "guess_words.toml").read_text(encoding="utf-8")
    return {role: tuple(words.split()) for role, words in tomllib.loads(text).items()}
