"""The whole audit of the demo city, from CSV to page, PDF and folder.

100,000 incidents are simulated first; that is not part of the figure. Then `commonlight audit`
runs in a process of its own, with compiled kernels in their cache (the first run on a machine
compiles them and takes longer; it is shown apart). Target: at most 30 seconds.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


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
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", "from commonlight.cli import main; main()", *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "wall s": time.perf_counter() - start,
        "CPU s": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "peak MiB": after.ru_maxrss / 1024,
    }


if __name__ == "__main__":
    for row in run():
        print(row)
