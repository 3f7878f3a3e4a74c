"""Counts behind printed rates and shares, against trying every count."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonlight.analysis.disclosure.derived import (
    gives_away,
    interval_gives_away,
    printed_as,
    safe_decimals,
)
from commonlight.analysis.rates import rates


def tried(printed: Decimal, known: int, per: int, decimals: int, most: int) -> list[int]:
    """Every count that lies within half a unit of the printed number, both ends included."""
    half = Decimal(10) ** -decimals / 2
    return [k for k in range(most + 1) if abs(Decimal(k * per) - printed * known) <= half * known]


@given(
    count=st.integers(0, 60),
    known=st.integers(1, 5000),
    per=st.sampled_from([1, 100, 1000, 100_000]),
    decimals=st.integers(-1, 3),
)
def test_possible_counts_are_those_found_by_trying(count, known, per, decimals):
    unit = Decimal(1).scaleb(-decimals)
    value = (Decimal(count * per) / known / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit
    found = gives_away(str(value), known, per=per, decimals=decimals, at_most=2000)
    every = tried(value, known, per, decimals, 2000)
    assert (found.low, found.high) == (every[0], every[-1])
    assert found.n_possible == len(every) == every[-1] - every[0] + 1
    assert count in every
    assert found.safe == (set(range(1, 5)) <= set(every))
    assert found.decides_small == (set(every) <= set(range(1, 5)))


@given(known=st.integers(1, 20_000), per=st.sampled_from([100, 1000]), minimum=st.integers(2, 8))
def test_safe_decimals_print_every_small_count_alike(known, per, minimum):
    decimals = safe_decimals(known, per=per, minimum_count=minimum)
    if decimals is None:
        return
    for k in range(1, minimum):
        printed = printed_as(k, known, per=per, decimals=decimals)
        found = gives_away(printed, known, per=per, decimals=decimals, minimum_count=minimum)
        assert found.safe
    finer = [printed_as(k, known, per=per, decimals=decimals + 1) for k in range(1, minimum)]
    assert decimals == 6 or not all(
        gives_away(v, known, per=per, decimals=decimals + 1, minimum_count=minimum).safe
        for v in finer
    )


def test_a_rate_per_thousand_with_one_decimal_tells_the_count_of_a_small_area():
    assert gives_away(1.2, 2500, per=1000, decimals=1).n_possible == 1
    assert gives_away("33", 12, decimals=0).low == 4  # a third of twelve answers


def test_the_interval_of_a_rate_tells_its_count():
    for count in (0, 1, 2, 3, 4, 17):
        found = rates([count], [2500])
        printed = round(float(found.ci_lower[0]), 1), round(float(found.ci_upper[0]), 1)
        assert interval_gives_away(*printed, 2500) == (count,)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: gives_away(1.0, 0), "must be above 0; got 0"),
        (lambda: gives_away(1.0, 10, per=float("nan")), "per must be positive"),
        (lambda: gives_away(3.7, 10, decimals=1), "no count out of 10 gives 3.7"),
        (lambda: gives_away(1.0, 10, minimum_count=1), "minimum_count must be 2"),
        (lambda: safe_decimals(-4), "must be above 0"),
    ],
)
def test_bad_input_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
