"""The table of differences, worked out by hand."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from django.utils.translation import override

from commonlight.web.problems.domain.differences import (
    difference_of,
    is_sealed_by,
    table_digest,
)


def answer(organisation, *families, where="Station square"):
    return {
        "organisation": organisation,
        "what": "People are followed",
        "where": where,
        "when": "Evenings",
        "who_is_harmed": "Girls",
        "first_step": "Ask them",
        "confidence": "guess",
        "likely_cause": [{"family": one, "text": f"{one} of {organisation}"} for one in families],
    }


def test_causes_are_compared_by_their_family():
    table = difference_of(
        [
            answer("Police", "lighting", "policing"),
            answer("School", "lighting", "transport"),
            answer("Youth work", "lighting", "transport"),
        ]
    )
    told = [(one.family, one.count, one.is_agreed, one.is_minority) for one in table.causes]
    assert told == [
        ("lighting", 3, True, False),
        ("transport", 2, False, False),
        ("policing", 1, False, True),
    ]
    assert table.causes[1].cells == ("", "transport of School", "transport of Youth work")


def test_half_of_the_partners_are_no_minority():
    table = difference_of([answer("Police", "policing"), answer("School", "transport")])
    assert [one.is_minority for one in table.causes] == [False, False]


def test_words_that_several_use_are_named_and_little_words_are_not():
    table = difference_of(
        [
            answer("Police", "other", where="About the tram stop behind the station"),
            answer("School", "other", where="Behind the station, about there"),
        ]
    )
    where = next(one for one in table.rows if one.question == "where")
    assert where.shared == ("behind", "station")
    assert not where.is_same
    assert next(one for one in table.rows if one.question == "when").is_same


def test_one_answer_agrees_with_nobody():
    table = difference_of([answer("Police", "lighting")])
    assert not table.causes[0].is_agreed
    assert not any(one.is_same for one in table.rows)


def test_no_answers_make_an_empty_table():
    table = difference_of([])
    assert (table.organisations, table.causes) == ((), ())


def test_the_seal_is_the_same_in_every_language():
    rows = [answer("Police", "lighting", "lighting"), answer("School", "lighting")]
    with override("en"):
        sealed = table_digest(rows)
    for code in ("de", "fr"):
        with override(code):
            assert table_digest(rows) == sealed
            assert is_sealed_by(rows, sealed)


def test_a_seal_that_was_taken_in_french_still_holds():
    rows = [answer("Police", "lighting", "lighting"), answer("School", "lighting")]
    with override("fr"):
        text = json.dumps(asdict(difference_of(rows)), sort_keys=True, ensure_ascii=True)
    sealed = hashlib.sha256(text.encode()).hexdigest()
    assert sealed != table_digest(rows)
    assert is_sealed_by(rows, sealed)
    assert not is_sealed_by(rows[:1], sealed)
