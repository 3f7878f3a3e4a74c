"""Memory of the whole small installation while nobody works: ``commonlight serve``.

The proportional share of memory (PSS) of every process, summed, one minute after the first page
was asked for 200 times: supervisor, server, two web workers, worker. Target: at most 500 MB.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

QUICK = {"pages": 5, "settle": 1.0}
TARGET_MB = 500
COMMAND = [sys.executable, "-c", "from commonlight.cli import main; main()", "serve", "--port"]
NAMES = {"pages": "server and web workers", "worker": "worker of runs"}


def run(pages: int = 200, settle: float = 60.0) -> list[dict[str, Any]]:
    """Measure; one row for each process, and their sum."""
    with tempfile.TemporaryDirectory() as home, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        own = {k: v for k, v in os.environ.items() if not k.startswith(("COMMONLIGHT", "DJANGO"))}
        serve = subprocess.Popen(
            [*COMMAND, str(port)], env=own | {"COMMONLIGHT_HOME": home}, stdout=subprocess.DEVNULL
        )
        try:
            wait_for(port)
            for _ in range(pages):
                ask(port, "/accounts/login/")
            time.sleep(settle)
            rows = [row(number) for number in [serve.pid, *descendants(serve.pid)]]
        finally:
            serve.terminate()
            serve.wait(30)
    total = sum(one["pss_mb"] for one in rows)
    return [*rows, {"process": "all", "pss_mb": total, "target_mb": TARGET_MB, "met": total <= 500}]


def row(process: int) -> dict[str, Any]:
    """Name and share of memory of one process."""
    words = Path(f"/proc/{process}/cmdline").read_bytes().decode().split("\0")
    name = next((NAMES[word] for word in words if word in NAMES), "supervisor")
    text = Path(f"/proc/{process}/smaps_rollup").read_text()
    kib = int(text.split("\nPss:")[1].split()[0])
    return {"process": name, "pss_mb": round(kib * 1024 / 1e6, 1)}


def descendants(process: int) -> list[int]:
    path = Path(f"/proc/{process}/task/{process}/children")
    children = [int(number) for number in path.read_text().split()]
    return children + [below for child in children for below in descendants(child)]


def wait_for(port: int) -> None:
    end = time.monotonic() + 120
    while b'"worker": true' not in ask(port, "/health/ready"):
        if time.monotonic() > end:
            raise RuntimeError("the workbench did not answer within two minutes")
        time.sleep(0.2)


def ask(port: int, path: str) -> bytes:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        line.request("GET", path)
        return line.getresponse().read()
    except OSError:
        return b""
    finally:
        line.close()


if __name__ == "__main__":
    for one in run():
        print(one)
