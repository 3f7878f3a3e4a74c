"""The pages of the evidence: cells, practices, statements, search, gaps, items and costs."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from commonlight.evidence.room import load_room
from commonlight.web.eventlog.models import Event
from commonlight.web.knowledge.domain.gaps import record_gap

ROOT = "/w/lakeside/knowledge/"


@pytest.fixture
def read(client_of):
    client = client_of("coordinator")

    def get(path: str = "", language: str = "en") -> str:
        answer = client.get(ROOT + path, headers={"Accept-Language": language})
        assert answer.status_code == 200, path
        return answer.content.decode()

    return get


def test_all_sixteen_cells_are_links_and_the_empty_one_says_so(read):
    page = read()
    cells = set(re.findall(r"\?kind=(\w+)&amp;focus_area=(\w+)", page))
    assert len({one for one in cells if one[1] != "cross_cutting"}) == 16
    assert page.count("Nothing found") == 1
    empty = read("statements/?kind=gap&focus_area=public_spaces")
    assert "Nothing was found for this cell" in empty
    assert "Record a gap" in empty


@pytest.mark.parametrize(
    "practice", ["street_lighting", "anti_trafficking_measures", "scared_straight", "cctv"]
)
def test_a_dimension_that_was_not_studied_says_so(read, practice):
    page, record = read(f"practices/{practice}/"), load_room().practice(practice)
    silent = sum(
        getattr(record, name).text is None
        for name in ("mechanism", "moderators", "implementation", "economics", "harms")
    )
    assert page.count("Not studied, or not found by us") == silent
    assert "None" not in re.sub(r"<[^>]*>", " ", page)


def test_one_practice_shows_help_and_harm_outcome_by_outcome(read):
    row = load_room().practice("pedestrian_stops")
    directions = {one.direction for one in row.effects}
    assert {"improves", "worsens"} <= directions
    page = read("practices/pedestrian_stops/")
    assert "Improves" in page
    assert "Worsens" in page
    listed = read("practices/?problem_type=police_misconduct") + read("practices/?page=2")
    assert "Improves" in listed


def test_each_strength_opens_to_its_reasons(read):
    page, record = read("practices/street_lighting/"), load_room().practice("street_lighting")
    assert page.count("<details><summary>Strength of the evidence") == len(record.effects)
    assert "From a review of 21 studies or tests." in page
    assert "14 per cent less" in page


def test_a_secondary_figure_is_marked_where_it_stands(read):
    record = load_room().practice("problem_oriented_policing")
    secondary = sum(one.is_secondary for one in record.effects)
    page = read("practices/problem_oriented_policing/")
    assert secondary
    assert page.count("Secondary figure") == secondary
    costs = read("costs/")
    marked = [one for one in load_room().unit_costs.costs.values() if one.confidence == "secondary"]
    assert costs.count("Secondary figure") == len(marked)
    assert costs.count("Not found</td>") == 10


def test_what_did_not_work_is_listed_unless_it_is_filtered_out(read):
    everything = "".join(read(f"practices/?page={k}") for k in (1, 2, 3))
    for one in load_room().practices.practices:
        assert f"/practices/{one}/" in everything
    failed = read("practices/?results=did_not_work&focus_area=juvenile_delinquency")
    assert "/practices/scared_straight/" in failed
    improved = read("practices/?results=improves&focus_area=juvenile_delinquency")
    assert "/practices/scared_straight/" not in improved
    untested = read("practices/?results=untested")
    assert "/practices/anti_trafficking_measures/" in untested
    assert untested.count('class="outcome-tags"') == 4


def test_a_filter_asks_one_effect_for_all_of_it(read):
    page = read("practices/?outcome_group=trust&direction=worsens")
    listed = set(re.findall(r"/practices/(\w+)/\"", page))
    wanted = {
        one.id
        for one in load_room().practices.practices.values()
        if any((e.outcome_group, e.direction) == ("trust", "worsens") for e in one.effects)
    }
    assert listed == wanted
    assert "No practice fits these filters" in read(
        "practices/?outcome_group=displacement&direction=worsens&strength=high&focus_area=radicalisation"
    )


def test_a_record_past_its_check_date_is_marked(read, monkeypatch):
    from commonlight.web.knowledge.views import practices, statements, tables

    assert "Past its check date" not in read("practices/street_lighting/")
    for module in (practices, statements, tables):
        monkeypatch.setattr(module, "today_in", lambda workspace: date(2035, 1, 1))
    for path in ("practices/street_lighting/", "practices/", "statements/TE-009/", "costs/"):
        assert "Past its check date" in read(path), path


def test_words_of_three_languages_find_the_same_practice(read):
    found = [
        re.findall(r"/practices/(\w+)/", read(f"search/?q={words}"))
        for words in ("Einbruch", "robatori%20amb%20for%C3%A7a", "burglary")
    ]
    assert found[0] == found[1] == found[2] != []
    page = read("search/?q=Einbruch")
    assert "<q>Einbruch</q> → <strong>burglary</strong>" in page


def test_words_of_every_sentence_lead_to_no_local_entry(reviewed, read):
    reviewed(summary="Lampen brennen vom Bahnhof her durch die ganze Nacht.")
    told = read("search/?q=Schwarzfahren+durch")
    assert "Lampen in den Gassen" not in told
    assert "<q>durch</q>" not in told
    assert "Lampen in den Gassen" in read("search/?q=durch")
    assert "Lampen in den Gassen" in read("search/?q=Brand+in+der+Nacht")


def test_nothing_found_offers_a_gap_what_is_near_or_nothing(read):
    page = read("search/?q=sexuelle%20Bel%C3%A4stigung")
    assert "No practice was found" in page
    assert "/knowledge/gaps/new/?words=sexuelle" in page
    assert "/practices/fear_of_crime_environment/" in page
    assert "that nothing was found is an answer" in page
    none = read("search/?q=xylophone")
    assert "Nothing is near either" in none
    assert "<q>xylophone</q>" in none


def test_a_slip_of_the_pen_is_helped(read):
    assert '<a href="?q=burglary">burglary</a>' in read("search/?q=burglry")


def test_local_entries_are_found_beside_and_marked(reviewed, read):
    reviewed(summary="Gegen Einbruch in Kellern.")
    page = read("search/?q=burglary")
    assert page.index("/practices/alley_gating/") < page.index("From your partnership")
    assert "Lampen in den Gassen" in page


def test_a_statement_says_whose_inference_follows(read):
    page = read("statements/TE-009/")
    assert "Our inference, not a claim of the source." in page
    assert "https://icarus-innovation.eu/category/news-articles/page/5" in page


@pytest.mark.parametrize("language", ["de", "fr"])
def test_english_texts_are_marked_on_pages_of_other_languages(read, language):
    page = read("practices/street_lighting/", language)
    summary = load_room().practice("street_lighting").summary
    assert f'<span lang="en">{summary}</span>' in page
    assert "foreign-note" in page


def test_gaps_are_recorded_answered_and_exported(client_of, problem, city):
    client = client_of("partner")
    form = client.get(f"{ROOT}gaps/new/?words=catcalling").content.decode()
    assert "catcalling" in form
    sent = {
        "title": "What helps against catcalling?",
        "question": "What reduces harassment in lanes | at night?",
        "words": "catcalling",
        "problem": str(problem.pk),
        "language": "en",
    }
    page = client.post(f"{ROOT}gaps/new/", sent, follow=True).content.decode()
    assert "Burglary in the lanes" in page
    needs = client.get(f"{ROOT}gaps/research-needs.json").json()
    assert needs["schema"] == "commonlight.research-needs/1"
    assert needs["needs"][0]["searched_for"] == "catcalling"
    text = client.get(f"{ROOT}gaps/research-needs.md").content.decode()
    assert text.startswith("# Research needs of Lakeside\n")
    assert "## 1. What helps against catcalling?" in text
    kinds = Event.objects.filter(chain="lakeside", action="knowledge.needs_export")
    assert {one.kind for one in kinds} == {"export"}
    answered = client.post(f"{ROOT}gaps/1/answer/", {"reason": "A trial in Lyon."}, follow=True)
    assert b"A trial in Lyon." in answer_of(answered)
    assert client.get(f"{ROOT}gaps/research-needs.json").json()["needs"] == []
    assert client.post(f"{ROOT}gaps/1/drop/", {"reason": "x"}).status_code == 200


def answer_of(answer):
    assert answer.status_code == 200
    return answer.content


def test_a_markdown_export_cannot_be_broken_by_its_text(actor_of, client_of):
    record_gap(actor_of("partner"), title="One\n# Two", question="Why?", language="de")
    text = client_of("partner").get(f"{ROOT}gaps/research-needs.md").content.decode()
    assert "## 1. One # Two" in text
    assert "Deutsch" in text


def test_survey_items_and_costs_have_their_sources(read):
    items = read("survey-items/")
    assert items.count("What limits it") > 20
    costs = read("costs/")
    assert "2015/16" in costs
    assert "Never add figures of two sets." in costs


def test_what_does_not_exist_is_not_found(client_of):
    client = client_of("coordinator")
    for path in (
        "practices/magic/", "statements/XX-1/", "gaps/9/", "local/songs/1/", "local/practices/9/",
        "gaps/1/burn/",
    ):  # fmt: skip
        assert client.get(ROOT + path).status_code == 404, path


def test_the_stranger_sees_no_entry_of_lakeside(reviewed, client_of, actor_of):
    from commonlight.web.knowledge.domain.entries import entries_of
    from commonlight.web.knowledge.domain.gaps import gaps_of

    reviewed()
    assert client_of("stranger").get(ROOT).status_code == 404
    assert entries_of(actor_of("stranger"), "practices") == []
    assert gaps_of(actor_of("stranger")) == []


def test_the_interface_says_what_the_pages_say(client_of, reviewed):
    reviewed()
    client = client_of("partner")
    api = "/api/v1/workspaces/lakeside/knowledge/"
    practice = client.get(f"{api}practices/anti_trafficking_measures").json()
    assert practice["economics"]["is_known"] is (practice["economics"]["text"] is not None)
    assert practice["context"]["law"] is None
    found = [
        [one["id"] for one in client.get(f"{api}search", {"q": words}).json()["practices"]]
        for words in ("Einbruch", "robatori amb força", "burglary")
    ]
    assert found[0] == found[1] == found[2] != []
    assert len(client.get(f"{api}cells").json()) == 16
    assert client.get(f"{api}local").json()["items"][0]["is_reviewed"] is True
    assert client.get(f"{api}practices?limit=200").json()["count"] == 54
    assert json.dumps(client.get(f"{api}city").json()["fields"]["law"]) == "null"
    assert client.get(f"{api}statements?kind=gap&focus_area=public_spaces").json()["count"] == 0


def test_the_overview_asks_a_reviewer_of_another_organisation(entry, actor_of):
    from commonlight.web.knowledge.domain.entries import take_step
    from commonlight.web.knowledge.overview import entries_returned, entries_to_review

    made = take_step(actor_of("analyst"), entry(), "offer")
    assert [one.text for one in entries_to_review(actor_of("partner"))] == [
        "Review “Lampen in den Gassen”"
    ]
    assert list(entries_to_review(actor_of("analyst"))) == []
    take_step(actor_of("partner"), made, "return", reason="Say where.")
    (task,) = entries_returned(actor_of("analyst"))
    assert "Say where." in str(task.note)
    assert list(entries_returned(actor_of("partner"))) == []
