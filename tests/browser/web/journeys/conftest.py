"""A real browser, a real installation with the demo city, and its people."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from browser.web.journeys import installation
from browser.web.journeys.installation import Workbench

PICTURES = Path(__file__).resolve().parents[4] / "docs" / "images" / "workbench"
COLOURS = 128
HARMLESS = ("GPU stall", "GL Driver Message")


@pytest.fixture(scope="session")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """The installation that all journeys share, also over several test processes."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with installation.shared(folder / "workbench") as found:
        yield found


@pytest.fixture(scope="session")
def states(browser: Any, workbench: Workbench) -> Callable[[str], Any]:
    """The signed-in state of a demo person, with the tour put away."""
    kept: dict[str, Any] = {}

    def state_of(key: str) -> Any:
        if key not in kept:
            with browser.new_context(base_url=workbench.url) as context:
                page = context.new_page()
                page.goto("/demo/")
                page.locator(f'form[action="/demo/{key}/"] button').click()
                page.get_by_role("button", name="End the tour").click()
                kept[key] = context.storage_state()
        return kept[key]

    return state_of


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of; a test that expects a complaint takes it out."""
    return []


@pytest.fixture
def browse(
    browser: Any, workbench: Workbench, states: Callable[[str], Any], complaints: list[str]
) -> Iterator[Callable[..., Any]]:
    """A page in a browser of its own, signed in as a demo person or as nobody.

    A complaint of the browser, or a request to another host, fails the test.
    """
    contexts = []

    def make(key: str | None = None, *, url: str = "", width: int = 1200, **given: Any) -> Any:
        home = url or workbench.url
        context = browser.new_context(
            base_url=home,
            viewport={"width": width, "height": 900},
            storage_state=states(key) if key else None,
            **given,
        )
        contexts.append(context)
        watch(context, home, complaints)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def watch(context: Any, home: str, complaints: list[str]) -> None:
    """Note what the browser complains of, and whom it asks."""
    context.on("weberror", lambda found: complaints.append(_told(found)))
    context.on("console", lambda said: _note(said, complaints))
    context.on("request", lambda asked: _note_request(asked.url, home, complaints))


def _told(found: Any) -> str:
    where = found.page.url if found.page else ""
    return f"{where}: {getattr(found.error, 'stack', '') or found.error}"


def _note(said: Any, complaints: list[str]) -> None:
    """Answers such as 403, which a test asks for, are judged where they are shown."""
    if said.type not in ("error", "warning") or any(one in said.text for one in HARMLESS):
        return
    if "Failed to load resource" in said.text and said.location["url"] == said.page.url:
        return
    complaints.append(f"{said.page.url if said.page else ''}: {said.text}")


def _note_request(address: str, home: str, complaints: list[str]) -> None:
    if not address.startswith((f"{home}/", "data:", "blob:")):
        complaints.append(f"asked {address}")


@pytest.fixture
def picture() -> Callable[..., None]:
    """Keep a picture for the documents, where pictures were asked for."""

    def take(page: Any, name: str) -> None:
        if os.environ.get("COMMONLIGHT_SCREENSHOTS") == "1":
            PICTURES.mkdir(parents=True, exist_ok=True)
            keep_small(page.screenshot(), PICTURES / f"{name}.png")

    return take


def keep_small(picture: bytes, path: Path) -> None:
    """Keep a picture with the few colours that a page has."""
    from PIL import Image

    with Image.open(BytesIO(picture)) as full:
        full.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


@pytest.fixture
def at_lakeside(browser: Any, live_server: Any, complaints: list[str]) -> Iterator[Any]:
    """A page in a browser of its own at Lakeside, on SQLite or PostgreSQL, as the client given.

    A complaint of the browser, or a request to another host, fails the test.
    """
    contexts = []

    def make(client: Any = None, *, width: int = 1200, **given: Any) -> Any:
        size = {"width": width, "height": 900}
        context = browser.new_context(base_url=live_server.url, viewport=size, **given)
        contexts.append(context)
        watch(context, live_server.url, complaints)
        if client:
            key = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert complaints == []
