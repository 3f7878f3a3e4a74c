"""Components in a browser: accessible, legible at 320 pixels, by keyboard, in both themes."""

from __future__ import annotations

import re
from io import BytesIO

import pytest

pytestmark = pytest.mark.browser

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    "/gallery/",
    "/gallery/findings/",
    "/help/",
    "/help/terms/",
    "/help/methods/getis-ord-gi-star/",
    "/help/accessibility/",
    "/help/privacy/",
)


def faults(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    result = axe.Axe().run(page, options={"runOnly": STANDARD})
    return [
        (v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in result.response["violations"]
    ]


def unfold(page):
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1200, 360])
def test_axe_finds_nothing(open_page, width, dark):
    for address in PAGES:
        page = open_page(address, width=width, dark=dark)
        unfold(page)
        assert faults(page) == [], address
        page.context.close()


def test_axe_finds_nothing_on_a_form_that_came_back_with_errors(open_page):
    for dark in (False, True):
        page = open_page("/gallery/", width=360, dark=dark)
        page.get_by_role("button", name="Save").click()
        assert page.title().startswith("Error: ")
        assert faults(page) == []


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_no_page_scrolls_sideways(open_page, direction):
    """320 pixels is 1280 at 400 % zoom (WCAG 1.4.10)."""
    for address in PAGES:
        for width in (320, 360, 768):
            page = open_page(address, width=width)
            page.evaluate("d => { document.documentElement.dir = d }", direction)
            unfold(page)
            reach = page.evaluate(
                "() => { const e = document.documentElement; return [e.scrollWidth, e.scrollLeft] }"
            )
            assert reach[0] <= width, (address, width)
            page.context.close()


def test_the_layout_turns_round_from_right_to_left(open_page):
    page = open_page("/gallery/")
    place = "() => document.querySelector('.notice').getBoundingClientRect().left"
    before = page.evaluate(place)
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert page.evaluate(place) > before


def test_every_target_is_at_least_24_pixels(open_page):
    """WCAG 2.5.8; links inside a sentence are excepted there."""
    for width in (1200, 320):
        page = open_page("/gallery/", width=width)
        unfold(page)
        small = page.evaluate(
            """() => [...document.querySelectorAll('a, button, input, select, textarea, summary')]
                .filter(e => e.getClientRects().length && e.type !== 'hidden')
                .filter(e => !e.matches('p a, dd a, td a, li a, p button'))
                .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
                .filter(([, box]) => box.height < 23.9 || box.width < 23.9)
                .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
        )
        assert small == []


def test_the_focus_is_seen_at_every_stop_and_never_covered(open_page):
    page = open_page("/gallery/", width=1200)
    unfold(page)
    stops = 0
    for _ in range(120):
        page.keyboard.press("Tab")
        state = page.evaluate(
            """() => {
                const e = document.activeElement;
                if (e === document.body) return null;
                const box = e.getBoundingClientRect(), style = getComputedStyle(e);
                const x = box.left + box.width / 2, y = box.top + Math.min(box.height / 2, 20);
                const top = document.elementFromPoint(x, y);
                return { html: e.outerHTML.slice(0, 80), ring: style.outlineStyle,
                         size: parseFloat(style.outlineWidth),
                         seen: !!top && (e.contains(top) || top.contains(e)) };
            }"""
        )
        if state is None:
            break
        stops += 1
        assert state["ring"] == "solid", state
        assert state["size"] >= 2, state
        assert state["seen"], state
    assert stops > 40


def test_the_first_stop_skips_to_the_content(open_page):
    page = open_page("/gallery/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_term_opens_and_closes_by_keyboard_and_gives_the_focus_back(open_page):
    page = open_page("/gallery/")
    ask = page.get_by_role("button", name="hot spot", exact=True).first
    box = page.locator("#term-hot-spot-1")
    assert not box.is_visible()
    ask.focus()
    page.keyboard.press("Enter")
    assert box.is_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    assert not box.is_visible()
    assert ask.evaluate("e => e === document.activeElement")


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(open_page):
    page = open_page("/gallery/")
    page.get_by_label("Name of the data set").fill("taken")
    page.get_by_role("button", name="Save").click()
    page.locator("#error-summary:focus").wait_for()
    assert page.get_by_label("Name of the data set").input_value() == "taken"
    page.locator(".error-summary a").first.click()
    focused = page.evaluate("document.activeElement.id")
    assert focused == page.locator(".error-summary a").first.get_attribute("href")[1:]


def test_a_table_is_sorted_by_its_values_and_says_so(open_page):
    page = open_page("/gallery/")
    head = page.get_by_role("columnheader", name="Burglaries")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    first = "() => [...document.querySelectorAll('tbody tr')].map(r => r.cells[1].textContent)"
    assert page.evaluate(first) == ["90", "1\N{NARROW NO-BREAK SPACE}200", "not known"]
    head.get_by_role("button").press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert page.evaluate(first) == ["1\N{NARROW NO-BREAK SPACE}200", "90", "not known"]


def test_everything_is_there_without_scripts(open_page):
    page = open_page("/gallery/", java_script_enabled=False)
    page.get_by_text("Filter this list").click()
    assert page.get_by_label("Area", exact=True).is_visible()
    page.get_by_role("button", name="Dark").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.get_by_role("button", name="Français").click()
    assert page.locator("html").get_attribute("lang") == "fr"
    narrow = open_page("/gallery/findings/", width=360, java_script_enabled=False)
    assert narrow.locator(".chart .narrow svg").first.is_visible()
    assert not narrow.locator(".chart .wide svg").first.is_visible()


def test_the_choice_of_colours_wins_over_the_device(open_page):
    page = open_page("/gallery/", dark=True)
    ground = "() => getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(20, 24, 27)"
    page.get_by_role("button", name="Light", exact=True).click()
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


def test_the_end_of_the_session_is_announced_and_can_be_put_off(open_page, site):
    page = open_page("/gallery/session/")
    page.clock.install()
    page.reload()
    region = page.get_by_role("region", name="Your session")
    assert not region.is_visible()
    page.clock.fast_forward("02:00")
    assert region.is_visible()
    assert re.search(r"signed out at \d\d:\d\d", region.get_by_role("alert").inner_text())
    assert faults(page) == []
    page.route("**/session/extend/", lambda route: route.continue_(url=f"{site}/gallery/extended/"))
    page.get_by_label("Text").fill("what I typed")
    page.get_by_role("button", name="Stay signed in").click()
    page.get_by_text("You stay signed in until").wait_for()
    page.clock.fast_forward("00:10")
    assert not region.is_visible()
    assert page.get_by_label("Text").input_value() == "what I typed"


def test_a_session_that_is_over_says_so_without_losing_what_was_typed(open_page):
    page = open_page("/gallery/session/")
    page.clock.install()
    page.reload()
    page.get_by_label("Text").fill("what I typed")
    page.clock.fast_forward("07:00")
    assert "You have been signed out" in page.get_by_role("alert").inner_text()
    assert not page.get_by_role("button", name="Stay signed in").is_visible()
    assert page.get_by_label("Text").input_value() == "what I typed"


def test_paper_shows_links_and_tables_and_no_controls(open_page):
    pdfium = pytest.importorskip("pypdfium2")
    page = open_page("/gallery/findings/")
    document = pdfium.PdfDocument(BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    text = "\n".join(one.get_textpage().get_text_range() for one in document)
    assert "Recorded incidents by month" in text
    assert "/shelf/tables/trend.csv" in text
    assert "Sign in" not in text
    assert "Français" not in text
    assert "Read the chart point by point" not in text


def test_forced_colours_keep_borders_and_the_focus(open_page):
    page = open_page("/gallery/", forced_colors="active")
    assert (
        page.evaluate("() => getComputedStyle(document.querySelector('.tag')).borderTopWidth")
        == "2px"
    )
    page.keyboard.press("Tab")
    assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_nothing_moves_for_those_who_asked_for_none(open_page):
    page = open_page("/gallery/", reduced_motion="reduce")
    assert (
        page.evaluate("() => getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    )
