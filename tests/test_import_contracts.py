"""The rooms' contracts are kept, and the check notices when one is broken."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
RUN = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    skip = shutil.ignore_patterns("__pycache__", "fonts", "data")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", RUN, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


def add(folder: Path, module: str, line: str) -> None:
    path = folder / "src" / "commonlight" / module
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")


def test_the_contracts_are_kept(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("analysis/rates.py", "import pyarrow", "Analysis is pure"),
        ("analysis/rates.py", "from commonlight.findings import words", "Rooms call only"),
        ("evidence/offences.py", "from commonlight.sources import lake", "Rooms call only"),
        ("simulate/city.py", "from commonlight.findings import words", "Rooms call only"),
        ("sources/lake.py", "def f():\n    import commonlight.audit.run", "Rooms call only"),
    ],
)
def test_a_forbidden_import_is_noticed(copy: Path, module: str, line: str, contract: str) -> None:
    add(copy, module, line)
    done = lint(copy)
    assert done.returncode != 0
    broken = [text for text in done.stdout.splitlines() if "BROKEN" in text]
    assert any(text.startswith(contract) for text in broken), done.stdout


def test_a_room_without_a_place_is_noticed(copy: Path) -> None:
    (copy / "src/commonlight/utils").mkdir()
    (copy / "src/commonlight/utils/__init__.py").write_text("", encoding="utf-8")
    assert lint(copy).returncode != 0


def test_the_library_needs_no_package_of_the_tests() -> None:
    """What src imports is in the base lock."""

    names = {
        part.split(".")[0]
        for path in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for part in _imported(node)
    }
    outside = names - set(sys.stdlib_module_names) - {"commonlight"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = {text.split(">")[0].replace("-", "_") for text in project["dependencies"]}
    assert {{"yaml": "pyyaml"}.get(name, name) for name in outside} == listed


def _imported(node: object) -> list[str]:

    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [node.module or ""]
    return []
