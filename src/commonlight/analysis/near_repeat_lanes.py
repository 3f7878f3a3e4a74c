"""Thirty-two permutations at a time: how often a pair of events is also near in time.

The times of 32 permutations stand beside each other, so that one event is one vector of 32
numbers. For each pair of events the loop loads one vector, takes one difference and compares
it with four ends of time bands, while the four counts stay in registers. A compiler does not
find this form in a plain loop: it puts the counts back into memory after each pair, which takes
five times as long. So the loop is written as vector instructions of LLVM, which every processor
can run; it is the only place in the house where that is done.

This module counts. It forms no expectation and tests nothing; see `near_repeat`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from commonlight.analysis.random_streams import shuffled

__all__ = ["LANES", "count_block"]

LANES = 32
_ENDS = 4  # ends of time bands compared at once
_FLUSH_AT = 32_000  # a 16-bit counter holds 32,767

IntArray = npt.NDArray[np.int64]

_declare: Any = cgutils.get_or_insert_function
_INT = ir.IntType(64)
_COUNTS = ir.VectorType(ir.IntType(16), LANES)
_NOUGHT = ir.Constant(_COUNTS, [0] * LANES)


def _data(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    """Pointer to the first element of an array."""
    return context.make_array(kind)(context, builder, value).data


def _whole(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    """A whole number of any width as 64 bits."""
    return context.cast(builder, value, kind, types.int64)


def _in_all_lanes(builder: Any, value: Any, vector: Any) -> Any:
    """A vector that holds one value in each lane."""
    nothing = ir.Constant(vector, ir.Undefined)
    first = builder.insert_element(nothing, value, ir.IntType(32)(0))
    spread = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(first, nothing, spread)


def _row_loader(builder: Any, data: Any, vector: Any, width: int) -> Any:
    """What loads the times of one event."""

    def load(event: Any) -> Any:
        place = builder.gep(data, [builder.mul(event, _INT(LANES))])
        return builder.load(builder.bitcast(place, vector.as_pointer()), align=width)

    return load


def _apart(builder: Any, first: Any, second: Any, vector: Any, real: bool) -> Any:
    """Absolute difference of two vectors of times."""
    if real:
        kind = ir.FunctionType(vector, [vector])
        absolute = _declare(builder.module, kind, f"llvm.fabs.v{LANES}f64")
        return builder.call(absolute, [builder.fsub(first, second)])
    kind = ir.FunctionType(vector, [vector, ir.IntType(1)])
    absolute = _declare(builder.module, kind, f"llvm.abs.v{LANES}i16")
    return builder.call(absolute, [builder.sub(first, second), ir.IntType(1)(0)])


def _pair_loop(builder: Any, partner: Any, span: Any, own: Any, load: Any, ends: Any) -> list[Any]:
    """Walk over the partners from span[0] to span[1]; return the counts at each end."""
    first, last = span
    vector = own.type
    real = isinstance(vector.element, ir.DoubleType)
    entry = builder.block
    loop, done = builder.append_basic_block("pairs"), builder.append_basic_block("done")
    builder.cbranch(builder.icmp_signed("<", first, last), loop, done)
    builder.position_at_end(loop)
    place = builder.phi(_INT)
    held = [builder.phi(_COUNTS) for _ in ends]
    other = load(builder.zext(builder.load(builder.gep(partner, [place])), _INT))
    apart = _apart(builder, own, other, vector, real)
    nearer = builder.fcmp_ordered if real else builder.icmp_signed
    counted = [
        builder.sub(count, builder.sext(nearer("<", apart, end), _COUNTS))
        for count, end in zip(held, ends, strict=True)
    ]
    following = builder.add(place, _INT(1))
    builder.cbranch(builder.icmp_signed("<", following, last), loop, done)
    place.add_incoming(first, entry)
    place.add_incoming(following, loop)
    for count, more in zip(held, counted, strict=True):
        count.add_incoming(_NOUGHT, entry)
        count.add_incoming(more, loop)
    builder.position_at_end(done)
    return [_at_end(builder, more, entry, loop) for more in counted]


def _at_end(builder: Any, more: Any, entry: Any, loop: Any) -> Any:
    """The count after the loop; nought where there was no pair."""
    count = builder.phi(_COUNTS)
    count.add_incoming(_NOUGHT, entry)
    count.add_incoming(more, loop)
    return count


def _stretch(
    typing: Any, lanes: Any, partner: Any, event: Any, first: Any, last: Any, ends: Any, held: Any
) -> Any:
    """Count, at four ends of time bands, the partners first to last - 1 of one event."""

    def write(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kinds = signature.args
        element = kinds[0].dtype
        vector = ir.VectorType(context.get_value_type(element), LANES)
        arrays = {k: _data(context, builder, kinds[k], given[k]) for k in (0, 1, 5, 6)}
        numbers = [_whole(context, builder, kinds[k], given[k]) for k in (2, 3, 4)]
        load = _row_loader(builder, arrays[0], vector, element.bitwidth // 8)
        limits = [
            _in_all_lanes(builder, builder.load(builder.gep(arrays[5], [_INT(k)])), vector)
            for k in range(_ENDS)
        ]
        span = (numbers[1], numbers[2])
        counts = _pair_loop(builder, arrays[1], span, load(numbers[0]), load, limits)
        for k, count in enumerate(counts):
            place = builder.gep(arrays[6], [_INT(k * LANES)])
            builder.store(count, builder.bitcast(place, _COUNTS.as_pointer()), align=2)
        return context.get_dummy_value()

    return types.void(lanes, partner, event, first, last, ends, held), write


_count_stretch: Any = intrinsic(_stretch)


@njit(nogil=True, cache=True)
def _fill_lanes(
    times: npt.NDArray[Any], lanes: npt.NDArray[Any], seed: np.uint64, first: int
) -> None:
    """Column l holds permutation first + l; number 0 is the observed order.

    Permutations are drawn one by one and then turned into columns, a stretch at a time.
    """
    n = len(times)
    rows = np.empty((LANES, n), times.dtype)
    for lane in range(LANES):
        if first + lane == 0:
            rows[lane] = times
        else:
            shuffled(times, rows[lane], seed, np.uint64(first + lane))
    for start in range(0, n, LANES):
        end = min(n, start + LANES)
        for lane in range(LANES):
            for i in range(start, end):
                lanes[i, lane] = rows[lane, i]


@njit(nogil=True, cache=True)
def _count_lanes(
    lanes: npt.NDArray[Any],
    indptr: IntArray,
    partner: npt.NDArray[np.int32],
    ends: npt.NDArray[Any],
    counts: IntArray,
) -> None:
    """Add to `counts`, per distance band, end and lane, the pairs nearer in time than the end."""
    n_bands = counts.shape[0]
    held = np.zeros((_ENDS, LANES), np.int16)
    for i in range(len(lanes)):
        for band in range(n_bands):
            stop = indptr[i * n_bands + band + 1]
            for first in range(indptr[i * n_bands + band], stop, _FLUSH_AT):
                last = min(stop, first + _FLUSH_AT)
                _count_stretch(lanes, partner, i, first, last, ends, held)
                for k in range(_ENDS):
                    for lane in range(LANES):
                        counts[band, k, lane] += held[k, lane]


@njit(nogil=True, cache=True)
def count_block(
    times: npt.NDArray[Any],
    indptr: IntArray,
    partner: npt.NDArray[np.int32],
    n_bands: int,
    edges: npt.NDArray[Any],
    seed: np.uint64,
    first: int,
) -> IntArray:
    """Count for the permutations first .. first + 31.

    Parameters
    ----------
    times : ndarray of int16 or float64, shape (n,)
        Times in the sorted order of the pairs.
    indptr, partner, n_bands
        The pairs, see `near_repeat_kernels.NearPairs`.
    edges : ndarray of the same type as `times`
        Upper, open ends of the time bands, all positive.
    seed : uint64
        Key of the streams.
    first : int
        Number of the first permutation of the block.

    Returns
    -------
    ndarray of int64, shape (n_bands, n_edges, 32)
        Pairs nearer in time than each edge.
    """
    n_edges = len(edges)
    lanes = np.empty((len(times), LANES), times.dtype)
    _fill_lanes(times, lanes, seed, first)
    groups = (n_edges + _ENDS - 1) // _ENDS
    counts = np.zeros((groups, n_bands, _ENDS, LANES), np.int64)
    ends = np.zeros(groups * _ENDS, times.dtype)  # no difference is below 0
    ends[:n_edges] = edges
    for group in range(groups):
        four = ends[group * _ENDS : (group + 1) * _ENDS]
        _count_lanes(lanes, indptr, partner, four, counts[group])
    found = np.empty((n_bands, n_edges, LANES), np.int64)
    for k in range(n_edges):
        found[:, k] = counts[k // _ENDS, :, k % _ENDS]
    return found
