"""Everything that matters without JavaScript: signing in, a file, findings, a map, a run."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from browser.web.journeys import files, people
from browser.web.journeys.installation import Workbench
from processes import PATIENCE

pytestmark = pytest.mark.browser

HOME = "/w/lindhafen/"


def test_from_sign_in_to_a_map_without_script(
    workbench: Workbench,
    browse: Callable[..., Any],
    tmp_path: Path,
) -> None:
    page = browse(java_script_enabled=False)
    person = people.new_analyst(workbench, page, "plain.pia@police.example")
    people.sign_in_simply(page, person, to=f"{HOME}data/")
    a_file_comes_in(page, files.burglaries(tmp_path))
    findings_are_filtered(page)
    a_map_is_a_picture_with_a_list(page)


def reload_until(page: Any, text: str) -> None:
    """Load the page again, as it asks one to, until it says something."""
    end = time.monotonic() + PATIENCE
    while not page.locator("main").get_by_text(text).count():
        assert time.monotonic() < end, page.locator("main").inner_text()
        again = page.get_by_role("link", name="Load this page again to see how far it is")
        if again.count():
            again.first.click()
        else:
            page.reload()
        time.sleep(0.3)


def a_file_comes_in(page: Any, path: Path) -> None:
    page.get_by_role("link", name="Add a data set").click()
    page.get_by_label("Name", exact=True).fill("Plain")
    page.get_by_label("What does it hold?").select_option("incidents")
    page.get_by_label("Whose account is it?").select_option("police")
    page.locator("main form .buttons button").click()
    page.get_by_role("button", name="Send the file").click()
    assert page.title().startswith("Error:")
    page.set_input_files("#id_file", path)
    page.get_by_role("button", name="Send the file").click()
    reload_until(page, "First look")
    page.get_by_role("link", name="Say what the columns are").click()
    page.get_by_label("How times are written").fill("%d.%m.%Y\n%Y-%m-%d")
    page.get_by_role("button", name="Keep these answers").click()
    reload_until(page, "599 would be accepted")
    page.get_by_role("link", name="Check and import").click()
    page.get_by_role("button", name="Import the file").click()
    the_run_is_seen_by_loading_again(page)
    page.goto(f"{HOME}data/plain/")
    assert "Street view is disabled" in page.locator("main").inner_text()


def the_run_is_seen_by_loading_again(page: Any) -> None:
    upload = page.url
    page.get_by_role("link", name="Open the run, where you can cancel it").or_(
        page.get_by_role("link", name="Open version 1")
    ).click()
    if "/runs/" in page.url:
        reload_until(page, "The run is done.")
    page.goto(upload)
    assert page.get_by_text("599 accepted + 13 rejected = 612 read").count() == 1


def findings_are_filtered(page: Any) -> None:
    page.goto(f"{HOME}findings/")
    page.get_by_text("Filter this list").click()
    page.get_by_label("Part", exact=True).select_option("problems")
    page.get_by_label("Source", exact=True).select_option("recorded-crime")
    page.get_by_role("button", name="Apply filters").click()
    assert "block=problems" in page.url
    assert "of 46 findings" in page.locator("main").inner_text()
    page.get_by_role("link", name="Remove the filter Source").click()
    assert "source=recorded-crime" not in page.url


def a_map_is_a_picture_with_a_list(page: Any) -> None:
    page.locator("main a[href$='recorded-crime.rates/']").first.click()
    image = page.locator("figure.area-map img.map-image").first
    image.wait_for()
    assert image.bounding_box()["height"] > 200
    assert image.get_attribute("alt")
    assert not page.locator("figure.area-map .canvas").is_visible()
    page.locator("figure.area-map summary").click()
    assert page.get_by_role("rowheader", name="Tannery Green").first.is_visible()
    page.locator("figure.chart summary").first.click()
    assert page.locator("figure.chart table").first.is_visible()
