"""Plain words, standing, reminders and the file for a word processor."""

import io
import zipfile
from datetime import timedelta

import pytest

from commonlight.web.agreements.domain import reminders, standing
from commonlight.web.agreements.domain.coverage import today_in
from commonlight.web.agreements.domain.finding import agreements_of
from commonlight.web.agreements.domain.words import summary
from commonlight.web.agreements.paragraphs import paragraphs
from commonlight.web.agreements.word_file import Paragraph, word_file


def test_one_way_in_plain_words(draft, dataset):
    first = summary(draft(thing=dataset("burglary", name="Burglary counts")))[0]
    assert first == (
        "Lakeside Police gives Burglary counts, by area and by month, to Youth Work Lakeside."
    )


def test_reciprocal_in_plain_words(draft):
    lines = summary(draft(kind="reciprocal"))
    assert "give each other" in lines[0]
    assert lines[1] == "Only counts are shared, never single records."
    assert lines[-1] == "From the day after, each party sees only its own data."


@pytest.mark.parametrize(
    ("days", "within"), [(0, 7), (7, 7), (8, 30), (30, 30), (31, 60), (60, 60), (61, None)]
)
def test_reminders_come_60_30_and_7_days_before_the_end(city, signed_agreement, days, within):
    today = today_in(city.workspace)
    made = signed_agreement(receivers=(city.youth_work,), expires_on=today + timedelta(days=days))
    found = reminders([made], today)
    assert [one.within for one in found] == ([within] if within else [])


def test_a_signed_successor_ends_the_reminder(city, signed_agreement):
    today = today_in(city.workspace)
    made = signed_agreement(expires_on=today + timedelta(days=5))
    after = signed_agreement(replaces=made)
    assert reminders([made, after], today) == []


@pytest.mark.parametrize(
    ("shift", "state", "name"),
    [
        (0, "signed", "in_force"),
        (400, "signed", "expired"),
        (-60, "signed", "waiting"),
        (0, "ended", "ended"),
        (0, "draft", "draft"),
        (0, "offered", "offered"),
    ],
)
def test_the_standing_on_a_day(city, signed_agreement, shift, state, name):
    made = signed_agreement(state=state)
    day = today_in(city.workspace) + timedelta(days=shift)
    assert standing(made, day).name == name


def test_a_word_processor_opens_the_file(signed):
    docx = pytest.importorskip("docx")
    made = agreements_of(signed().workspace).get()
    content = word_file(paragraphs(made, made.terms), title=made.title, language="en")
    document = docx.Document(io.BytesIO(content))
    texts = [one.text for one in document.paragraphs]
    assert document.paragraphs[0].style.name == "Title"
    assert document.core_properties.title == "Counts for prevention"
    assert any("Lakeside Police gives" in text for text in texts)
    assert any("When parties disagree" in text for text in texts)
    assert any(made.text_digest in text for text in texts)
    assert not any("Analyst" in text for text in texts)


def test_the_file_is_the_same_each_time_and_holds_odd_characters():
    docx = pytest.importorskip("docx")
    odd = [Paragraph("a < b & c\x00\x01\ud800 “ü”\nnext", "Heading1")]
    content = word_file(odd, title="<&>", language="en")
    assert content == word_file(odd, title="<&>", language="en")
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    document = docx.Document(io.BytesIO(content))
    assert document.paragraphs[0].text == "a < b & c “ü”\nnext"
