"""The command line called in this process, and one small simulated city for all its tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from commonlight.cli.app import app
from commonlight.cli.exits import run


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout; nothing else may be there."""
        return json.loads(self.out)

    @property
    def line(self) -> str:
        """The one line of an error."""
        assert self.out == ""
        assert self.err.count("\n") == 1, self.err
        assert "Traceback" not in self.err
        return self.err


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def call(*arguments: object) -> Said:
        capsys.readouterr()
        code = run(app, [str(item) for item in arguments])
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return call


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of a simulated city of 10,000 incidents, one row in fifty of them bad."""
    folder = tmp_path_factory.mktemp("city")
    assert run(app, ["simulate", str(folder), "--incidents", "10000", "--bad-rows", "0.02"]) == 0
    return folder


@pytest.fixture(scope="session")
def lake(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake that holds the incidents of the city as ``crime``, and its survey as ``survey``."""
    folder = tmp_path_factory.mktemp("lake")
    for name, stem in (("crime", "incidents"), ("survey", "survey")):
        file, mapping = city / f"simulated_{stem}.csv", city / f"{stem}.toml"
        arguments = ["sources", "import", file, "-m", mapping, "--lake", folder, "--name", name]
        assert run(app, [str(item) for item in arguments]) == 0
    return folder
