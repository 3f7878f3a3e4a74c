"""Somebody who has never seen the workbench assesses two pages in twenty minutes (T21, W10)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from browser.pictures import shot
from web.assessment import conftest as own

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HERE = "/w/lakeside/strategies/1/assessments/1/"
#: Somebody who reads two hundred words a minute, and thinks for four seconds about each sentence.
WORDS_A_MINUTE, SECONDS_TO_THINK, SECONDS_A_STROKE, SECONDS_A_PAGE = 200, 4, 1, 10


demo, strategy_text, membership_of = (
    own.demo,
    own.strategy_text,
    own.membership_of,
)
begun, fresh, read_whole = own.begun, own.fresh, own.read_whole
document, judged = own.document, own.judged
felt_and_harmed = own.felt_and_harmed


class Hands:
    """Counts what a person does, so that the minutes can be told on any machine."""

    def __init__(self, page: Any) -> None:
        self.page, self.strokes, self.pages = page, 0, 0

    def press(self, key: str) -> None:
        """One stroke."""
        self.strokes += 1
        self.page.keyboard.press(key)

    def submit(self, name: str) -> None:
        """A button, reached by keyboard or mouse; a page follows."""
        self.strokes += 2
        self.pages += 1
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name).first.press("Enter")

    def minutes(self, words: int, sentences: int) -> float:
        """How long that takes a person who reads and thinks."""
        seconds = self.strokes * SECONDS_A_STROKE + self.pages * SECONDS_A_PAGE
        return words / WORDS_A_MINUTE + (seconds + sentences * SECONDS_TO_THINK) / 60


def test_two_pages_are_assessed_by_keyboard_in_twenty_minutes(
    page_of: Callable[..., Any], strategy_text: str, demo: Any, city: Any
) -> None:
    page = page_of("evaluator")
    hands = Hands(page)
    page.goto("/w/lakeside/strategies/")
    page.get_by_role("link", name="Bring a strategy in").click()
    page.get_by_label("What is the strategy called?").fill("Lindhafen Safe 2030")
    page.get_by_label("Paste the text").fill(strategy_text)
    page.get_by_label("City of Lakeside").first.check()
    page.get_by_label("Evaluator – Lakeside University").check()
    shot(page, "1-new")
    hands.submit("Cut it into sentences")
    assert page.locator("ol.cut > li[value]").count() == 59
    shot(page, "2-cut")
    hands.submit("The cut is right: start reading")
    names = [
        "citizen_centred",
        "transdisciplinary",
        "preventative",
        "collaborative",
        "demonstrable_impact",
    ]
    values = ["liberty", "democracy", "human_rights", "rule_of_law"]
    chips = page.locator("[data-claim]").first.locator(".chip")
    assert chips.first.inner_text().split()[0] == "1"
    assert [one.split()[0] for one in chips.all_inner_texts()] == list("1234506789")
    for start in range(0, 59, 10):
        ten = demo["claim"][start : start + 10]
        for place, row in enumerate(ten):
            for name in row["principles"]:
                hands.press(str(names.index(name) + 1))
            for name in row["values"]:
                hands.press(str(len(names) + values.index(name) + 1))
            if place + 1 < len(ten):
                hands.press("ArrowDown")
        if start == 10:
            shot(page, "3-tag")
        hands.submit("Save; the others here touch none")
    page.wait_for_url("**/judge/")
    assert "0 of 44 done" in page.locator(".tens").inner_text()
    shot(page, "4-judge")
    for _ten in range(5):
        hands.submit("Save these and go on")
    page.wait_for_url(f"**{HERE}")
    page.get_by_role("link", name="Send your verdicts in").click()
    hands.submit("Send them in")
    assert page.get_by_role("heading", name="Matrix and gaps").is_visible()
    read = "44 of 59 sentences touch a principle or a value, 15 touch none, 0 are unread"
    assert read in page.content()
    shot(page, "5-matrix")
    minutes = hands.minutes(len(strategy_text.split()), 59 + 44)
    assert minutes < 20, f"{minutes:.1f} minutes, {hands.strokes} strokes, {hands.pages} pages"


@pytest.fixture
def whole(judged: Any, actor_of: Any, city: Any, demo: Any) -> Any:
    """The demo strategy with its mirror and two recommendations."""
    from commonlight.web.assessment.domain import recommending
    from commonlight.web.assessment.domain.mirror import choose_weights, keep_row, keep_totals

    actor, assessment = actor_of("evaluator"), judged.assessment
    for row in demo["row"]:
        kept = {
            what: {"value": Decimal(str(row[what])), "source": source}
            for what, source in (
                ("money", "Budget of the strategy, sections 3 to 7"),
                ("staff_time", "Estimate of the partners"),
                ("meetings", "Minutes of the partnership"),
                ("data", "Register of data sets"),
            )
        }
        kept["money"]["parts"] = {name: str(one) for name, one in row["money_kind"].items()}
        kept |= felt_and_harmed(row)
        keep_row(actor, assessment, title=row["title"], profile=row["profile"], figures=kept)
    wholes = {"money": 4_000_000, "staff_time": 40, "meetings": 44, "data": 4}
    keep_totals(
        actor, assessment, {what: (Decimal(one), "Budget plan") for what, one in wholes.items()}
    )
    choose_weights(actor, assessment, "nz_treasury_2006")
    for text in ("Write down why 60 per cent of the money goes there.", "Ask night workers."):
        made = recommending.write_recommendation(
            actor, assessment, text=text, answers="flag", addressee=city.municipality
        )
        recommending.send(actor, made)
    return judged


PAGES = {
    "overview": "",
    "claims": "claims/",
    "matrix": "matrix/",
    "mirror": "mirror/",
    "recommendations": "recommendations/",
    "brief": "brief/",
    "sheets": "sheets/",
    "row": "mirror/rows/1/",
}


def test_every_page_fits_a_phone_and_the_deputy_mayor_reads_one(
    page_of: Callable[..., Any], whole: Any
) -> None:
    claim = whole.claims[9].pk
    more = {"claim": f"claims/{claim}/", "evidence": f"claims/{claim}/evidence/"}
    wide = page_of("evaluator", viewport={"width": 1200, "height": 900})
    narrow = page_of("evaluator", viewport={"width": 360, "height": 740}, color_scheme="dark")
    for name, path in {**PAGES, **more, "judge": "judge/", "tag": "tag/"}.items():
        for page, kind in ((wide, "wide"), (narrow, "narrow")):
            page.goto(f"{HERE}{path}")
            shot(page, f"{name}-{kind}")
        width = narrow.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, f"{name}: {width} px wide"
    reader = page_of("decision_maker")
    reader.goto("/w/lakeside/strategies/")
    reader.get_by_role("link", name="Assessment 1: European Security Model").click()
    text = reader.locator("main").inner_text()
    assert re.search(r"60\s%", text)
    assert re.search(r"5\.4\s%", text)
    assert "Open consultation, 640 people" in text
    assert "Lakeside University" in text
    assert "Youth Work Lakeside" in text


def test_the_assessment_prints_on_two_pages(page_of: Callable[..., Any], whole: Any) -> None:
    import pypdfium2

    page = page_of("coordinator")
    page.goto(f"{HERE}sheets/")
    made = page.pdf(prefer_css_page_size=True)
    folder = os.environ.get("COMMONLIGHT_SCREENSHOTS")
    if folder:
        Path(folder, "sheets.pdf").write_bytes(made)
    found = pypdfium2.PdfDocument(made)
    assert len(found) == 2
    text = " ".join(one.get_textpage().get_text_range() for one in found)
    for part in ("Transdisciplinary", "Thin", "60", "Balance mirror", "What cannot be said"):
        assert part in text


def test_a_box_stays_under_the_pointer_when_its_sentence_gets_the_focus(
    page_of: Callable[..., Any], begun: Any
) -> None:
    begun()
    page = page_of("evaluator", viewport={"width": 1280, "height": 900})
    page.goto(f"{HERE}tag/")
    box = page.locator("[data-claim]").nth(1).locator(".chip input").first
    before = box.bounding_box()
    box.focus()
    assert page.locator("[data-claim]").nth(1).evaluate("one => one.matches(':focus-within')")
    assert box.bounding_box() == before


def test_the_cut_shows_what_can_be_done_with_a_sentence_when_one_comes_to_it(
    page_of: Callable[..., Any], begun: Any
) -> None:
    begun(reading=False)
    page = page_of("coordinator", viewport={"width": 1280, "height": 900})
    page.goto(f"{HERE}cut/")
    rows = page.locator(".cut .quiet")
    seen = "one => getComputedStyle(one).opacity"
    assert rows.nth(1).evaluate(seen) == "0"
    rows.nth(1).get_by_role("link", name="Divide").focus()
    assert [rows.nth(place).evaluate(seen) for place in (1, 2)] == ["1", "0"]
    rows.nth(2).get_by_role("checkbox").check()
    page.mouse.move(5, 5)
    rows.nth(1).get_by_role("link", name="Divide").focus()
    assert rows.nth(2).evaluate(seen) == "1"
