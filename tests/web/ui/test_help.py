"""Help: every term and method has its page, from one source, and nothing in it is run."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from django.utils.translation import override

from commonlight.web.ui.help import sources
from commonlight.web.ui.help.faults import statement
from commonlight.web.ui.help.glossary import find_term, glossary
from commonlight.web.ui.help.markdown import render_line, render_text
from commonlight.web.ui.help.methods import method_groups, method_page

ROOT = Path(__file__).resolve().parents[3]


def test_every_row_of_the_glossary_is_a_term():
    rows = [line for line in (ROOT / "GLOSSARY.md").read_text().splitlines() if "| **" in line]
    assert len(glossary()) == len(rows)
    assert find_term("Getis-Ord Gi*").slug == "getis-ord-gi"


def test_a_term_is_found_by_its_name_as_people_say_it():
    assert find_term("local safety audit").name == "audit, local safety"
    assert find_term("Hot spot").name == "hot spot"
    with pytest.raises(LookupError):
        find_term("crime wave")


def test_every_term_has_its_page(client):
    for slug, term in glossary().items():
        answer = client.get(f"/help/terms/{slug}/")
        assert answer.status_code == 200
        assert term.meaning[:40] in answer.content.decode()
    assert client.get("/help/terms/nothing/").status_code == 404


def test_every_method_has_its_page_with_what_it_cannot_say(client):
    for slug in sources.method_names():
        text = client.get(f"/help/methods/{slug}/").content.decode()
        page = method_page(slug)
        assert f"<h1>{page.title}".replace("'", "&#x27;") in text
        assert "uestion" in page.body, slug
        assert re.search(r"not answer|not say|cannot|What is not|does not", page.body), slug
        assert ">References</h" not in page.body
    assert client.get("/help/methods/index/").status_code == 404


def test_every_method_stands_in_the_list_and_no_link_is_dead(client):
    listed = {slug for group in method_groups() for slug, _, _ in group.entries}
    assert listed == set(sources.method_names())
    for slug in listed:
        text = client.get(f"/help/methods/{slug}/").content.decode()
        for target in re.findall(r'href="/help/methods/([^"/]+)/"', text):
            assert target in listed
        assert ".md" not in re.findall(r'href="([^"]*)"', text)


def test_markup_in_a_document_is_shown_not_run():
    assert "&lt;script&gt;" in render_line("<script>alert(1)</script>")
    text = render_text(
        "# A\n\n<b onclick='x'>b</b> [x](javascript:alert(1)) [y](../secret.md)", link=str
    )
    assert "<b" not in text
    assert 'href="javascript' not in text


def test_a_link_that_leads_out_of_the_help_keeps_its_words_alone():
    text = render_text("See [the record](../decisions/0001.md) now.", link=lambda _: "")
    assert text.strip() == "<p>See the record now.</p>"


def test_a_formula_stays_whole():
    assert "<code>a_i * b_j</code>" in render_text("with $a_i * b_j$ here", link=str)


def test_a_document_outside_the_help_is_not_read():
    with pytest.raises(FileNotFoundError):
        sources.document("../../etc/passwd")


def test_the_statement_lists_open_faults_with_dates(client):
    text = client.get("/help/accessibility/").content.decode()
    assert statement().faults
    for fault in statement().faults:
        assert fault.what in text
        assert fault.found_on <= date.today()
    assert statement().reviewed_on <= date.today()


def test_text_that_is_english_only_is_marked_in_another_language(client):
    client.cookies["django_language"] = "de"
    for address in ("/help/terms/", "/help/methods/trend/", "/help/accessibility/"):
        text = client.get(address).content.decode()
        assert '<html lang="de"' in text
        assert '<div lang="en" dir="ltr">' in text
        assert "foreign-note" in text


def test_the_privacy_page_names_every_cookie(client):
    from django.conf import settings

    from commonlight.web.ui.theme import COOKIE

    text = client.get("/help/privacy/").content.decode()
    for name in (
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.LANGUAGE_COOKIE_NAME,
        COOKIE,
    ):
        assert f"<code>{name}</code>" in text


def test_dates_are_written_as_the_reader_writes_them(client):
    with override("en"):
        assert "21 November 2026" in client.get("/help/accessibility/").content.decode()
    client.cookies["django_language"] = "de"
    assert "21. November 2026" in client.get("/help/accessibility/").content.decode()
