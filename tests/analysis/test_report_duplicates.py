"""Reports grouped into problems: the rule, against a slow version, and bad input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonlight.analysis.report_duplicates import likely_duplicates


def slow(x, y, day, kind, distance, days):
    """The rule read aloud, one report after the other."""
    problems: list[dict] = []
    joined = [-1] * len(x)
    for i in sorted(range(len(x)), key=lambda i: (day[i], x[i], y[i], kind[i])):
        open_ = [
            (np.hypot(x[i] - p["x"], y[i] - p["y"]), number)
            for number, p in enumerate(problems)
            if p["kind"] == kind[i]
            and (x[i] - p["x"]) ** 2 + (y[i] - p["y"]) ** 2 <= distance**2
            and day[i] - p["latest"] <= days
        ]
        if open_:
            joined[i] = min(open_)[1]
            problems[joined[i]]["latest"] = day[i]
        else:
            joined[i] = len(problems)
            problems.append({"x": x[i], "y": y[i], "kind": kind[i], "latest": day[i]})
    return joined


reports = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 30), st.integers(0, 2)),
    max_size=60,
)


@given(reports, st.sampled_from([3.0, 7.5, 15.0]), st.sampled_from([1.0, 4.0, 20.0]))
def test_equals_the_rule_applied_one_by_one(rows, distance, days):
    x, y, day, kind = (list(c) for c in zip(*rows, strict=True)) if rows else ([], [], [], [])
    found = likely_duplicates(x, y, day, kind, distance=distance, days=days)
    assert found.problem.tolist() == slow(x, y, day, kind, distance, days)
    assert found.n_problems == len(set(found.problem.tolist()))


@given(reports, st.randoms())
def test_order_of_the_file_changes_nothing(rows, random):
    shuffled = random.sample(rows, len(rows))
    counts = [
        likely_duplicates(*(np.array(rows_).reshape(-1, 4).T)).n_problems
        for rows_ in (rows, shuffled)
    ]
    assert counts[0] == counts[1]


def test_distance_counts_from_the_first_report_and_time_from_the_latest():
    # 40 m steps along a street: the third is 80 m from the first.
    creeping = likely_duplicates([0, 40, 80], [0, 0, 0], [0, 1, 2], [0, 0, 0])
    assert creeping.problem.tolist() == [0, 0, 1]
    lasting = likely_duplicates([0, 0, 0], [0, 0, 0], [0, 14, 28], [0, 0, 0])
    assert lasting.n_problems == 1
    later = likely_duplicates([0, 0], [0, 0], [0, 14.5], [0, 0])
    assert later.n_problems == 2


def test_another_kind_is_another_problem():
    assert likely_duplicates([0, 0], [0, 0], [0, 0], [0, 1]).n_problems == 2


def test_reports_without_a_place_are_each_a_problem():
    found = likely_duplicates([np.nan, np.nan, 0], [0, np.nan, 0], [1, 1, 1], [0, 0, 0])
    assert (found.n_problems, found.n_unplaced) == (3, 2)


def test_planted_repeats_are_found():
    rng = np.random.default_rng(4)
    n = 400
    at, when = rng.uniform(0, 60_000, (n, 2)), rng.uniform(0, 3000, n)
    again = rng.integers(0, 4, n)
    who = np.repeat(np.arange(n), 1 + again)
    first = np.r_[True, who[1:] != who[:-1]]
    x, y = (at[who] + np.where(first[:, None], 0, rng.uniform(-30, 30, (who.size, 2)))).T
    day = when[who] + np.where(first, 0, rng.uniform(0, 7, who.size))
    found = likely_duplicates(x, y, day, np.zeros(who.size, int))
    assert found.n_problems == n
    assert found.share_repeated == pytest.approx(again.sum() / who.size)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"distance": np.nan}, "distance must be positive and finite, in metres; got nan"),
        ({"days": 0}, "days must be positive"),
        ({"day": [1.0]}, "lengths 2, 2, 1 and 2"),
        ({"day": [1.0, np.nan]}, "day must be known"),
    ],
)
def test_bad_input(change, words):
    given_ = {"x": [0, 1], "y": [0, 1], "day": [0, 1], "kind": [0, 0]} | change
    with pytest.raises(ValueError, match=words):
        likely_duplicates(**given_)


def test_nothing_in_nothing_out():
    found = likely_duplicates([], [], [], [])
    assert found.n_problems == 0
    assert np.isnan(found.share_repeated)
