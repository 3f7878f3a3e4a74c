"""Kills real imports with SIGKILL and looks at the lake after each; run by test_lake.py.

The process imports the library once and forks for each try, so that a try takes as long
as the import alone. Prints one JSON object with what was seen.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from commonlight.sources.importing import import_source
from commonlight.sources.lake import Lake
from commonlight.sources.mapping import Mapping, PlaceColumns, TimeColumns, TypeColumns

MAPPING = Mapping(
    kind="incidents",
    name="killed",
    id="id",
    time=TimeColumns(start="from", formats=("%Y-%m-%d %H:%M",)),
    place=PlaceColumns(x="lon", y="lat", crs="EPSG:4326"),
    type=TypeColumns(column="type"),
)
STEPS = ["fsync"] * 7 + ["rename", "replace"]


def write(path: Path, n: int) -> None:
    lines = [f"{i % (n - 5)},2020-05-01 10:00,13.4{i % 100:02d},52.5,t{i % 9}" for i in range(n)]
    path.write_text("\n".join(["id,from,lon,lat,type", *lines]) + "\n")


def run(path: Path, lake: Path) -> None:
    import_source(path, MAPPING, lake=lake, name="killed", crs="EPSG:25833")


def die_at(step: str, call: int, after: bool) -> None:
    """Make this process kill itself right before or after a call that touches the disk."""
    owner = Path if step == "rename" else os
    real = getattr(owner, step)
    calls = [0]

    def deadly(*args, **options):
        calls[0] += 1
        if calls[0] == call and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*args, **options)
        if calls[0] == call and after:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, step, deadly)


def attempt(path: Path, lake: Path, *, wait: float | None, deadly: tuple | None) -> float:
    """Fork an import and kill it; how long it ran, in seconds."""
    began = time.perf_counter()
    child = os.fork()
    if child == 0:
        try:
            if deadly:
                die_at(*deadly)
            run(path, lake)
        finally:
            os._exit(0)
    if wait is not None:
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return time.perf_counter() - began


def look(lake: Path, before: tuple[str, ...], n: int) -> str:
    """The old or the new version, whole; anything else ends the run."""
    now = Lake(lake).versions("killed")
    assert now[: len(before)] == before, (before, now)
    assert len(now) <= len(before) + 1, (before, now)
    for name in now[-2:]:
        version = Lake(lake).open("killed", name)
        version.verify()
        manifest = version.manifest
        assert manifest["accepted"] + manifest["rejected"] == manifest["read"]
        assert version.table().num_rows == manifest["observations"]
        assert version.rejected().num_rows == manifest["rejected"]
    if now == before:
        return "old"
    assert Lake(lake).open("killed").manifest["read"] == n
    return "new"


def main(folder: Path) -> None:
    lake, path = folder / "lake", folder / "f.csv"
    write(path, 1000)
    run(path, lake)
    durations = []
    for n in (1001, 1002, 1003, 1004, 1005):
        write(path, n)
        durations.append(attempt(path, lake, wait=None, deadly=None))
    length = min(durations)
    rng = random.Random(20261121)
    plans = [(length * 1.1 * (k + rng.random()) / 50, None) for k in range(50)]
    plans += [
        (None, (step, STEPS[:i].count(step) + 1, after))
        for i, step in enumerate(STEPS)
        for after in (False, True)
    ]
    seen = []
    for k, (wait, deadly) in enumerate(plans):
        before, n = Lake(lake).versions("killed"), 2000 + k
        write(path, n)
        attempt(path, lake, wait=wait, deadly=deadly)
        seen.append(look(lake, before, n))
    write(path, 5000)
    run(path, lake)
    home = lake / "killed"
    left = sorted(p.name for p in home.iterdir())
    kept = sorted(p.name for p in (home / "versions").iterdir())
    print(
        json.dumps(
            {
                "length": length,
                "random": seen[:50],
                "steps": [
                    [*plan[1], state] for plan, state in zip(plans[50:], seen[50:], strict=True)
                ],
                "left": left,
                "only_registered": kept == sorted(Lake(lake).versions("killed")),
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
