"""Work suppressed counts out, as somebody would who has everything that was published.

The other side of `protect`, written apart from it: it knows nothing of the truth and shares no
code with the search beyond the list of sums. It does not answer what somebody finds who knows
single cases, or an earlier publication; give him what he knows as `published`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import connected_components

from commonlight.analysis.disclosure.cells import Relation
from commonlight.analysis.disclosure.domains import Key, words

__all__ = ["attack"]

Interval = tuple[int, int | None]
WHOLE_LIMIT = 400
"""Unknown counts that hang together up to which bounds are exact in whole numbers."""
ROUNDING = 1e-6


def attack(
    published: Mapping[Key, int],
    relations: Iterable[Relation],
    *,
    marks: Mapping[Key, Interval] | None = None,
    targets: Iterable[Key] | None = None,
    whole_limit: int = WHOLE_LIMIT,
) -> dict[Key, Interval]:
    """Smallest and largest count of each suppressed cell that agrees with all that is known.

    Parameters
    ----------
    published : mapping from key to int
        The counts that are printed.
    relations : iterable of Relation
        The sums that hold; see `cells.relations`.
    marks : mapping from key to (low, high), optional
        What the mark of a suppressed cell says, such as (1, 4) for "under 5" and (5, None) for
        "withheld". Keys without a mark are whole numbers from 0.
    targets : iterable of keys, optional
        The cells to work out. All that are marked if left out; all unknown ones if none is.
    whole_limit : int
        In larger connected parts the bounds are those of real numbers, rounded inwards to whole
        ones. They are never too narrow, and may be a little too wide.

    Returns
    -------
    dict from key to (low, high)
        `high` is None where nothing limits the count.

    Raises
    ------
    ValueError
        If what is known contradicts itself.

    Notes
    -----
    For each target x the two problems min x and max x, subject to every sum, every printed
    count and every mark [1]_. The assumption that fails most often: that the attacker knows
    nothing else.

    References
    ----------
    .. [1] Fischetti, M. & Salazar, J. J. (2001). Solving the cell suppression problem on tabular
       data with linear constraints. Management Science 47, 1008-1027.
       doi:10.1287/mnsc.47.7.1008.10246

    Examples
    --------
    >>> from commonlight.analysis.disclosure.attack import attack
    >>> from commonlight.analysis.disclosure.cells import Relation
    >>> total, a, b = (frozenset(), frozenset({("area", "A")}), frozenset({("area", "B")}))
    >>> found = attack({total: 9, a: 7}, [Relation((total,), (a, b))])
    >>> found[b]
    (2, 2)
    """
    found = tuple(relations)
    marks = marks or {}
    unknown = {k for r in found for k in (*r.totals, *r.parts)} | set(marks)
    order = sorted(unknown - set(published), key=sorted)
    wanted = set(order) if targets is None and not marks else set(targets or marks)
    parts = _parts(_equations(published, found, order), order, marks)
    bounds: dict[Key, Interval] = {}
    for part in parts:
        for i, key in enumerate(part.keys):
            if key in wanted:
                bounds[key] = _bounds(part, i, len(part.keys) <= whole_limit)
    return bounds


@dataclass(frozen=True)
class _Part:
    """Unknown counts that hang together, and what is known of them."""

    keys: list[Key]
    low: list[float]
    high: list[float]
    rows: sparse.csr_array
    least: list[float]
    most: list[float]


@dataclass(frozen=True)
class _Equations:
    rows: sparse.csr_array
    least: list[float]
    most: list[float]


def _equations(
    published: Mapping[Key, int], found: tuple[Relation, ...], order: list[Key]
) -> _Equations:
    """One row for each sum: totals less parts, of what is unknown, equals what is left."""
    place = {key: i for i, key in enumerate(order)}
    row: list[int] = []
    column: list[int] = []
    sign: list[float] = []
    least: list[float] = []
    most: list[float] = []
    for relation in found:
        left = 0
        some = False
        for one, keys in ((1, relation.totals), (-1, relation.parts)):
            for key in keys:
                if key in published:
                    left -= one * published[key]
                else:
                    some = True
                    row.append(len(least))
                    column.append(place[key])
                    sign.append(float(one))
        if some:
            least.append(float(left))
            most.append(float(left) if relation.exact else math.inf)
        elif left > 0 or (left and relation.exact):
            raise ValueError(
                f"the published counts contradict the sum of {words(relation.totals[0])}; they "
                "do not come from one version of the data"
            )
    shape = (len(least), len(order))
    return _Equations(sparse.csr_array((sign, (row, column)), shape=shape), least, most)


def _parts(all_rows: _Equations, order: list[Key], marks: Mapping[Key, Interval]) -> list[_Part]:
    rows = all_rows.rows
    if not order:
        return []
    at, entry = rows.nonzero()
    n = rows.shape[0] + len(order)
    ties = sparse.csr_array((np.ones(len(at)), (entry, at + len(order))), shape=(n, n))
    _, label = connected_components(ties, directed=False)
    members: dict[int, list[int]] = {}
    for column, one in enumerate(label[: len(order)]):
        members.setdefault(int(one), []).append(column)
    inside: dict[int, list[int]] = {}
    for r, one in enumerate(label[len(order) :]):
        inside.setdefault(int(one), []).append(r)
    parts = []
    for one, columns in members.items():
        mine = inside.get(one, [])
        known = [marks.get(order[c], (0, None)) for c in columns]
        parts.append(
            _Part(
                [order[c] for c in columns],
                [float(low) for low, _ in known],
                [math.inf if high is None else float(high) for _, high in known],
                sparse.csr_array(rows[mine][:, columns]),
                [all_rows.least[r] for r in mine],
                [all_rows.most[r] for r in mine],
            )
        )
    return parts


def _bounds(part: _Part, which: int, whole: bool) -> Interval:
    low = _best(part, which, 1.0, whole)
    high = _best(part, which, -1.0, whole)
    if low is None:
        raise ValueError(f"nothing limits {words(part.keys[which])} from below; check its mark")
    return math.ceil(low - ROUNDING), None if high is None else math.floor(high + ROUNDING)


def _best(part: _Part, which: int, direction: float, whole: bool) -> float | None:
    """Smallest (1) or largest (-1) value of one unknown; None if there is no end to it."""
    weight = np.zeros(len(part.keys))
    weight[which] = direction
    limits = [LinearConstraint(part.rows, part.least, part.most)] if part.least else []
    found = milp(
        weight,
        constraints=limits,
        bounds=Bounds(part.low, part.high),
        integrality=np.full(len(part.keys), int(whole)),
    )
    if found.status == 2:
        raise ValueError(
            f"what is known of {words(part.keys[which])} contradicts itself; the counts and "
            "marks do not come from one version of the data"
        )
    return None if found.status in (3, 4) or found.x is None else float(found.x[which])
