"""Level under noise, and planted changes of recording."""

from __future__ import annotations

import numpy as np
import pytest

from commonlight.sources.recording_changes import MATERIAL, MonthlyCount, recording_changes

SHARES = (0.4, 0.25, 0.15, 0.1, 0.07, 0.03)
FIRST = 600  # January 2020


def counts_of(rng, *, months=48, base=400.0, level=1.0):
    """Monthly counts of six types with a season and twice the noise of chance."""
    m = np.arange(months)
    season = 1 + 0.2 * np.sin(2 * np.pi * m / 12)
    expected = base * season * np.broadcast_to(level, months)
    return np.stack([rng.negative_binomial(expected * s, 0.5) for s in SHARES]).astype(float)


def source_of(types, missing):
    total = types.sum(axis=0)
    days = np.full(total.size, 30.4)
    return [
        MonthlyCount(kind="count", name="", counts=total, exposure=days),
        *(
            MonthlyCount(kind="type", name=str(k), counts=c, exposure=np.maximum(total, 1))
            for k, c in enumerate(types)
        ),
        MonthlyCount(kind="missing", name="hour", counts=missing, exposure=total),
    ]


def search(types, missing, rng, **options):
    return recording_changes(source_of(types, missing), first_month=FIRST, rng=rng, **options)


def empty_cells(rng, types, share=0.04):
    return rng.binomial(types.sum(axis=0).astype(int), share).astype(float)


def test_stable_sources_show_a_change_in_at_most_one_of_twenty():
    alarms = 0
    runs = 60
    for seed in range(runs):
        rng = np.random.default_rng([17, seed])
        types = counts_of(rng, months=36)
        alarms += bool(search(types, empty_cells(rng, types), rng))
    # At 5 %, 7 or more of 60 come about once in 50 times.
    assert alarms <= 6


def test_a_type_that_is_split_from_a_month_on_is_found():
    rng = np.random.default_rng(1)
    types = counts_of(rng)
    moved = rng.binomial(types[0][30:].astype(int), 0.5)
    new = np.zeros(types.shape[1])
    types[0][30:] -= moved
    new[30:] = moved
    types = np.vstack([types, new])
    found = search(types, empty_cells(rng, types), rng)
    assert {(c.kind, c.name, c.month) for c in found} == {
        ("type", "0", "2022-07"),
        ("type", "6", "2022-07"),
    }
    split = next(c for c in found if c.name == "0")
    assert split.ratio == pytest.approx(0.5, abs=0.1)
    assert split.after < split.before
    fresh = next(c for c in found if c.name == "6")
    assert fresh.before == 0
    assert "before it was 0 %" in fresh.sentence


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_a_field_that_is_filled_less_is_found(share):
    rng = np.random.default_rng(2)
    types = counts_of(rng)
    missing = empty_cells(rng, types)
    missing[20:] = rng.binomial(types.sum(axis=0)[20:].astype(int), share)
    found = search(types, missing, rng)
    assert [(c.kind, c.name, c.month) for c in found] == [("missing", "hour", "2021-09")]
    assert found[0].after == pytest.approx(share, abs=0.05)
    assert "Ask the keeper" in found[0].sentence


@pytest.mark.parametrize("seed", range(4))
def test_a_jump_by_two_fifths_with_a_new_system_is_found(seed):
    rng = np.random.default_rng([3, seed])
    types = counts_of(rng, level=np.where(np.arange(48) < 26, 1.0, 1.4))
    found = [c for c in search(types, empty_cells(rng, types), rng) if c.kind == "count"]
    assert len(found) == 1
    assert found[0].month in ("2022-02", "2022-03", "2022-04")
    assert found[0].lower < 1.4 < found[0].upper


def test_a_small_step_is_not_told():
    rng = np.random.default_rng(4)
    types = counts_of(rng, base=40_000, level=np.where(np.arange(48) < 24, 1.0, 1.1))
    assert search(types, empty_cells(rng, types), rng) == ()
    assert MATERIAL > 1.1


def test_too_few_months_or_records_are_not_searched():
    rng = np.random.default_rng(5)
    assert search(*(lambda t: (t, t[0] * 0))(counts_of(rng, months=20)), rng) == ()
    assert search(*(lambda t: (t, t[0] * 0))(counts_of(rng, base=0.5)), rng) == ()
    assert recording_changes([], first_month=FIRST, rng=rng) == ()


def test_the_same_seed_gives_the_same_answer():
    types = counts_of(np.random.default_rng(6), level=np.where(np.arange(48) < 24, 1.0, 1.5))
    missing = np.zeros(48)
    first, again = (search(types, missing, np.random.default_rng(9)) for _ in range(2))
    assert first == again
    assert first
