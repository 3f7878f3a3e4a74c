"""Clauses are data; the kind decides which there are."""

import pytest

from commonlight.web.agreements.clause_words import WORDS
from commonlight.web.agreements.domain.clauses import all_clauses, clause, clauses_for
from commonlight.web.agreements.enums import AgreementKind


def names(kind):
    return {one.id for one in clauses_for(kind)}


def test_one_way_removes_the_clauses_about_a_return_flow():
    removed = names("reciprocal") - names("one_way")
    assert {"return_flow", "return_corrections"} <= removed
    assert not [name for name in names("one_way") if name.startswith("return")]


def test_joint_controllers_settle_their_duties_towards_residents():
    assert {"joint_duties", "joint_essence"} == names("joint_controllers") - names("reciprocal")


@pytest.mark.parametrize("kind", AgreementKind.values)
def test_each_kind_settles_dispute_exit_and_differences_in_power(kind):
    assert {"dispute", "exit", "power", "storage", "onward"} <= names(kind)


def test_every_clause_has_words_and_a_source_and_every_word_a_clause():
    assert {one.id for one in all_clauses()} == set(WORDS)
    for one in all_clauses():
        assert one.title
        assert one.question.endswith("?")
        assert one.suggestion.endswith(".")
        assert one.source_url.startswith("https://")
        assert one.source_place
        assert one.kinds <= set(AgreementKind.values)


def test_an_unknown_clause_is_an_error():
    with pytest.raises(LookupError, match="no clause"):
        clause("nothing")
