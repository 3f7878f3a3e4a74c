"""One measurement in a process of its own: CPU seconds, seconds by the clock, peak memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What the work returns, its user and system CPU seconds, and its seconds by the clock."""
    before, clock = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    result = work()
    after, wall = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter() - clock
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return result, round(cpu, 4), round(wall, 4)


def process(*command: str) -> tuple[str, dict[str, float]]:
    """What a command prints, and what its whole process used; kernels come from their cache."""
    load, clock = os.getloadavg()[0], time.perf_counter()
    child = subprocess.Popen([*command], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    printed = child.stdout.read()
    # wait4 gives the figures of this child alone; getrusage would give the largest so far.
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if status != 0:
        raise RuntimeError(f"{' '.join(command)} ended with status {status}")
    return printed, {
        "process_cpu_s": round(used.ru_utime + used.ru_stime, 3),
        "process_wall_s": round(time.perf_counter() - clock, 3),
        "peak_mib": round(used.ru_maxrss / 1024),
        "load_before": round(load, 1),
    }


def child(module: str, method: str, folder: Path, *arguments: str) -> dict[str, Any]:
    """Run one method of a benchmark in a fresh process; what it found, and what it used."""
    command = (sys.executable, "-m", f"benchmarks.{module}", "--child", method, str(folder))
    printed, used = process(*command, *arguments)
    return {**used, **json.loads(printed.splitlines()[-1])}


def peak_mib() -> int:
    """Peak memory of this process; the kernel's figure for a child begins at its parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def child_arguments() -> list[str] | None:
    """Method, folder and further arguments when this process is such a child."""
    return sys.argv[2:] if sys.argv[1:2] == ["--child"] else None


def has(package: str) -> bool:
    """Whether a peer is installed."""
    from importlib.util import find_spec

    return find_spec(package) is not None
