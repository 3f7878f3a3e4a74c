"""Streams: published answers, fairness, and samples without replacement."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from commonlight.analysis.random_streams import draw_seed, philox, sample_prefix, shuffled

# Random123 known-answer tests, philox4x32 10: counter, key, output
# (Salmon et al. 2011, https://doi.org/10.1145/2063384.2063405, file tests/kat_vectors).
KNOWN = [
    (
        "00000000 00000000 00000000 00000000",
        "00000000 00000000",
        "6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    ),
    (
        "ffffffff ffffffff ffffffff ffffffff",
        "ffffffff ffffffff",
        "408f276d 41c83b0e a20bc7c6 6d5451fd",
    ),
    (
        "243f6a88 85a308d3 13198a2e 03707344",
        "a4093822 299f31d0",
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
]


def words(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


@pytest.mark.parametrize(("counter", "key", "output"), KNOWN)
def test_known_answers(counter, key, output):
    c, k = words(counter), words(key)
    out = np.zeros(4, np.uint64)
    philox(
        out,
        np.uint64(c[0] | c[1] << 32),
        np.uint64(k[0] | k[1] << 32),
        np.uint64(c[2] | c[3] << 32),
    )
    assert out.tolist() == words(output)


def test_all_orders_are_equally_likely():
    orders = dict.fromkeys(itertools.permutations(range(4)), 0)
    out = np.empty(4, np.int16)
    for stream in range(24_000):
        shuffled(np.arange(4, dtype=np.int16), out, np.uint64(7), np.uint64(stream))
        orders[tuple(out.tolist())] += 1
    assert stats.chisquare(list(orders.values())).pvalue > 1e-4


def test_a_long_shuffle_is_a_permutation_and_leaves_its_input():
    values = np.arange(5000, dtype=np.int16)
    out = np.empty_like(values)
    shuffled(values, out, np.uint64(1), np.uint64(2))
    assert (values == np.arange(5000)).all()
    assert (np.sort(out) == values).all()
    assert np.abs(np.corrcoef(out, values)[0, 1]) < 0.06


def test_a_shuffle_takes_the_words_of_its_stream_in_turn():
    """Fisher and Yates, written slowly, over the words that the stream gives."""
    n, key, stream = 3000, np.uint64(3), np.uint64(8)
    drawn = np.empty(4 * n, np.uint64)
    philox(drawn, np.uint64(0), key, stream)
    slow, at = list(range(n)), 0
    for i in range(n - 1, 0, -1):
        bound = i + 1
        while True:
            product = int(drawn[at]) * bound
            at += 1
            if product % 2**32 >= (2**32 - bound) % bound:
                break
        slow[i], slow[product >> 32] = slow[product >> 32], slow[i]
    out = np.empty(n, np.int16)
    shuffled(np.arange(n, dtype=np.int16), out, key, stream)
    assert out.tolist() == slow


def test_samples_are_drawn_without_replacement_and_evenly():
    out = np.empty(3, np.int64)
    pairs = np.zeros((6, 6))
    for stream in range(12_000):
        sample_prefix(6, out, np.uint64(3), np.uint64(stream))
        assert len(set(out.tolist())) == 3
        pairs[out[0], out[1]] += 1
    off_diagonal = pairs[~np.eye(6, dtype=bool)]
    assert pairs.diagonal().sum() == 0
    assert stats.chisquare(off_diagonal).pvalue > 1e-4


def test_a_whole_sample_is_a_permutation():
    out = np.empty(50, np.int64)
    sample_prefix(50, out, np.uint64(3), np.uint64(9))
    assert sorted(out.tolist()) == list(range(50))


def test_seeds_come_from_the_callers_generator():
    assert draw_seed(np.random.default_rng(5)) == draw_seed(np.random.default_rng(5))
    assert draw_seed(np.random.default_rng(5)) != draw_seed(np.random.default_rng(6))
