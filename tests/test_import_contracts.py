"""The rooms' contracts are kept, and the check notices when one is broken."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
RUN = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    skip = shutil.ignore_patterns("__pycache__", "fonts", "static", "templates", "locale")
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


FORBIDDEN = [
    ("analysis/rates.py", "import pyarrow", "Analysis is pure"),
    ("analysis/rates.py", "from commonlight.findings import words", "Rooms call only"),
    ("evidence/offences.py", "from commonlight.sources import lake", "Rooms call only"),
    ("simulate/city.py", "from commonlight.findings import words", "Rooms call only"),
    ("sources/lake.py", "def f():\n    import commonlight.audit.run", "Rooms call only"),
    ("cli/app.py", "import commonlight.web.policy", "Rooms call only"),
    ("web/runs/domain.py", "import commonlight.web.data.models", "Apps of the workbench"),
    ("web/runs/models.py", "import commonlight.web.runs.forms", "Inside an app"),
    ("web/data/domain/pictures.py", "import commonlight.web.data.jobs", "Inside an app"),
    (
        "web/data/views/catalogue.py",
        "def f():\n    import commonlight.sources.lake",
        "Only the methods",
    ),
    ("web/audits/jobs.py", "def f():\n    import numpy", "Only the methods"),
]
"""Where which import breaks which contract."""


def test_each_forbidden_import_is_noticed(copy: Path) -> None:
    for module, line, _contract in FORBIDDEN:
        add(copy, module, line)
    done = lint(copy)
    assert done.returncode != 0
    told = done.stdout.partition("Broken contracts")[2]
    for module, line, contract in FORBIDDEN:
        section = told.partition(f"\n{contract}")[2].split("\n---", 2)[1]
        importer = "commonlight." + module.removesuffix(".py").replace("/", ".")
        imported = line.replace(" import ", ".") if "from " in line else line
        imported = imported.split()[-1]
        assert re.search(rf"{re.escape(f'{importer} -> {imported}')}\b", section), (module, told)


def test_a_room_without_a_place_is_noticed(copy: Path) -> None:
    (copy / "src/commonlight/utils").mkdir()
    (copy / "src/commonlight/utils/__init__.py").write_text("", encoding="utf-8")
    assert lint(copy).returncode != 0


HEAVY = (
    "numpy",
    "scipy",
    "numba",
    "pyarrow",
    "shapely",
    "pyproj",
    "pyogrio",
    "matplotlib",
    "typst",
)
LOAD_ALL = f"""
import os, sys, tempfile
os.environ |= {{"COMMONLIGHT_HOME": tempfile.mkdtemp()}}
os.environ |= {{"DJANGO_SETTINGS_MODULE": "commonlight.web.config.settings"}}
import django; django.setup()
import pkgutil, importlib, commonlight.web
found = [one.name for one in pkgutil.walk_packages(commonlight.web.__path__, "commonlight.web.")]
for name in found:
    importlib.import_module(name)
assert len(found) > 300, len(found)
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def test_all_modules_of_the_workbench_load_without_arrays_tables_and_geometry() -> None:
    """Pages stay small and start fast: what is heavy is imported by a job when it runs."""
    done = subprocess.run([sys.executable, "-c", LOAD_ALL], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
#: What a package is imported as, where that is not its name.
IMPORTED_AS = {
    "pyyaml": "yaml",
    "django_allauth": "allauth",
    "django_axes": "axes",
    "django_csp": "csp",
    "django_ninja": "ninja",
    "markdown_it_py": "markdown_it",
}
#: Packages that those named bring along and that are imported with them.
BROUGHT = {"pydantic", "fido2", "jwt", "requests", "qrcode"}


def _listed(requirements: list[str]) -> set[str]:
    names = {re.split(r"[><=\[]", text)[0].replace("-", "_") for text in requirements}
    return {IMPORTED_AS.get(name, name) for name in names}


def _outside(paths: Iterable[Path]) -> set[str]:
    """What the modules import that is neither ours nor the standard library's."""
    names = {
        part.split(".")[0]
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for part in _imported(node)
    }
    return names - set(sys.stdlib_module_names) - {"commonlight"}


def test_the_library_needs_what_the_base_install_brings_and_no_more() -> None:
    rooms = [path for path in (ROOT / "src").rglob("*.py") if "web" not in path.parts]
    assert _outside(rooms) == _listed(PROJECT["dependencies"])


def test_the_workbench_needs_what_its_extras_bring() -> None:
    extras = PROJECT["optional-dependencies"]
    web = _outside((ROOT / "src/commonlight/web").rglob("*.py"))
    known = _listed([*PROJECT["dependencies"], *extras["web"], *extras["team"]]) | BROUGHT
    assert web - known == set()


def _imported(node: object) -> list[str]:

    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [node.module or ""]
    return []
