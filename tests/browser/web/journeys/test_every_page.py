"""All pages of all roles: links lead somewhere, nothing overflows, axe finds nothing, in both
themes, on phones, from right to left; no page asks another host or makes the browser complain,
and no process leaves the machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from browser.web.journeys.alone import alone, tries
from browser.web.journeys.installation import Workbench, locked
from browser.web.journeys.looking import look_at
from browser.web.journeys.walking import crawl

pytestmark = pytest.mark.browser

STARTS = ("/", "/me/", "/help/", "/public/lindhafen/")
OPEN = ("/accounts/login/", "/accounts/password/reset/", "/help/", "/public/lindhafen/", "/demo/")
LEAST_PAGES = {"coordinator": 120, "analyst": 100, "partner": 80, "stranger": 40, "nobody": 20}
KEYS = ("coordinator", "analyst", "partner", "evaluator", "decision_maker", "stranger", "nobody")


@contextmanager
def looked_at(workbench: Workbench) -> Iterator[set[str]]:
    """The parts of pages that some test of this run has looked at."""
    note = workbench.home.parent / "looked-at.json"
    with locked(workbench.home.parent / "looked-at.lock"):
        seen = set(json.loads(note.read_text())) if note.exists() else set()
        yield seen
        note.write_text(json.dumps(sorted(seen)))


@pytest.mark.parametrize("key", KEYS)
def test_every_page(key: str, workbench: Workbench, browse: Callable[..., Any]) -> None:
    """Each page is opened; each with a part that no page before it had is looked at closely."""
    page = browse(None if key == "nobody" else key)
    faults: list[str] = []
    count = 0
    for found in crawl(page.context, list(OPEN if key == "nobody" else STARTS), faults):
        count += 1
        with looked_at(workbench) as seen:
            is_new = not found.structure <= seen
            seen |= found.structure
        if is_new:
            faults += look_at(page, found.path)
    assert faults == []
    assert count >= LEAST_PAGES.get(key, 60)
    assert workbench.tries_to_reach_others() == []


def test_the_network_reaches_nobody(tmp_path: Path, workbench: Workbench) -> None:
    """The guard under which the whole installation runs refuses and notes what would leave."""
    call = "import socket; socket.create_connection(({host!r}, {port}), timeout=5)"

    def asked(host: str, port: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", call.format(host=host, port=port)],
            env=alone(tmp_path, dict(os.environ)),
            capture_output=True,
            text=True,
            check=False,
        )

    assert "no network reaches" in asked("192.0.2.1", 80).stderr
    assert "no network reaches" in asked("example.org", 443).stderr
    assert len(tries(tmp_path)) == 2
    assert asked("127.0.0.1", int(workbench.url.rpartition(":")[2])).returncode == 0
    assert len(tries(tmp_path)) == 2
    assert workbench.unguarded() == []
