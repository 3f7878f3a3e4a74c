"""Forty paper notes by keyboard in under ten minutes, and nothing typed is lost (row 27)."""

from __future__ import annotations

import time
from typing import Any

import pytest

from browser.pictures import shot
from web.design import conftest as own

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ENTER = "/w/lakeside/problems/1/design/workshops/1/notes/enter/"
#: Somebody who types with few fingers: so many strokes a minute.
STROKES_A_MINUTE = 160


problem, workshop = own.problem, own.workshop


def paper_notes() -> list[tuple[str, str]]:
    """What hung on the wall: a key for the kind where it changes, and some thirty letters."""
    ideas = [
        "Warm light on the path to the tram",
        "Somebody in a kiosk until midnight",
        "Trams wait for the last train",
        "Benches where one sees both ways",
    ]
    notes = [("", f"{text} {number}") for number in range(1, 9) for text in ideas]
    harms = [f"I walk round the square {number}" for number in range(1, 5)]
    asked = [f"Who sweeps the underpass {number}" for number in range(1, 5)]
    return [
        *notes,
        ("3", harms[0]),
        *(("", one) for one in harms[1:]),
        ("6", asked[0]),
        *(("", one) for one in asked[1:]),
    ]


def test_forty_notes_by_keyboard_take_less_than_ten_minutes(page_of: Any, workshop: Any) -> None:
    page, notes = page_of("coordinator", viewport={"width": 1200, "height": 900}), paper_notes()
    page.goto(ENTER)
    page.locator("#note-entry").wait_for(state="visible")
    begun, strokes = time.monotonic(), 0
    for key, text in notes:
        for stroke in (*key, *text, "Enter"):
            page.keyboard.press(stroke)
            strokes += 1
    page.get_by_text("40 notes in this batch").wait_for()
    machine = time.monotonic() - begun
    person = strokes / STROKES_A_MINUTE * 60
    print(f"{strokes} strokes: a person {person:.0f} s, page and server {machine:.1f} s")
    assert machine + person < 600
    kept = list(workshop.notes.order_by("number").values_list("text", flat=True))
    assert kept == [text for _key, text in notes]
    kinds = list(workshop.notes.order_by("number").values_list("kind", flat=True))
    assert kinds == ["idea"] * 32 + ["harm"] * 4 + ["question"] * 4
    shot(page, "note-entry")
    while page.evaluate("document.activeElement.textContent.trim()") != "Finish the batch":
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_text("32 notes became ideas").wait_for()


def test_half_a_note_is_there_on_another_device(page_of: Any, workshop: Any) -> None:
    page = page_of("partner")
    page.goto(ENTER)
    page.keyboard.type("Warm light")
    page.keyboard.press("Enter")
    page.get_by_text("1 note in this batch").wait_for()
    with page.expect_response("**/unsent/"):
        page.keyboard.type("Somebody in a ki")
    other = page_of("partner", viewport={"width": 360, "height": 700})
    other.goto(ENTER)
    assert other.input_value("#note-text") == "Somebody in a ki"
    assert other.get_by_text("1. Warm light").is_visible()
    wide = other.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    shot(other, "note-entry-narrow")


def test_notes_wait_when_the_connection_drops_and_are_sent_once(
    page_of: Any, workshop: Any
) -> None:
    page = page_of("partner")
    page.goto(ENTER)
    page.context.set_offline(True)
    for text in ("Warm light", "A kiosk"):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    page.get_by_text("Your notes wait on this page").wait_for()
    assert workshop.notes.count() == 0
    page.context.set_offline(False)
    page.get_by_text("2 notes in this batch").wait_for()
    assert [one.text for one in workshop.notes.order_by("number")] == ["Warm light", "A kiosk"]


def test_a_note_that_is_refused_comes_back_into_the_field(page_of: Any, workshop: Any) -> None:
    page = page_of("partner")
    page.goto(ENTER)
    page.keyboard.type("Ask maria@example.org")
    page.keyboard.press("Enter")
    page.get_by_text("Leave persons out").wait_for()
    assert page.input_value("#note-text") == "Ask maria@example.org"
    assert workshop.notes.count() == 0


def test_a_number_key_chooses_the_kind_and_a_space_begins_with_a_number(
    page_of: Any, workshop: Any
) -> None:
    page = page_of("partner")
    page.goto(ENTER)
    page.keyboard.type("2 3 lamps are broken")
    page.keyboard.press("Enter")
    page.get_by_text("1 note in this batch").wait_for()
    note = workshop.notes.get()
    assert (note.kind, note.text) == ("cause", "3 lamps are broken")


def test_ten_rows_work_where_no_script_runs(page_of: Any, workshop: Any) -> None:
    page = page_of("partner", java_script_enabled=False)
    page.goto(ENTER)
    assert page.locator("#note-entry").is_hidden()
    page.get_by_label("What it says, row 1", exact=True).fill("Warm light")
    page.get_by_label("What it says, row 10").fill("A kiosk")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_text("2 notes are saved").wait_for()
    shot(page, "note-entry-without-script")
    page.get_by_role("button", name="Finish the batch").click()
    page.get_by_text("2 notes became ideas").wait_for()
