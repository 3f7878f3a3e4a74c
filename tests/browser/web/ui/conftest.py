"""A real browser on the gallery of components, which needs no database."""

from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest


class Server(ThreadingMixIn, WSGIServer):
    """Answers several requests at once, as a map asks them."""

    daemon_threads = True
    request_queue_size = 64


class Silent(WSGIRequestHandler):
    """Writes no log."""

    def log_message(self, *_: Any) -> None:
        return


def _loaded(name: str, path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Charts and maps of the sample report."""
    from commonlight.findings.shelf import write_shelf
    from findings import sample_report

    folder = tmp_path_factory.mktemp("shelf")
    write_shelf(sample_report.make_sample_report(), folder)
    return folder


@pytest.fixture(scope="module")
def site(shelf: Path) -> Iterator[str]:
    """The address of the gallery."""
    from django.core.wsgi import get_wsgi_application
    from django.test import override_settings

    from web.ui import gallery

    gallery.SHELF[:] = [shelf]
    with override_settings(ROOT_URLCONF=gallery.__name__):
        server = make_server(
            "127.0.0.1", 0, get_wsgi_application(), server_class=Server, handler_class=Silent
        )
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()


@pytest.fixture
def open_page(browser: Any, site: str) -> Iterator[Callable[..., Any]]:
    """Open a page; a complaint of the browser or a request elsewhere fails the test."""
    contexts, complaints = [], []

    def open_at(address: str, *, width: int = 1200, dark: bool = False, **options: Any) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: m.type in {"error", "warning"} and _note(m.text))
        page.on("pageerror", lambda error: _note(str(error)))
        page.on("request", lambda r: r.url.startswith((site, "data:", "blob:")) or _note(r.url))
        page.goto(site + address)
        return page

    def _note(text: str) -> None:
        if "GPU stall" not in text:
            complaints.append(text)

    open_at.complaints = complaints
    yield open_at
    for context in contexts:
        context.close()
    assert complaints == []
