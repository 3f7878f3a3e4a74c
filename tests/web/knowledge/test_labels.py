"""The labels of the pages are those of the evidence room."""

from __future__ import annotations

from commonlight.evidence.room import load_room
from commonlight.web.content import read_content
from commonlight.web.knowledge.labels import ENTRY_LANGUAGES, choices_of, label, language_of

PACKAGE = "commonlight.web.knowledge"


def test_every_label_is_the_one_of_the_vocabulary() -> None:
    content = read_content(PACKAGE, "labels")
    lists = load_room().vocabulary.lists
    assert set(content) - {"version", "checked", "texts"} == set(lists)
    for name, words in lists.items():
        assert {one["id"]: str(one["label"]) for one in content[name]} == dict(words)


def test_every_name_and_title_is_the_one_of_its_record() -> None:
    content, room = read_content(PACKAGE, "names"), load_room()
    names = {one["id"]: str(one["name"]) for one in content["practice"]}
    assert names == {id: one.name for id, one in room.practices.practices.items()}
    titles = {one["id"]: str(one["title"]) for one in content["statement"]}
    assert titles == {id: one.title for id, one in room.statements.statements.items()}


def test_a_label_of_nothing_is_nothing() -> None:
    assert label("kinds", "") == ""
    assert [id for id, _ in choices_of("directions", {"improves"})] == ["improves"]


def test_entries_may_be_written_in_many_languages_each_named_in_itself() -> None:
    assert dict(ENTRY_LANGUAGES)["ca"] == language_of("ca") == "Català"
    assert len(ENTRY_LANGUAGES) >= 24


def test_the_enumerations_agree_with_the_content() -> None:
    from commonlight.web.knowledge.domain.profile import transfer_content
    from commonlight.web.knowledge.enums import Adapted, ExpectedEffect, Verdict

    content = transfer_content()
    assert [one["id"] for one in content["verdict"]] == Verdict.values
    assert [str(one["title"]) for one in content["verdict"]] == [str(one) for one in Verdict.labels]
    assert [one["id"] for one in content["adaptation"]] == Adapted.values
    assert {*ExpectedEffect.values} <= set(content["words"])
    for value, text in ExpectedEffect.choices:
        assert str(content["words"][value]) == str(text)
