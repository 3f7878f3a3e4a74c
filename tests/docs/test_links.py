"""Links of the pages lead somewhere, and the site loads nothing from elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """The anchors that headings of a page get."""
    found = HEADING.findall(page.read_text(encoding="utf-8"))
    kept = (re.sub(r"[^\w\- ]", "", text.lower()) for text in found)
    return {text.strip().replace(" ", "-") for text in kept}


def test_relative_links_resolve(page) -> None:
    for target in LINK.findall(page.prose):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        aim = (page.path.parent / name).resolve() if name else page.path
        assert aim.exists(), f"{page.name} links to {target}, which is not there"
        if anchor:
            assert anchor in anchors(aim), f"{page.name} links to {target}: no such heading"


def test_every_page_of_the_documentation_is_reached(root) -> None:
    text = (root / "mkdocs.yml").read_text(encoding="utf-8")
    listed = set(re.findall(r"[\w/-]+\.md", text))
    pages = {str(p.relative_to(root / "docs")) for p in (root / "docs").rglob("*.md")}
    assert listed == pages


@pytest.mark.parametrize("folder", ["methods", "decisions"])
def test_an_index_lists_every_page_beside_it(root, folder) -> None:
    index = (root / "docs" / folder / "index.md").read_text(encoding="utf-8")
    pages = {p.name for p in (root / "docs" / folder).glob("*.md")} - {"index.md"}
    assert set(LINK.findall(index)) == pages


def test_every_method_of_a_finding_has_a_page(root) -> None:
    listed = (root / "src/commonlight/audit/methods.toml").read_text(encoding="utf-8")
    for key, entry in tomllib.loads(listed).items():
        assert (root / "docs" / f"{entry['page']}.md").is_file(), key


def test_the_site_asks_nothing_of_others(root) -> None:
    config = yaml.safe_load((root / "mkdocs.yml").read_text(encoding="utf-8"))
    assert config["theme"]["font"] is False
    assert "repo_url" not in config
    assert not {"extra_css", "extra_javascript", "site_url"} & set(config)


@pytest.mark.slow
def test_the_site_builds_without_a_warning(root, tmp_path) -> None:
    pytest.importorskip("mkdocs")
    site = tmp_path / "site"
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(site)],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    loaded = re.compile(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="(?:https?:)?//')
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not loaded.search(text), page.name
        assert "arithmatex" not in text, page.name


def test_files_of_the_project_named_in_pages_exist(page, root) -> None:
    for name in re.findall(
        r"`((?:tests|src|docs|examples|benchmarks|scripts)/[\w./-]+)`", page.prose
    ):
        assert (root / name).exists(), f"{page.name} names {name}, which is not there"
