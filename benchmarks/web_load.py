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

import os
import re
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.web_idle import descendants, row
from benchmarks.web_serving import (
    HOME,
    Browser,
    Clients,
    fixed_rate,
    importing,
    serving,
    times_row,
    warm,
)

QUICK = {"incidents": 10_000, "seconds": 5, "requests": 200}
CLIENTS = 16
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


def run(
    incidents: int = 1_000_000, seconds: int = 330, requests: int = 100_000
) -> list[dict[str, Any]]:
    """Start, measure, stop; one row for each page and one for the mixed requests."""
    with (
        tempfile.TemporaryDirectory(prefix="commonlight-load-") as folder,
        serving(Path(folder), incidents) as server,
    ):
        browser = Browser()
        browser.become("coordinator")
        known = _known(browser)
        pages = {name: path.format(**known) for name, path in PAGES.items()}
        warm(browser, pages)
        with importing(Path(folder)) as imports:
            rows = fixed_rate(browser, pages, seconds, imports)
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


def _known(browser: Browser) -> dict[str, str]:
    """The newest result of the audit, and findings with a map of areas, of cells and a chart."""
    listed = browser.ask("GET", f"{HOME}findings/")[1].decode()
    found = re.search(rf'href="{HOME}findings/(\d+)/', listed)
    assert found, "the demo shows no finding"
    of_run = f"{HOME}findings/{found[1]}/recorded-crime."
    keys = {"map": "rates/", "cells": "hot-spots/", "chart": "trend/"}
    return {"run": found[1]} | {name: of_run + key for name, key in keys.items()}


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
    return times_row(f"{requests:,} mixed requests, {CLIENTS} clients, 5 % writes", times) | {
        "load_before": round(load, 1),
        "imports": len(imports) - before,
        "requests_per_s": round(requests / wall),
        "failures": len(failures),
        **({"first_failures": failures[:3]} if failures else {}),
    }


if __name__ == "__main__":
    for one in run(**(QUICK if "--quick" in sys.argv else {})):
        print(one)
