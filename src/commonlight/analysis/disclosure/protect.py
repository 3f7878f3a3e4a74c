"""Primary and secondary suppression of everything that is published together.

What this does not answer: whether the table says something about a group without any small
count (all of a group in one category), what people know from elsewhere, and what an earlier or
later publication gives away. Protect those together, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from commonlight.analysis.disclosure.cells import Cell, Relation, canonical_counts, relations
from commonlight.analysis.disclosure.domains import Domains, Key, Parents
from commonlight.analysis.disclosure.search import Cover, Marks, cover
from commonlight.analysis.disclosure.system import Mask, System, build_system
from commonlight.analysis.disclosure.tables import left_out

__all__ = ["MINIMUM_COUNT", "Protection", "protect_cells"]

MINIMUM_COUNT = 5
SMALLEST_MINIMUM = 2
"""With it "under 2" would say 1, so that every suppressed cell is marked "withheld"."""
LEVEL_COST = 8.0
"""A count one level up costs so many times more to suppress."""
Interval = tuple[int, int | None]


@dataclass(frozen=True)
class Protection:
    """Which cells are not printed, and what can still be said of them.

    Attributes
    ----------
    suppressed : frozenset of keys
        Cells that must not be printed, nor anything that gives them away (`derived`).
    primary : frozenset of keys
        Those whose count is itself too small. For internal use: do not print which they are.
    secondary : frozenset of keys
        Those suppressed only so that the primary ones cannot be worked out.
    marks : dict from key to (low, high)
        What may be printed in place of each suppressed count: (1, ``minimum_count - 1``) for
        "under 5", (1, None) for "withheld". Secondary cells are withheld, and so are small
        totals of several parts, whose parts "under 5" would give away.
    intervals : dict from key to (low, high)
        For every suppressed cell, two counts that are both possible for somebody who knows all
        that is printed, the marks and the rule; his interval is never narrower. For a primary
        cell it is all that the marks alone leave open.
    published : dict from key to int
        The cells that may be printed.
    minimum_count : int
        As given.
    relations : tuple of Relation
        Every sum that was taken into account.
    implied : dict from key to (low, high)
        As `intervals`, for small counts that nobody prints but that a difference of printed
        counts would have given, such as "all other areas".
    worlds : int
        Number of other tables in whole numbers that were found as proof.
    unproven : frozenset of keys
        Suppressed cells for which the search found no proof: no other count, or for a small one
        none as large as ``minimum_count - 1``. Nearly always empty. If it is not, do not publish;
        print fewer tables or coarser ones.
    untied : tuple of tuples of str
        Rings of tables, by their dimensions, with a joint table above `joint_limit`. What such
        tables say together, and no pair of them says, was not taken into account.
    """

    suppressed: frozenset[Key]
    primary: frozenset[Key]
    secondary: frozenset[Key]
    marks: dict[Key, Interval]
    intervals: dict[Key, Interval]
    published: dict[Key, int]
    minimum_count: int
    relations: tuple[Relation, ...]
    implied: dict[Key, Interval]
    worlds: int
    unproven: frozenset[Key]
    untied: tuple[tuple[str, ...], ...]


def protect_cells(
    cells: Iterable[Cell],
    *,
    minimum_count: int = MINIMUM_COUNT,
    parents: Parents | None = None,
    complete: Mapping[str, Iterable[str]] | Iterable[str] = (),
    disjoint: Iterable[str] = (),
    bounds: Iterable[Relation] = (),
    publish_zeros: bool = True,
    minimum_contributors: int | None = None,
    costs: Mapping[Key, float] | None = None,
    secondary: bool = True,
    joint_limit: int = 20_000,
    rng: np.random.Generator | None = None,
) -> Protection:
    """Decide which cells may be printed when all of them are published together.

    Parameters
    ----------
    cells : iterable of Cell
        Every count of one source in every table, map, chart and filter of the publication.
    minimum_count : int
        Counts from 1 up to one less are not printed. At least 2.
    parents, complete, disjoint, joint_limit
        Which sums hold; see `cells.relations`.
    bounds : iterable of Relation
        Further relations, such as `cells.contained`.
    publish_zeros : bool
        If False a zero is a small count like the others, and is marked as one.
    minimum_contributors : int, optional
        Cells with `contributors` from 1 up to one less are not printed either.
    costs : mapping from key to float, optional
        Price of suppressing a cell, in place of the usual one: ``1 + log2(1 + count)``, times 8
        for each level of totals.
    secondary : bool
        If False only small counts are suppressed. The result is not safe; it is for showing
        what an attack then finds.
    rng : numpy.random.Generator, optional
        Source of the search's arbitrary choices; a fixed one if left out, so that the same
        cells give the same answer.

    Returns
    -------
    Protection

    Raises
    ------
    ValueError
        If an option is out of range, or as for `cells.relations`.

    Notes
    -----
    The attacker has everything that is printed, knows that counts are whole and not negative,
    knows `minimum_count` and every sum, and knows of each suppressed cell whether it is primary
    (1 to ``minimum_count - 1``; from 0 if zeros are not printed) or secondary (at least
    ``minimum_count``). One who is told less derives less.

    The criterion: for each primary cell, the smallest and the largest count that the marks alone
    leave open are both still possible. What is printed beside the marks adds nothing to them.
    Marks alone leave open the whole range 1 to ``minimum_count - 1``, except where small totals
    and small parts limit each other. A cell suppressed for its contributors must be able to be
    ``minimum_count - 1`` higher and as much lower (but not below 1). For a secondary cell at
    least one other count must be possible.

    Possible means shown: the search finds, for each end, a table of whole numbers that agrees
    with everything (a world), by linear programming and, where that is not whole, integer
    programming. Secondary cells are those that had to move in it, at the least cost. This is the
    protection of Fischetti and Salazar [1]_ with the limits of each attacker problem certified
    from inside, and a heuristic choice of secondary cells: safe, not proven the fewest.

    The assumption that fails most often: that this is all that was published. A table added
    next month about the same period must be protected together with this one.

    References
    ----------
    .. [1] Fischetti, M. & Salazar, J. J. (2001). Solving the cell suppression problem on tabular
       data with linear constraints. Management Science 47, 1008-1027.
       doi:10.1287/mnsc.47.7.1008.10246
    .. [2] Hundepool, A. et al. (2012). Statistical Disclosure Control. Wiley.
       doi:10.1002/9781118348239

    Examples
    --------
    >>> from commonlight.analysis.disclosure.cells import cell
    >>> from commonlight.analysis.disclosure.protect import protect_cells
    >>> areas = {"A": 31, "B": 2, "C": 17, "D": 9}
    >>> table = [cell(59), *(cell(n, area=a) for a, n in areas.items())]
    >>> found = protect_cells(table, complete=["area"])
    >>> [dict(key)["area"] for key in sorted(found.suppressed, key=sorted)]
    ['B', 'D']
    >>> found.intervals[frozenset({("area", "B")})]
    (1, 4)
    """
    cells, disjoint = tuple(cells), tuple(disjoint)
    complete = complete if isinstance(complete, Mapping) else tuple(complete)
    _check(minimum_count, minimum_contributors)
    sums = relations(
        cells, parents=parents, complete=complete, disjoint=disjoint, joint_limit=joint_limit
    )
    sums += tuple(bounds)
    domains = Domains.of((c.key for c in cells), parents or {}, complete, disjoint)
    known = canonical_counts(cells, domains)
    system = build_system(known, sums)
    few = {domains.canonical(c.key) for c in cells if _too_few(c, minimum_contributors)}
    own = {domains.canonical(k): v for k, v in (costs or {}).items()}
    system, price = _priced(system, own)
    rng = rng or np.random.default_rng(0)
    silent = np.zeros(len(system.keys), dtype=bool)
    found = None
    while True:
        marks = _marks(system, minimum_count, publish_zeros, few, silent)
        found = cover(system, marks, price, secondary, rng, found.worlds if found else ())
        tight = marks.primary & ((found.least > marks.low) | (found.most < marks.high))
        tight &= np.isfinite(marks.high)
        if not secondary or not tight.any():
            break
        silent |= tight
    names = {c.key: domains.canonical(c.key) for c in cells}
    untied = left_out(known, domains, joint_limit)
    return _protection(system, marks, found, names, minimum_count, sums, untied)


def _check(minimum_count: int, minimum_contributors: int | None) -> None:
    if not (minimum_count >= SMALLEST_MINIMUM and int(minimum_count) == minimum_count):
        raise ValueError(f"minimum_count must be a whole number, 2 or more; got {minimum_count}")
    if minimum_contributors is not None and not minimum_contributors >= 2:
        raise ValueError(f"minimum_contributors must be 2 or more; got {minimum_contributors}")


def _too_few(cell: Cell, minimum_contributors: int | None) -> bool:
    if minimum_contributors is None or cell.contributors is None:
        return False
    return 0 < cell.contributors < minimum_contributors


def _marks(
    system: System, minimum_count: int, publish_zeros: bool, few: set[Key], silent: Mask
) -> Marks:
    truth, printed = system.truth, system.printed
    first = 1 if publish_zeros else 0
    zero = (truth == 0) & (publish_zeros | ~printed)
    small = (truth >= first) & (truth < minimum_count) & ~zero
    thin = np.array([key in few for key in system.keys], dtype=bool) & (truth >= minimum_count)
    primary = printed & (small | thin)
    step = minimum_count - 1.0
    if publish_zeros and minimum_count == SMALLEST_MINIMUM:
        silent = small
    silent = small & (silent | _squeezing(system, small, zero, publish_zeros))
    low = np.where(small, first, np.where(thin, 1, minimum_count)).astype(np.float64)
    high = np.where(small & ~silent, step, np.inf)
    return Marks(
        fixed=zero,
        primary=primary,
        watched=primary | (small & ~printed),
        low=np.where(printed, low, 0.0),
        high=np.where(printed, high, np.inf),
        need_low=np.where(thin, np.maximum(1, truth - step), first),
        need_high=np.where(thin, truth + step, np.where(silent, minimum_count, step)),
    )


def _squeezing(system: System, small: Mask, zero: Mask, publish_zeros: bool) -> Mask:
    """Small totals whose mark "under the minimum" would give their parts away.

    Two parts of at least 1 in a total of at most 4 are at most 3. Such a total says nothing but
    "withheld", and so does any count that is known to be equal to it or to contain it.
    """
    squeezing = np.zeros(len(zero), dtype=bool)
    if not publish_zeros:
        return squeezing
    entries = system.exact.tocoo()
    some = ~zero[entries.col]
    row, column, total = entries.row[some], entries.col[some], entries.data[some] > 0
    n_rows = system.exact.shape[0]
    n_totals, n_parts = (
        np.bincount(row[total], minlength=n_rows),
        np.bincount(row[~total], minlength=n_rows),
    )
    while True:
        marked = squeezing.copy()
        inside = np.bincount(row[~total], squeezing[column[~total]], n_rows) > 0
        squeezing[column[total & (n_totals == 1)[row] & ((n_parts > 1) | inside)[row]]] = True
        same = (n_totals == 1) & (n_parts == 1)
        either = np.bincount(row, squeezing[column], n_rows) > 0
        squeezing[column[(same & either)[row]]] = True
        squeezing &= small
        if (marked == squeezing).all():
            return squeezing


def _priced(system: System, costs: Mapping[Key, float]) -> tuple[System, NDArray[np.float64]]:
    """Price of each count, and the level that a price given by hand stands for."""
    level = system.level.copy()
    price = LEVEL_COST**level * (1 + np.log2(1 + np.maximum(system.truth, 0)))
    for i, key in enumerate(system.keys):
        if key in costs:
            if not 0 < costs[key] < np.inf:
                raise ValueError(f"a cost must be positive and finite; got {costs[key]}")
            price[i] = costs[key]
            level[i] = max(0, int(np.log(costs[key]) / np.log(LEVEL_COST)))
    return replace(system, level=level), np.asarray(price, dtype=np.float64)


def _protection(
    system: System,
    marks: Marks,
    found: Cover,
    names: Mapping[Key, Key],
    minimum_count: int,
    sums: tuple[Relation, ...],
    untied: tuple[tuple[str, ...], ...],
) -> Protection:
    place = {key: i for i, key in enumerate(system.keys)}
    column = {key: place[name] for key, name in names.items()}
    suppressed = frozenset(key for key, i in column.items() if found.suppressed[i])
    primary = frozenset(key for key, i in column.items() if marks.primary[i])
    implied = np.flatnonzero(marks.watched & ~system.printed)
    small = marks.primary & (system.truth < minimum_count)
    unsure = found.suppressed & (
        (found.least == found.most) | (small & (found.most < minimum_count - 1))
    )
    return Protection(
        suppressed=suppressed,
        primary=primary,
        secondary=suppressed - primary,
        marks={key: _mark(marks, i) for key, i in column.items() if key in suppressed},
        intervals={key: _interval(found, i) for key, i in column.items() if key in suppressed},
        published={key: int(system.truth[i]) for key, i in column.items() if key not in suppressed},
        minimum_count=minimum_count,
        relations=sums,
        implied={system.keys[i]: _interval(found, int(i)) for i in implied},
        worlds=len(found.worlds),
        unproven=frozenset(key for key, i in column.items() if unsure[i]),
        untied=untied,
    )


def _interval(found: Cover, column: int) -> Interval:
    return int(found.least[column]), int(found.most[column])


def _mark(marks: Marks, column: int) -> Interval:
    """What a reader is told: the range of a small count, or nothing but that it is not zero."""
    if marks.primary[column] and np.isfinite(marks.high[column]):
        return int(marks.low[column]), int(marks.high[column])
    return min(1, int(marks.low[column])), None
