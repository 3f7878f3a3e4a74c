"""The workbench under load: pages at 20 requests a second while an import runs, and no lock.

Starts ``commonlight serve --demo`` on SQLite with two web workers and a city of a million
incidents, signs in as the coordinator, and asks for pages at a fixed rate (open loop: a late
answer does not delay the next question) while a large file is imported. Targets: median at most
200 ms and 95th percentile at most 500 ms for every page. Then 100,000 mixed requests, 5 % of them
writes, as fast as 16 clients can ask: not one may fail.
"""

from __future__ import annotations

import http.client
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

QUICK = {"incidents": 10_000, "seconds": 5, "requests": 200}
MEDIAN_MS, P95_MS, IDLE_MIB = 200, 500, 500
RATE = 20
PORT = 8766


class Browser:
    """One signed-in person over one kept connection."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None) -> None:
        self.port = port
        self.cookies = dict(cookies or {})
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Status and body; a dropped connection is opened again once."""
        body = urlencode(form) if form else None
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        for attempt in (1, 2):
            try:
                self._connection.request(method, path, body=body, headers=headers)
                answer = self._connection.getresponse()
                content = answer.read()
                break
            except (http.client.HTTPException, ConnectionError):
                if attempt == 2:
                    raise
                self._connection.close()
        for value in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.split(";")[0]
        return answer.status, content

    def token(self, path: str) -> str:
        """The hidden token of the first form of a page."""
        page = self.ask("GET", path)[1].decode()
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found, f"no form on {path}"
        return found[1]

    def become(self, key: str) -> None:
        """Sign in as a person of the demo."""
        token = self.token("/demo/")
        status, _ = self.ask("POST", f"/demo/{key}/", {"csrfmiddlewaretoken": token})
        assert status == 302, f"sign-in as {key} gave {status}"


def run(
    incidents: int = 1_000_000, seconds: int = 60, requests: int = 100_000
) -> list[dict[str, Any]]:
    """Start, measure, stop; one row for each page and one for the mixed requests."""
    with tempfile.TemporaryDirectory(prefix="commonlight-load-") as folder:
        server, started = _start(Path(folder), incidents)
        try:
            idle = _idle(server.pid)
            browser = Browser(PORT)
            browser.become("coordinator")
            pages = _pages(browser)
            rows = [{"what": "from start to ready", "wall_s": round(started, 1)}, idle]
            rows += _fixed_rate(browser, pages, seconds, Path(folder))
            rows.append(_mixed(browser, pages, requests))
        finally:
            _stop(server)
    return rows


def _start(home: Path, incidents: int) -> tuple[subprocess.Popen[bytes], float]:
    clock = time.perf_counter()
    command = [sys.executable, "-c", "from commonlight.cli import main; main()"]
    command += ["serve", "--demo", "--home", str(home), "--port", str(PORT)]
    environment = os.environ | {"COMMONLIGHT_DEMO_INCIDENTS": str(incidents)}
    log = (home / "serve.log").open("wb")
    server = subprocess.Popen(
        command, env=environment, stdout=log, stderr=log, start_new_session=True
    )
    while True:
        try:
            if Browser(PORT).ask("GET", "/health/ready")[0] == 200:
                return server, time.perf_counter() - clock
        except OSError:
            pass
        if server.poll() is not None:
            raise RuntimeError((home / "serve.log").read_text()[-2000:])
        time.sleep(0.5)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGTERM)
    server.wait(30)


def _idle(pid: int) -> dict[str, Any]:
    """Proportional memory of all processes of the installation, a minute after the start."""
    time.sleep(20)
    total = sum(_pss(child) for child in _family(pid))
    mib = total // 1024
    return {
        "what": "idle memory, all processes (PSS)",
        "mib": mib,
        "target_mib": IDLE_MIB,
        "met": mib <= IDLE_MIB,
    }


def _family(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            found += [int(child) for child in task.read_text().split()]
    return found


def _pss(pid: int) -> int:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)
    return int(found[1]) if found else 0


def _pages(browser: Browser) -> dict[str, str]:
    """The pages that are asked for: a finding, a run and a map are found by following links."""
    home = "/w/lindhafen/"
    findings = browser.ask("GET", f"{home}findings/")[1].decode()
    runs = browser.ask("GET", f"{home}runs/")[1].decode()
    finding = re.findall(rf'href="({home}findings/\d+/[^"/?#]+/)', findings)
    one_run = re.search(rf'href="({home}runs/\d+/)', runs)
    pages = {
        "overview": home,
        "data": f"{home}data/",
        "a data set": f"{home}data/recorded-crime/",
        "findings": f"{home}findings/",
        "divergence": f"{home}divergence/",
        "agreements": f"{home}agreements/",
        "runs": f"{home}runs/",
        "people": f"{home}people/",
        "event log": f"{home}log/",
        "releases": f"{home}releases/",
        "public page": "/public/lindhafen/",
        "findings as JSON": "/api/v1/workspaces/lindhafen/findings",
    }
    if finding:
        pages["a finding"] = finding[0]
    if one_run:
        pages["a run"] = one_run[1]
    for name, path in pages.items():
        status, _ = browser.ask("GET", path)
        assert status == 200, f"{name} ({path}) gave {status}"
    return pages


def _fixed_rate(
    browser: Browser, pages: dict[str, str], seconds: int, home: Path
) -> list[dict[str, Any]]:
    """Answer times from the moment each request was due, an import running beside."""
    upload = threading.Thread(target=_import, args=(home,), daemon=True)
    upload.start()
    time.sleep(2)
    names = list(pages)
    found: dict[str, list[float]] = {name: [] for name in names}
    local = threading.local()
    start = time.perf_counter()

    def one(number: int) -> None:
        if not hasattr(local, "browser"):
            local.browser = Browser(PORT, browser.cookies)
        due = start + number / RATE
        time.sleep(max(0.0, due - time.perf_counter()))
        name = names[number % len(names)]
        status, _ = local.browser.ask("GET", pages[name])
        assert status == 200, f"{name} gave {status}"
        found[name].append((time.perf_counter() - due) * 1000)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(one, range(seconds * RATE)))
    running = upload.is_alive()
    return [_row(name, times, running) for name, times in found.items()]


def _row(name: str, times: list[float], running: bool) -> dict[str, Any]:
    median = statistics.median(times)
    p95 = sorted(times)[int(0.95 * (len(times) - 1))]
    return {
        "what": f"page: {name}",
        "requests": len(times),
        "median_ms": round(median),
        "p95_ms": round(p95),
        "import_still_ran": running,
        "met": median <= MEDIAN_MS and p95 <= P95_MS,
    }


def _import(home: Path) -> None:
    """Import the city's incidents once more, as the worker would: the same command, niced."""
    city = home / "demo-city"
    command = [sys.executable, "-c", "from commonlight.cli import main; main()"]
    command += ["sources", "import", str(city / "simulated_incidents.csv")]
    command += ["--mapping", str(city / "incidents.toml"), "--lake", str(home / "again")]
    for number in range(20):
        subprocess.run(
            ["nice", "-n", "10", *command, "--name", f"again-{number}"],
            check=True,
            capture_output=True,
        )


def _mixed(browser: Browser, pages: dict[str, str], requests: int) -> dict[str, Any]:
    """Requests as fast as 16 clients can ask, one in twenty a write."""
    paths = [path for path in pages.values() if "/api/" not in path]
    token = browser.token("/me/")
    local = threading.local()
    failures: list[str] = []
    clock = time.perf_counter()

    def one(number: int) -> None:
        if not hasattr(local, "browser"):
            local.browser = Browser(PORT, browser.cookies)
        if number % 20 == 0:
            form = {"csrfmiddlewaretoken": token, "name": f"Ida Brandt {number}", "language": "en"}
            status, _ = local.browser.ask("POST", "/me/", form)
        else:
            status, _ = local.browser.ask("GET", paths[number % len(paths)])
        if status >= 400:
            failures.append(f"{number}: {status}")

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(one, range(requests)))
    wall = time.perf_counter() - clock
    return {
        "what": f"{requests:,} mixed requests, 5 % writes",
        "requests_per_s": round(requests / wall),
        "failures": len(failures),
        "first_failures": failures[:3],
        "met": not failures,
    }


if __name__ == "__main__":
    for row in run(**(QUICK if "--quick" in sys.argv else {})):
        print(row)
