"""One reproducible stream of random numbers for each permutation.

A permutation test gives the same answer on one thread or eight, in one block or twenty, only
if the numbers of permutation 17 do not depend on who draws them. Here they depend on the seed
and on the number 17 alone: the generator is counter-based (Philox4x32-10), so a stream is a
place in a table and not a state that someone advances.

This module draws; it tests nothing. It does not seed itself: the seed comes from the caller's
``numpy.random.Generator``.

References
----------
.. [1] Salmon, J. K., Moraes, M. A., Dror, R. O., & Shaw, D. E. (2011). Parallel random numbers:
   as easy as 1, 2, 3. SC '11. https://doi.org/10.1145/2063384.2063405
.. [2] Lemire, D. (2019). Fast random integer generation in an interval. ACM Transactions on
   Modeling and Computer Simulation, 29(1). https://doi.org/10.1145/3230636
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["draw_seed", "philox", "sample_prefix", "shuffled"]

Words = NDArray[np.uint64]

_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_TWO_32 = np.uint64(1 << 32)
_BUFFER = 1024  # words drawn at a time
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)


def draw_seed(rng: np.random.Generator) -> np.uint64:
    """Take one 64-bit key for a family of streams from the caller's generator.

    Parameters
    ----------
    rng : numpy.random.Generator
        Moves on by one draw.

    Returns
    -------
    numpy.uint64
        The key.
    """
    return np.uint64(rng.integers(0, 2**64, dtype=np.uint64))


@njit(nogil=True, cache=True)
def philox(words: Words, block: np.uint64, seed: np.uint64, stream: np.uint64) -> None:
    """Fill `words` with the Philox4x32-10 output of the blocks from `block` on.

    Parameters
    ----------
    words : ndarray of uint64, shape (4 * n_blocks,)
        Filled with 32-bit numbers, four a block.
    block, seed, stream : uint64
        The counter is (block, stream), low half first; the key is `seed`, low half first.
    """
    for b in range(len(words) // 4):
        counter = block + np.uint64(b)
        c0, c1 = counter & _MASK, counter >> _SHIFT
        c2, c3 = stream & _MASK, stream >> _SHIFT
        k0, k1 = seed & _MASK, seed >> _SHIFT
        for _ in range(10):
            p0 = _M0 * c0
            p1 = _M1 * c2
            c0, c2 = (p1 >> _SHIFT) ^ c1 ^ k0, (p0 >> _SHIFT) ^ c3 ^ k1
            c1, c3 = p1 & _MASK, p0 & _MASK
            k0 = (k0 + _W0) & _MASK
            k1 = (k1 + _W1) & _MASK
        words[4 * b] = c0
        words[4 * b + 1] = c1
        words[4 * b + 2] = c2
        words[4 * b + 3] = c3


@njit(nogil=True, cache=True)
def _below(
    bound: np.uint64, words: Words, place: int, seed: np.uint64, stream: np.uint64
) -> tuple[np.uint64, int]:
    """Draw a whole number from 0 to bound - 1, without bias; return it and the next place.

    `place` counts the words of the stream that were used; `words` holds the stretch of the
    stream that it lies in.
    """
    size = len(words)
    while True:
        within = place % size
        if within == 0:
            philox(words, np.uint64(place // 4), seed, stream)
        product = words[within] * bound
        place += 1
        low = product & _MASK
        if low >= bound or low >= (_TWO_32 - bound) % bound:
            return product >> _SHIFT, place


@njit(nogil=True, cache=True)
def shuffled(values: NDArray[Any], out: NDArray[Any], seed: np.uint64, stream: np.uint64) -> None:
    """Write a random permutation of `values` to `out` (Fisher and Yates).

    The draws are those of `_below`, written out here: a call for each would cost more than
    the draw.
    """
    words = np.empty(_BUFFER, np.uint64)
    at, block = _BUFFER, np.uint64(0)
    for i in range(len(values)):
        out[i] = values[i]
    for i in range(len(values) - 1, 0, -1):
        bound = np.uint64(i + 1)
        while True:
            if at == _BUFFER:
                philox(words, block, seed, stream)
                at, block = 0, block + np.uint64(_BUFFER // 4)
            product = words[at] * bound
            at += 1
            low = product & _MASK
            if low >= bound or low >= (_TWO_32 - bound) % bound:
                break
        drawn = product >> _SHIFT
        kept = out[i]
        out[i] = out[drawn]
        out[drawn] = kept


@njit(nogil=True, cache=True)
def sample_prefix(n: int, out: NDArray[np.int64], seed: np.uint64, stream: np.uint64) -> None:
    """Write the first ``len(out)`` numbers of a random order of 0 .. n - 1 to `out`.

    Any first part of the result is itself a sample without replacement.
    """
    words = np.empty(16, np.uint64)
    place = 0
    size = len(out)
    moved_at = np.empty(size, np.int64)
    moved_to = np.empty(size, np.int64)
    for i in range(size):
        drawn, place = _below(np.uint64(n - i), words, place, seed, stream)
        j = i + np.int64(drawn)
        here, there = i, j
        for m in range(i):
            if moved_at[m] == i:
                here = moved_to[m]
            if moved_at[m] == j:
                there = moved_to[m]
        out[i] = there
        moved_at[i] = j
        moved_to[i] = here
