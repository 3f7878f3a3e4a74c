"""Points to areas: our index beside geopandas' spatial join, exact on every point.

Each measurement runs in a fresh process and reports user and system CPU seconds of the timed
part and the peak memory of the whole process. Timed for us: building the index and assigning
all points, on one thread. Timed for geopandas: ``sjoin`` alone, the frames of points and areas
being made before. Imports and reading the arrays are timed for neither. ``start_cpu_s`` is what
the first call on one square costs: nearly all of it is Numba starting up and loading kernels
from its warm cache, once per process; ``cpu_ratio_with_start`` adds it to our side.

Run ``python -m benchmarks.points_to_areas``.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely

QUICK = {"points": 20_000}
SIDE = 20_000.0  # metres
TARGET = 1 / 12
CASES = {100: (10, 10, 7), 5_000: (100, 50, 5)}  # areas: columns, rows, halvings of each border


def jagged_areas(columns: int, rows: int, halvings: int, seed: int) -> list[Any]:
    """Areas that share jagged borders without gaps, each with a jagged hole."""
    rng = np.random.default_rng(seed)
    width, height = SIDE / columns, SIDE / rows
    c, r = np.meshgrid(np.arange(columns + 1.0), np.arange(rows + 1.0))
    corners = np.stack([c, r], axis=-1) + rng.uniform(-0.12, 0.12, (rows + 1, columns + 1, 2))
    corners *= [width, height]
    along = {(i, j): _jagged(corners[i, j], corners[i, j + 1], halvings, rng)
             for i in range(rows + 1) for j in range(columns)}  # fmt: skip
    up = {(i, j): _jagged(corners[i, j], corners[i + 1, j], halvings, rng)
          for i in range(rows) for j in range(columns + 1)}  # fmt: skip
    areas = []
    for i in range(rows):
        for j in range(columns):
            ring = np.vstack([along[i, j], up[i, j + 1][1:], along[i + 1, j][-2::-1],
                              up[i, j][-2::-1]])  # fmt: skip
            centre = corners[i : i + 2, j : j + 2].mean(axis=(0, 1))
            areas.append(shapely.Polygon(ring, [_hole(centre, min(width, height), rng)]))
    return areas


def _jagged(a: np.ndarray, b: np.ndarray, halvings: int, rng: np.random.Generator) -> np.ndarray:
    line = np.stack([a, b])
    for _ in range(halvings):
        step = np.diff(line, axis=0)
        side = np.column_stack([-step[:, 1], step[:, 0]]) * rng.uniform(-0.08, 0.08, (len(step), 1))
        line = np.insert(line, np.arange(1, len(line)), line[:-1] + step / 2 + side, axis=0)
    return line


def _hole(centre: np.ndarray, size: float, rng: np.random.Generator) -> np.ndarray:
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    radius = size * rng.uniform(0.06, 0.14, turn.size)
    return centre + np.column_stack([np.cos(turn), np.sin(turn)]) * radius[:, None]


def points(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Two thirds of the points in clusters, the rest anywhere, some outside every area."""
    rng = np.random.default_rng(seed)
    n_near = n * 2 // 3
    centres = rng.uniform(0, SIDE, (200, 2))[rng.integers(0, 200, n_near)]
    near = centres + rng.normal(0, 400.0, (n_near, 2))
    anywhere = rng.uniform(-0.02 * SIDE, 1.02 * SIDE, (n - n_near, 2))
    both = rng.permutation(np.vstack([near, anywhere]))
    return both[:, 0].copy(), both[:, 1].copy()


def _ours(areas: np.ndarray, x: np.ndarray, y: np.ndarray) -> dict[str, Any]:
    from commonlight.analysis.assign import AreaIndex

    _, start, _ = _timed(lambda: AreaIndex([shapely.box(0, 0, 1, 1)]).assign([0.5], [0.5]))
    found, cpu, wall = _timed(lambda: AreaIndex(areas).assign(x, y))
    return {"found": found, "cpu_s": cpu, "wall_s": wall, "start_cpu_s": start}


def _geopandas(areas: np.ndarray, x: np.ndarray, y: np.ndarray) -> dict[str, Any]:
    import geopandas

    left = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(x, y))
    right = geopandas.GeoDataFrame(geometry=list(areas))
    joined, cpu, wall = _timed(
        lambda: geopandas.sjoin(left, right, predicate="within", how="inner")
    )
    found = np.full(len(left), -1, dtype=np.int32)
    found[joined.index.to_numpy()] = joined["index_right"].to_numpy()
    return {"found": found, "cpu_s": cpu, "wall_s": wall}


METHODS = {"commonlight": _ours, "geopandas": _geopandas}


def _measure(method: str, folder: Path) -> dict[str, Any]:
    areas = shapely.from_wkb(np.load(folder / "areas.npy", allow_pickle=True))
    x, y = np.load(folder / "x.npy"), np.load(folder / "y.npy")
    measured = METHODS[method](areas, x, y)
    np.save(folder / f"{method}.npy", measured.pop("found"))
    return {**measured, "peak_mib": _peak_mib()}


def _timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What the work returns, its user and system CPU seconds, and its seconds by the clock."""
    before, clock = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    result = work()
    after, wall = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter() - clock
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return result, round(cpu, 3), round(wall, 3)


def _peak_mib() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def _child(method: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.points_to_areas", "--child", method, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def _case(n_areas: int, n_points: int, folder: Path) -> dict[str, Any]:
    areas = jagged_areas(*CASES[n_areas], seed=n_areas)
    assert all(area.is_valid for area in areas)
    x, y = points(n_points, seed=1)
    np.save(folder / "areas.npy", np.array([area.wkb for area in areas], dtype=object))
    np.save(folder / "x.npy", x)
    np.save(folder / "y.npy", y)
    _child("commonlight", folder)  # fills the cache of compiled kernels
    measured = {method: _child(method, folder) for method in METHODS}
    found = {method: np.load(folder / f"{method}.npy") for method in METHODS}
    ours, theirs = measured["commonlight"], measured["geopandas"]
    ratio = ours["cpu_s"] / theirs["cpu_s"]
    with_start = (ours["cpu_s"] + ours["start_cpu_s"]) / theirs["cpu_s"]
    return {
        "case": f"{n_points:,} points, {n_areas:,} areas with holes",
        "vertices": int(sum(shapely.get_num_coordinates(area) for area in areas)),
        **{f"{m}_{key}": value for m, row in measured.items() for key, value in row.items()},
        "cpu_ratio": round(ratio, 4),
        "cpu_ratio_with_start": round(with_start, 4),
        "target_ratio": round(TARGET, 4),
        "met": ratio <= TARGET,
        "points_that_differ": int((found["commonlight"] != found["geopandas"]).sum()),
        "points_in_an_area": int((found["commonlight"] >= 0).sum()),
    }


def run(points: int = 8_000_000) -> list[dict[str, Any]]:
    """Measure both cases; one row each."""
    rows = []
    for n_areas in CASES:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(_case(n_areas, points, Path(folder)))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description="Points to areas beside geopandas.")
    parser.add_argument("--points", type=int, default=8_000_000)
    parser.add_argument("--child", nargs=2, metavar=("METHOD", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        print(json.dumps(_measure(given.child[0], Path(given.child[1]))))
    else:
        print(json.dumps(run(given.points), indent=2))


if __name__ == "__main__":
    main()
