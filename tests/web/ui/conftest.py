"""The gallery of components as pages, with findings of an invented city on its shelf."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.utils.translation import override

HERE = Path(__file__).parent


def _loaded(name: str, path: Path) -> ModuleType:
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

    sample = _loaded("ui_sample_report", HERE.parents[1] / "findings" / "sample_report.py")
    folder = tmp_path_factory.mktemp("shelf")
    write_shelf(sample.make_sample_report(), folder)
    return folder


@pytest.fixture(autouse=True)
def gallery(shelf: Path, settings: Any) -> Iterator[ModuleType]:
    """The gallery's addresses beside those of the workbench."""
    module = _loaded("ui_gallery", HERE / "gallery.py")
    module.SHELF.append(shelf)
    settings.ROOT_URLCONF = "ui_gallery"
    with override("en"):
        yield module
    del sys.modules["ui_gallery"]
