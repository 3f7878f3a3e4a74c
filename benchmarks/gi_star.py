"""Gi* of counts in square cells, beside esda.

Incidents of `crime_points` counted in cells of a 20 by 20 km square, neighbours by queen
contiguity, weights binary with the cell itself. ``call_cpu_s`` is the CPU of the call after one
on a small grid (esda compiles during its first), ``lists_cpu_s`` that of making the neighbour
lists. ``z_apart`` is the largest difference of scores from esda's; target: at most 1/10 of
esda's CPU for the same numbers, call against call.

The second part judges p-values, one-sided, in 6,400 cells with 0.8 incidents each on average:
how far each way is from the exact conditional p-value, at most, and how many cells it calls
unusual at 5 %. A permutation estimate itself has a standard error of 0.0016 at p = 0.5 with
99,999 permutations, and 0.016 with 999.
"""

from __future__ import annotations

import json
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.crime_points import SIDE, crime_points
from benchmarks.measure import child, child_arguments, has, peak_mib, timed

QUICK = {"points": 2_000, "cell": 1_000.0, "permutations": 999}
LEAST_RATIO = 10.0
OURS = {
    "commonlight, normal": {"method": "normal"},
    "commonlight, 999 permutations": {"permutations": 999},
    "commonlight, all permutations": {"method": "exact"},
}
THEIRS = {"esda, normal": 0, "esda, 999 permutations": 999}
SAME = {
    "commonlight, normal": "esda, normal",
    "commonlight, 999 permutations": "esda, 999 permutations",
    "commonlight, all permutations": "esda, 999 permutations",
}


def counts(points: int, cell: float) -> np.ndarray:
    """Incidents in each cell, row by row from the south."""
    x, y, _ = crime_points(points)
    side = round(SIDE / cell)
    edges = np.linspace(0, SIDE, side + 1)
    return np.histogram2d(y, x, bins=(edges, edges))[0].ravel()


def _ours(values: np.ndarray, method: str) -> dict[str, Any]:
    from commonlight.analysis.local_statistics import gi_star

    gi_star(np.arange(16) % 5, _lists(4), rng=np.random.default_rng(1), **OURS[method])
    lists, lists_cpu, _ = timed(lambda: _lists(round(len(values) ** 0.5)))
    rng = np.random.default_rng(1)
    found, cpu, wall = timed(lambda: gi_star(values, lists, rng=rng, **OURS[method]))
    return {"found": found.z, "call_cpu_s": cpu, "call_wall_s": wall, "lists_cpu_s": lists_cpu}


def _lists(side: int) -> Any:
    from shapely import box

    from commonlight.analysis.grids import square_grid

    return square_grid(box(0, 0, side, side), cell_size=1).neighbours(include_self=True)


def _esda(values: np.ndarray, method: str) -> dict[str, Any]:
    import esda
    from libpysal.weights import lat2W

    def local(x: np.ndarray, weights: Any) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return esda.G_Local(
                x, weights, transform="B", star=True, permutations=THEIRS[method], n_jobs=1, seed=1
            )

    local(np.arange(100) % 5.0, lat2W(10, 10, rook=False))
    side = round(len(values) ** 0.5)
    weights, lists_cpu, _ = timed(lambda: lat2W(side, side, rook=False))
    found, cpu, wall = timed(lambda: local(values, weights))
    return {"found": found.Zs, "call_cpu_s": cpu, "call_wall_s": wall, "lists_cpu_s": lists_cpu}


def _measure(method: str, folder: Path) -> dict[str, Any]:
    values = np.load(folder / "counts.npy")
    measured = _ours(values, method) if method in OURS else _esda(values, method)
    np.save(folder / f"{method}.npy", measured.pop("found"))
    return {**measured, "peak_mib": peak_mib()}


def _speed(points: int, cell: float, folder: Path) -> list[dict[str, Any]]:
    values = counts(points, cell)
    np.save(folder / "counts.npy", values)
    methods = [*OURS, *(THEIRS if has("esda") else ())]
    for method in OURS:
        child("gi_star", method, folder)  # fills the cache of compiled kernels
    used = {method: child("gi_star", method, folder) for method in methods}
    z = {method: np.load(folder / f"{method}.npy") for method in methods}
    rows = []
    for method in methods:
        row = {"what": method, "cells": len(values), **used[method]}
        peer = SAME.get(method)
        if peer in used:
            times = used[peer]["call_cpu_s"] / row["call_cpu_s"]
            row |= {"times_faster": round(times, 1), "met": times >= LEAST_RATIO}
            row["z_apart"] = float(np.nanmax(np.abs(z[method] - z[peer])))
        rows.append(row)
    return rows


def _p_values(points: int, cell: float, permutations: int) -> list[dict[str, Any]]:
    from commonlight.analysis.local_statistics import gi_star

    values, rng = counts(points, cell), np.random.default_rng(1)
    lists = _lists(round(len(values) ** 0.5))
    ways: dict[str, dict[str, Any]] = {
        "all permutations": {"method": "exact"},
        f"{permutations:,} permutations": {"permutations": permutations, "rng": rng},
        "999 permutations": {"permutations": 999, "rng": rng},
        "normal, exact conditional moments": {"method": "moments"},
        "normal, Ord and Getis": {"method": "normal"},
    }
    found = {
        way: gi_star(values, lists, alternative="greater", **options).p_value
        for way, options in ways.items()
    }
    exact = found["all permutations"]
    return [
        {
            "what": f"p-values: {way}",
            "cells": len(values),
            "p_apart_at_most": float(np.abs(p - exact).max()),
            "p_apart_below_0.01": float(np.abs(p - exact)[exact < 0.01].max()),
            "share_of_cells_p_to_0.05": float((p <= 0.05).mean()),
        }
        for way, p in found.items()
    ]


def run(
    points: int = 50_000, cell: float = 50.0, permutations: int = 99_999
) -> list[dict[str, Any]]:
    """Measure; one row for each method."""
    with tempfile.TemporaryDirectory() as folder:
        rows = _speed(points, cell, Path(folder))
    return rows + _p_values(max(500, points // 10), 250.0, permutations)


if __name__ == "__main__":
    given = child_arguments()
    if given:
        print(json.dumps(_measure(given[0], Path(given[1]))))
    else:
        print(json.dumps(run(), indent=2))
