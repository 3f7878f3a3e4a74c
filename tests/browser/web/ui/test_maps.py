"""Maps in a browser: every task by keyboard, by list, and with the map taken away."""

from __future__ import annotations

import json
import re

import pytest

pytestmark = pytest.mark.browser

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NO_WEBGL = """
const before = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.startsWith('webgl') ? null : before.call(this, kind, ...rest);
};
"""


def drawn(page):
    figure = page.locator("figure.area-map").first
    page.locator('figure.area-map[data-drawn="yes"]').first.wait_for()
    return figure


def middle_of(page):
    """The map's middle in pixels of its own canvas, as a digest of what is drawn."""
    return page.locator("figure.area-map canvas").first.screenshot()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1200, 360])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_page, width, dark):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = open_page("/gallery/maps/", width=width, dark=dark)
    drawn(page)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    result = axe.Axe().run(page, options={"runOnly": STANDARD})
    found = [(v["id"], v["nodes"][0]["html"][:200]) for v in result.response["violations"]]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_map_has_a_name_and_moves_by_keyboard(open_page):
    page = open_page("/gallery/maps/", reduced_motion="reduce")
    figure = drawn(page)
    canvas = figure.locator("canvas")
    assert (
        canvas.get_attribute("aria-label") == "Rates are highest around the station and the harbour"
    )
    canvas.focus()
    for key in ("+", "ArrowRight", "ArrowUp", "-"):
        before = middle_of(page)
        page.keyboard.press(key)
        page.wait_for_timeout(700)
        assert middle_of(page) != before, key


def test_the_map_can_be_skipped(open_page):
    page = open_page("/gallery/maps/")
    figure = drawn(page)
    link = figure.get_by_role("link", name="Skip the map")
    link.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_place_is_found_by_its_name_without_accents_and_is_announced(open_page):
    page = open_page("/gallery/maps/", reduced_motion="reduce")
    figure = drawn(page)
    figure.get_by_label("Find a place").fill("altbruck")
    page.keyboard.press("Enter")
    readout = figure.get_by_role("status")
    assert re.match(r"Altbrück: [\d.]+ incidents per 1.000 residents, ", readout.inner_text())
    assert figure.locator("tr.shown th").text_content() == "Altbrück"
    figure.get_by_label("Find a place").fill("nowhere")
    page.keyboard.press("Enter")
    assert readout.inner_text() == "No place here is called “nowhere”."


def test_a_search_with_several_places_offers_them(open_page):
    page = open_page("/gallery/maps/", reduced_motion="reduce")
    figure = drawn(page)
    figure.get_by_label("Find a place").fill("n")
    page.keyboard.press("Enter")
    assert "places found" in figure.get_by_role("status").inner_text()
    choice = figure.locator(".found button").first
    name = choice.inner_text()
    choice.press("Enter")
    assert figure.get_by_role("status").inner_text().startswith(name)


def test_every_place_can_be_chosen_in_the_list_and_is_announced_with_its_value(open_page, shelf):
    page = open_page("/gallery/maps/", reduced_motion="reduce")
    figure = drawn(page)
    figure.locator("details.list summary").press("Enter")
    data = json.loads((shelf / "maps/areas.json").read_text(encoding="utf-8"))
    assert figure.locator("tbody tr").count() == len(data["places"])
    for place in data["places"]:
        figure.get_by_role("button", name=place["label"], exact=True).press("Enter")
        said = figure.get_by_role("status").inner_text()
        assert said.startswith(f"{place['label']}: {place['value']}")
        assert place["class"] in said
        assert ("Marked on the map." in said) == place["marked"]


def test_a_click_on_the_map_says_what_the_list_says(open_page):
    page = open_page("/gallery/maps/")
    figure = drawn(page)
    canvas = figure.locator("canvas")
    box = canvas.bounding_box()
    canvas.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    said = figure.get_by_role("status").inner_text()
    row = figure.locator("tr.shown")
    assert said.startswith(row.locator("th").text_content())
    assert row.locator("td").first.text_content() in said


def test_the_legend_has_the_classes_of_the_list_and_the_colours_of_the_theme(open_page, shelf):
    data = json.loads((shelf / "maps/areas.json").read_text(encoding="utf-8"))
    for dark, theme in ((False, "light"), (True, "dark")):
        page = open_page("/gallery/maps/", dark=dark)
        figure = drawn(page)
        entries = figure.locator(".legend li")
        said = [text.strip() for text in entries.all_inner_texts()]
        for number, one in enumerate(data["classes"], start=1):
            assert said[number] == one["name"]
            seen = entries.nth(number).locator(f".for-{theme}")
            assert seen.is_visible()
            assert seen.get_attribute("fill") == one[theme]
        page.context.close()


def test_without_webgl_the_picture_stands_in_its_place(open_page):
    page = open_page("/help/")
    page.add_init_script(NO_WEBGL)
    page.goto(page.url.replace("/help/", "/gallery/maps/"))
    page.locator('figure.area-map[data-drawn="no"]').first.wait_for()
    figure = page.locator("figure.area-map").first
    image = figure.locator("img.map-image").first
    image.wait_for()
    assert image.evaluate("e => e.decode().then(() => e.naturalWidth)") > 100
    assert image.get_attribute("alt")
    assert "cannot be drawn by this browser" in figure.inner_text()
    figure.locator("details.list summary").press("Enter")
    assert figure.locator("tbody tr").first.is_visible()
    open_page.complaints[:] = [
        c for c in open_page.complaints if "WebGL" not in c and "map was not" not in c
    ]


def test_without_scripts_the_picture_and_the_list_are_there(open_page):
    page = open_page("/gallery/maps/", java_script_enabled=False)
    figure = page.locator("figure.area-map").first
    assert figure.locator("img.map-image").is_visible()
    assert not figure.locator(".live").is_visible()
    figure.locator("details.list summary").click()
    assert figure.get_by_role("rowheader", name="Altbrück").is_visible()


def test_with_the_map_removed_every_task_can_still_be_done(open_page):
    """Row 113: reading each value, its class, what is marked, and finding a place."""
    page = open_page("/gallery/maps/", java_script_enabled=False)
    page.context.close()
    page = open_page("/gallery/maps/")
    drawn(page)
    figure = page.locator("figure.area-map").first
    figure.locator(".canvas").evaluate("e => e.remove()")
    figure.locator("details.list summary").press("Enter")
    figure.get_by_role("columnheader", name="Value").get_by_role("button").press("Enter")
    figure.get_by_role("columnheader", name="Value").get_by_role("button").press("Enter")
    highest = figure.locator("tbody tr").first.inner_text()
    assert "Bahnhofsviertel" in highest
    assert "marked" in highest


def test_a_map_asks_only_for_its_own_files(open_page, site):
    asked = []
    page = open_page("/help/")
    page.on("request", lambda r: asked.append(r.url))
    page.goto(f"{site}/gallery/maps/")
    drawn(page)
    page.wait_for_timeout(500)
    assert asked
    assert {url for url in asked if not url.startswith((site, "data:"))} == set()


def test_paper_shows_the_picture_made_on_the_server(open_page):
    page = open_page("/gallery/maps/")
    figure = drawn(page)
    figure.locator(".on-paper img").first.wait_for(state="attached")
    page.emulate_media(media="print")
    assert figure.locator(".on-paper img").first.is_visible()
    assert not figure.locator(".canvas").is_visible()
    assert not figure.locator(".find").is_visible()
