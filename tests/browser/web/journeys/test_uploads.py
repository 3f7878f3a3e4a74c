"""A large file on a slow line: mistakes, progress, a page that is closed and opened again."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from browser.web.journeys import files
from browser.web.journeys.looking import look_here

pytestmark = pytest.mark.browser

HOME = "/w/lindhafen/"


def test_a_file_with_mistakes_on_a_line_that_breaks(
    browse: Callable[..., Any],
    tmp_path: Path,
    complaints: list[str],
) -> None:
    page = browse("analyst")
    page.goto(f"{HOME}data/new/")
    page.get_by_label("Name", exact=True).fill("Slow line")
    page.get_by_label("What does it hold?").select_option("incidents")
    page.get_by_label("Whose account is it?").select_option("police")
    page.locator("main form .buttons button").click()
    nothing_was_chosen(page)
    a_picture_is_no_table(page, tmp_path)
    large = files.large(tmp_path)
    sent = the_page_is_closed_half_way(page, large)
    complaints[:] = [one for one in complaints if "net::ERR_FAILED" not in one]
    page = page.context.new_page()
    the_rest_is_sent(page, large, sent)
    the_import_goes_on_without_the_page(page)


def nothing_was_chosen(page: Any) -> None:
    page.get_by_role("button", name="Send the file").click()
    page.get_by_text("Choose a file.").first.wait_for()
    assert look_here(page) == []


def a_picture_is_no_table(page: Any, folder: Path) -> None:
    page.set_input_files("#id_file", files.picture(folder))
    page.get_by_role("button", name="Send the file").click()
    page.locator("main .notice.error, main #error-summary").first.wait_for()
    assert "fault of ours" not in page.locator("main").inner_text()
    assert look_here(page) == []
    page.goto(f"{HOME}data/slow-line/upload/")


def the_page_is_closed_half_way(page: Any, large: Path) -> list[str]:
    """The first piece arrives, the line breaks, and the page is closed."""
    sent: list[str] = []

    def first_only(route: Any) -> None:
        sent.append(route.request.headers["upload-offset"])
        if len(sent) == 1:
            route.continue_()
        else:
            route.abort()

    page.route("**/piece/", first_only)
    page.set_input_files("#id_file", large)
    page.get_by_role("button", name="Send the file").click()
    page.get_by_text("The connection was lost").wait_for()
    assert page.get_by_role("progressbar").get_attribute("value") != "0"
    assert page.get_by_role("status").count() >= 1
    page.close()
    return sent


def the_rest_is_sent(page: Any, large: Path, sent: list[str]) -> None:
    offsets: list[str] = []
    page.on(
        "request",
        lambda asked: (
            asked.url.endswith("/piece/") and offsets.append(asked.headers["upload-offset"])
        ),
    )
    page.goto(f"{HOME}data/")
    assert large.name in page.locator("main").inner_text()
    page.goto(f"{HOME}data/slow-line/upload/")
    assert page.get_by_text("A file has not arrived whole").is_visible()
    page.set_input_files("#id_file", large)
    page.get_by_role("button", name="Send the file").click()
    page.get_by_role("heading", name="First look").wait_for()
    assert sent[0] == "0"
    assert "0" not in offsets
    assert len(offsets) == 2


def the_import_goes_on_without_the_page(page: Any) -> None:
    page.get_by_role("link", name="Check and import").click()
    page.get_by_role("button", name="Import the file").click()
    page.get_by_role("heading", name="The file is being imported").wait_for()
    assert look_here(page) == []
    address = page.url
    page.goto("about:blank")
    page.goto(f"{HOME}runs/")
    page.get_by_role("link", name="Import of Slow line").click()
    page.get_by_text("The run is done.").wait_for()
    page.goto(address)
    page.get_by_text(re.compile(r"120.000 accepted \+ 0 rejected")).wait_for()
