"""Agreements, the log and retention in a real browser: axe, phone width, without script."""

import pytest

from browser.pictures import shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
HOME = "/w/lakeside/agreements/"
PAGES = {
    "list": HOME,
    "new": f"{HOME}new/",
    "draft": f"{HOME}2/",
    "parties": f"{HOME}2/parties/",
    "data": f"{HOME}2/data/",
    "clause": f"{HOME}2/clauses/dispute/",
    "check": f"{HOME}2/check/",
    "signed": f"{HOME}1/",
    "part": f"{HOME}1/parts/clauses/",
    "end": f"{HOME}1/end/",
    "register": "/public/lakeside/agreements/",
    "log": "/w/lakeside/log/",
    "event": "/w/lakeside/log/1/",
    "retention": "/w/lakeside/retention/",
    "rules": "/w/lakeside/retention/rules/",
    "removal": "/w/lakeside/retention/removal/",
    "leave": "/me/delete/",
}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_overflows(page_of, signed, draft, theme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    signed()
    draft()
    faults = {}
    for width in (1200, 360):
        size = {"width": width, "height": 900}
        page = page_of("coordinator", viewport=size, color_scheme=theme)
        for name, address in PAGES.items():
            assert page.goto(address).status == 200, address
            shot(page, f"{name}-{width}-{theme}")
            found = axe.Axe().run(page, options={"runOnly": STANDARD}).response["violations"]
            wide = page.locator("html").evaluate("e => e.scrollWidth - e.clientWidth")
            if found or wide > 0:
                told = [(one["id"], one["nodes"][0]["html"][:150]) for one in found]
                faults[f"{name} at {width}"] = (told, wide)
    assert faults == {}


def test_a_signatory_signs_without_script_by_keyboard(page_of, offered):
    offered()
    page = page_of("partner", java_script_enabled=False)
    page.goto(f"{HOME}1/")
    assert page.get_by_text("You have not opened these parts yet").count() == 1
    page.get_by_role("link", name="Parties").click()
    while page.get_by_role("link", name="Next part").count():
        page.get_by_role("link", name="Next part").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
    page.get_by_role("link", name="Back to the agreement").click()
    page.get_by_role("link", name="Sign", exact=True).click()
    page.get_by_role("button", name="Sign agreement").click()
    assert page.title().startswith("Error:")
    page.get_by_label("I have read every part").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Sign agreement").click()
    assert page.get_by_text("You have signed for your organisation.").count() == 1
