"""A solution that is written as a problem is noticed in every language of the interface."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from commonlight.web.problems.domain.solutions import languages, read_problem
from commonlight.web.ui.languages import LANGUAGES
from growth import growth

SENTENCES = tomllib.loads(Path(__file__).with_name("solutions_tests.toml").read_text())
REFUSED = [(code, row) for code in ("en", "de", "fr") for row in SENTENCES[code]["refused"]]
ACCEPTED = [(code, text) for code in ("en", "de", "fr") for text in SENTENCES[code]["accepted"]]


def test_every_language_of_the_interface_has_rules():
    assert set(languages()) == {code for code, _ in LANGUAGES}


@pytest.mark.parametrize(("code", "row"), REFUSED, ids=lambda one: str(one)[:40])
def test_a_solution_is_refused_with_a_better_sentence(code, row):
    found = read_problem(row["text"], code)
    assert found.is_refused
    assert found.family == row["family"]
    assert not read_problem(found.example, code).is_refused
    if "place" in row:
        assert row["place"] in found.example


@pytest.mark.parametrize(("code", "text"), ACCEPTED, ids=lambda one: str(one)[:40])
def test_a_problem_is_accepted_also_if_it_names_a_measure(code, text):
    assert not read_problem(text, code).is_refused
    assert not read_problem(text).is_refused


@pytest.mark.parametrize(
    ("text", "times"), [("a", 50_000), ("in the park ", 5_000), ("cameras ", 5_000), (". ", 10_000)]
)
def test_no_text_takes_long_to_read(text, times):
    bound = 24  # eight times the text; its square would be 64
    assert growth(read_problem, text * (times // 8), text * times, bound=bound) <= bound
