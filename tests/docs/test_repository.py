"""What is committed: terms, changes, no trace of one machine, and all data in the wheel."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile

import pytest

REGISTRY = re.compile(
    r"\b(?:[\w-]+\.)*(?:pypi|pythonhosted|npmjs|debian|ubuntu|anaconda|crates)\.(?:org|com|io)\b"
)
ONE_MACHINE = re.compile(r"(?<![\w.$}~/])/(?:root|home|work|Users|mnt|tmp)/[\w.]")
#: Where something could be fetched from; a database at a local socket is none.
ADDRESS = re.compile(r"(?<!postgresql)://")
INSTALLS = re.compile(r"requirements.*\.lock|scripts/\w+|Makefile|\.ci/\w+|mkdocs\.yml")


def test_no_file_names_the_host_of_a_registry(committed_texts) -> None:
    found = {name: REGISTRY.findall(text) for name, text in committed_texts.items()}
    assert not {name: hosts for name, hosts in found.items() if hosts}


def test_what_installs_holds_no_address(committed_texts) -> None:
    installs = [name for name in committed_texts if INSTALLS.fullmatch(name)]
    assert len(installs) >= 8
    assert [name for name in installs if ADDRESS.search(committed_texts[name])] == []


def test_no_file_holds_a_path_of_one_machine(committed_texts) -> None:
    found = {name: ONE_MACHINE.findall(text) for name, text in committed_texts.items()}
    assert not {name: paths for name, paths in found.items() if paths}


def test_every_locked_package_has_a_hash(committed_texts) -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-install.lock"):
        packages = re.split(r"^(?=[a-z0-9])", committed_texts[name], flags=re.MULTILINE)[1:]
        assert packages
        assert [p.split()[0] for p in packages if "--hash=sha256:" not in p] == []


def test_terms_are_defined_once_and_in_order(root) -> None:
    text = (root / "GLOSSARY.md").read_text(encoding="utf-8")
    terms = [term.casefold() for term in re.findall(r"^\| \*\*(.+?)\*\* \|", text, re.MULTILINE)]
    assert len(terms) > 30
    assert len(set(terms)) == len(terms)
    assert terms == sorted(terms)


def test_the_changelog_has_an_unreleased_part(root) -> None:
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    part = text.split("\n## Unreleased\n")[1].split("\n## ")[0]
    assert "\n- " in part


def test_the_readme_fits_a_screen_and_a_half(root) -> None:
    assert len((root / "README.md").read_text(encoding="utf-8").splitlines()) <= 90


def test_the_picture_is_real_and_small(root) -> None:
    data = (root / "docs/images/report.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert int.from_bytes(data[16:20], "big") == 1200
    assert len(data) <= 200_000


@pytest.mark.slow
def test_the_wheel_holds_every_data_file(root, tmp_path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=root, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    source = root / "src"
    shipped = {
        str(path.relative_to(source))
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in shipped if name.endswith((".toml", ".yaml", ".ttf", ".typ"))}
    assert shipped <= held
    assert not [name for name in held if "__pycache__" in name or name.startswith("tests")]
