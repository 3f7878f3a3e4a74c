"""One Chromium for all browser tests of a test process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

from processes import PATIENCE

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, which asks nobody else.

    Playwright runs once in a process, and from then on Django takes the process for an
    asynchronous one; tests are not, so it is told that they may use the database.
    """
    sync_api = pytest.importorskip("playwright.sync_api")
    if not Path(CHROMIUM).exists():
        pytest.skip(f"needs Chromium at {CHROMIUM}; scripts/system-packages installs it")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        with pytest.MonkeyPatch.context() as patch:
            for name in ("click", "press"):
                act = getattr(sync_api.Locator, name)
                patch.setattr(sync_api.Locator, name, to_the_page_that_opens(act))
            for name in ("new_context", "new_page"):
                make = getattr(sync_api.Browser, name)
                patch.setattr(sync_api.Browser, name, patient(make))
            yield running
        running.close()


def to_the_page_that_opens(act: Callable[..., Any]) -> Callable[..., Any]:
    """An act of a person, over only when the page that it opens can be read.

    Playwright waits until the answer begins; its title and its parts may not be there yet.
    """

    @wraps(act)
    def acted(self: Any, *given: Any, **more: Any) -> Any:
        result = act(self, *given, **more)
        self.page.wait_for_load_state("domcontentloaded")
        return result

    return acted


def patient(make: Callable[..., Any]) -> Callable[..., Any]:
    """A context or a page in which nothing fails for being slow."""

    @wraps(make)
    def made(*given: Any, **more: Any) -> Any:
        result = make(*given, **more)
        result.set_default_timeout(PATIENCE * 1000)
        return result

    return made
