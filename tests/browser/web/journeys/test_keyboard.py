"""The keyboard alone, from the door to a point of a chart; each stop is seen and uncovered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from browser.web.journeys import people
from browser.web.journeys.installation import Workbench

pytestmark = pytest.mark.browser

HOME = "/w/lindhafen/"
MOST_STOPS = 300
STOP = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return { name: "", fault: "" };
  const box = at.getBoundingClientRect();
  const look = getComputedStyle(at);
  const name = (at.getAttribute("aria-label") || at.innerText || at.name || at.tagName).trim();
  const hidden = box.width < 2 || box.height < 2;
  const ringed = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 12), 1), innerWidth - 2);
  const y = Math.min(Math.max((Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2, 1),
    innerHeight - 2);
  const over = document.elementFromPoint(x, y);
  const covered = !over || !(at.contains(over) || over.contains(at) || over.closest("label"));
  let fault = "";
  if (hidden) fault = "cannot be seen";
  else if (!inside) fault = "lies outside the window";
  else if (covered) fault = `lies under ${over?.outerHTML.slice(0, 80)}`;
  else if (!ringed && look.boxShadow === "none") fault = "shows no focus";
  return { name: name.slice(0, 80), fault, html: at.outerHTML.slice(0, 120) };
}"""


@pytest.fixture
def faults() -> list[str]:
    """Stops that were not seen."""
    return []


def tab_to(page: Any, faults: list[str], name: str = "", *, selector: str = "") -> None:
    """Press Tab until something has the focus; each stop on the way must be seen."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop["fault"]:
            faults.append(f"{page.url} {stop}")
        if selector and page.evaluate("(s) => document.activeElement.matches(s)", selector):
            return
        if name and stop["name"].startswith(name):
            return
    raise AssertionError(f"Tab never came to {name or selector} on {page.url}")


def enter(page: Any) -> None:
    """Press Enter, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_from_the_door_to_a_point_of_a_chart(
    workbench: Workbench, browse: Callable[..., Any], faults: list[str]
) -> None:
    page = browse()
    person = people.new_analyst(workbench, page, "keys.kim@police.example")
    signs_in(page, person, faults)
    goes_to_the_findings(page, faults)
    filters(page, faults)
    opens_a_finding(page, faults)
    reads_the_chart(page, faults)
    reads_the_map(page, faults)
    opens_and_leaves_a_menu(page, faults)
    assert faults == []


def signs_in(page: Any, person: people.Person, faults: list[str]) -> None:
    page.goto(f"/accounts/login/?next={HOME}")
    tab_to(page, faults, selector="input[type=email], input[name=login]")
    page.keyboard.type(person.email)
    tab_to(page, faults, selector="input[name=password]")
    page.keyboard.type("a wrong one")
    enter(page)
    assert page.evaluate("document.activeElement.id") == "error-summary"
    tab_to(page, faults, selector="input[name=password]")
    page.keyboard.type(person.password)
    enter(page)
    page.wait_for_url(f"**{HOME}")


def goes_to_the_findings(page: Any, faults: list[str]) -> None:
    tab_to(page, faults, "Skip to the content")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.reload()
    tab_to(page, faults, "Findings")
    enter(page)


def filters(page: Any, faults: list[str]) -> None:
    tab_to(page, faults, "Filter this list")
    page.keyboard.press("Enter")
    tab_to(page, faults, selector="select[name=block]")
    page.keyboard.type("Prob")
    tab_to(page, faults, "Apply filters")
    enter(page)
    assert "block=problems" in page.url


def opens_a_finding(page: Any, faults: list[str]) -> None:
    tab_to(page, faults, selector="main a[href$='recorded-crime.rates/']")
    enter(page)


def reads_the_chart(page: Any, faults: list[str]) -> None:
    tab_to(page, faults, "Read the chart point by point")
    slider = page.get_by_role("slider")
    first = slider.get_attribute("aria-valuetext")
    assert first.startswith("Tannery Green")
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext").startswith("Fountain Green")
    assert page.locator(".readout").first.inner_text().startswith("Fountain Green")
    page.keyboard.press("End")
    assert slider.get_attribute("aria-valuenow") == slider.get_attribute("aria-valuemax")
    page.keyboard.press("Home")
    assert slider.get_attribute("aria-valuetext") == first
    tab_to(page, faults, "Table:")
    page.keyboard.press("Enter")
    assert page.locator("figure.chart table").is_visible()


def reads_the_map(page: Any, faults: list[str]) -> None:
    page.locator("figure.area-map").scroll_into_view_if_needed()
    page.locator("figure.area-map[data-drawn=yes]").wait_for()
    tab_to(page, faults, "Skip the map")
    tab_to(page, faults, selector=".area-map input[type=search]")
    page.keyboard.type("tannery")
    page.keyboard.press("Enter")
    page.locator(".area-map .readout").get_by_text("Tannery Green").wait_for()
    tab_to(page, faults, selector="canvas")
    page.keyboard.press("+")
    page.keyboard.press("ArrowUp")
    tab_to(page, faults, "All 48 places as a list")
    page.keyboard.press("Enter")
    places = page.locator(".area-map table")
    tab_to(page, faults, "Value")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert "Tannery Green" in places.locator("tbody tr").first.inner_text()
    tab_to(page, faults, "How to read this")


def opens_and_leaves_a_menu(page: Any, faults: list[str]) -> None:
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.reload()
    tab_to(page, faults, "More")
    page.keyboard.press("Enter")
    menu = page.locator("details.switcher", has_text="More")
    assert menu.get_attribute("open") is not None
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('details.switcher[open]'))")
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
