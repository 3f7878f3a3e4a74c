"""A theory is built by keyboard alone: in the diagram, and without script in the forms."""

from __future__ import annotations

import pytest

from browser.pictures import shot
from commonlight.web.design.theory.domain.reading import read_theory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
HOME = "/w/lakeside/problems/1/theory/"
STEPS = (
    ("Activity", "Youth workers are at the station"),
    ("Mechanism", "Young people know an adult"),
    ("Outcome", "Fewer threats"),
    ("Indicator", "Share of pupils threatened"),
    ("Possible harm", "Young people feel watched"),
)


def told(actor, problem):
    """The steps and links as the database holds them."""
    sheet = read_theory(actor, problem)
    pairs = [(one.source.number, one.target.number) for one in sheet.links]
    return [one.text for one in sheet.steps], pairs


def choose(page, select, words):
    """Choose by keyboard, by the first letters of the words."""
    select.focus()
    page.keyboard.type(words)


def fill_panel(page, kind, text):
    page.locator("#theory-panel select").first.wait_for()
    choose(page, page.locator("#theory-panel #id_new_kind"), kind)
    page.keyboard.press("Tab")
    page.keyboard.type(text)
    page.locator("#theory-panel #id_new_assumption").focus()
    page.keyboard.type("They stay")
    page.locator("#theory-panel button").focus()
    page.keyboard.press("Enter")
    page.locator("#theory-panel").wait_for(state="hidden")


def focused(page):
    return page.evaluate("document.activeElement.id")


def test_five_steps_are_built_in_the_diagram_by_keyboard_alone(page_of, problem, actor_of):
    page = page_of("partner")
    page.goto(HOME)
    page.get_by_role("button", name="Add a step after this one").focus()
    page.keyboard.press("Enter")
    for at, (kind, text) in enumerate(STEPS, start=1):
        fill_panel(page, kind, text)
        page.locator(f"#box-{at}:focus").wait_for()
        if at < len(STEPS):
            page.keyboard.press("n")
    steps, links = told(actor_of("partner"), problem)
    assert steps == [text for _, text in STEPS]
    assert links == [(1, 2), (2, 3), (3, 4), (4, 5)]
    shot(page, "built")


def test_arrow_keys_walk_along_links_and_l_links_two_steps(page_of, theory, actor_of):
    page = page_of("partner")
    page.goto(HOME)
    page.locator("#box-1").focus()
    page.keyboard.press("ArrowRight")
    first = focused(page)
    assert first in {"badge-1", "badge-4"}
    page.keyboard.press("ArrowDown")
    assert {first, focused(page)} == {"badge-1", "badge-4"}
    page.keyboard.press("ArrowUp")
    while focused(page) != "badge-1":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert focused(page) == "box-2"
    page.keyboard.press("l")
    assert "Choose the step that it leads to" in page.locator("#theory-say").inner_text()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    if focused(page) != "box-5":
        page.keyboard.press("ArrowUp")
    page.locator("#box-5").focus()
    page.keyboard.press("Enter")
    panel = page.locator("#theory-panel")
    panel.get_by_label("Mechanism").fill("They are seen")
    panel.get_by_role("button", name="Add link").focus()
    page.keyboard.press("Enter")
    page.locator("#badge-5:focus").wait_for()
    assert told(actor_of("partner"), theory.problem)[1][-1] == (2, 5)
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Take out").click()
    assert told(actor_of("partner"), theory.problem)[1] == [(1, 2), (2, 3), (3, 4), (1, 5)]


def test_five_steps_are_built_without_script_by_keyboard_alone(page_of, problem, actor_of):
    page = page_of("partner", java_script_enabled=False)
    page.goto(HOME)
    page.locator("summary", has_text="Add a single step").focus()
    page.keyboard.press("Enter")
    for kind, text in STEPS:
        choose(page, page.get_by_label("Kind of step"), kind)
        page.get_by_label("Step", exact=True).focus()
        page.keyboard.type(text)
        page.get_by_role("button", name="Add step").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
    steps, links = told(actor_of("partner"), problem)
    assert steps == [text for _, text in STEPS]
    assert links == [(1, 2), (2, 3), (3, 4), (4, 5)]
    rows = page.locator("#steps tbody tr")
    assert rows.count() == 5
    assert page.locator("svg a.box").count() == 5
    page.locator("#link-1").get_by_role("link", name="Change link 1").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_label("Mechanism").focus()
    page.keyboard.type("They are there each evening")
    page.get_by_role("button", name="Save link").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "They are there each evening" in page.locator("#link-1").inner_text()


def test_what_is_written_is_saved_by_itself_and_the_diagram_follows(page_of, theory, actor_of):
    page = page_of("partner")
    page.goto(HOME)
    page.locator("#box-1").focus()
    page.keyboard.press("Enter")
    field = page.locator("#theory-panel #id_text")
    field.fill("Youth workers are there on every evening of the week")
    assert page.locator("#theory-state").inner_text() == "Not saved yet"
    page.get_by_text("Saved at").wait_for()
    steps, _ = told(actor_of("partner"), theory.problem)
    assert steps[0] == "Youth workers are there on every evening of the week"
    field.press("End")
    page.keyboard.type(", and at the pool")
    page.locator('#theory-panel input[name="revision"][value="3"]').wait_for(state="attached")
    page.keyboard.press("Escape")
    page.locator("#box-1:focus").wait_for()
    assert "and at the pool" in " ".join(page.locator("#box-1 text").all_text_contents())
    assert "and at the pool" in page.locator("#step-1").inner_text()


def test_without_a_connection_one_is_told_and_nothing_typed_is_lost(page_of, theory, actor_of):
    page = page_of("partner")
    page.goto(f"{HOME}steps/1/")
    page.context.set_offline(True)
    page.get_by_label("Step", exact=True).fill("Written in the tunnel")
    page.get_by_text("there is no connection").wait_for()
    page_of.complaints.clear()
    page.context.set_offline(False)
    page.get_by_label("Step", exact=True).press("End")
    page.keyboard.type(".")
    page.get_by_text("Saved at").wait_for()
    steps, _ = told(actor_of("partner"), theory.problem)
    assert steps[0] == "Written in the tunnel."


def test_two_who_write_in_the_same_step_both_keep_their_words(page_of, theory, actor_of):
    first, second = page_of("partner"), page_of("analyst")
    for page in (first, second):
        page.goto(f"{HOME}steps/1/")
    first.get_by_label("Step", exact=True).fill("The words of one")
    first.get_by_text("Saved at").wait_for()
    second.get_by_label("Step", exact=True).fill("The words of the other")
    second.get_by_text("Somebody else changed this while you wrote").wait_for()
    assert "The words of one" in second.locator("#theory-state").inner_text()
    assert second.get_by_label("Step", exact=True).input_value() == "The words of the other"
    shot(second, "conflict")
    second.get_by_role("button", name="Save mine in place of it").click()
    assert "The words of the other" in second.locator("#step-1").inner_text()
    assert told(actor_of("partner"), theory.problem)[0][0] == "The words of the other"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_overflows(page_of, theory, actor_of, client_of, theme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    client = client_of("coordinator")
    client.post(f"{HOME}versions/keep/", {"note": "First"})
    client.post(f"{HOME}links/2/comment/", {"text": "How do we know?"})
    sent = {"source": 2, "target": 3, "confidence": "low", "revision": 1}
    client.post(f"{HOME}links/2/", sent)
    pages = {
        "theory": HOME,
        "step": f"{HOME}steps/1/",
        "link": f"{HOME}links/2/",
        "add": f"{HOME}steps/add/",
        "remove": f"{HOME}steps/1/remove/",
        "versions": f"{HOME}versions/",
        "version": f"{HOME}versions/1/",
        "import": f"{HOME}import/",
    }
    faults = {}
    for width in (1200, 360):
        size = {"width": width, "height": 900}
        page = page_of("coordinator", viewport=size, color_scheme=theme)
        for name, address in pages.items():
            assert page.goto(address).status == 200, address
            if name == "theory":
                page.locator("#box-1").click()
                page.locator("#theory-panel textarea").first.wait_for()
            shot(page, f"{name}-{width}-{theme}")
            found = axe.Axe().run(page, options={"runOnly": STANDARD}).response["violations"]
            wide = page.locator("html").evaluate("e => e.scrollWidth - e.clientWidth")
            if found or wide > 0:
                seen = [(one["id"], one["nodes"][0]["html"][:150]) for one in found]
                faults[f"{name} at {width}"] = (seen, wide)
    assert faults == {}
