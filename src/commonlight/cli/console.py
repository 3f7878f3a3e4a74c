"""What a command prints: sentences and progress for people, JSON for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["Progress", "as_json", "print_json", "print_table", "progress", "say"]

#: Called with the text of the step, how much is done and how much there is (None = not known).
Progress = Callable[[str, float, float | None], None]


def say(text: str = "") -> None:
    """One line for a person, on stdout."""
    print(text)


def print_json(value: Any) -> None:
    """One JSON document on stdout."""
    print(json.dumps(as_json(value), indent=2, ensure_ascii=False, allow_nan=False))


def as_json(value: Any) -> Any:
    """`value` with dataclasses, arrays, dates and paths turned into what JSON knows."""
    import dataclasses
    import datetime
    import math

    import numpy as np

    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return {item.name: as_json(getattr(value, item.name)) for item in fields if item.repr}
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return [as_json(item) for item in value.tolist()]
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [as_json(item) for item in value]
    if isinstance(value, np.generic):
        return as_json(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    return value


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A plain table; numbers stand to the right."""
    cells = [[_cell(item) for item in row] for row in rows]
    widths = [
        max([len(name), *(len(row[i]) for row in cells)], default=len(name))
        for i, name in enumerate(columns)
    ]
    numeric = [
        bool(rows) and all(isinstance(row[i], int | float) or row[i] is None for row in rows)
        for i in range(len(columns))
    ]
    for line in [list(columns), ["-" * width for width in widths], *cells]:
        parts = [
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(line, widths, numeric, strict=True)
        ]
        say("  ".join(parts).rstrip())


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


@contextmanager
def progress(*, quiet: bool) -> Iterator[Progress]:
    """A progress bar on stderr; silent when asked, or when stderr is not a terminal."""
    if quiet or not sys.stderr.isatty():
        yield _silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    bars = Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    tasks: dict[str, Any] = {}

    def show(step: str, done: float, total: float | None) -> None:
        if step not in tasks:
            tasks[step] = bars.add_task(step, total=total)
        bars.update(tasks[step], completed=done, total=total)

    with bars:
        yield show


def _silent(step: str, done: float, total: float | None) -> None:
    """Show nothing."""
