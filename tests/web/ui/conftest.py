"""The gallery of components as pages, with findings of an invented city on its shelf."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.utils.translation import override


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Charts and maps of the sample report."""
    from commonlight.findings.shelf import write_shelf
    from findings import sample_report

    folder = tmp_path_factory.mktemp("shelf")
    write_shelf(sample_report.make_sample_report(), folder)
    return folder


@pytest.fixture(autouse=True)
def gallery(shelf: Path, settings: Any) -> Iterator[ModuleType]:
    """The gallery's addresses beside those of the workbench."""
    from web.ui import gallery

    gallery.SHELF[:] = [shelf]
    settings.ROOT_URLCONF = gallery.__name__
    with override("en"):
        yield gallery
