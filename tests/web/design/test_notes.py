"""Notes come in one by one or ten at once, and a half-entered batch is kept (row 27)."""

from __future__ import annotations

from typing import Any

import pytest

from commonlight.web.design.domain.notes import (
    NoteError,
    add_notes,
    change_note,
    draft_of,
    finish_batch,
    keep_unsent,
    remove_note,
)
from commonlight.web.design.models import Idea, Note
from commonlight.web.states import NotNow
from commonlight.web.workspaces.overview import tasks_for

SHOP = "/w/lakeside/problems/1/design/workshops/1/"


def rows(*texts: str, kind: str = "idea") -> dict[str, Any]:
    given: dict[str, Any] = {"notes-TOTAL_FORMS": 10, "notes-INITIAL_FORMS": 0}
    for number in range(10):
        text = texts[number] if number < len(texts) else ""
        given |= {f"notes-{number}-kind": kind, f"notes-{number}-text": text}
    return given


def test_ten_rows_work_without_script(workshop: Any, client_of: Any) -> None:
    client = client_of("partner")
    page = client.get(f"{SHOP}notes/enter/").content.decode()
    assert page.count('type="text" name="notes-') == 10
    answer = client.post(f"{SHOP}notes/enter/", rows("A lamp", "", "  A  bench "), follow=True)
    assert "2 notes are saved" in answer.content.decode()
    assert [(one.number, one.text) for one in workshop.notes.all()] == [
        (1, "A lamp"),
        (2, "A bench"),
    ]


def test_a_half_entered_batch_is_a_draft_that_its_owner_finds_again(
    workshop: Any, client_of: Any, actor_of: Any
) -> None:
    client_of("partner").post(f"{SHOP}notes/add/", {"kind": "idea", "text": "A lamp"})
    client_of("partner").post(f"{SHOP}notes/unsent/", {"text": "A ben"})
    again = client_of("partner").get(f"{SHOP}notes/enter/").content.decode()
    assert "A lamp" in again
    assert 'value="A ben"' in again
    assert Idea.objects.of(workshop.workspace).count() == 0
    assert "A lamp" not in client_of("analyst").get(f"{SHOP}notes/enter/").content.decode()
    assert any("Finish the notes" in str(one.text) for one in tasks_for(actor_of("partner")))


def test_a_finished_batch_makes_ideas_of_ideas_only(workshop: Any, actor_of: Any) -> None:
    actor = actor_of("partner")
    add_notes(actor, workshop, [("idea", "A lamp"), ("cause", "Dark"), ("idea", "A bench")])
    batch = draft_of(actor, workshop)
    ideas = finish_batch(actor, batch)
    assert [(one.number, one.text, one.note.number) for one in ideas] == [
        (1, "A lamp", 1),
        (2, "A bench", 3),
    ]
    with pytest.raises(NotNow):
        finish_batch(actor, batch)
    add_notes(actor, workshop, [("idea", "A kiosk")])
    assert finish_batch(actor, draft_of(actor, workshop))[0].number == 3


def test_a_note_is_mended_or_taken_out_of_a_draft_only(workshop: Any, actor_of: Any) -> None:
    actor = actor_of("partner")
    one, two = add_notes(actor, workshop, [("idea", "A lmap"), ("idea", "Twice")])
    change_note(actor, one, kind="cause", text=" A lamp ")
    remove_note(actor, two)
    assert [(note.kind, note.text) for note in workshop.notes.all()] == [("cause", "A lamp")]
    finish_batch(actor, draft_of(actor, workshop))
    with pytest.raises(NoteError, match="stay as they are"):
        remove_note(actor, Note.objects.of(workshop.workspace).get())


def test_what_is_no_note_is_refused_in_words(workshop: Any, actor_of: Any, client_of: Any) -> None:
    with pytest.raises(NoteError, match="501 characters"):
        add_notes(actor_of("partner"), workshop, [("idea", "x" * 501)])
    client = client_of("partner")
    empty = client.post(f"{SHOP}notes/add/", {"kind": "idea", "text": " "})
    assert (empty.status_code, empty.json()["error"]) == (400, "Write what the note says.")
    assert client.post(f"{SHOP}notes/add/", {"text": "A lamp"}).status_code == 400
    nothing = client.post(f"{SHOP}notes/finish/", follow=True)
    assert "There are no notes in this batch yet." in nothing.content.decode()
    long = client.post(f"{SHOP}notes/enter/", rows("A lamp", "x" * 600))
    assert long.status_code == 200
    assert 'value="A lamp"' in long.content.decode()


def test_nothing_typed_leaves_no_draft_behind(workshop: Any, actor_of: Any) -> None:
    keep_unsent(actor_of("partner"), workshop, "")
    assert draft_of(actor_of("partner"), workshop) is None


def test_the_answer_to_a_note_counts_the_batch(workshop: Any, client_of: Any) -> None:
    client = client_of("partner")
    sent = [client.post(f"{SHOP}notes/add/", {"kind": "idea", "text": t}) for t in ("A", "B")]
    assert [one.json()["said"] for one in sent] == [
        "1 note in this batch",
        "2 notes in this batch",
    ]
    assert client.get(sent[1].json()["address"]).status_code == 200
