"""The report in a browser: accessible, legible at 320 pixels, offline, and whole on paper."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from commonlight.audit.config import load_config
from commonlight.audit.publishing.public import PUBLIC_MARK
from commonlight.audit.run import run_audit
from commonlight.findings.html import ONE_SIDED, PRINTED_ROWS, SIMULATED, render_html
from commonlight.findings.model import Block
from commonlight.simulate.city import simulate_city
from commonlight.simulate.files import write_city
from findings import sample_report

pytestmark = pytest.mark.browser

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def report_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render_html(sample_report.make_sample_report()), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def public_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public version of a small simulated city, in which much is withheld."""
    folder = tmp_path_factory.mktemp("public")
    write_city(simulate_city(incidents=1_000, seed=5), folder / "city", rejects_share=0.01)
    config = replace(load_config(folder / "city" / "audit.toml"), formats=("html", "pdf"))
    run_audit(config, folder=folder, lake=folder / "lake", only="public")
    return folder / "public" / "report.html"


@pytest.fixture
def open_page(browser, report_file):
    pages = []

    def open_at(width: int, height: int = 800, **options):
        page = browser.new_page(viewport={"width": width, "height": height}, **options)
        pages.append(page)
        page.goto(report_file.as_uri())
        return page

    yield open_at
    for page in pages:
        page.close()


@pytest.mark.parametrize(("width", "unfolded"), [(1280, False), (1280, True), (320, True)])
def test_axe_finds_nothing(open_page, width, unfolded):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = open_page(width)
    if unfolded:
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    result = axe.Axe().run(page, options={"runOnly": STANDARD})
    found = [(v["id"], v["nodes"][0]["html"]) for v in result.response["violations"]]
    assert found == []


@pytest.mark.parametrize("width", [1280, 320])
def test_the_public_version_is_accessible_too(browser, public_file, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(public_file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    result = axe.Axe().run(page, options={"runOnly": STANDARD})
    found = [(v["id"], v["nodes"][0]["html"]) for v in result.response["violations"]]
    scrolled = page.evaluate("document.documentElement.scrollWidth")
    text = page.inner_text("main")
    page.close()
    assert found == []
    assert scrolled <= width
    assert "under 5" in text
    assert "withheld" in text


def test_the_public_pdf_carries_its_mark_on_every_page_and_claims_pdf_ua(public_file):
    pikepdf = pytest.importorskip("pikepdf")
    path = public_file.with_suffix(".pdf")
    for page in _words_by_page(path.read_bytes()):
        assert PUBLIC_MARK in page
    with pikepdf.open(path) as document, document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert document.Root.MarkInfo.Marked


@pytest.mark.parametrize("width", [1280, 768, 360, 320])
def test_the_page_never_scrolls_sideways(open_page, width):
    """320 pixels is 1280 at 400 % zoom (WCAG 1.4.10)."""
    page = open_page(width)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_wide_table_scrolls_in_its_own_named_group(open_page):
    page = open_page(360)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    region = page.get_by_role("group", name="Assaults by weekday and hour")
    assert region.evaluate("e => e.scrollWidth > e.clientWidth")
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert region.evaluate("e => e.scrollLeft") > 0


@pytest.mark.parametrize("width", [1280, 768, 704, 640, 360, 320])
def test_text_in_pictures_is_at_least_11_pixels_on_the_screen(open_page, width):
    page = open_page(width)
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('figure svg')]
            .filter(svg => svg.getClientRects().length)
            .flatMap(svg => {
                const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
                return [...svg.querySelectorAll('text')]
                    .map(t => parseFloat(getComputedStyle(t).fontSize) * scale);
            })"""
    )
    assert len(sizes) > 100
    assert min(sizes) >= 11.0


@pytest.mark.parametrize("width", [1280, 360])
def test_each_picture_is_met_once(open_page, width):
    page = open_page(width)
    names = page.evaluate(
        """() => [...document.querySelectorAll('svg[role=img]')]
            .filter(svg => svg.getClientRects().length)
            .map(svg => svg.querySelector('title').textContent)"""
    )
    assert len(names) == len(set(names)) == 7
    assert page.get_by_role("img", name="Assaults peak on Friday and Saturday nights").count() == 1


@pytest.mark.parametrize("width", [1280, 360])
def test_labels_in_pictures_do_not_overlap(open_page, width):
    """With the fonts of this machine; numbers on a map have their own discs and are left out."""
    page = open_page(width)
    clashes = page.evaluate(
        """() => {
            const clashes = [];
            for (const svg of document.querySelectorAll('figure svg')) {
                if (!svg.getClientRects().length) continue;
                const box = svg.getBoundingClientRect();
                const texts = [...svg.querySelectorAll('text')].filter(t => t.textContent);
                const rects = texts.map(t => t.getBoundingClientRect());
                texts.forEach((t, i) => {
                    if (rects[i].left < box.left - 1 || rects[i].right > box.right + 1)
                        clashes.push('outside: ' + t.textContent);
                });
                for (let i = 0; i < texts.length; i++)
                    for (let j = i + 1; j < texts.length; j++) {
                        const a = rects[i], b = rects[j];
                        const x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
                        const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                        if (x > 1 && y > 5) clashes.push(texts[i].textContent + ' / ' +
                            texts[j].textContent);
                    }
            }
            return clashes;
        }"""
    )
    assert clashes == []


def test_it_works_offline_and_asks_for_nothing(browser, report_file):
    page = browser.new_page(java_script_enabled=False)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report_file.as_uri())
    page.close()
    assert asked == [report_file.as_uri()]


def test_everything_can_be_reached_with_the_keyboard(open_page):
    page = open_page(1280)
    page.keyboard.press("Tab")
    skip = "document.activeElement.className"
    assert page.evaluate(skip) == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#in-short")
    small = page.evaluate(
        """() => [...document.querySelectorAll('summary, nav a')]
            .filter(e => e.getBoundingClientRect().height < 24).length"""
    )
    assert small == 0


@pytest.fixture(scope="module")
def printed(browser, report_file) -> list[str]:
    """The words of each printed page."""
    pikepdf = pytest.importorskip("pikepdf")
    page = browser.new_page()
    page.goto(report_file.as_uri())
    data = page.pdf(prefer_css_page_size=True)
    page.close()
    with pikepdf.open(BytesIO(data)) as document:
        width, height = (float(v) for v in document.pages[0].mediabox[2:])
        assert (round(width), round(height)) == (595, 842)
    return _words_by_page(data)


def _words_by_page(data: bytes) -> list[str]:
    import shutil
    import subprocess

    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("needs pdftotext (Debian package poppler-utils)")
    text = subprocess.run(
        [tool, "-layout", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    return [page for page in text.split("\f") if page.strip()]


def test_every_printed_page_carries_its_marks_and_number(printed):
    for number, page in enumerate(printed, start=1):
        assert SIMULATED in page
        assert ONE_SIDED in page
        assert f"Page {number} of {len(printed)}" in page


def test_print_hides_nothing(printed):
    text = re.sub(r"\s+", " ", " ".join(printed))
    for words in (
        "A quasi-Poisson model with month and length of month.",  # inside a closed details
        f"The first {PRINTED_ROWS} of 36 rows.",
        "Bahnhofsviertel 88.9",
        "https://doi.org/10.1007/s10940-007-9025-3",
    ):
        assert words in text


def test_a_heading_never_stands_last_on_a_printed_page(printed):
    stranded = {block.title for block in Block} | {"Sources", "Methods", "What is missing"}
    for page in printed:
        lines = [line.strip() for line in page.splitlines() if line.strip()]
        assert not stranded & set(lines[-4:-1]), lines[-4:]
        assert ONE_SIDED not in lines[-2]
