"""Compiled loops behind `commonlight.analysis.assign`.

They hold the crossing rule once, for building the index and for asking it. They do not check
their input; `AreaIndex` does.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

UNDECIDED, CLOSED = -2, -3
_ERROR_BOUND = 3.3306690738754716e-16  # Shewchuk (1997), (3 + 16 u) u with u = 2**-53
_SPLITTER = 134217729.0  # 2**27 + 1, Dekker's split of a double


@njit(nogil=True, cache=True)
def bin_of(value, low, inverse_width, last):
    """Bin of a value; never falls when the value rises, so bins never lose an edge."""
    k = int((value - low) * inverse_width)
    if k < 0:
        return 0
    if k > last:
        return last
    return k


@njit(nogil=True, cache=True)
def _split(a):
    c = _SPLITTER * a
    high = c - (c - a)
    return high, a - high


@njit(nogil=True, cache=True)
def _grow(parts, n, b):
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
def _add_product(parts, n, a, b):
    """Add the exact product of two doubles to an exact sum."""
    product = a * b
    a_high, a_low = _split(a)
    b_high, b_low = _split(b)
    error = a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)
    n = _grow(parts, n, error)
    return _grow(parts, n, product)


@njit(nogil=True, cache=True)
def _is_left_exactly(x, y, ax, ay, bx, by):
    parts = np.empty(12)
    n = _add_product(parts, 0, ax, by)
    n = _add_product(parts, n, -ax, y)
    n = _add_product(parts, n, -x, by)
    n = _add_product(parts, n, -ay, bx)
    n = _add_product(parts, n, ay, x)
    n = _add_product(parts, n, y, bx)
    for i in range(n - 1, -1, -1):
        if parts[i] != 0.0:
            return parts[i] > 0.0
    return False


@njit(nogil=True, cache=True)
def is_left(x, y, ax, ay, bx, by):
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
def _crosses(x, y, edges, e):
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
def contains(x, y, p, edges, bounds, strip_inverse, strip_first, strip_start, strip_edges):
    """Whether polygon `p` holds the point, by the crossing rule over the edges of one strip."""
    if y < bounds[p, 1] or y > bounds[p, 3] or x < bounds[p, 0] or x > bounds[p, 2]:
        return False
    last = strip_first[p + 1] - strip_first[p] - 1
    if last < 0:
        return False
    s = strip_first[p] + bin_of(y, bounds[p, 1], strip_inverse[p], last)
    inside = False
    for j in range(strip_start[s], strip_start[s + 1]):
        if _crosses(x, y, edges, strip_edges[j]):
            inside = not inside
    return inside


@njit(nogil=True, cache=True)
def strip_counts(edges, first_edge, bounds, most_strips, entries_per_edge):
    """Choose for each polygon how many horizontal strips to cut it into."""
    n = len(first_edge) - 1
    strips = np.zeros(n, dtype=np.int64)
    inverse = np.zeros(n)
    for p in range(n):
        n_edges = first_edge[p + 1] - first_edge[p]
        height = bounds[p, 3] - bounds[p, 1]
        if n_edges == 0 or not height > 0.0:
            continue
        k = min(most_strips, max(1, n_edges // 2))
        while True:
            width = k / height
            if k > 1 and math.isinf(width):
                k = 1
                continue
            entries = 0
            for e in range(first_edge[p], first_edge[p + 1]):
                lo = bin_of(edges[e, 1], bounds[p, 1], width, k - 1)
                hi = bin_of(edges[e, 3], bounds[p, 1], width, k - 1)
                entries += hi - lo + 1
            if k == 1 or entries <= entries_per_edge * n_edges:
                break
            k //= 2
        strips[p] = k
        inverse[p] = 0.0 if k == 1 else k / height
    return strips, inverse


@njit(nogil=True, cache=True)
def fill_strips(edges, first_edge, bounds, strip_inverse, strip_first):
    """List the edges that reach into each strip, polygon by polygon."""
    start = np.zeros(strip_first[-1] + 1, dtype=np.int64)
    for count_only in (True, False):
        if not count_only:
            for s in range(len(start) - 1):
                start[s + 1] += start[s]
            listed = np.empty(start[-1], dtype=np.int32)
            place = start[:-1].copy()
        for p in range(len(first_edge) - 1):
            last = strip_first[p + 1] - strip_first[p] - 1
            if last < 0:
                continue
            for e in range(first_edge[p], first_edge[p + 1]):
                if edges[e, 1] == edges[e, 3]:
                    continue
                lo = strip_first[p] + bin_of(edges[e, 1], bounds[p, 1], strip_inverse[p], last)
                hi = strip_first[p] + bin_of(edges[e, 3], bounds[p, 1], strip_inverse[p], last)
                for s in range(lo, hi + 1):
                    if count_only:
                        start[s + 1] += 1
                    else:
                        listed[place[s]] = e
                        place[s] += 1
    return start, listed


@njit(nogil=True, cache=True)
def _columns_in_row(edges, e, row, first_row, last_row, raster, n_columns, slack):
    """First and last raster column that an edge can touch in one row, on the safe side."""
    ax, ay, bx, by = edges[e, 0], edges[e, 1], edges[e, 2], edges[e, 3]
    x_low, x_high = min(ax, bx), max(ax, bx)
    if first_row < last_row:
        height = raster[5]
        y_low = max(ay, raster[1] + row * height - slack[1])
        y_high = min(by, raster[1] + (row + 1) * height + slack[1])
        at_low = ax + (bx - ax) * ((y_low - ay) / (by - ay))
        at_high = ax + (bx - ax) * ((y_high - ay) / (by - ay))
        x_low = max(x_low, min(at_low, at_high) - slack[0])
        x_high = min(x_high, max(at_low, at_high) + slack[0])
    return (
        bin_of(x_low, raster[0], raster[2], n_columns - 1),
        bin_of(x_high, raster[0], raster[2], n_columns - 1),
    )


@njit(nogil=True, cache=True)
def count_touched(edges, first_edge, raster, n_columns, n_rows, slack, limit):
    """Number of (polygon, cell) pairs in which an edge touches the cell; stops past `limit`."""
    stamp = np.full(n_columns * n_rows, -1, dtype=np.int32)
    total = 0
    for p in range(len(first_edge) - 1):
        for e in range(first_edge[p], first_edge[p + 1]):
            first_row = bin_of(edges[e, 1], raster[1], raster[3], n_rows - 1)
            last_row = bin_of(edges[e, 3], raster[1], raster[3], n_rows - 1)
            for row in range(first_row, last_row + 1):
                lo, hi = _columns_in_row(
                    edges, e, row, first_row, last_row, raster, n_columns, slack
                )
                for cell in range(row * n_columns + lo, row * n_columns + hi + 1):
                    if stamp[cell] != p:
                        stamp[cell] = p
                        total += 1
        if total > limit:
            return total
    return total


@njit(nogil=True, cache=True)
def fill_raster(
    edges, first_edge, bounds, strip_inverse, strip_first, strip_start, strip_edges,
    raster, n_columns, n_rows, slack, n_touched,
):  # fmt: skip
    """Mark each cell as outside, wholly inside one polygon, or to be decided point by point.

    Polygons come in order, so the first polygon that covers a cell closes it. Entries of
    undecided cells hold a polygon to test, or ``~polygon`` where that polygon covers the cell.
    """
    state = np.full(n_columns * n_rows, -1, dtype=np.int32)
    stamp = np.full(n_columns * n_rows, -1, dtype=np.int32)
    entry_cell = np.empty(2 * n_touched, dtype=np.int32)
    entry_polygon = np.empty(2 * n_touched, dtype=np.int32)
    n_entries = 0
    for p in range(len(first_edge) - 1):
        if first_edge[p] == first_edge[p + 1]:
            continue
        for e in range(first_edge[p], first_edge[p + 1]):
            first_row = bin_of(edges[e, 1], raster[1], raster[3], n_rows - 1)
            last_row = bin_of(edges[e, 3], raster[1], raster[3], n_rows - 1)
            for row in range(first_row, last_row + 1):
                lo, hi = _columns_in_row(
                    edges, e, row, first_row, last_row, raster, n_columns, slack
                )
                for cell in range(row * n_columns + lo, row * n_columns + hi + 1):
                    if stamp[cell] == p:
                        continue
                    stamp[cell] = p
                    if state[cell] == -1 or state[cell] == UNDECIDED:
                        state[cell] = UNDECIDED
                        entry_cell[n_entries] = cell
                        entry_polygon[n_entries] = p
                        n_entries += 1
        left = bin_of(bounds[p, 0], raster[0], raster[2], n_columns - 1)
        right = bin_of(bounds[p, 2], raster[0], raster[2], n_columns - 1)
        bottom = bin_of(bounds[p, 1], raster[1], raster[3], n_rows - 1)
        top = bin_of(bounds[p, 3], raster[1], raster[3], n_rows - 1)
        for row in range(bottom, top + 1):
            known = False
            inside = False
            for column in range(left, right + 1):
                cell = row * n_columns + column
                if stamp[cell] == p:
                    known = False
                    continue
                if not known:
                    x = raster[0] + (column + 0.5) * raster[4]
                    y = raster[1] + (row + 0.5) * raster[5]
                    inside = contains(
                        x, y, p, edges, bounds,
                        strip_inverse, strip_first, strip_start, strip_edges,
                    )  # fmt: skip
                    known = True
                if inside and state[cell] == -1:
                    state[cell] = p
                elif inside and state[cell] == UNDECIDED:
                    state[cell] = CLOSED
                    entry_cell[n_entries] = cell
                    entry_polygon[n_entries] = ~p
                    n_entries += 1
    return state, entry_cell[:n_entries], entry_polygon[:n_entries]


@njit(nogil=True, cache=True)
def list_undecided(state, entry_cell, entry_polygon):
    """Turn entries into one list per undecided cell; the cell then holds ``-2 - list``."""
    n_lists = 0
    for cell in range(len(state)):
        if state[cell] <= UNDECIDED:
            state[cell] = -2 - n_lists
            n_lists += 1
    start = np.zeros(n_lists + 1, dtype=np.int32)
    for j in range(len(entry_cell)):
        start[-1 - state[entry_cell[j]]] += 1
    for k in range(n_lists):
        start[k + 1] += start[k]
    place = start[:-1].copy()
    listed = np.empty(len(entry_cell), dtype=np.int32)
    for j in range(len(entry_cell)):
        k = -2 - state[entry_cell[j]]
        listed[place[k]] = entry_polygon[j]
        place[k] += 1
    return start, listed


@njit(nogil=True, cache=True)
def assign_points(
    x, y, out, extent, raster, n_columns, n_rows, state, list_start, listed,
    edges, bounds, strip_inverse, strip_first, strip_start, strip_edges,
):  # fmt: skip
    """Write the polygon of each point, -1 where no polygon holds it."""
    for i in range(len(x)):
        px, py = x[i], y[i]
        out[i] = -1
        if not (px >= extent[0] and py >= extent[1] and px <= extent[2] and py <= extent[3]):
            continue
        column = bin_of(px, raster[0], raster[2], n_columns - 1)
        row = bin_of(py, raster[1], raster[3], n_rows - 1)
        code = state[row * n_columns + column]
        if code >= -1:
            out[i] = code
            continue
        for j in range(list_start[-2 - code], list_start[-1 - code]):
            p = listed[j]
            if p < 0:
                out[i] = ~p
                break
            if contains(
                px, py, p, edges, bounds, strip_inverse, strip_first, strip_start, strip_edges
            ):
                out[i] = p
                break
