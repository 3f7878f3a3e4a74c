"""The words of change follow fixed rules; each border is tested from both sides."""

from __future__ import annotations

from math import exp, inf, log, nan, nextafter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from commonlight.findings.model import Certainty
from commonlight.findings.words import (
    FEWEST_EVENTS,
    LOWER_HIGHER,
    SMALLEST_CHANGE,
    WIDEST_INTERVAL,
    ChangeWord,
    LevelWord,
    certainty_meaning,
    certainty_of,
    certainty_tag,
    change_interval,
    change_sentence,
    change_size,
    change_word,
    level_word,
)

ORDER = [
    ChangeWord.FELL,
    ChangeWord.MAY_HAVE_FALLEN,
    ChangeWord.NO_CLEAR_CHANGE,
    ChangeWord.MAY_HAVE_RISEN,
    ChangeWord.ROSE,
]
JUST_BELOW = nextafter(1.0, 0.0)
JUST_ABOVE = nextafter(1.0, 2.0)

ratios = st.floats(0.2, 5.0)
half_widths = st.floats(0.01, 0.54)  # on the logarithmic scale: below a factor of 3


def plain(text: str) -> str:
    return text.replace("\u202f", " ")


class TestBorders:
    def test_fell_needs_an_interval_wholly_below_one(self):
        assert change_word(0.9, 0.8, JUST_BELOW) is ChangeWord.FELL
        assert change_word(0.9, 0.8, 1.0, inner=(0.85, 1.0)) is ChangeWord.NO_CLEAR_CHANGE

    def test_rose_needs_an_interval_wholly_above_one(self):
        assert change_word(1.1, JUST_ABOVE, 1.2) is ChangeWord.ROSE
        assert change_word(1.1, 1.0, 1.2, inner=(1.0, 1.15)) is ChangeWord.NO_CLEAR_CHANGE

    def test_may_have_needs_the_inner_interval_to_exclude_one(self):
        assert change_word(0.9, 0.8, 1.02, inner=(0.85, JUST_BELOW)) is ChangeWord.MAY_HAVE_FALLEN
        assert change_word(1.1, 0.9, 1.3, inner=(JUST_ABOVE, 1.2)) is ChangeWord.MAY_HAVE_RISEN
        assert change_word(1.1, 0.9, 1.3, inner=(1.0, 1.2)) is ChangeWord.NO_CLEAR_CHANGE

    @pytest.mark.parametrize(
        ("ratio", "word"),
        [
            (1 - SMALLEST_CHANGE, ChangeWord.FELL),
            (nextafter(1 - SMALLEST_CHANGE, 1), ChangeWord.NO_CLEAR_CHANGE),
            (1 + SMALLEST_CHANGE, ChangeWord.ROSE),
            (nextafter(1 + SMALLEST_CHANGE, 1), ChangeWord.NO_CLEAR_CHANGE),
        ],
    )
    def test_the_smallest_change_that_matters(self, ratio, word):
        assert change_word(ratio, ratio * 0.99, ratio * 1.01) is word

    def test_a_small_tentative_change_is_no_clear_change(self):
        word = change_word(0.97, 0.93, 1.005, inner=(0.945, 0.995))
        assert word is ChangeWord.NO_CLEAR_CHANGE

    def test_an_interval_wider_than_the_stated_factor_cannot_tell(self):
        lower = 0.6
        assert change_word(1.0, lower, WIDEST_INTERVAL * lower) is ChangeWord.NO_CLEAR_CHANGE
        wider = nextafter(WIDEST_INTERVAL * lower, inf)
        assert change_word(1.0, lower, wider) is ChangeWord.CANNOT_TELL

    def test_a_wide_interval_that_excludes_one_still_has_a_direction(self):
        assert change_word(0.1, 0.03, 0.3) is ChangeWord.FELL

    def test_the_fewest_events(self):
        assert change_word(0.5, 0.3, 0.8, events=FEWEST_EVENTS) is ChangeWord.FELL
        assert change_word(0.5, 0.3, 0.8, events=FEWEST_EVENTS - 1) is ChangeWord.CANNOT_TELL

    @pytest.mark.parametrize(
        ("ratio", "lower", "upper"),
        [(nan, 0.5, 0.9), (0.8, nan, 0.9), (0.8, 0.5, inf), (0.8, 0.0, 0.9), (0.8, 0.9, 0.95)],
    )
    def test_unusable_limits_cannot_tell(self, ratio, lower, upper):
        assert change_word(ratio, lower, upper) is ChangeWord.CANNOT_TELL

    def test_the_inner_interval_is_the_80_percent_interval_of_a_normal(self):
        # log ratio -0.10 with standard error 0.0765: the 95 % interval reaches +0.05, the
        # 80 % interval (1.2816 standard errors) ends at -0.002, just below no change.
        middle, error = -0.10, 0.0765
        assert (
            change_word(exp(middle), exp(middle - 1.96 * error), exp(middle + 1.96 * error))
            is ChangeWord.MAY_HAVE_FALLEN
        )
        error = 0.0785  # ends at +0.0006
        assert (
            change_word(exp(middle), exp(middle - 1.96 * error), exp(middle + 1.96 * error))
            is ChangeWord.NO_CLEAR_CHANGE
        )


class TestProperties:
    @given(ratios, ratios, half_widths)
    def test_the_word_never_goes_back_as_the_ratio_grows(self, first, second, half):
        low, high = sorted((first, second))
        words = [change_word(r, r * exp(-half), r * exp(half)) for r in (low, high)]
        assert ORDER.index(words[0]) <= ORDER.index(words[1])

    @given(ratios, half_widths, half_widths)
    def test_a_narrower_interval_never_says_less(self, ratio, first, second):
        narrow, wide = sorted((first, second))
        strength = {
            ChangeWord.FELL: 2,
            ChangeWord.ROSE: 2,
            ChangeWord.MAY_HAVE_FALLEN: 1,
            ChangeWord.MAY_HAVE_RISEN: 1,
            ChangeWord.NO_CLEAR_CHANGE: 0,
        }
        words = [change_word(ratio, ratio * exp(-h), ratio * exp(h)) for h in (narrow, wide)]
        assert strength[words[0]] >= strength[words[1]]

    @given(st.floats(0.2, 1.9), st.floats(0.2, 1.9), half_widths)
    def test_a_changed_number_changes_the_sentence(self, first, second, half):
        assume(abs(first - second) >= 0.0101)
        sentences = {
            change_sentence("burglaries", "this year", r, r * exp(-half), r * exp(half))
            for r in (first, second)
        }
        assert len(sentences) == 2

    @given(ratios, half_widths)
    def test_every_sentence_holds_its_interval_in_words(self, ratio, half):
        lower, upper = ratio * exp(-half), ratio * exp(half)
        sentence = change_sentence("burglaries", "this year", ratio, lower, upper)
        assert change_interval(lower, upper) in sentence
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert "  " not in sentence

    @given(ratios, half_widths)
    def test_turning_time_around_turns_the_word_around(self, ratio, half):
        assume(abs(ratio - 1) > 0.06)
        assume(abs(1 / ratio - 1) > 0.06)
        word = change_word(ratio, ratio * exp(-half), ratio * exp(half))
        back = change_word(1 / ratio, exp(-half) / ratio, exp(half) / ratio)
        assume(abs(abs(log(ratio)) - half) > 1e-9)
        assume(abs(abs(log(ratio)) - half * 1.2815515655446004 / 1.959963984540054) > 1e-9)
        assert ORDER.index(word) == 4 - ORDER.index(back)


class TestSentences:
    def test_fell(self):
        assert plain(
            change_sentence("recorded burglaries", "from 2021 to 2022", 0.94, 0.91, 0.97)
        ) == ("Recorded burglaries fell from 2021 to 2022: 6 % fewer (between 3 % and 9 % fewer).")

    def test_may_have_risen(self):
        text = change_sentence(
            "robberies", "from 2021 to 2022", 1.1, 0.98, 1.23, inner=(1.02, 1.18)
        )
        assert plain(text) == (
            "Robberies may have risen from 2021 to 2022: 10 % more is the best estimate, but "
            "anything between 2 % fewer and 23 % more would fit."
        )

    def test_no_clear_change(self):
        text = change_sentence("robberies", "from 2021 to 2022", 0.99, 0.92, 1.06)
        assert plain(text) == (
            "There was no clear change in robberies from 2021 to 2022 "
            "(between 8 % fewer and 6 % more)."
        )

    def test_cannot_tell_for_width_and_for_count(self):
        wide = change_sentence("robberies", "this year", 1.0, 0.4, 2.5)
        assert plain(wide) == (
            "We cannot tell whether robberies rose or fell this year: anything between 60 % "
            "fewer and 2.5 times as many would fit."
        )
        few = change_sentence("robberies", "this year", 0.5, 0.3, 0.8, events=3)
        assert few == (
            "We cannot tell whether robberies rose or fell this year: there were too few, "
            "under 5 in both periods together."
        )

    def test_no_interval(self):
        text = change_sentence("robberies", "this year", nan, nan, nan)
        assert "do not allow an interval" in text
        assert "nan" not in text

    def test_rates_are_lower_or_higher(self):
        text = change_sentence("the rate", "this year", 0.9, 0.85, 0.95, pair=LOWER_HIGHER)
        assert "10\u202f% lower (between 5\u202f% and 15\u202f% lower)" in text


class TestSizes:
    @pytest.mark.parametrize(
        ("ratio", "words"),
        [
            (1.0, "no change"),
            (0.999, "less than 1 % fewer"),
            (0.88, "12 % fewer"),
            (1.994, "99 % more"),
            (1.999, "about twice as many"),
            (2.04, "about twice as many"),
            (2.0, "twice as many"),
            (2.5, "2.5 times as many"),
            (12.4, "12 times as many"),
            (0.0, "100 % fewer"),
            (nan, "not known"),
        ],
    )
    def test_size(self, ratio, words):
        assert plain(change_size(ratio)) == words

    @pytest.mark.parametrize(
        ("lower", "upper", "words"),
        [
            (0.91, 0.97, "between 3 % and 9 % fewer"),
            (1.03, 1.09, "between 3 % and 9 % more"),
            (0.92, 1.06, "between 8 % fewer and 6 % more"),
            (0.9, 1.0, "between 10 % fewer and no change"),
            (0.88, 0.999, "between less than 1 % and 12 % fewer"),
            (0.901, 0.903, "about 10 % fewer"),
            (1.5, 2.5, "between 50 % more and 2.5 times as many"),
        ],
    )
    def test_interval(self, lower, upper, words):
        assert plain(change_interval(lower, upper)) == words


class TestLevels:
    def test_borders(self):
        assert level_word(nextafter(10.0, inf), 14, 10) is LevelWord.ABOVE
        assert level_word(10.0, 14, 10) is LevelWord.NOT_CLEARLY_DIFFERENT
        assert level_word(6, nextafter(10.0, 0), 10) is LevelWord.BELOW
        assert level_word(6, 10.0, 10) is LevelWord.NOT_CLEARLY_DIFFERENT

    @pytest.mark.parametrize(("lower", "upper"), [(None, 3), (nan, 3), (1, nan), (3, 1)])
    def test_bad_limits_cannot_tell(self, lower, upper):
        assert level_word(lower, upper, 2.0) is LevelWord.CANNOT_TELL

    def test_too_few(self):
        assert level_word(11, 14, 10, events=FEWEST_EVENTS - 1) is LevelWord.CANNOT_TELL


def test_every_word_has_a_certainty_and_every_certainty_a_tag_and_a_meaning():
    assert certainty_of(ChangeWord.FELL) is Certainty.CLEAR
    assert certainty_of(ChangeWord.MAY_HAVE_RISEN) is Certainty.TENTATIVE
    assert certainty_of(ChangeWord.NO_CLEAR_CHANGE) is Certainty.NO_CLEAR_CHANGE
    assert certainty_of(LevelWord.NOT_CLEARLY_DIFFERENT) is Certainty.NOT_SHOWN
    assert certainty_of(LevelWord.CANNOT_TELL) is Certainty.CANNOT_TELL
    assert certainty_of(ChangeWord.CANNOT_TELL) is Certainty.CANNOT_TELL
    assert len({certainty_tag(level) for level in Certainty}) == len(Certainty)
    assert len({certainty_meaning(level) for level in Certainty}) == len(Certainty)
