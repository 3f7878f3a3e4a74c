"""The toolkit specification: filled in from the record, and taken away as JSON and Markdown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from commonlight.web.design.domain.catalogue import specification_fields
from commonlight.web.design.domain.concepts import open_concept
from commonlight.web.design.domain.toolkit import (
    as_json,
    as_markdown,
    current_specification,
    open_fields,
    save_specification,
    suggested,
)
from commonlight.web.eventlog.models import Event

PAGE = "/w/lakeside/problems/1/design/concepts/1/specification"


@pytest.fixture
def concept(problem: Any, card: Any, actor_of: Any) -> Any:
    return open_concept(actor_of("coordinator"), problem, **card())


def test_what_the_record_says_is_filled_in(concept: Any, client_of: Any) -> None:
    assert "Women avoid the station square" in suggested(concept)["problem"]
    page = client_of("partner").get(f"{PAGE}/change/").content.decode()
    assert "Light and company on the path to the tram" in page


def folded(page: str) -> tuple[str, str, str]:
    """What is read at once, what the card has answered, and what nobody has to know yet."""
    first, _, rest = page.partition("Taken from the concept card")
    taken, _, more = rest.partition("More, if you know it")
    return first, taken, more


def named(part: str) -> set[str]:
    return {name for name in specification_fields() if f'name="{name}"' in part}


def test_only_what_the_card_does_not_say_and_a_specification_needs_is_shown_first(
    concept: Any, actor_of: Any, client_of: Any
) -> None:
    client = client_of("coordinator")
    first, taken, more = folded(client.get(f"{PAGE}/change/").content.decode())
    asked = {"components", "end_users", "use_steps", "core", "data_and_rights", "to_test"}
    assert named(first) == asked
    assert named(taken) == {"problem", "concept_text", "beneficiaries", "owner", "risks"}
    assert named(more) == {"setting", "resources", "to_build", "demonstration", "not_known"}
    summary = taken.partition("</summary>")[0]
    assert "What the tool is, Who gains by it" in " ".join(summary.split())
    assert first.endswith("<details><summary>")
    given = {name: text for name, text in suggested(concept).items() if text}
    client.post(f"{PAGE}/change/", given | {"core": "The light is warm.", "risks": "Glare."})
    newest = current_specification(concept)
    assert newest is not None
    assert newest.answers["concept_text"] == given["concept_text"]
    first, taken, _more = folded(client.get(f"{PAGE}/change/").content.decode())
    assert named(first) == asked | {"risks"}, "what was written anew is no longer the card's"
    assert "risks" not in named(taken)


def test_what_is_wrong_behind_a_heading_is_seen(concept: Any, client_of: Any) -> None:
    wrong = {"owner": "Ask maria@example.org", "not_known": "Much."}
    page = client_of("coordinator").post(f"{PAGE}/change/", wrong).content.decode()
    assert "<details open><summary>Taken from the concept card" in page
    assert "<details open><summary>More, if you know it" in page


def test_half_a_specification_is_kept_and_says_what_is_open(
    concept: Any, actor_of: Any, client_of: Any
) -> None:
    actor = actor_of("partner")
    one = save_specification(actor, concept, {"core": "The light is warm.", "nothing": "x"})
    assert set(one.answers) == set(specification_fields())
    assert "Problem it answers" in {str(title) for title in open_fields(one)}
    assert save_specification(actor, concept, {"core": "The light is warm."}).number == 1
    assert save_specification(actor, concept, {"core": "Warm light."}).number == 2
    assert "Not answered yet" in client_of("partner").get(f"{PAGE}/").content.decode()


def test_both_files_hold_every_field(concept: Any, actor_of: Any, client_of: Any) -> None:
    answers = {name: f"Answer of {name}." for name in specification_fields()}
    save_specification(actor_of("partner"), concept, answers)
    content = json.loads(client_of("partner").get(f"{PAGE}.json").content)
    fields = {one["id"]: one["text"] for part in content["parts"] for one in part["fields"]}
    assert fields == answers
    assert content["schema"] == "commonlight.toolkit-specification/1"
    text = client_of("partner").get(f"{PAGE}.md").content.decode()
    assert text.startswith("# Light to the tram\n")
    assert all(f"### {one['title']}" in text for one in specification_fields().values())
    kept = Event.objects.filter(chain="lakeside", kind="export").order_by("number")
    assert [one.detail["format"] for one in kept] == ["json", "md"]


def test_text_of_people_makes_no_heading_and_no_tag_of_its_own(concept: Any, actor_of: Any) -> None:
    one = save_specification(
        actor_of("partner"), concept, {"core": "# Big\n<script>x</script>\n[a](http://b)"}
    )
    text = as_markdown(one)
    assert "\n# Big" not in text
    assert "<script>" not in text.replace("\\<script>", "")
    assert "[a](" not in text.replace("\\[a](", "")
    assert "# Big" in json.loads(as_json(one))["parts"][2]["fields"][1]["text"]


def test_there_is_no_file_before_somebody_wrote_one(concept: Any, client_of: Any) -> None:
    assert current_specification(concept) is None
    assert client_of("partner").get(f"{PAGE}.json").status_code == 404
    assert client_of("stranger").get(f"{PAGE}.md").status_code == 404
