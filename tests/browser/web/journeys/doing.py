"""What people do on the pages of a problem: read, press, follow, answer the seven questions."""

from __future__ import annotations

from typing import Any


def main_of(page: Any) -> str:
    """What stands in the main part of a page."""
    return str(page.locator("main").inner_text())


def press(page: Any, name: str) -> None:
    """Press a button of the main part."""
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def follow(page: Any, name: str) -> None:
    """Follow a link of the main part."""
    page.locator("main").get_by_role("link", name=name).first.click()


def follow_the_step(page: Any) -> None:
    """Follow what the page of a problem says is to do next."""
    page.locator(".next-step .button").click()


def faults(page: Any) -> str:
    """The summary of what was wrong with a form, which has the focus."""
    assert page.evaluate("document.activeElement.id") == "error-summary"
    return str(page.locator("#error-summary").inner_text())


def answer_frame(page: Any, cause: str, family: str) -> None:
    """Seven questions about evenings at the station, not sent yet."""
    page.get_by_label("What is happening?").fill("Girls are followed and called after")
    page.get_by_label("Where does it happen?").fill("Station square, tram stop 4")
    page.get_by_label("When does it happen?").fill("Winter evenings after six")
    page.get_by_label("Who is harmed, and how?").fill("Girls on their way home")
    page.get_by_label("Cause 1", exact=True).fill(cause)
    page.get_by_label("Family of cause 1").select_option(family)
    page.get_by_label("What would you do first?").fill("Ask the girls which way they take")
    page.get_by_label("Fairly sure: several people told us").check()


def printed(page: Any) -> tuple[int, str]:
    """How many sheets the page prints on, and what stands on them."""
    import pypdfium2

    sheets = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    return len(sheets), " ".join(one.get_textpage().get_text_range() for one in sheets)
