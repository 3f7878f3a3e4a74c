"""The whole audit of a simulated city of 0.25 to 8 million incidents, from CSV to page and PDF.

Each city has 500 areas and a survey of 10,000 answers, is simulated first (not part of the
figure) and audited by ``commonlight audit`` in a process of its own, with compiled kernels in
their cache: internal and public version, HTML, PDF and folders. Target: 1 million incidents in
90 seconds and 3 GiB, and cost that grows no faster than n log n up to 8 million.

``times_n_log_n`` is the CPU by n log n, as a multiple of the smallest city's: above 1 where cost
grows faster. The last row is the straight line through log CPU over log n, with what n log n
itself would give over the same sizes.
"""

from __future__ import annotations

import math
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import process

QUICK = {"sizes": (10_000,), "areas": 48}
SIZES = (250_000, 1_000_000, 4_000_000, 8_000_000)
AREAS, ANSWERS = 500, 10_000
TARGET_AT, TARGET_S, TARGET_MIB = 1_000_000, 90.0, 3072
SIMULATE = """
import sys
from commonlight.simulate.city import simulate_city
from commonlight.simulate.files import write_city
folder, incidents, areas, answers = sys.argv[1], *map(int, sys.argv[2:])
write_city(simulate_city(incidents=incidents, n_areas=areas), folder, rejects_share=0.005,
           answers=answers)
"""
AUDIT = "from commonlight.cli import main; main()"


def _city(incidents: int, areas: int, folder: Path) -> dict[str, Any]:
    process(sys.executable, "-c", SIMULATE, str(folder), *map(str, (incidents, areas, ANSWERS)))
    config, out = folder / "audit.toml", folder / "report"
    _, used = process(sys.executable, "-c", AUDIT, "audit", str(config), "--out", str(out))
    pages = [out / version / "report.pdf" for version in ("internal", "public")]
    missing = [str(page) for page in pages if not page.exists()]
    if missing:
        raise RuntimeError(f"the audit wrote no {', '.join(missing)}")
    csv = sum(path.stat().st_size for path in folder.glob("*.csv"))
    row = {"incidents": incidents, "areas": areas, "answers": ANSWERS, "csv_mb": csv / 1e6, **used}
    if incidents == TARGET_AT:
        met = used["process_cpu_s"] <= TARGET_S and used["peak_mib"] <= TARGET_MIB
        row |= {"target_s": TARGET_S, "target_mib": TARGET_MIB, "met": met}
    return row


def curve(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with what they cost beside n log n, drawn as bars, and the exponent."""
    cost = [row["process_cpu_s"] for row in rows]
    n = [float(row["incidents"]) for row in rows]
    unit = [value * math.log(value) for value in n]
    drawn = [
        {
            **row,
            "times_n_log_n": round(cpu / cost[0] * unit[0] / growth, 3),
            "curve": "#" * max(1, round(30 * cpu / max(cost))),
        }
        for row, cpu, growth in zip(rows, cost, unit, strict=True)
    ]
    if len(rows) < 3:
        return drawn
    slope, limit = (float(np.polyfit(np.log(n), np.log(y), 1)[0]) for y in (cost, unit))
    fitted = {"incidents": "fitted", "exponent": round(slope, 3), "n_log_n": round(limit, 3)}
    return [*drawn, {**fitted, "met": slope <= limit}]


def run(sizes: tuple[int, ...] = SIZES, areas: int = AREAS) -> list[dict[str, Any]]:
    """Measure; one row for each size, and one for the fit."""
    rows = []
    for incidents in sizes:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(_city(incidents, areas, Path(folder)))
    return curve(rows)


if __name__ == "__main__":
    for row in run():
        print(row)
