"""Words count as the same whatever their endings, in the languages of a city's records."""

from __future__ import annotations

import pytest

from commonlight.web.thread.nearness import stems


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("partner", "partnership"),
        ("avoids", "avoiding"),
        ("girl", "girls"),
        ("lamp", "lamps"),
        ("woman", "women"),
        ("thief", "thieves"),
        ("Frau", "Frauen"),
        ("Platz", "Plätze"),
        ("élève", "élèves"),
    ],
)
def test_one_word_in_two_forms_is_one(one, other):
    assert stems(one) == stems(other)
    assert len(stems(one)) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("class", "clash"), ("press", "presence"), ("park", "police")]
)
def test_two_words_stay_two(one, other):
    assert len(stems(f"{one} {other}")) == 2


def test_short_words_and_those_left_out_tell_nothing():
    assert stems("The way of the city", without={"city"}) == set()
