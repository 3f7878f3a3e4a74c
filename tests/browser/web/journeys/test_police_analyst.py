"""Journey 5.2: a police analyst, from a raw export to published counts.

Each mistake that must be caught and each permission that decides stands in the step it belongs to.
The journey's forecast (its step 7) belongs to a later version of the workbench.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from browser.web.journeys import files, people
from browser.web.journeys.installation import Workbench
from browser.web.journeys.looking import look_here

pytestmark = pytest.mark.browser

HOME = "/w/lindhafen/"
RARE = f"{HOME}findings/?first=2025-10-01&last=2025-10-14&iccs=04"


def main_of(page: Any) -> str:
    """What stands in the main part of a page."""
    return str(page.locator("main").inner_text())


def press(page: Any, name: str) -> None:
    """Press a button of the main part."""
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def follow(page: Any, name: str) -> None:
    """Follow a link of the main part."""
    page.locator("main").get_by_role("link", name=name).first.click()


def test_from_a_raw_export_to_published_counts(
    workbench: Workbench,
    browse: Callable[..., Any],
    picture: Callable[..., None],
    tmp_path: Path,
) -> None:
    coordinator = browse("coordinator")
    page = browse()
    another_keeps_data_without_agreement(coordinator)
    signs_in_with_two_factors(workbench, page)
    sees_what_is_agreed_and_what_is_missing(page, picture)
    names_stop_the_upload(workbench, page, tmp_path)
    brings_a_file_with_faults(page, tmp_path, picture)
    is_told_of_precision_and_of_a_changed_rule(page, picture)
    reads_hot_spots_with_their_denominator(page, picture)
    is_told_that_two_events_are_too_few(page)
    compares_by_area_never_by_respondent(page, picture)
    is_refused_points_and_takes_what_is_agreed(page, picture)
    finds_refusal_and_export_in_the_log(coordinator)
    number = proposes_a_release(page)
    second_person_returns_it(coordinator, number, picture)
    number = proposes_a_release(page)
    second_person_lets_it_go(coordinator, number)
    everybody_reads_it(browse(), number, picture)


def see_the_map(page: Any) -> None:
    """Go to the map, which is drawn when it comes near."""
    page.locator("figure.area-map").first.scroll_into_view_if_needed()
    page.locator("figure.area-map[data-drawn=yes]").first.wait_for()


def another_keeps_data_without_agreement(page: Any) -> None:
    page.goto(f"{HOME}data/new/")
    page.get_by_label("Name", exact=True).fill("Street lighting faults")
    page.get_by_label("What does it hold?").select_option("reports")
    page.get_by_label("Whose account is it?").select_option("services")
    page.locator("main form .buttons button").click()
    page.wait_for_url("**/data/street-lighting-faults/upload/")


def signs_in_with_two_factors(workbench: Workbench, page: Any) -> None:
    person = people.new_analyst(workbench, page, "mara.lind@police.example")
    people.sign_in_simply(page, person, to="/me/")
    people.set_up_app(page, person)
    people.sign_out(page)
    people.sign_in(page, person, to=f"{HOME}data/")


def sees_what_is_agreed_and_what_is_missing(page: Any, picture: Callable[..., None]) -> None:
    closed = page.get_by_role("row").filter(has_text="Street lighting faults")
    assert "No sharing agreement names the data set" in closed.inner_text()
    assert "Ask City of Lindhafen for an agreement." in closed.inner_text()
    assert closed.get_by_role("link").count() == 0
    covered = page.get_by_role("row").filter(has_text="Residents’ survey")
    assert "Agreement 2" in covered.inner_text()
    closed.scroll_into_view_if_needed()
    picture(page, "data")
    assert page.goto(f"{HOME}data/street-lighting-faults/").status == 403
    assert "No sharing agreement names the data set" in main_of(page)


def names_stop_the_upload(workbench: Workbench, page: Any, folder: Path) -> None:
    page.goto(f"{HOME}data/new/")
    page.get_by_label("Name", exact=True).fill("Burglaries")
    page.get_by_label("What does it hold?").select_option("incidents")
    page.get_by_label("Whose account is it?").select_option("police")
    page.get_by_label("What it counts").fill("burglaries")
    page.locator("main form .buttons button").click()
    page.wait_for_url("**/data/burglaries/upload/")
    file = files.with_names(folder)
    page.set_input_files("#id_file", file)
    press(page, "Send the file")
    page.get_by_role("heading", name="This file was refused").wait_for()
    assert "name of victim" in main_of(page)
    assert "Nothing of it was kept" in main_of(page)
    uploads = workbench.home / "workspaces" / "lindhafen" / "uploads"
    assert [*uploads.rglob(f"*{file.stem}*")] == []
    assert not any(b"Anna Meier" in content for content in contents(uploads))
    assert look_here(page) == []


def contents(folder: Path) -> Iterator[bytes]:
    """The files in a folder; another journey may send and remove its own meanwhile."""
    for one in folder.rglob("*"):
        with suppress(FileNotFoundError, IsADirectoryError):
            yield one.read_bytes()


def brings_a_file_with_faults(page: Any, folder: Path, picture: Callable[..., None]) -> None:
    page.goto(f"{HOME}data/burglaries/upload/")
    page.set_input_files("#id_file", files.burglaries(folder))
    press(page, "Send the file")
    page.get_by_role("heading", name="First look").wait_for()
    follow(page, "Say what the columns are")
    say_how_days_are_written(page, "%d.%m.%Y")
    page.get_by_text("293 would be accepted and 319 rejected").wait_for()
    say_how_days_are_written(page, "%d.%m.%Y\n%Y-%m-%d")
    page.get_by_text("599 would be accepted and 13 rejected").wait_for()
    assert look_here(page) == []
    picture(page, "mapping")
    press(page, "Keep these answers")
    page.wait_for_url("**/uploads/*/")
    page.get_by_role("link", name="Name the offence classes").click()
    for row in page.locator("main tbody tr").all():
        is_home = "Wohnung" in row.inner_text()
        row.get_by_role("combobox").select_option("05012" if is_home else "0501")
    press(page, "Keep the classes")
    page.get_by_role("link", name="Check and import").click()
    nothing_is_there_yet(page)
    assert look_here(page) == []
    press(page, "Import the file")
    page.get_by_text("599 accepted + 13 rejected = 612 read").wait_for()
    follow(page, "See the rejected rows and why")
    with page.expect_download() as taken:
        follow(page, "Download all rejected rows")
    lines = Path(taken.value.path()).read_text("utf-8-sig").splitlines()
    assert len(lines) == 1 + 13
    assert all("coordinates are (0, 0)" in line for line in lines[1:])
    assert look_here(page) == []


def say_how_days_are_written(page: Any, forms: str) -> None:
    page.get_by_label("How times are written").fill(forms)
    page.keyboard.press("Tab")


def nothing_is_there_yet(page: Any) -> None:
    answer = page.context.request.get(f"{HOME}data/burglaries/").text()
    assert "No file was brought in yet" in answer


def is_told_of_precision_and_of_a_changed_rule(page: Any, picture: Callable[..., None]) -> None:
    page.goto(f"{HOME}data/burglaries/")
    said = main_of(page)
    assert "Street view is disabled" in said
    assert "What is recorded changed" in said
    page.get_by_role("heading", name="Quality of version 1").scroll_into_view_if_needed()
    page.mouse.wheel(0, 500)
    page.wait_for_timeout(300)
    picture(page, "quality")


def reads_hot_spots_with_their_denominator(page: Any, picture: Callable[..., None]) -> None:
    page.goto(f"{HOME}findings/?block=problems&source=recorded-crime")
    page.locator("main a[href*='recorded-crime.hot-spots']").first.click()
    see_the_map(page)
    said = main_of(page)
    assert "of the area" in said
    assert "What this cannot say" in said
    assert "grid" in said
    assert "rests on police records alone" in said
    picture(page, "hot-spots")
    page.goto(page.url.replace("hot-spots", "rates"))
    assert "residents" in page.get_by_role("heading", level=1).inner_text()


def is_told_that_two_events_are_too_few(page: Any) -> None:
    page.goto(RARE)
    assert "This view was not computed yet" in main_of(page)
    press(page, "Compute this view")
    done = page.get_by_text("Stored result from").or_(page.get_by_text("The run is done"))
    done.wait_for()
    page.goto(f"{RARE}&certainty=cannot+tell")
    cards = page.locator("li.finding-card").filter(has_text="pile up")
    assert "We cannot tell at which places" in cards.inner_text()
    cards.get_by_role("link").click()
    assert "Cannot tell" in main_of(page)
    assert page.locator("figure.area-map").count() == 0


def compares_by_area_never_by_respondent(page: Any, picture: Callable[..., None]) -> None:
    page.goto(f"{HOME}divergence/")
    see_the_map(page)
    assert "shown by area only, never by respondent" in main_of(page)
    picture(page, "recorded-and-felt")
    page.goto(f"{HOME}data/residents-survey/export/")
    offered = page.get_by_label("Place", exact=True).locator("option").all_inner_texts()
    assert offered == ["Areas", "The city as a whole"]


def is_refused_points_and_takes_what_is_agreed(page: Any, picture: Callable[..., None]) -> None:
    ask_for(page, "residents-reports", "point")
    assert "nothing finer than “Grid cells”" in main_of(page)
    assert look_here(page) == []
    picture(page, "refused")
    press(page, "Make this export instead")
    page.get_by_role("heading", name="Export of Citizen reports").wait_for()
    with page.expect_download() as taken:
        page.locator("main a[download]").first.click()
    assert Path(taken.value.path()).stat().st_size > 0
    ask_for(page, "residents-reports", "point")
    reason = page.get_by_label("Why what was agreed is not enough")
    reason.fill("We want to see whether the reports lie at one junction.")
    press(page, "Send the request")
    page.get_by_text("Your request was sent to City of Lindhafen.").wait_for()


def ask_for(page: Any, dataset: str, place: str) -> None:
    """Ask for an export that is finer than agreed."""
    page.goto(f"{HOME}data/{dataset}/export/")
    page.get_by_label("Place", exact=True).select_option(place)
    press(page, "Make the export")
    page.get_by_role("heading", name="This export is not allowed").wait_for()


def finds_refusal_and_export_in_the_log(page: Any) -> None:
    page.goto(f"{HOME}log/?kind=refusal")
    assert "nothing finer than" in main_of(page)
    page.goto(f"{HOME}log/?kind=export")
    assert "Citizen reports" in main_of(page)


def proposes_a_release(page: Any) -> int:
    page.goto(f"{HOME}releases/propose/")
    page.get_by_label("Title").fill("Recorded incidents by quarter")
    page.get_by_label("What residents should know").fill("Counts of what the police recorded.")
    chosen = page.locator("input[name=findings]")
    for box in chosen.all():
        label = page.locator(f"label[for={box.get_attribute('id')}]").inner_text()
        if "incidents for their residents" in label or "Half of all incidents were" in label:
            box.check()
    press(page, "Check your answers")
    press(page, "Propose the release")
    page.get_by_text("The release is proposed. A second person must check it.").wait_for()
    assert "Send your decision" in main_of(page)
    assert page.locator("main button[aria-disabled=true]").count() == 1
    return int(page.url.rstrip("/").rsplit("/", 1)[1])


def second_person_returns_it(page: Any, number: int, picture: Callable[..., None]) -> None:
    page.goto(f"{HOME}releases/{number}/")
    picture(page, "release")
    page.get_by_label("Return with a comment").check()
    press(page, "Send your decision")
    page.locator("#error-summary").wait_for()
    assert look_here(page) == []
    comment = page.get_by_role("textbox", name="Comment")
    comment.fill("Tannery Green can be derived from the total of the city.")
    press(page, "Send your decision")
    page.get_by_text("The release is returned with your comment.").wait_for()
    assert "can be derived from the total" in main_of(page)
    assert page.context.request.get(f"/public/lindhafen/findings/{number}/").status == 404


def second_person_lets_it_go(page: Any, number: int) -> None:
    page.goto(f"{HOME}releases/{number}/")
    page.get_by_label("Release to the public").check()
    page.get_by_label("I tried to work out what is withheld").check()
    press(page, "Send your decision")
    page.get_by_text("The findings are public now.").wait_for()


def everybody_reads_it(page: Any, number: int, picture: Callable[..., None]) -> None:
    page.goto(f"/public/lindhafen/findings/{number}/")
    follow(page, "incidents for their residents")
    see_the_map(page)
    said = main_of(page)
    assert "This finding rests on police records alone." in said
    assert "What this cannot say" in said
    assert "Recorded incidents" in said
    page.evaluate("scrollTo(0, 0)")
    picture(page, "public-finding")
