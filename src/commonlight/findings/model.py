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
    "AreaMap",
    "BarChart",
    "Block",
    "Certainty",
    "Chart",
    "Column",
    "Finding",
    "GridMap",
    "HeatChart",
    "IntervalChart",
    "LineChart",
    "Map",
    "MethodNote",
    "MissingSource",
    "Report",
    "Series",
    "SourceNote",
    "Table",
]


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
    """One column of a table: its machine name, its label and its unit."""

    name: str
    label: str
    unit: str = ""
    numeric: bool = False
    decimals: int = 0


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
    """Horizontal bars, one per category; `series` may hold limits."""

    title: str
    description: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    x_label: str
    highlight: tuple[str, ...] = ()


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


@dataclass(frozen=True, kw_only=True)
class IntervalChart:
    """A dot with its interval per category, and a reference line where one is meant."""

    title: str
    description: str
    categories: tuple[str, ...]
    series: Series
    x_label: str
    reference: float | None = None
    reference_label: str = ""


@dataclass(frozen=True, kw_only=True)
class HeatChart:
    """A grid of values, rows by columns (for example weekday by hour); None = not known."""

    title: str
    description: str
    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    unit: str


Chart = BarChart | LineChart | IntervalChart | HeatChart


@dataclass(frozen=True, kw_only=True)
class AreaMap:
    """Areas shaded by a value.

    `geometries` are shapely polygons in projected metres (`crs`); `values` holds one float
    per area (nan = no value, drawn hatched). `breaks` are the inner class borders. `marked`
    are indices that get a heavy outline and a number that the list alternative repeats.
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


@dataclass(frozen=True, kw_only=True)
class GridMap:
    """Equal cells shaded by a value over the outline of the study area.

    `cells` are shapely polygons (squares or hexagons) in projected metres; the rest as in
    :class:`AreaMap`. Without `labels`, the list of marked cells says where each one lies.
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
    rows_read: int
    rows_accepted: int
    rows_rejected: int
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


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that the data say, in one sentence, with all that supports and limits it."""

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


@dataclass(frozen=True, kw_only=True)
class Report:
    """A local safety audit: findings in six blocks, and what could not be found.

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

    def in_block(self, block: Block) -> tuple[Finding, ...]:
        """Findings of one block, in the order given."""
        return tuple(f for f in self.findings if f.block is block)

    def finding(self, finding_id: str) -> Finding:
        """The finding with this identifier; KeyError where there is none."""
        for item in self.findings:
            if item.id == finding_id:
                return item
        raise KeyError(finding_id)
