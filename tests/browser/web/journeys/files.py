"""Files that a police analyst may hold in her hands, good and bad."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

MONTHS = 36
FEW, MANY = 8, 26
CORNERS = [(7.30 + 0.012 * k, 54.96 + 0.004 * (k % 4)) for k in range(12)]
"""The places to which the source moves its points: few, so that points stack."""


def burglaries(folder: Path) -> Path:
    """Days in two forms, two in a hundred coordinates wrong, and a rule that changed half-way."""
    rows = []
    for month in range(MONTHS):
        first = date(2023 + month // 12, month % 12 + 1, 1)
        for number in range(FEW if month < MONTHS // 2 else MANY):
            rows.append(_row(len(rows), first + timedelta(days=number)))
    return _written(folder / "burglaries.csv", "case,day,lon,lat,offence", rows)


def _row(number: int, day: date) -> list[str]:
    form = "%d.%m.%Y" if number % 2 else "%Y-%m-%d"
    lon, lat = CORNERS[number % len(CORNERS)]
    place = ("0", "0") if number % 50 == 7 else (f"{lon:.5f}", f"{lat:.5f}")
    kind = "Einbruch in Wohnung" if number % 3 else "Einbruch in Geschäft"
    return [f"E{number:04d}", day.strftime(form), *place, kind]


def with_names(folder: Path) -> Path:
    """A column that holds names of persons."""
    rows = [[f"E{n}", f"2025-03-{n % 28 + 1:02d}", "Anna Meier"] for n in range(60)]
    return _written(folder / "victims.csv", "case,day,name of victim", rows)


def _written(path: Path, header: str, rows: list[list[str]]) -> Path:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header.split(","), *rows])
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def large(folder: Path) -> Path:
    """Three pieces of an upload, without a mistake."""
    rows = [
        [f"L{n:06d}", f"{2023 + n % 3}-{n % 12 + 1:02d}-{n % 28 + 1:02d}", *_corner(n), "x" * 55]
        for n in range(120_000)
    ]
    return _written(folder / "slow-line.csv", "case,day,lon,lat,offence", rows)


def _corner(number: int) -> tuple[str, str]:
    lon, lat = CORNERS[number % len(CORNERS)]
    return f"{lon + number % 97 / 40_000:.5f}", f"{lat + number % 89 / 60_000:.5f}"


def picture(folder: Path) -> Path:
    """A picture that is called a table."""
    path = folder / "photo.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    return path
