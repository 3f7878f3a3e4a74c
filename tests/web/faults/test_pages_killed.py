"""Pages and worker killed while a file comes in: the upload goes on, and the import comes once."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from processes import PATIENCE, called, free_port

pytestmark = pytest.mark.django_db(transaction=True)

SERVE = ("-c", "from commonlight.cli import main; main()", "serve", "--port")
PIECE = 40_000


class Browser:
    """One that is signed in, and tries again while nobody answers."""

    def __init__(self, port: int, session: str) -> None:
        self.port, self.cookies = port, {"sessionid": session}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **headers}
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request(method, path, body, sent)
            answer = line.getresponse()
            found = answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            line.close()
        if new := re.search(r"csrftoken=(\w+)", answer.headers.get("Set-Cookie", "")):
            self.cookies["csrftoken"] = new[1]
        return found

    def surely(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
        """As the script of the page does: a connection that was lost is tried again."""
        end = time.monotonic() + PATIENCE
        while (found := self.ask(method, path, body, **headers))[0] in (0, 502, 503):
            assert time.monotonic() < end, "nobody answers any more"
            time.sleep(0.3)
        return found

    def post(self, path: str, fields: dict[str, Any]) -> tuple[int, str]:
        body = "&".join(f"{name}={value}" for name, value in fields.items())
        return self.surely("POST", path, body, **self.secret(), **FORM)

    def secret(self) -> dict[str, str]:
        return {"X-CSRFToken": self.cookies.get("csrftoken", "")}


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def browser(place: Any, client_of: Callable[[str], Any]) -> Iterator[Browser]:
    port = free_port()
    place.served = place.start(*SERVE, str(port), COMMONLIGHT_LEASE_SECONDS="2")
    found = Browser(port, client_of("analyst").cookies["sessionid"].value)
    place.until(lambda: found.ask("GET", "/health/ready")[0] == 200)
    yield found
    place.served.terminate()
    place.served.wait(PATIENCE)


def kill(place: Any, name: str) -> None:
    """Kill the process of the pages or of the worker, with all that it started."""
    for one in place.children(place.served.pid):
        if f" {name} " in called(one):
            for process in (one, *place.children(one)):
                os.kill(process, signal.SIGKILL)


def test_a_file_comes_in_while_everything_is_killed(
    place: Any, dataset: Any, browser: Browser
) -> None:
    burglary, rng = dataset(), random.Random(5)
    content = (place.simulated.files / "simulated_incidents.csv").read_bytes()
    assert browser.surely("GET", "/w/lakeside/data/burglary/upload/")[0] == 200
    begun = {"name": "incidents.csv", "size": len(content), "first": "a" * 64, "drop": ""}
    told = json.loads(browser.post("/w/lakeside/data/burglary/upload/start/", begun)[1])
    number = 0
    while told["received"] < len(content):
        number += 1
        if number in (2, 5):
            kill(place, "pages")
        start = told["received"]
        headers = {
            **browser.secret(),
            "Upload-Offset": str(start),
            "Content-Type": "application/octet-stream",
        }
        piece = content[start : start + PIECE]
        status, text = browser.surely("POST", told["piece_url"], piece, **headers)
        assert status == 200, text
        told = json.loads(text)
    assert number > 5
    kill(place, "pages")
    status, text = browser.post(told["finish_url"], {"digest": ""})
    assert (status, json.loads(text)["state"]) == (200, "received"), text
    mapping = (place.simulated.files / "incidents.toml").read_text()
    upload = burglary.uploads.get()
    upload.settings = {**upload.settings, "mapping": mapping}
    upload.save()
    assert browser.surely("GET", told["url"])[0] == 200
    place.until(lambda: burglary.uploads.get().preview_run is not None)
    preview = burglary.uploads.get().preview_run
    time.sleep(rng.uniform(0, 1))
    kill(place, "worker")
    assert place.ended(preview).state == "done"
    kill(place, "pages")
    check = f"/w/lakeside/data/uploads/{upload.pk}/check/"
    assert browser.post(check, {})[0] == 302
    run = place.until(lambda: burglary.uploads.get().import_run)
    place.until(lambda: place.stored(run).state == "running")
    kill(place, "worker")
    kill(place, "pages")
    place.ended(run)
    place.check_import(run, burglary)
    assert burglary.versions.count() == 1
    status, text = browser.surely("GET", told["url"])
    assert status == 200
    assert "accepted" in text
