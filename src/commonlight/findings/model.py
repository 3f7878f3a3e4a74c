"""What the system says to a person, and everything that must stand beside it.

A :class:`Finding` is a sentence made from its numbers together with the chart, map and
table that show them, the method and the sources they came from, and what they cannot say.
A :class:`Report` is a set of findings in the six blocks of a local safety audit.

These classes hold no figures of their own and draw nothing; `charts`, `maps`, `html`,
`pdf` and `folder` turn them into the faces that a reader sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np

__all__ = [
    "WITHHELD",
    "AreaMap",
    "BarChart",
    "Block",
    "Certainty",
    "Chart",
    "Column",
    "CountCells",
    "Finding",
    "GridMap",
    "HeatChart",
    "IntervalChart",
    "LineChart",
    "Map",
    "MethodNote",
    "MissingSource",
    "PublicationNote",
    "Report",
    "Series",
    "SourceNote",
    "Table",
]

WITHHELD = "withheld"
"""What stands in a cell of the public version whose value may not be published."""


class Block(StrEnum):
    """The six scope blocks of a local safety audit (Efus guidance)."""

    CONTEXT = "context"
    PROBLEMS = "problems"
    VICTIMS = "victims"
    CAUSES = "causes"
    SERVICES = "services"
    STRENGTHS = "strengths"

    @property
    def title(self) -> str:  # type: ignore[override]
        """The heading a reader sees."""
        return _BLOCK_TITLES[self]


_BLOCK_TITLES = {
    Block.CONTEXT: "Context and environment",
    Block.PROBLEMS: "Problems and concerns",
    Block.VICTIMS: "Victims and offences",
    Block.CAUSES: "Risk factors and causes",
    Block.SERVICES: "Existing services and projects",
    Block.STRENGTHS: "Strengths and potential",
}


class Certainty(StrEnum):
    """How firmly the sentence may be read."""

    CLEAR = "clear"
    TENTATIVE = "tentative"
    NO_CLEAR_CHANGE = "no clear change"
    NOT_SHOWN = "not shown"
    CANNOT_TELL = "cannot tell"
    DESCRIPTIVE = "descriptive"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table: its machine name, its label and its unit.

    `free` says that a numeric column holds no count of records or answers and nothing worked
    out from one: residents, days, ranks, thresholds. Every other numeric column is named in the
    `CountCells` of its finding.
    """

    name: str
    label: str
    unit: str = ""
    numeric: bool = False
    decimals: int = 0
    free: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows beside a chart; `rows` hold str, int, float or None (shown as "not known")."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    caption: str

    def __post_init__(self) -> None:
        width = len(self.columns)
        for number, row in enumerate(self.rows, start=1):
            if len(row) != width:
                raise ValueError(
                    f"table {self.caption!r}: row {number} has {len(row)} cells, "
                    f"but there are {width} columns"
                )


@dataclass(frozen=True, kw_only=True)
class Series:
    """Values over the categories or positions of a chart, with limits where known.

    `limits_label` says what `lower` and `upper` are, for example "95 % interval".
    """

    label: str
    values: tuple[float | None, ...]
    lower: tuple[float | None, ...] = ()
    upper: tuple[float | None, ...] = ()
    emphasis: bool = False
    limits_label: str = ""


@dataclass(frozen=True, kw_only=True)
class BarChart:
    """Horizontal bars, one per category; `series` may hold limits.

    `withheld`, here as in every chart, is the note of a public version under the picture; with
    it, a value of None is named "withheld".
    """

    title: str
    description: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    x_label: str
    highlight: tuple[str, ...] = ()
    withheld: str = ""


@dataclass(frozen=True, kw_only=True)
class LineChart:
    """Lines over ordered positions, with optional bands, control limits and marked points."""

    title: str
    description: str
    x: tuple[float, ...]
    x_tick_labels: Mapping[float, str]
    series: tuple[Series, ...]
    x_label: str
    y_label: str
    step: bool = False
    marks: tuple[tuple[float, float, str], ...] = ()
    from_zero: bool = True
    withheld: str = ""


@dataclass(frozen=True, kw_only=True)
class IntervalChart:
    """A dot with its interval per category, and a reference line where one is meant.

    `reaches` are values that the axis must reach, such as 0 for shares or the two ends of a scale,
    so that small differences do not look large.
    """

    title: str
    description: str
    categories: tuple[str, ...]
    series: Series
    x_label: str
    reference: float | None = None
    reference_label: str = ""
    reaches: tuple[float, ...] = ()
    withheld: str = ""


@dataclass(frozen=True, kw_only=True)
class HeatChart:
    """A grid of values, rows by columns (for example weekday by hour); None = not known."""

    title: str
    description: str
    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    unit: str
    withheld: str = ""


Chart = BarChart | LineChart | IntervalChart | HeatChart


@dataclass(frozen=True, kw_only=True)
class AreaMap:
    """Areas shaded by a value.

    `geometries` are shapely polygons in projected metres (`crs`); `values` holds one float
    per area (nan = no value, drawn hatched). `breaks` are the inner class borders. `marked`
    are indices that get a heavy outline and a number that the list alternative repeats.
    `withheld` are indices whose value may not be published (nan, with a hatch of its own), and
    `withheld_label` is their entry in the legend. With `categories`, values are 0, 1, ... and
    name kinds that have no order; `no_value_label` says what nan means.
    """

    title: str
    description: str
    geometries: tuple[Any, ...]
    labels: tuple[str, ...]
    values: np.ndarray
    breaks: tuple[float, ...]
    unit: str
    crs: str
    marked: tuple[int, ...] = ()
    mark_label: str = ""
    context: tuple[Any, ...] = ()
    attribution: str = ""
    withheld: tuple[int, ...] = ()
    withheld_label: str = ""
    categories: tuple[str, ...] = ()
    no_value_label: str = "no value"


@dataclass(frozen=True, kw_only=True)
class GridMap:
    """Equal cells shaded by a value over the outline of the study area.

    `cells` are shapely polygons (squares or hexagons) in projected metres; the rest as in
    :class:`AreaMap`. Without `labels`, the list of marked cells says where each one lies.
    `cell_size` is the side of a cell in metres, and `cell_areas` the square kilometres of each
    shape that its value was divided by; both are needed for a public version. `precision_m` is
    how precise the publisher says the points behind it are, in metres.
    """

    title: str
    description: str
    cells: tuple[Any, ...]
    values: np.ndarray
    breaks: tuple[float, ...]
    unit: str
    crs: str
    outline: tuple[Any, ...] = ()
    marked: tuple[int, ...] = ()
    mark_label: str = ""
    attribution: str = ""
    labels: tuple[str, ...] = ()
    withheld: tuple[int, ...] = ()
    withheld_label: str = ""
    cell_size: float | None = None
    cell_areas: tuple[float, ...] = ()
    precision_m: float | None = None


Map = AreaMap | GridMap


@dataclass(frozen=True, kw_only=True)
class MethodNote:
    """How a finding was computed: a name, the documentation page, parameters, references."""

    name: str
    page: str
    summary: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    references: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SourceNote:
    """A data set behind a finding, with its age on the day of the report."""

    id: str
    name: str
    kind: str
    publisher: str
    licence: str
    first_day: date | None
    last_day: date | None
    age_days: int | None
    rows_read: int | None
    rows_accepted: int | None
    rows_rejected: int | None
    digest: str
    attribution: str = ""
    witness: str = "police"
    notes: tuple[str, ...] = ()
    rejected_reasons: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MissingSource:
    """A source that an audit of this kind needs and does not have, and whose voice it is."""

    name: str
    block: Block
    voice: str
    why: str
    next_step: str


_FACES = ("table", "chart", "curve", "map", "text")


@dataclass(frozen=True, kw_only=True)
class CountCells:
    """Which counts of records or answers a finding shows, so that one place can protect them.

    Each key is one count of the records of `source`: its value in each of `dimensions`, with
    an empty text for "all". The same key always means the same records, in every finding: a
    month is ``("2024", "03")`` over ``("year", "month")``, an area its code over ``("area",)``.
    A finer cell repeats the dimensions of the coarser one and adds its own.

    Attributes
    ----------
    source : str
        Identifier of the source; ``"name/pairs"`` where something else than records is counted.
    dimensions : tuple of str
        Names of the dimensions.
    keys : tuple of tuple of str
        One key for each row of the table, value of the map or chart, or number in the texts.
    counts : tuple of int
        The count behind each key, whether it is shown or only something worked out from it.
    shown_in : {"table", "chart", "curve", "map", "text"}
        The face that has one value for each key, in the same order. "curve" is a line chart of
        the share held by the first so many keys (x and y in per cent). "text" is for totals in
        sentences, details, parameters and `numbers`.
    column : str
        Column of the table with the count; empty where only derived values are shown.
    derived : tuple of str
        Columns that give the count of their own row away: rates, shares, intervals, verdicts.
    fitted : tuple of str
        Columns from a model over all rows, which together say something about each row.
    chart : tuple of str
        Columns that the chart draws (value, lower, upper), where its categories are rows of the
        table; for a line or heat chart any of them, where its values are the rows in order.
    selected : bool
        Whether the rows are a choice by value, so that a withheld row may not even be named.
    names : tuple of str
        What the texts call each key, where the words are not those of the table or map.
    overlaps : tuple of str
        Dimensions whose cells cut across these without nesting (weeks and months): all is
        withheld as soon as a cell of these or of those is.
    """

    source: str
    dimensions: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    counts: tuple[int, ...]
    shown_in: str = "table"
    column: str = ""
    derived: tuple[str, ...] = ()
    fitted: tuple[str, ...] = ()
    chart: tuple[str, ...] = ()
    selected: bool = False
    names: tuple[str, ...] = ()
    overlaps: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.shown_in not in _FACES:
            raise ValueError(
                f"counts of {self.source!r} are shown in one of {', '.join(_FACES)}; "
                f"got {self.shown_in!r}"
            )
        if len(self.keys) != len(self.counts):
            raise ValueError(
                f"counts of {self.source!r}: {len(self.keys)} keys but {len(self.counts)} counts"
            )
        if self.names and len(self.names) != len(self.keys):
            raise ValueError(
                f"counts of {self.source!r}: {len(self.keys)} keys but {len(self.names)} names"
            )
        wrong = next((key for key in self.keys if len(key) != len(self.dimensions)), None)
        if wrong is not None:
            raise ValueError(
                f"counts of {self.source!r}: key {wrong!r} does not fit the dimensions "
                f"{self.dimensions!r}"
            )


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that the data say, in one sentence, with all that supports and limits it.

    `cells` says which counts it shows. `free` names the pictures ("chart", "map") that show none.
    """

    id: str
    block: Block
    question: str
    sentence: str
    certainty: Certainty
    method: MethodNote
    sources: tuple[str, ...]
    limits: tuple[str, ...]
    details: tuple[str, ...] = ()
    chart: Chart | None = None
    map: Map | None = None
    table: Table | None = None
    numbers: Mapping[str, Any] = field(default_factory=dict)
    one_sided: bool = True
    cells: tuple[CountCells, ...] = ()
    free: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for item in self.cells:
            expected = _values_of(self, item.shown_in)
            if expected is not None and expected != len(item.keys):
                raise ValueError(
                    f"finding {self.id!r}: {len(item.keys)} keys of {item.source!r} for "
                    f"{expected} values in its {item.shown_in}"
                )


def _values_of(finding: Finding, face: str) -> int | None:
    """How many values a face has; None where that is not fixed."""
    if face == "table":
        return 0 if finding.table is None else len(finding.table.rows)
    if face == "map":
        return 0 if finding.map is None else len(finding.map.values)
    if face in ("text", "curve"):
        return None
    if finding.chart is None:
        return 0
    if isinstance(finding.chart, HeatChart):
        return sum(len(row) for row in finding.chart.values)
    return len(
        finding.chart.x if isinstance(finding.chart, LineChart) else finding.chart.categories
    )


@dataclass(frozen=True, kw_only=True)
class PublicationNote:
    """What stands at the top of an internal or public version."""

    mark: str
    text: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """A local safety audit: findings in six blocks, and what could not be found.

    `audience` is "internal" or "public", or empty where that was not decided; `publication` is
    what such a version says of itself.

    `headline` is what a person with fifteen minutes reads: a few sentences, each the sentence
    of a finding named in `headline_findings` in the same order.
    """

    title: str
    city: str
    period: tuple[date, date]
    made_on: date
    version: str
    simulated: bool
    one_sided: bool
    headline_findings: tuple[str, ...]
    findings: tuple[Finding, ...]
    sources: tuple[SourceNote, ...]
    missing: tuple[MissingSource, ...]
    absent_voices: tuple[str, ...]
    cautions: tuple[str, ...] = ()
    run: Mapping[str, str] = field(default_factory=dict)
    audience: str = ""
    publication: PublicationNote | None = None

    def in_block(self, block: Block) -> tuple[Finding, ...]:
        """Findings of one block, in the order given."""
        return tuple(f for f in self.findings if f.block is block)

    def finding(self, finding_id: str) -> Finding:
        """The finding with this identifier; KeyError where there is none."""
        for item in self.findings:
            if item.id == finding_id:
                return item
        raise KeyError(finding_id)
