"""Passports: unknown never counts as match, no total, and the core cannot change in silence."""

from __future__ import annotations

import json

import pytest

from commonlight.web.knowledge.domain.passports import (
    PassportError,
    adapt,
    compare,
    drop_adaptation,
    face_of,
    fill_passport,
    open_passport,
    passport_json,
)
from commonlight.web.knowledge.domain.profile import profile_of, save_profile, transfer_fields
from commonlight.web.knowledge.domain.published import practice_in
from commonlight.web.knowledge.enums import Verdict

BASE = "/w/lakeside/problems/1/passports/"
MATCH = {one.id: {"here": "As there", "verdict": "match"} for one in transfer_fields()}


@pytest.fixture
def lamps(city):
    return practice_in(city.workspace, "street_lighting")


@pytest.fixture
def passport(problem, lamps, actor_of):
    return open_passport(actor_of("coordinator"), problem, lamps)


def verdicts(passport):
    return {one.field.id: one.verdict for one in face_of(passport).fields}


def test_unknown_never_counts_as_a_match(passport, actor_of):
    fill_passport(actor_of("coordinator"), passport, fields=MATCH)
    found = verdicts(passport)
    assert found["setting"] == Verdict.MATCH
    assert found["law"] == Verdict.UNKNOWN  # the evidence does not tell
    assert found["population"] == Verdict.UNKNOWN
    nothing_here = {"setting": {"here": "  ", "verdict": "match"}}
    fill_passport(actor_of("coordinator"), passport, fields=nothing_here)
    assert verdicts(passport)["setting"] == Verdict.UNKNOWN


def test_a_row_of_the_database_cannot_make_unknown_a_match(passport, city):
    from commonlight.web.knowledge.models import PassportField

    PassportField.objects.of(city.workspace).update(verdict="match")
    fresh = passports_of_again(passport)
    assert set(verdicts(fresh).values()) == {Verdict.UNKNOWN}


def passports_of_again(passport):
    from commonlight.web.knowledge.models import Passport

    return Passport.objects.of(passport.workspace).get(pk=passport.pk)


def test_what_the_partnership_found_out_itself_can_match_and_is_marked(passport, actor_of):
    law = {"law": {"there": "By-law on lamps", "here": "The same by-law", "verdict": "match"}}
    fill_passport(actor_of("coordinator"), passport, fields=law)
    (row,) = [one for one in face_of(passport).fields if one.field.id == "law"]
    assert (row.verdict, row.is_own_reading) == (Verdict.MATCH, True)


def test_what_the_evidence_says_cannot_be_overwritten(passport, actor_of):
    other = {"setting": {"there": "Anything", "here": "Lanes", "verdict": "match"}}
    fill_passport(actor_of("coordinator"), passport, fields=other)
    (row,) = [one for one in face_of(passport).fields if one.field.id == "setting"]
    assert row.there.startswith("Streets and other public places")


def test_two_city_profiles_give_different_lists(lamps, actor_of, problem):
    here, there = actor_of("coordinator"), actor_of("stranger")
    save_profile(here, {"setting": "Old town with narrow lanes", "law": "Municipal lighting act"})
    save_profile(there, {"population": "Mostly commuters"})
    lists = [[one.field.id for one in compare(actor, lamps) if one.here] for actor in (here, there)]
    assert lists == [["setting", "law"], ["population"]]
    face = face_of(open_passport(here, problem, lamps))
    assert [one.field.id for one in face.fields if one.here] == ["setting", "law"]
    assert [one.field.id for one in face.unknown] == [one.id for one in transfer_fields()]


def test_a_profile_belongs_to_one_workspace(actor_of):
    save_profile(actor_of("coordinator"), {"law": "Ours"})
    assert profile_of(actor_of("stranger")) == {}
    assert save_profile(actor_of("coordinator"), {"law": "Ours"}) == []


def test_there_is_no_total(passport, actor_of):
    fill_passport(actor_of("coordinator"), passport, fields=MATCH)
    told = passport_json(face_of(passport))
    words = json.dumps(told)
    assert not {"score", "total", "sum", "percent"} & set(told)
    assert "score" not in words
    assert {one["verdict"] for one in told["fields"]} <= set(Verdict.values)


def test_unknown_is_a_word_in_every_face(passport, client_of):
    told = passport_json(face_of(passport))
    law = next(one for one in told["fields"] if one["field"] == "law")
    assert (law["there"], law["here"], law["verdict"]) == ("unknown", "unknown", "unknown")
    client = client_of("coordinator")
    page = client.get(f"{BASE}1/").content.decode()
    assert "Unknown" in page
    assert "There is no total. One field that differs can decide." in page
    sent = client.get(f"{BASE}1/passport.json")
    assert sent.json() == told
    api = client.get("/api/v1/workspaces/lakeside/problems/1/passports/1")
    assert api.json() == told


def test_a_change_of_the_core_forces_another_expected_effect(passport, actor_of):
    who = actor_of("coordinator")
    fill_passport(
        who, passport, fields={}, core={0: "kept"}, expected="expected_as_studied",
        expected_reason="Nothing differs.",
    )  # fmt: skip
    with pytest.raises(PassportError, match="You change a core element") as told:
        adapt(who, passport, kind="core", text="Fewer lamps", reason="Money")
    assert told.value.field == "expected"
    adapt(
        who, passport, kind="core", text="Fewer lamps", reason="Money",
        expected="expected_smaller", expected_reason="Less light.",
    )  # fmt: skip
    assert passport.expected == "expected_smaller"
    with pytest.raises(PassportError, match="You change a core element"):
        fill_passport(
            who, passport, fields={}, core={0: "kept"}, expected="expected_as_studied",
            expected_reason="We hope.",
        )  # fmt: skip


def test_leaving_a_core_element_out_does_so_as_well(passport, actor_of):
    with pytest.raises(PassportError, match="You change a core element"):
        fill_passport(
            actor_of("coordinator"), passport, fields={}, core={0: "changed"},
            expected="expected_as_studied", expected_reason="We hope.",
        )  # fmt: skip


def test_a_change_of_the_surface_leaves_the_effect_alone(passport, actor_of):
    who = actor_of("coordinator")
    fill_passport(
        who, passport, fields={}, expected="expected_as_studied", expected_reason="The same."
    )
    made = adapt(who, passport, kind="surface", text="Other posters", reason="Language")
    assert passport.expected == "expected_as_studied"
    drop_adaptation(who, passport, made)
    assert face_of(passports_of_again(passport)).adaptations[0].dropped_at is not None


def test_where_no_core_is_named_every_change_counts_as_one(problem, reviewed, actor_of):
    who = actor_of("coordinator")
    made = open_passport(who, problem, reviewed())
    fill_passport(who, made, fields={}, expected="expected_as_studied", expected_reason="The same.")
    with pytest.raises(PassportError):
        adapt(who, made, kind="surface", text="Other posters", reason="Language")
    adapt(who, made, kind="addition", text="A meeting", reason="To ask")


def test_a_difference_says_what_it_may_do(passport, actor_of):
    differs = {"setting": {"here": "Park", "verdict": "differs", "note": ""}}
    with pytest.raises(PassportError, match="what the difference may do"):
        fill_passport(actor_of("coordinator"), passport, fields=differs)


def test_an_expectation_has_a_reason(passport, actor_of):
    with pytest.raises(PassportError, match="Say why you expect this"):
        fill_passport(actor_of("coordinator"), passport, fields={}, expected="expected_smaller")


def test_a_practice_has_one_passport_a_problem(passport, problem, lamps, actor_of):
    assert open_passport(actor_of("partner"), problem, lamps) == passport


def test_the_pages_fill_a_passport_with_the_law_left_open(problem, client_of):
    client = client_of("coordinator")
    client.post(f"{BASE}new/", {"practice": "practice:street_lighting"})
    form = client.get(f"{BASE}1/change/").content.decode()
    assert "The source does not say." in form
    sent = {
        **{f"{one.id}_verdict": "unknown" for one in transfer_fields()},
        "setting_here": "Lanes by the station",
        "setting_verdict": "match",
        "law_verdict": "match",
        "core_0": "kept",
        "expected": "expected_unknown",
        "filled_with": "School officer",
    }
    page = client.post(f"{BASE}1/change/", sent, follow=True).content.decode()
    assert "Lanes by the station" in page
    assert "School officer" in page
    told = client.get(f"{BASE}1/passport.json").json()["fields"]
    found = {one["field"]: one["verdict"] for one in told}
    assert found["law"] == "unknown"
    assert found["setting"] == "match"


def test_the_page_refuses_a_core_change_with_the_same_effect(problem, client_of):
    client = client_of("coordinator")
    client.post(f"{BASE}new/", {"practice": "practice:street_lighting"})
    sent = {
        "kind": "core", "text": "Fewer lamps", "reason": "Money",
        "expected": "expected_as_studied", "expected_reason": "Hope",
    }  # fmt: skip
    answer = client.post(f"{BASE}1/adapt/", sent).content.decode()
    assert "You change a core element but expect the same effect." in answer
    assert "Fewer lamps" in answer
    sent |= {"expected": "expected_smaller"}
    page = client.post(f"{BASE}1/adapt/", sent, follow=True).content.decode()
    assert "Smaller than studied" in page


def test_the_city_profile_is_kept_and_says_unknown(client_of):
    client = client_of("partner")
    page = client.get("/w/lakeside/knowledge/city/").content.decode()
    assert page.count("Unknown") >= len(transfer_fields())
    sent = {"law": "Municipal lighting act"}
    page = client.post("/w/lakeside/knowledge/city/change/", sent, follow=True).content.decode()
    assert "Municipal lighting act" in page
    assert "Youth Work Lakeside" in page
