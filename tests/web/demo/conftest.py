"""One small demo for all tests of a module; what they write is taken back at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The home of a demo that is made; its address answers under /demo/.

    Its transaction is open until the module ends; other modules must not meet it.
    """
    from commonlight.web.demo.setup import prepare

    home = tmp_path_factory.mktemp("demo")
    patch = pytest.MonkeyPatch()
    patch.setenv("COMMONLIGHT_DEMO_INCIDENTS", "4000")
    settings = override_settings(COMMONLIGHT_HOME=home, COMMONLIGHT_DEMO=True)
    with django_db_blocker.unblock(), settings, transaction.atomic():
        prepare()
        yield home
        transaction.set_rollback(True)
    patch.undo()


@pytest.fixture
def become(demo: Path) -> Callable[[str], Client]:
    """A browser in which somebody chose that demo person."""

    def chosen(key: str) -> Client:
        client = Client()
        assert client.post(f"/demo/{key}/").status_code == 302
        return client

    return chosen
