"""Charts in a browser: read point by point, with the table saying the same."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def page(open_page):
    page = open_page("/gallery/findings/")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    return page


def figure_of(page, words):
    return page.locator("figure.chart").filter(has_text=words).first


def test_a_chart_is_one_stop_and_arrows_go_through_its_values(page):
    figure = figure_of(page, "Recorded incidents fell")
    stop = figure.get_by_role("slider")
    assert figure.get_by_role("slider").count() == 1
    stop.focus()
    readout = figure.locator(".readout")
    first = readout.inner_text()
    rows = figure.locator("tbody tr")
    assert first.startswith(rows.first.locator("th").inner_text())
    assert "Recorded incidents" in first
    page.keyboard.press("ArrowRight")
    assert readout.inner_text() != first
    assert readout.inner_text() == stop.get_attribute("aria-valuetext")
    assert stop.get_attribute("aria-valuenow") == "2"
    assert figure.locator("tr.shown th").inner_text() == rows.nth(1).locator("th").inner_text()
    assert figure.locator(".wide svg .here").count() == 1
    page.keyboard.press("End")
    assert stop.get_attribute("aria-valuenow") == stop.get_attribute("aria-valuemax")
    page.keyboard.press("Home")
    assert readout.inner_text() == first


def test_up_and_down_go_from_line_to_line_at_the_same_place(page):
    figure = figure_of(page, "Recorded incidents fell")
    figure.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    month = figure.locator(".readout").inner_text().split(",")[0]
    page.keyboard.press("ArrowDown")
    below = figure.locator(".readout").inner_text()
    assert below.startswith(month)
    assert "Expected" in below


def test_bars_are_read_category_by_category_and_their_values_are_those_of_the_table(page):
    figure = figure_of(page, "Theft from vehicles is the most frequent")
    figure.get_by_role("slider").focus()
    said = [figure.locator(".readout").inner_text()]
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        said.append(figure.locator(".readout").inner_text())
    assert [one.split(",")[0] for one in said] == ["Theft from vehicles"] * 2 + [
        "Bicycle theft"
    ] * 2
    assert "18\N{NARROW NO-BREAK SPACE}210" in said[0]
    box = figure.locator(".wide svg .here").bounding_box()
    bar = figure.locator('.wide svg [data-row="1"][data-series="1"]').bounding_box()
    assert box["x"] < bar["x"]
    assert box["y"] < bar["y"] < box["y"] + box["height"]


def test_cells_of_a_heat_chart_are_read_by_row_and_column(page):
    figure = figure_of(page, "Assaults are most frequent on Friday")
    figure.get_by_role("slider").focus()
    assert figure.locator(".readout").inner_text().startswith("Monday, 00")
    page.keyboard.press("ArrowDown")
    assert figure.locator(".readout").inner_text().startswith("Tuesday, 00")
    page.keyboard.press("End")
    assert figure.locator(".readout").inner_text().startswith("Sunday, 23")


def test_a_value_that_is_not_known_is_said_so_and_an_interval_is_read_out(page):
    figure = figure_of(page, "Burglaries in Lindenau rose")
    figure.get_by_role("slider").focus()
    assert "0.88 (0.74 to 1.05)" in figure.locator(".readout").inner_text()
    page.keyboard.press("End")
    assert figure.locator(".readout").inner_text() == "Oberfeld: not known"
    assert figure.locator(".wide svg .here").count() == 0


def test_the_pointer_reads_a_bar_too(page):
    figure = figure_of(page, "Theft from vehicles is the most frequent")
    figure.locator('.wide svg [data-row="2"][data-series="0"]').hover()
    assert (
        figure.locator(".readout").inner_text().startswith("Assault without serious injury, 2022")
    )


def test_leaving_a_chart_leaves_no_mark(page):
    figure = figure_of(page, "Recorded incidents fell")
    figure.get_by_role("slider").focus()
    page.keyboard.press("Tab")
    assert page.locator("svg .here").count() == 0
    assert page.locator("tr.shown").count() == 0
