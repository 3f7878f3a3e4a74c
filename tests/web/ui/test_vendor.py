"""Libraries in the browser: as fetched, with their licences, and silent towards other hosts."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
VENDOR = ROOT / "src/commonlight/web/ui/static/ui/vendor"
OWN = ROOT / "src/commonlight/web"
ENTRIES = json.loads((VENDOR / "MANIFEST.json").read_text(encoding="utf-8"))["files"]

#: Addresses in the libraries that are names or words for people, never asked for.
NAMES = (
    "http://www.w3.org/",
    "https://github.com/",
    "https://maplibre.org/",
    "https://maplibre.invalid/",
    "https://wiki.openstreetmap.org/wiki/This_map_requires_WebGL",
)


def test_the_folder_is_as_the_manifest_says():
    loader = importlib.machinery.SourceFileLoader("vendor_script", str(ROOT / "scripts/vendor"))
    spec = importlib.util.spec_from_loader("vendor_script", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    assert module.differences() == []


def test_each_library_has_a_permissive_licence_and_its_text():
    for entry in ENTRIES:
        assert entry["licence"] in {"0BSD", "BSD-3-Clause", "BSD-3-Clause AND MIT"}
        folder = VENDOR / entry["file"].split("/")[0]
        assert folder.name.endswith(entry["version"])
        assert len((folder / "LICENSE").read_text(encoding="utf-8")) > 400


@pytest.mark.parametrize("name", sorted(e["file"] for e in ENTRIES if "LICENSE" not in e["file"]))
def test_no_library_holds_an_address_that_it_could_ask(name):
    text = (VENDOR / name).read_text(encoding="utf-8")
    found = set(re.findall(r"https?://[\w.-]+[^\s\"'`)<>]*", text))
    assert {one for one in found if not one.startswith(NAMES)} == set()
    assert "sourceMappingURL" not in text


def test_our_own_scripts_styles_and_templates_name_no_other_host():
    for kind in ("js", "css", "html"):
        for path in OWN.rglob(f"*.{kind}"):
            if VENDOR in path.parents:
                continue
            text = path.read_text(encoding="utf-8")
            outside = re.findall(
                r"(?:src|href|url|import|fetch)\W{1,3}(?:https?:)?//[^\s\"')]+", text
            )
            assert outside == [], path


def test_no_script_of_ours_evaluates_text_or_writes_markup():
    for path in OWN.rglob("static/**/*.js"):
        if VENDOR in path.parents:
            continue
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text
        ), path
