"""The Knox table with 999 permutations, beside pointpats.

Incidents of `crime_points` in a city stretched to 40 by 40 km, days in whole numbers. Ours is
a whole table, 4 distance bands by 4 time bands, on one thread (and once on two); pointpats
counts one cell, all pairs up to the last distance and 14 days, by `knox` (its class `Knox`
takes 15 GB at 50,000). Each in a process of its own; ``call_cpu_s`` is the CPU of the call after
one on 200 points, ``process_cpu_s`` that of the whole process, imports and reading included.

Targets: 50,000 points within 400 m in 3 CPU seconds and 600 MiB, and at most 1/20 of pointpats;
500,000 points within 200 m in 40 CPU seconds and 3 GiB. The call's CPU is judged, and the peak
memory of the process.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.crime_points import crime_points
from benchmarks.measure import child, child_arguments, has, peak_mib, timed

QUICK = {"cases": ((2_000, 400.0, True),)}
CASES = ((50_000, 400.0, True), (500_000, 200.0, False))
TARGETS = {50_000: (3.0, 600.0), 500_000: (40.0, 3072.0)}
LEAST_RATIO = 20.0
PERMUTATIONS = 999


def _ours(x: np.ndarray, y: np.ndarray, day: np.ndarray, reach: float, threads: int) -> Any:
    from commonlight.analysis.near_repeat import knox_table

    def table(part: slice) -> Any:
        return knox_table(
            x[part], y[part], day[part], distance_bands=tuple(np.linspace(0, reach, 5)),
            time_bands=(0, 7, 14, 21, 28), permutations=PERMUTATIONS, same_place_distance=None,
            rng=np.random.default_rng(1), threads=threads,
        )  # fmt: skip

    table(slice(0, 200))
    found, cpu, wall = timed(lambda: table(slice(None)))
    return {
        "call_cpu_s": cpu,
        "call_wall_s": wall,
        "near_pairs": int(found.n_pairs.sum()),
        "pairs_in_14_days": int(found.observed[:, :2].sum()),
    }


def _pointpats(x: np.ndarray, y: np.ndarray, day: np.ndarray, reach: float, _: int) -> Any:
    from pointpats import knox

    def cell(part: slice) -> Any:
        places = np.column_stack([x[part], y[part]])
        times = day[part, None].astype(float)
        # Bands of ours end before their upper end; days are whole.
        return knox(places, times, delta=np.nextafter(reach, 0), tau=13, permutations=PERMUTATIONS)

    np.random.seed(1)  # noqa: NPY002 (the only seed pointpats takes)
    cell(slice(0, 200))
    found, cpu, wall = timed(lambda: cell(slice(None)))
    return {"call_cpu_s": cpu, "call_wall_s": wall, "pairs_in_14_days": int(found["stat"])}


METHODS = {"commonlight": _ours, "pointpats": _pointpats}


def _measure(method: str, folder: Path, reach: str, threads: str) -> dict[str, Any]:
    x, y, day = (np.load(folder / f"{name}.npy") for name in ("x", "y", "day"))
    return {**METHODS[method](x, y, day, float(reach), int(threads)), "peak_mib": peak_mib()}


def _case(n: int, reach: float, with_peer: bool, folder: Path) -> list[dict[str, Any]]:
    x, y, time = crime_points(n)
    for name, values in (("x", 2 * x), ("y", 2 * y), ("day", np.floor(time).astype(np.int64))):
        np.save(folder / f"{name}.npy", values)
    runs = [("commonlight", 1), ("commonlight", 2)]
    if with_peer and has("pointpats"):
        runs.append(("pointpats", 1))
    rows = []
    for method, threads in runs:
        used = child("knox_table", method, folder, str(reach), str(threads))
        rows.append({"points": n, "within_m": reach, "what": method, "threads": threads, **used})
    return [{**row, **_judged(n, row, rows[-1])} for row in rows]


def _judged(n: int, row: dict[str, Any], last: dict[str, Any]) -> dict[str, Any]:
    if row["what"] != "commonlight" or n not in TARGETS:
        return {}
    cpu, memory = TARGETS[n]
    times = last["call_cpu_s"] / row["call_cpu_s"] if last["what"] == "pointpats" else None
    met = row["call_cpu_s"] <= cpu and row["peak_mib"] <= memory
    return {
        "target_cpu_s": cpu,
        "target_peak_mib": memory,
        "times_faster": "" if times is None else round(times, 1),
        "met": met and (times is None or times >= LEAST_RATIO),
    }


def run(cases: tuple[tuple[int, float, bool], ...] = CASES) -> list[dict[str, Any]]:
    """Measure; one row for each method and case."""
    rows = []
    for case in cases:
        with tempfile.TemporaryDirectory() as folder:
            rows += _case(*case, Path(folder))
    return rows


if __name__ == "__main__":
    given = child_arguments()
    if given:
        print(json.dumps(_measure(given[0], Path(given[1]), *given[2:])))
    else:
        print(json.dumps(run(), indent=2))
