"""Content files are read with their texts in the reader's language."""

from __future__ import annotations

import sys

import pytest
from django.utils.translation import override

from commonlight.web.content import ContentError, read_content, texts_of


@pytest.fixture
def app(tmp_path, monkeypatch):
    """An app with one content file."""
    (tmp_path / "an_app/content").mkdir(parents=True)
    (tmp_path / "an_app/__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "an_app", raising=False)
    read_content.cache_clear()

    def write(text: str) -> str:
        (tmp_path / "an_app/content/cards.toml").write_text(text)
        return "an_app"

    yield write
    read_content.cache_clear()


CARDS = """
version = 1
texts = ["title", "steps"]
[[card]]
id = "Cancel"
title = "Cancel"
steps = ["Cancel", "Not in any catalogue"]
"""


def test_texts_are_translated_and_names_are_not(app):
    (card,) = read_content(app(CARDS), "cards")["card"]
    with override("de"):
        assert str(card["title"]) == "Abbrechen"
        assert [str(one) for one in card["steps"]] == ["Abbrechen", "Not in any catalogue"]
    assert card["id"] == "Cancel"
    with override("en"):
        assert str(card["title"]) == "Cancel"


def test_every_text_is_listed_once(app):
    assert list(texts_of(app(CARDS), "cards")) == ["Cancel", "Not in any catalogue"]


@pytest.mark.parametrize("key", ["version", "texts"])
def test_a_file_without_version_or_texts_is_refused(app, key):
    rows = [line for line in CARDS.splitlines() if not line.startswith(key)]
    with pytest.raises(ContentError, match=rf"cards\.toml: the key '{key}' is missing"):
        read_content(app("\n".join(rows)), "cards")
