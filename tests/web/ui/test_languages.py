"""Languages: complete where they exist, and honest where a text is missing."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from gettext import NullTranslations
from pathlib import Path

import pytest
from django.utils.translation import gettext, ngettext, override

from commonlight.web.ui.languages import LANGUAGES, language_name
from commonlight.web.ui.missing_translations import MarkedSource, own_texts

WEB = Path(__file__).resolve().parents[3] / "src/commonlight/web"
LOCALE = WEB / "locale"
CATALOGUES = sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))
TRANSLATED = [path for path in CATALOGUES if path.parts[-3] != "en"]

needs_gettext = pytest.mark.skipif(not shutil.which("msgfmt"), reason="needs GNU gettext")


class Before(NullTranslations):
    def gettext(self, message: str) -> str:
        return f"before: {message}"


def test_a_text_of_ours_that_is_missing_shows_the_source_and_a_mark():
    marked = MarkedSource({"Upload", "file", "noun\x04Plan"}, Before())
    assert marked.gettext("Upload") == "Upload [en]"
    assert marked.ngettext("file", "files", 1) == "file [en]"
    assert marked.ngettext("file", "files", 3) == "files [en]"
    assert marked.pgettext("noun", "Plan") == "Plan [en]"
    assert marked.npgettext("noun", "Plan", "Plans", 2) == "Plans [en]"


def test_a_text_of_a_library_is_answered_as_before():
    marked = MarkedSource({"Upload"}, Before())
    assert marked.gettext("Password") == "before: Password"
    assert marked.ngettext("%d page", "%d pages", 2) == "%d pages"
    assert marked.pgettext("verb", "Upload") == "Upload"


def test_the_source_language_shows_no_mark():
    text = next(iter(sorted(own_texts())))
    with override("en"):
        assert gettext(text) == text


def test_the_interface_in_another_language_marks_what_it_lacks(monkeypatch):
    from django.utils.translation import trans_real

    catalogue = trans_real.translation("de")
    monkeypatch.setattr(catalogue, "_fallback", MarkedSource({"not in any catalogue"}, None))
    with override("de"):
        assert gettext("not in any catalogue") == "not in any catalogue [en]"
        assert ngettext("not in any catalogue", "several", 2) == "several [en]"
        assert gettext("nobody's text") == "nobody's text"


def test_every_language_is_named_in_itself_and_in_the_readers_language():
    assert dict(LANGUAGES)["de"] == "Deutsch"
    assert language_name("de") == "German"
    assert language_name("xx") == "xx"


@needs_gettext
@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_the_compiled_catalogue_belongs_to_its_source(path, tmp_path):
    made = tmp_path / "django.mo"
    subprocess.run(["msgfmt", "--check-format", "-o", made, path], check=True, capture_output=True)
    assert made.read_bytes() == path.with_suffix(".mo").read_bytes(), "run scripts/messages"


@needs_gettext
@pytest.mark.skipif(not TRANSLATED, reason="no language is translated yet")
@pytest.mark.parametrize("path", TRANSLATED, ids=lambda path: path.parts[-3])
@pytest.mark.parametrize("kind", ["--untranslated", "--only-fuzzy"])
def test_every_text_is_translated(path, kind):
    listed = subprocess.run(
        ["msgattrib", "--no-wrap", kind, path], check=True, capture_output=True, text=True
    ).stdout
    assert re.findall(r'^msgid "(.+)"$', listed, re.MULTILINE) == []


@pytest.mark.skipif(not TRANSLATED, reason="no language is translated yet")
@pytest.mark.parametrize("path", TRANSLATED, ids=lambda path: path.parts[-3])
def test_a_translation_keeps_the_places_of_names_and_numbers(path):
    from django.utils.translation import trans_real

    catalogue = trans_real.translation(path.parts[-3])
    places = re.compile(r"%\(\w+\)\w|%[sd]|\{\w+\}")
    for text in own_texts():
        translated = catalogue._catalog.get(text)
        if translated is not None:
            assert set(places.findall(text)) == set(places.findall(translated)), text


@pytest.mark.skipif(not TRANSLATED, reason="no language is translated yet")
def test_no_text_is_missing_from_the_catalogue():
    written = {text for path in WEB.rglob("templates/**/*") for text in _of_template(path)}
    written |= {text for path in WEB.rglob("*.py") for text in _of_code(path)}
    assert sorted(written - own_texts()) == [], "run scripts/messages"


def _of_template(path: Path) -> list[str]:
    if path.suffix not in {".html", ".txt"}:
        return []
    text = path.read_text(encoding="utf-8")
    return re.findall(r'{%\s*translate "([^"]+)"(?! context)', text) + re.findall(
        r'[ =]_\("([^"]+)"\)', text
    )


def _of_code(path: Path) -> list[str]:
    calls = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {"_", "gettext", "gettext_lazy", "gettext_noop"}
    return [
        node.args[0].value
        for node in calls
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in names
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]
