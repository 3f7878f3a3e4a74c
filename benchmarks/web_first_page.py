"""From nothing to the first page: ``git clone`` and ``make demo`` in an empty home folder.

Nothing is cached: neither packages nor bytecode nor kernels. ``CI=true`` lets the demo stop as
soon as the first page answers. Packages come from the registry that pip is set up for. Each row
is a step, with its seconds by the clock. Target for all of it: at most 300 seconds.
``load_before`` is the machine's load of the last minute before the step, two processors.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

QUICK = {"steps": 1}
TARGET_S = 300
HERE = Path(__file__).resolve().parents[1]
#: What a shell of ours sets and a newcomer's does not.
OURS = ("COMMONLIGHT", "DJANGO", "PYTHON", "VIRTUAL_ENV", "UV_CACHE", "XDG")
STEPS = (
    ("clone", ["git", "clone", "--quiet", str(HERE), "fresh"]),
    ("install", ["make", "-C", "fresh", ".venv/base.stamp"]),
    ("simulate, import, audit, first page", ["make", "-C", "fresh", "demo", "CI=true"]),
)


def run(steps: int = len(STEPS)) -> list[dict[str, Any]]:
    """Take the steps in an empty folder; one row for each, and their sum."""
    with tempfile.TemporaryDirectory(prefix="commonlight-fresh-") as folder:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        home = Path(folder) / "home"
        home.mkdir()
        environment = kept | {"HOME": str(home)}
        rows = [_step(Path(folder), environment, *step) for step in STEPS[:steps]]
    total = round(sum(row["wall_s"] for row in rows), 1)
    every = {"step": "all", "wall_s": total, "target_s": TARGET_S, "met": total <= TARGET_S}
    return [*rows, every]


def _step(
    folder: Path, environment: dict[str, str], name: str, command: list[str]
) -> dict[str, Any]:
    load, clock = os.getloadavg()[0], time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{name} ended with {done.returncode}: {done.stderr[-2000:]}")
    wall = round(time.perf_counter() - clock, 1)
    return {"step": name, "wall_s": wall, "load_before": round(load, 1)}


if __name__ == "__main__":
    for row in run():
        print(row)
