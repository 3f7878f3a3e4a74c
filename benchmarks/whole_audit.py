"""The whole audit of the demo city, from CSV to page, PDF and folder.

100,000 incidents are simulated first; that is not part of the figure. Then `commonlight audit`
runs in a process of its own, with compiled kernels in their cache. Before the very first run on
a machine they are compiled, once, which takes some 16 seconds of CPU more. Target: at most 30
seconds.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

QUICK = {"incidents": 10_000}


def run(incidents: int = 100_000) -> list[dict]:
    with tempfile.TemporaryDirectory() as folder:
        city = Path(folder) / "city"
        command("simulate", str(city), "--incidents", str(incidents))
        rows = []
        for label in ("first run", "second run", "third run"):
            out = Path(folder) / label.replace(" ", "-")
            figures = command("audit", str(city / "audit.toml"), "--out", str(out))
            rows.append({"what": f"audit of {incidents:,} incidents, {label}", **figures})
        return rows


def command(*arguments: str) -> dict:
    start = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-c", "from commonlight.cli import main; main()", *arguments],
        stdout=subprocess.DEVNULL,
    )
    # wait4 gives the figures of this child alone; getrusage would give the largest so far.
    _, status, used = os.wait4(child.pid, 0)
    if status != 0:
        raise RuntimeError(f"commonlight {' '.join(arguments)} ended with status {status}")
    return {
        "wall s": time.perf_counter() - start,
        "CPU s": used.ru_utime + used.ru_stime,
        "peak MiB": used.ru_maxrss / 1024,
    }


if __name__ == "__main__":
    for row in run():
        print(row)
