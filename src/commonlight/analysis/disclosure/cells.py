"""Published counts as one linear system: which counts can be worked out from which.

A table with its totals, a map, a chart and every filter of them are cells of one source. What
this module does not answer: which cells are safe (see `protect`), and what an attacker knows
from elsewhere. Two publications are one system only if their cells are given together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commonlight.analysis.disclosure.domains import Domains, Key, Parents, words
from commonlight.analysis.disclosure.tables import linked_relations

__all__ = ["Cell", "Relation", "canonical_counts", "cell", "contained", "relations"]


@dataclass(frozen=True)
class Cell:
    """One count that would be published.

    Attributes
    ----------
    key : frozenset of (dimension, value)
        What is counted, such as ``{("area", "A1"), ("kind", "burglary")}``. A filter is one more
        pair. The empty key is everything that the source holds.
    count : int
        Events, answers or reports; 0 or more.
    contributors : int, optional
        Persons, households or addresses behind the count, where that differs from the count.
    """

    key: Key
    count: int
    contributors: int | None = None

    def __post_init__(self) -> None:
        for name, value in (("count", self.count), ("contributors", self.contributors)):
            if value is not None and not (value >= 0 and int(value) == value):
                raise ValueError(
                    f"the {name} of {words(self.key)} must be a whole number, 0 or more; "
                    f"got {value}"
                )


@dataclass(frozen=True)
class Relation:
    """A sum that everybody knows: the totals together are the parts together.

    Attributes
    ----------
    totals, parts : tuple of keys
        Both sides of the sum. Keys that no cell has are counts that nobody printed and that
        follow from the printed ones, such as "all other areas".
    exact : bool
        True if the sides are equal; False if the totals are only known to be at least the parts.
    """

    totals: tuple[Key, ...]
    parts: tuple[Key, ...]
    exact: bool = True


def cell(count: int, /, contributors: int | None = None, **pairs: str) -> Cell:
    """Make a cell from keyword arguments.

    Parameters
    ----------
    count : int
        The true count.
    contributors : int, optional
        Persons, households or addresses behind it, where that differs from the count.
    **pairs : str
        Dimension and value.

    Returns
    -------
    Cell

    Examples
    --------
    >>> from commonlight.analysis.disclosure.cells import cell
    >>> cell(7, area="A1", kind="burglary").count
    7
    """
    return Cell(frozenset(pairs.items()), count, contributors)


def contained(area: Key, grid_cells: Iterable[Key]) -> Relation:
    """Grid cells that lie wholly inside an area: the area holds at least their sum.

    Parameters
    ----------
    area : key
        Key of the containing area.
    grid_cells : iterable of keys
        Keys of cells that do not overlap and lie wholly inside.

    Returns
    -------
    Relation
        Not exact: a bound. Give it to `protect.protect_cells` or `attack.attack`.
    """
    return Relation((area,), tuple(grid_cells), exact=False)


def relations(
    cells: Iterable[Cell],
    *,
    parents: Parents | None = None,
    complete: Mapping[str, Iterable[str]] | Iterable[str] = (),
    disjoint: Iterable[str] = (),
    joint_limit: int = 20_000,
) -> tuple[Relation, ...]:
    """Find every sum that holds between cells published together.

    Parameters
    ----------
    cells : iterable of Cell
        Everything that is published together.
    parents : mapping, optional
        ``parents[dimension][value]`` is the ``(dimension, value)`` one level up, such as
        ``{"area": {"A1": ("district", "North")}, "month": {"2024-05": ("year", "2024")}}``.
        A pair that follows from another pair of the same key may be left out or not.
    complete : iterable of str, or mapping from str to iterable of str
        Dimensions whose values divide everything that was counted; those above them do too.
        As a mapping with the whole list of values of each; else the values are those in
        `cells` and `parents`.
    disjoint : iterable of str
        Dimensions whose values exclude each other but need not cover everything, such as
        "the ten most frequent kinds". What is left over is a count too.
    joint_limit : int
        Three tables such as area by kind, kind by month, area by month say something together
        that no pair of them says, through the table of all three that nobody printed. It takes
        part with up to this many cells.

    Returns
    -------
    tuple of Relation
        In a fixed order. Dimensions in neither list take part only by "a part is not larger
        than the whole".

    Raises
    ------
    ValueError
        If a key contradicts `parents`, the same cell has two counts, or the parts of a total do
        not add up to it.

    Notes
    -----
    Tables are sets of cells with the same dimensions, hierarchies included. The family of these
    sets is closed under intersection, so that tables are linked through margins that nobody
    printed too, and each set is summed from the smallest ones above it. Values that no cell of a
    table names are taken together as "other"; a published total less the published parts is thus
    a count to protect like any other. For families of tables that are not decomposable the
    cliques of a triangulated graph are added: consistent tables on such cliques, and only they,
    are margins of some whole-number table of everything [1]_.

    The assumption that fails most often: that the values of a dimension in `complete` do cover
    everything. Rows without a place or a date belong to a value of their own.

    References
    ----------
    .. [1] Dobra, A. & Fienberg, S. E. (2000). Bounds for cell entries in contingency tables given
       marginal totals and decomposable graphs. Proceedings of the National Academy of Sciences
       97, 11885-11892. doi:10.1073/pnas.97.22.11885

    Examples
    --------
    >>> from commonlight.analysis.disclosure.cells import cell, relations
    >>> table = [cell(9), cell(7, area="A"), cell(2, area="B")]
    >>> [relation] = relations(table, complete=["area"])
    >>> relation.totals == (frozenset(),), len(relation.parts)
    (True, 2)
    """
    cells = tuple(cells)
    domains = Domains.of((c.key for c in cells), parents or {}, complete, disjoint)
    known = canonical_counts(cells, domains)
    found = [
        Relation(tuple(totals), tuple(parts), exact)
        for totals, parts, exact in linked_relations(known, domains, joint_limit)
    ]
    for relation in found:
        _check_adds_up(relation, known)
    return tuple(found)


def canonical_counts(cells: Iterable[Cell], domains: Domains) -> dict[Key, int]:
    """Counts by key, without the pairs that follow from others.

    Parameters
    ----------
    cells : iterable of Cell
        Cells with their true counts.
    domains : Domains
        Which pairs follow from which.

    Returns
    -------
    dict of key to int

    Raises
    ------
    ValueError
        If two cells that are the same have different counts.
    """
    known: dict[Key, int] = {}
    for each in cells:
        key = domains.canonical(each.key)
        if known.setdefault(key, each.count) != each.count:
            raise ValueError(
                f"{words(each.key)} has two counts, {known[key]} and {each.count}; give cells of "
                "one source and one version of the data together"
            )
    return known


def _check_adds_up(relation: Relation, known: Mapping[Key, int]) -> None:
    totals = [known.get(key) for key in relation.totals]
    parts = [known.get(key) for key in relation.parts]
    high, low = sum(c or 0 for c in totals), sum(c or 0 for c in parts)
    if None in totals or (low <= high if None in parts or not relation.exact else low == high):
        return
    raise ValueError(
        f"the parts of {words(relation.totals[0])} add up to {low}, not to {high}: "
        f"{words(relation.parts[0])} and {len(relation.parts) - 1} more. Name dimensions that "
        "leave something out in disjoint, not in complete; leave out those that overlap"
    )
