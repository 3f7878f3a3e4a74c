"""The workbench under load: every page at 20 requests a second during imports, and no lock.

``commonlight serve --demo`` on SQLite with two web workers and a city of a million incidents.
The coordinator asks for one page after the other at a fixed rate (open loop: a late answer does
not delay the next question, and waiting counts), while the installation's own worker imports the
million incidents again and again. Times are from the moment a request was due to its last byte.
Targets for every page: median at most 200 ms, 95th percentile at most 500 ms.

Then mixed requests, as fast as 16 clients can ask, the imports going on: one in twenty a write
(a person changes her own page, which is recorded in the event log), one in twenty a page, the
others the small answers that pages fetch (progress, values of a map, style, help). Target: not
one fails, and "database is locked" stands nowhere in the log.

``load_before`` is the machine's load of the last minute before the part began, two processors.
``COMMONLIGHT_BENCH_HOME`` names the home of a demo made before, which is copied.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.measure import child_arguments
from benchmarks.web_idle import descendants, row

QUICK = {"incidents": 10_000, "seconds": 5, "requests": 200}
MEDIAN_MS, P95_MS = 200, 500
RATE = 20
CLIENTS = 16
PORT = 8766
HOME = "/w/lindhafen/"
LOCKED = "database is locked"
#: Pages by name; {run}, {map}, {cells} and {chart} are filled in with what the demo holds.
PAGES = {
    "overview": HOME,
    "data": f"{HOME}data/",
    "a data set": f"{HOME}data/recorded-crime/",
    "a version": f"{HOME}data/recorded-crime/versions/1/",
    "bring a version": f"{HOME}data/areas/upload/",
    "export of data": f"{HOME}data/recorded-crime/export/",
    "audits": f"{HOME}audits/",
    "findings": f"{HOME}findings/",
    "a finding, map of areas": "{map}",
    "a finding, map of cells": "{cells}",
    "a finding, chart": "{chart}",
    "divergence": f"{HOME}divergence/",
    "releases": f"{HOME}releases/",
    "a release": f"{HOME}releases/1/",
    "agreements": f"{HOME}agreements/",
    "an agreement": f"{HOME}agreements/1/",
    "runs": f"{HOME}runs/",
    "a run": f"{HOME}runs/{{run}}/",
    "people": f"{HOME}people/",
    "spaces": f"{HOME}spaces/",
    "event log": f"{HOME}log/",
    "retention": f"{HOME}retention/",
    "settings": f"{HOME}settings/",
    "export": f"{HOME}export/",
    "own page": "/me/",
    "help: terms": "/help/terms/",
    "public: start": "/public/lindhafen/",
    "public: findings": "/public/lindhafen/findings/",
    "public: agreements": "/public/lindhafen/agreements/",
    "public: catalogue": "/public/lindhafen/catalogue/",
    "API: description": "/api/",
    "API: findings": "/api/v1/workspaces/lindhafen/findings",
    "API: data sets": "/api/v1/workspaces/lindhafen/datasets",
}
SMALL = (
    f"{HOME}runs/{{run}}/progress/",
    "{map}map.json",
    "/theme.css",
    "/help/",
    "/health/ready",
    f"{HOME}releases/",
    f"{HOME}runs/{{run}}/progress/",
)


class Browser:
    """One signed-in person over one kept connection."""

    def __init__(self, cookies: dict[str, str] | None = None) -> None:
        self.cookies = dict(cookies or {})
        self._connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=120)

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
                self._connection.close()
                if attempt == 2:
                    raise
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


class Clients:
    """So many browsers of one person, one a thread."""

    def __init__(self, browser: Browser) -> None:
        self._cookies = browser.cookies
        self._local = threading.local()

    @property
    def own(self) -> Browser:
        """The browser of this thread."""
        if not hasattr(self._local, "browser"):
            self._local.browser = Browser(self._cookies)
        found: Browser = self._local.browser
        return found


def run(
    incidents: int = 1_000_000, seconds: int = 330, requests: int = 100_000
) -> list[dict[str, Any]]:
    """Start, measure, stop; one row for each page and one for the mixed requests."""
    with (
        tempfile.TemporaryDirectory(prefix="commonlight-load-") as folder,
        _server(Path(folder), incidents) as server,
    ):
        browser = Browser()
        browser.become("coordinator")
        known = _known(browser)
        pages = {name: path.format(**known) for name, path in PAGES.items()}
        _warm(browser, pages)
        with _imports(Path(folder)) as imports:
            rows = _fixed_rate(browser, pages, seconds, imports)
            small = [path.format(**known) for path in SMALL]
            rows.append(_mixed(browser, [*pages.values()], small, requests, imports))
        rows.append(_memory(server.pid))
        rows[-2]["locked_in_log"] = (Path(folder) / "serve.log").read_text().count(LOCKED)
        rows[-2]["met"] = not rows[-2]["failures"] and not rows[-2]["locked_in_log"]
        assert server.poll() is None, "the server ended"
    return rows


def _memory(server: int) -> dict[str, Any]:
    """The share of memory of all processes when all this is over, a minute later."""
    time.sleep(60)
    total = sum(row(number)["pss_mb"] for number in [server, *descendants(server)])
    return {"what": "memory of all processes, a minute later", "pss_mb": round(total)}


@contextmanager
def _server(home: Path, incidents: int) -> Iterator[subprocess.Popen[bytes]]:
    """The installation, from its start to its end."""
    made = os.environ.get("COMMONLIGHT_BENCH_HOME")
    if made:
        shutil.copytree(made, home, dirs_exist_ok=True)
    command = [sys.executable, "-c", "from commonlight.cli import main; main()"]
    command += ["serve", "--demo", "--home", str(home), "--port", str(PORT)]
    environment = os.environ | {"COMMONLIGHT_DEMO_INCIDENTS": str(incidents)}
    with (home / "serve.log").open("wb") as log:
        server = subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            _wait_for(server, home / "serve.log")
            yield server
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


def _wait_for(server: subprocess.Popen[bytes], log: Path) -> None:
    while server.poll() is None:
        try:
            if b'"worker": true' in Browser().ask("GET", "/health/ready")[1]:
                return
        except OSError:
            pass
        time.sleep(0.5)
    raise RuntimeError(log.read_text()[-2000:])


def _known(browser: Browser) -> dict[str, str]:
    """The newest result of the audit, and findings with a map of areas, of cells and a chart."""
    listed = browser.ask("GET", f"{HOME}findings/")[1].decode()
    found = re.search(rf'href="{HOME}findings/(\d+)/', listed)
    assert found, "the demo shows no finding"
    of_run = f"{HOME}findings/{found[1]}/recorded-crime."
    keys = {"map": "rates/", "cells": "hot-spots/", "chart": "trend/"}
    return {"run": found[1]} | {name: of_run + key for name, key in keys.items()}


def _warm(browser: Browser, pages: dict[str, str]) -> None:
    """Each page several times, so that both web workers have seen it; all must answer."""
    for _ in range(4):
        for name, path in pages.items():
            status, _ = browser.ask("GET", path)
            assert status == 200, f"{name} ({path}) gave {status}"


@contextmanager
def _imports(home: Path) -> Iterator[list[float]]:
    """Imports by the installation's worker, one after the other; the seconds that each took."""
    command = (sys.executable, "-m", "benchmarks.web_load", "--child", str(home))
    took: list[float] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        reader = threading.Thread(target=_read, args=(child, took), daemon=True)
        reader.start()
        try:
            yield took
            assert child.poll() is None, "the imports ended before the measurement"
        finally:
            child.terminate()
            reader.join(10)


def _read(child: subprocess.Popen[str], took: list[float]) -> None:
    assert child.stdout is not None
    took += (float(line) for line in child.stdout)


def import_again(home: Path) -> None:
    """In a process of its own: bring the incidents again, wait for the worker, and so on."""
    os.environ |= {"COMMONLIGHT_HOME": str(home), "COMMONLIGHT_DEMO": "1"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "commonlight.web.config.settings"
    import django

    django.setup()
    from types import SimpleNamespace

    from commonlight.web.data.models import DataSet
    from commonlight.web.demo.deliveries import deliver
    from commonlight.web.demo.partnership import SOURCES
    from commonlight.web.workspaces.models import Membership, Workspace

    place = Workspace.objects.get(slug="lindhafen")
    source = next(one for one in SOURCES if one.slug == "recorded-crime")
    partnership = SimpleNamespace(
        workspace=place,
        members={one.role: one for one in Membership.objects.of(place).select_related("user")},
        datasets={one.slug: one for one in DataSet.objects.of(place)},
    )
    while True:
        begun = time.perf_counter()
        asked = deliver(partnership, source, home / "demo-city")
        while asked.state in ("queued", "running"):
            time.sleep(1)
            asked.refresh_from_db()
        assert asked.state == "done", f"{asked.state}: {asked.failure}"
        print(round(time.perf_counter() - begun, 1), flush=True)


def _fixed_rate(
    browser: Browser, pages: dict[str, str], seconds: int, imports: list[float]
) -> list[dict[str, Any]]:
    """Answer times from the moment each request was due, imports running beside."""
    names, clients, before = list(pages), Clients(browser), len(imports)
    found: dict[str, list[float]] = {name: [] for name in names}
    load, start = os.getloadavg()[0], time.perf_counter() + 2

    def one(number: int) -> None:
        due = start + number / RATE
        time.sleep(max(0.0, due - time.perf_counter()))
        name = names[number % len(names)]
        status, _ = clients.own.ask("GET", pages[name])
        assert status == 200, f"{name} gave {status}"
        found[name].append((time.perf_counter() - due) * 1000)

    with ThreadPoolExecutor(64) as pool:
        list(pool.map(one, range(seconds * RATE)))
    rows = [_row(name, times) for name, times in found.items()]
    every = [one for times in found.values() for one in times]
    together = _row("all pages together", every) | {
        "load_before": round(load, 1),
        "imports": len(imports) - before,
        "met": all(one["met"] for one in rows),
    }
    return [*rows, together]


def _row(name: str, times: list[float]) -> dict[str, Any]:
    ordered = sorted(times)
    median, p95 = statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))]
    return {
        "what": name,
        "requests": len(times),
        "median_ms": round(median),
        "p95_ms": round(p95),
        "slowest_ms": round(ordered[-1]),
        "met": median <= MEDIAN_MS and p95 <= P95_MS,
    }


def _mixed(
    browser: Browser, pages: list[str], small: list[str], requests: int, imports: list[float]
) -> dict[str, Any]:
    """Requests as fast as the clients can ask, one in twenty a write."""
    paths = [path for path in pages if "/api/" not in path]
    token, clients, before = browser.token("/me/"), Clients(browser), len(imports)
    failures: list[str] = []
    load, clock = os.getloadavg()[0], time.perf_counter()

    def one(number: int) -> float:
        begun = time.perf_counter()
        if number % 20 == 0:
            path = "/me/"
            form = {"csrfmiddlewaretoken": token, "name": f"Ida Brandt {number}", "language": "en"}
            status, _ = clients.own.ask("POST", path, form)
            good = status == 302
        else:
            several = paths if number % 20 == 1 else small
            path = several[(number // 20 if several is paths else number) % len(several)]
            status, _ = clients.own.ask("GET", path)
            good = status == 200
        if not good:
            failures.append(f"{path}: {status}")
        return (time.perf_counter() - begun) * 1000

    with ThreadPoolExecutor(CLIENTS) as pool:
        times = list(pool.map(one, range(requests)))
    wall = time.perf_counter() - clock
    return _row(f"{requests:,} mixed requests, {CLIENTS} clients, 5 % writes", times) | {
        "load_before": round(load, 1),
        "imports": len(imports) - before,
        "requests_per_s": round(requests / wall),
        "failures": len(failures),
        **({"first_failures": failures[:3]} if failures else {}),
    }


if __name__ == "__main__":
    given = child_arguments()
    if given:
        import_again(Path(given[0]))
    else:
        for one in run(**(QUICK if "--quick" in sys.argv else {})):
            print(one)
