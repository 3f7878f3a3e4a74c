"""Compiled loops behind `commonlight.analysis.assign`.

They hold the crossing rule once, for building the index and for asking it. They do not check
their input; `AreaIndex` does.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = [
    "Cells",
    "Outlines",
    "Raster",
    "Strips",
    "assign_points",
    "choose_strips",
    "count_touched",
    "fill_raster",
    "fill_strips",
    "list_undecided",
]

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Ints = NDArray[np.int32]

EMPTY, UNDECIDED, CLOSED = -1, -2, -3
_ERROR_BOUND = 3.3306690738754716e-16  # Shewchuk (1997), (3 + 16 u) u with u = 2**-53
_SPLITTER = 134217729.0  # 2**27 + 1, Dekker's split of a double


class Outlines(NamedTuple):
    """Edges of all polygons, each from its lower to its upper end."""

    edges: Floats  # (n_edges, 4): x and y of the lower end, x and y of the upper
    first_edge: Longs  # (n + 1,): where each polygon's edges start
    bounds: Floats  # (n, 4): least x and y, greatest x and y


class Strips(NamedTuple):
    """Horizontal strips of each polygon, with the edges that reach into them."""

    inverse: Floats  # (n,): strips per unit of height
    first: Longs  # (n + 1,): where each polygon's strips start
    start: Longs  # (n_strips + 1,): where each strip's list starts
    listed: Ints  # edges


class Raster(NamedTuple):
    """Frame of the raster over all polygons."""

    x_low: float
    y_low: float
    x_high: float
    y_high: float
    columns: int
    rows: int
    x_inverse: float  # columns per unit; 0 for a single column
    y_inverse: float
    x_size: float
    y_size: float
    x_slack: float  # covers every rounding in where an edge meets a row
    y_slack: float


class Cells(NamedTuple):
    """What the raster knows of each cell."""

    state: Ints  # EMPTY, the polygon that covers the cell, or -2 - list
    start: Ints
    listed: Ints  # polygons to test, or ~polygon where that one covers the cell


@njit(nogil=True, cache=True)
def bin_of(value: float, low: float, inverse_width: float, last: int) -> int:
    """Bin of a value; never falls when the value rises, so bins never lose an edge."""
    k = int((value - low) * inverse_width)
    if k < 0:
        return 0
    if k > last:
        return last
    return k


@njit(nogil=True, cache=True)
def _split(a: float) -> tuple[float, float]:
    c = _SPLITTER * a
    high = c - (c - a)
    return high, a - high


@njit(nogil=True, cache=True)
def _grow(parts: Floats, n: int, b: float) -> int:
    """Add `b` to an exact sum of `n` non-overlapping parts."""
    total = b
    for i in range(n):
        s = total + parts[i]
        t = s - total
        parts[i] = (total - (s - t)) + (parts[i] - t)
        total = s
    parts[n] = total
    return n + 1


@njit(nogil=True, cache=True)
def _add_product(parts: Floats, n: int, a: float, b: float) -> int:
    """Add the exact product of two doubles to an exact sum."""
    product = a * b
    a_high, a_low = _split(a)
    b_high, b_low = _split(b)
    error = a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)
    n = _grow(parts, n, error)
    return _grow(parts, n, product)


@njit(nogil=True, cache=True)
def _is_left_exactly(x: float, y: float, ax: float, ay: float, bx: float, by: float) -> bool:
    parts = np.empty(12)
    n = _add_product(parts, 0, ax, by)
    n = _add_product(parts, n, -ax, y)
    n = _add_product(parts, n, -x, by)
    n = _add_product(parts, n, -ay, bx)
    n = _add_product(parts, n, ay, x)
    n = _add_product(parts, n, y, bx)
    for i in range(n - 1, -1, -1):
        if parts[i] != 0.0:
            return bool(parts[i] > 0.0)
    return False


@njit(nogil=True, cache=True)
def is_left(x: float, y: float, ax: float, ay: float, bx: float, by: float) -> bool:
    """Whether a point lies strictly left of the edge that rises from a to b."""
    first = (ax - x) * (by - y)
    second = (ay - y) * (bx - x)
    determinant = first - second
    bound = _ERROR_BOUND * (abs(first) + abs(second))
    if determinant > bound:
        return True
    if determinant < -bound:
        return False
    return _is_left_exactly(x, y, ax, ay, bx, by)


@njit(nogil=True, cache=True)
def _crosses(x: float, y: float, edges: Floats, e: int) -> bool:
    """Whether a ray to the right of the point crosses the edge; the lower end counts."""
    if y < edges[e, 1] or y >= edges[e, 3]:
        return False
    ax, bx = edges[e, 0], edges[e, 2]
    if x < ax and x < bx:
        return True
    if x >= ax and x >= bx:
        return False
    return is_left(x, y, ax, edges[e, 1], bx, edges[e, 3])


@njit(nogil=True, cache=True)
def contains(x: float, y: float, p: int, outlines: Outlines, strips: Strips) -> bool:
    """Whether polygon `p` holds the point, by the crossing rule over the edges of one strip."""
    bounds = outlines.bounds
    if y < bounds[p, 1] or y > bounds[p, 3] or x < bounds[p, 0] or x > bounds[p, 2]:
        return False
    last = strips.first[p + 1] - strips.first[p] - 1
    if last < 0:
        return False
    s = strips.first[p] + bin_of(y, bounds[p, 1], strips.inverse[p], last)
    inside = False
    for j in range(strips.start[s], strips.start[s + 1]):
        if _crosses(x, y, outlines.edges, strips.listed[j]):
            inside = not inside
    return inside


@njit(nogil=True, cache=True)
def _entries(outlines: Outlines, p: int, n_strips: int) -> int:
    """Length of all edge lists of a polygon when it is cut into so many strips."""
    low = outlines.bounds[p, 1]
    inverse = n_strips / (outlines.bounds[p, 3] - low)
    total = 0
    for e in range(outlines.first_edge[p], outlines.first_edge[p + 1]):
        first = bin_of(outlines.edges[e, 1], low, inverse, n_strips - 1)
        total += bin_of(outlines.edges[e, 3], low, inverse, n_strips - 1) - first + 1
    return total


@njit(nogil=True, cache=True)
def choose_strips(outlines: Outlines, most_strips: int, entries_per_edge: int) -> Longs:
    """Choose for each polygon how many strips to cut it into; 0 where it has no height."""
    n = len(outlines.first_edge) - 1
    chosen = np.zeros(n, dtype=np.int64)
    for p in range(n):
        n_edges = outlines.first_edge[p + 1] - outlines.first_edge[p]
        height = outlines.bounds[p, 3] - outlines.bounds[p, 1]
        if n_edges == 0 or not height > 0.0:
            continue
        k = max(1, min(most_strips, n_edges // 2))
        if not height > 1e-290:
            k = 1
        while k > 1 and _entries(outlines, p, k) > entries_per_edge * n_edges:
            k //= 2
        chosen[p] = k
    return chosen


@njit(nogil=True, cache=True)
def _visit_strips(outlines: Outlines, inverse: Floats, first: Longs, place: Longs, listed: Ints,
                  write: bool) -> None:  # fmt: skip
    """Count the edges of each strip in ``place[s + 1]``, or write them at ``place[s]``."""
    edges = outlines.edges
    for p in range(len(outlines.first_edge) - 1):
        last = first[p + 1] - first[p] - 1
        if last < 0:
            continue
        low = outlines.bounds[p, 1]
        for e in range(outlines.first_edge[p], outlines.first_edge[p + 1]):
            if edges[e, 1] == edges[e, 3]:
                continue
            bottom = first[p] + bin_of(edges[e, 1], low, inverse[p], last)
            top = first[p] + bin_of(edges[e, 3], low, inverse[p], last)
            for s in range(bottom, top + 1):
                if write:
                    listed[place[s]] = e
                    place[s] += 1
                else:
                    place[s + 1] += 1


@njit(nogil=True, cache=True)
def fill_strips(outlines: Outlines, inverse: Floats, first: Longs) -> tuple[Longs, Ints]:
    """List the edges that reach into each strip, polygon by polygon."""
    start = np.zeros(first[-1] + 1, dtype=np.int64)
    _visit_strips(outlines, inverse, first, start, np.empty(0, dtype=np.int32), False)
    for s in range(len(start) - 1):
        start[s + 1] += start[s]
    listed = np.empty(start[-1], dtype=np.int32)
    _visit_strips(outlines, inverse, first, start.copy(), listed, True)
    return start, listed


@njit(nogil=True, cache=True)
def _columns(edges: Floats, e: int, row: int, one_row: bool, raster: Raster) -> tuple[int, int]:
    """First and last raster column that an edge can touch in one row, on the safe side."""
    ax, ay, bx, by = edges[e, 0], edges[e, 1], edges[e, 2], edges[e, 3]
    x_low, x_high = min(ax, bx), max(ax, bx)
    if not one_row:
        bottom = raster.y_low + row * raster.y_size
        y_low = min(by, max(ay, bottom - raster.y_slack))
        y_high = max(ay, min(by, bottom + raster.y_size + raster.y_slack))
        at_low = ax + (bx - ax) * ((y_low - ay) / (by - ay))
        at_high = ax + (bx - ax) * ((y_high - ay) / (by - ay))
        x_low = max(x_low, min(at_low, at_high) - raster.x_slack)
        x_high = min(x_high, max(at_low, at_high) + raster.x_slack)
    return (
        bin_of(x_low, raster.x_low, raster.x_inverse, raster.columns - 1),
        bin_of(x_high, raster.x_low, raster.x_inverse, raster.columns - 1),
    )


@njit(nogil=True, cache=True)
def _stamp(outlines: Outlines, p: int, raster: Raster, stamp: Ints, touched: Ints) -> int:
    """Stamp each cell that an edge of polygon `p` touches, list it once, return how many."""
    edges = outlines.edges
    n = 0
    for e in range(outlines.first_edge[p], outlines.first_edge[p + 1]):
        first = bin_of(edges[e, 1], raster.y_low, raster.y_inverse, raster.rows - 1)
        last = bin_of(edges[e, 3], raster.y_low, raster.y_inverse, raster.rows - 1)
        for row in range(first, last + 1):
            left, right = _columns(edges, e, row, first == last, raster)
            for cell in range(row * raster.columns + left, row * raster.columns + right + 1):
                if stamp[cell] != p:
                    stamp[cell] = p
                    touched[n] = cell
                    n += 1
    return n


@njit(nogil=True, cache=True)
def count_touched(outlines: Outlines, raster: Raster, limit: int) -> int:
    """Number of (polygon, cell) pairs in which an edge touches the cell; stops past `limit`."""
    stamp = np.full(raster.columns * raster.rows, -1, dtype=np.int32)
    touched = np.empty(len(stamp), dtype=np.int32)
    total = 0
    for p in range(len(outlines.first_edge) - 1):
        total += _stamp(outlines, p, raster, stamp, touched)
        if total > limit:
            break
    return total


@njit(nogil=True, cache=True)
def _cover(outlines: Outlines, strips: Strips, p: int, raster: Raster, stamp: Ints, state: Ints,
           entries: Ints, n: int) -> int:  # fmt: skip
    """Settle the cells that polygon `p` covers; its answer is constant between its edges."""
    bounds = outlines.bounds
    left = bin_of(bounds[p, 0], raster.x_low, raster.x_inverse, raster.columns - 1)
    right = bin_of(bounds[p, 2], raster.x_low, raster.x_inverse, raster.columns - 1)
    bottom = bin_of(bounds[p, 1], raster.y_low, raster.y_inverse, raster.rows - 1)
    top = bin_of(bounds[p, 3], raster.y_low, raster.y_inverse, raster.rows - 1)
    for row in range(bottom, top + 1):
        known, inside = False, False
        for column in range(left, right + 1):
            cell = row * raster.columns + column
            if stamp[cell] == p:
                known = False
                continue
            if not known:
                x = raster.x_low + (column + 0.5) * raster.x_size
                y = raster.y_low + (row + 0.5) * raster.y_size
                inside = contains(x, y, p, outlines, strips)
                known = True
            if inside and state[cell] == EMPTY:
                state[cell] = p
            elif inside and state[cell] == UNDECIDED:
                state[cell] = CLOSED
                entries[n, 0], entries[n, 1] = cell, ~p
                n += 1
    return n


@njit(nogil=True, cache=True)
def fill_raster(
    outlines: Outlines, strips: Strips, raster: Raster, n_touched: int
) -> tuple[Ints, Ints]:
    """Mark each cell as empty, covered by one polygon, or to be decided point by point.

    Polygons come in order, so the first polygon that covers a cell closes it. Entries of
    undecided cells hold the cell and a polygon to test, or ``~polygon`` where it covers.
    """
    state = np.full(raster.columns * raster.rows, EMPTY, dtype=np.int32)
    stamp = np.full(raster.columns * raster.rows, -1, dtype=np.int32)
    touched = np.empty(len(state), dtype=np.int32)
    entries = np.empty((2 * n_touched, 2), dtype=np.int32)
    n = 0
    for p in range(len(outlines.first_edge) - 1):
        if outlines.first_edge[p] == outlines.first_edge[p + 1]:
            continue
        for j in range(_stamp(outlines, p, raster, stamp, touched)):
            if state[touched[j]] == EMPTY or state[touched[j]] == UNDECIDED:
                state[touched[j]] = UNDECIDED
                entries[n, 0], entries[n, 1] = touched[j], p
                n += 1
        n = _cover(outlines, strips, p, raster, stamp, state, entries, n)
    return state, entries[:n]


@njit(nogil=True, cache=True)
def list_undecided(state: Ints, entries: Ints) -> tuple[Ints, Ints]:
    """Turn entries into one list per undecided cell; the cell then holds ``-2 - list``."""
    n_lists = 0
    for cell in range(len(state)):
        if state[cell] <= UNDECIDED:
            state[cell] = -2 - n_lists
            n_lists += 1
    start = np.zeros(n_lists + 1, dtype=np.int32)
    for j in range(len(entries)):
        start[-1 - state[entries[j, 0]]] += 1
    for k in range(n_lists):
        start[k + 1] += start[k]
    place = start[:-1].copy()
    listed = np.empty(len(entries), dtype=np.int32)
    for j in range(len(entries)):
        k = -2 - state[entries[j, 0]]
        listed[place[k]] = entries[j, 1]
        place[k] += 1
    return start, listed


@njit(nogil=True, cache=True)
def _look_up(x: Floats, y: Floats, out: Ints, raster: Raster, state: Ints) -> int:
    """Write the state of each point's cell, and return how many points stay undecided."""
    undecided = 0
    for i in range(len(x)):
        px, py = x[i], y[i]
        out[i] = EMPTY
        if raster.x_low <= px <= raster.x_high and raster.y_low <= py <= raster.y_high:
            column = bin_of(px, raster.x_low, raster.x_inverse, raster.columns - 1)
            row = bin_of(py, raster.y_low, raster.y_inverse, raster.rows - 1)
            out[i] = state[row * raster.columns + column]
            undecided += out[i] < EMPTY
    return undecided


@njit(nogil=True, cache=True)
def _sorted_by_cell(codes: Ints, undecided: int, n_lists: int) -> Ints:
    """Positions of the undecided points in the order of their cells, so caches stay warm."""
    place = np.zeros(n_lists + 1, dtype=np.int32)
    for i in range(len(codes)):
        if codes[i] < EMPTY:
            place[-1 - codes[i]] += 1
    for k in range(n_lists):
        place[k + 1] += place[k]
    order = np.empty(undecided, dtype=np.int32)
    for i in range(len(codes)):
        if codes[i] < EMPTY:
            order[place[-2 - codes[i]]] = i
            place[-2 - codes[i]] += 1
    return order


@njit(nogil=True, cache=True)
def assign_points(x: Floats, y: Floats, out: Ints, outlines: Outlines, strips: Strips,
                  raster: Raster, cells: Cells) -> None:  # fmt: skip
    """Write the polygon of each point, -1 where no polygon holds it."""
    undecided = _look_up(x, y, out, raster, cells.state)
    for i in _sorted_by_cell(out, undecided, len(cells.start) - 1):
        k = -2 - out[i]
        out[i] = EMPTY
        for j in range(cells.start[k], cells.start[k + 1]):
            p = cells.listed[j]
            if p < 0:
                out[i] = ~p
                break
            if contains(x[i], y[i], p, outlines, strips):
                out[i] = p
                break
