"""The installation under load: its start and end, people who ask, imports beside, and times."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.measure import child_arguments

__all__ = ["HOME", "Browser", "Clients", "fixed_rate", "importing", "serving", "times_row", "warm"]

MEDIAN_MS, P95_MS = 200, 500
RATE = 20
PORT = 8766
HOME = "/w/lindhafen/"


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


@contextmanager
def serving(home: Path, incidents: int) -> Iterator[subprocess.Popen[bytes]]:
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


def warm(browser: Browser, pages: dict[str, str]) -> None:
    """Each page several times, so that both web workers have seen it; all must answer."""
    for _ in range(4):
        for name, path in pages.items():
            status, _ = browser.ask("GET", path)
            assert status == 200, f"{name} ({path}) gave {status}"


@contextmanager
def importing(home: Path) -> Iterator[list[float]]:
    """Imports by the installation's worker, one after the other; the seconds that each took."""
    command = (sys.executable, "-m", "benchmarks.web_serving", "--child", str(home))
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


def fixed_rate(
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
    rows = [times_row(name, times) for name, times in found.items()]
    every = [one for times in found.values() for one in times]
    together = times_row("all pages together", every) | {
        "load_before": round(load, 1),
        "imports": len(imports) - before,
        "met": all(one["met"] for one in rows),
    }
    return [*rows, together]


def times_row(name: str, times: list[float]) -> dict[str, Any]:
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


if __name__ == "__main__":
    import_again(Path(child_arguments()[0]))
