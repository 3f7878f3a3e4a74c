"""A youth worker with a phone: an observation in three taps, without script."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 360, "height": 740}, "java_script_enabled": False}
SESSION = "/w/lakeside/problems/1/fieldwork/sessions/1/"


def overflow(page):
    """How far the page is wider than the phone; read without the page's own script."""
    width = page.locator("main").bounding_box()["width"]
    return max(0, width - 360)


@pytest.mark.parametrize(
    ("sentence", "tone"), [("They meet at the kiosk", "Good"), ("The lamps are out", "Trouble")]
)
def test_the_field_the_kind_and_the_button(session, page_of, sentence, tone):
    page = page_of("partner", **PHONE)
    page.goto(SESSION + "#observe")
    taps = [
        page.get_by_label("What did you see or hear?"),
        page.get_by_text(tone, exact=True).first,
        page.get_by_role("button", name="Save the observation"),
    ]
    assert all(one.bounding_box()["height"] >= 24 for one in taps)
    taps[0].click()
    taps[0].fill(sentence)
    taps[1].click()
    taps[2].click()
    assert page.get_by_text("Saved. You can write the next one.").is_visible()
    assert sentence in page.locator("#observation-1").inner_text()
    assert page.get_by_label("What did you see or hear?").input_value() == ""
    assert overflow(page) == 0


def test_a_name_at_hand_is_refused_and_nothing_typed_is_lost(session, page_of):
    page = page_of("partner", **PHONE)
    page.goto(SESSION)
    page.get_by_label("What did you see or hear?").fill("Ask anna@example.org about the kiosk")
    page.get_by_text("Good", exact=True).first.click()
    page.get_by_role("button", name="Save the observation").click()
    assert page.title().startswith("Error:")
    field = page.get_by_label("What did you see or hear?")
    assert field.input_value() == "Ask anna@example.org about the kiosk"
    page.get_by_role("link", name="This text holds an e-mail address").click()
    assert page.url.endswith("#id_text")
