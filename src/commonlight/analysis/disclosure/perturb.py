"""Counts changed a little, by rounding or by noise, in place of suppression.

What this does not answer: whether a count may be printed at all. Rounding and noise protect by
doubt about small differences; they say of every cell roughly how large it is. Totals and parts
are changed apart, so they do not add up; that is stated, not hidden.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonlight.analysis.disclosure.cells import Cell
from commonlight.analysis.disclosure.domains import Key, words

__all__ = [
    "NoiseTable",
    "noise_table",
    "perturb_cells",
    "record_keys",
    "round_cells",
    "rounding_leaves",
]

SHORTEST_KEY = 16
"""Bytes of a secret below which it could be found by trying."""
RESOLUTION = 2**53
Floats = NDArray[np.float64]


def round_cells(cells: Iterable[Cell], *, base: int, key: bytes) -> dict[Key, int]:
    """Round counts at random to a multiple of a base, the same way in every table.

    Parameters
    ----------
    cells : iterable of Cell
        The counts.
    base : int
        At least 2; 3 and 5 are usual.
    key : bytes
        Secret of at least 16 bytes, kept for as long as the source is published from. With the
        same key a cell with the same count is always rounded to the same number.

    Returns
    -------
    dict from key to int
        Multiples of `base`, each less than `base` from the count. Multiples stay as they are.

    Raises
    ------
    ValueError
        If the base is below 2 or the key too short.

    Notes
    -----
    A count ``q base + r`` becomes ``(q + 1) base`` with probability ``r / base`` and
    ``q base`` otherwise: unbiased [1]_, variance ``r (base - r)``. The draw is a keyed hash of
    the cell and its count, so asking again does not average it out.

    Nothing is additive: each cell is rounded on its own, and the parts of a total differ from
    it by less than ``base`` each. For sums that add up, round the parts and add those; the
    total of n parts then has a variance of up to ``n base^2 / 4``.

    What an attacker can still learn: every count to within ``base - 1``; and where a total is
    printed beside its parts, more. Parts printed as 0 and 0 (each at most ``base - 1``) under a
    total printed as ``2 base``, so at least ``base + 1``, are each at least 2. Give the ranges
    of `rounding_leaves` to `attack.attack` to see what a whole table leaves open.

    The assumption that fails most often: that the key stays secret and the same. Two keys for
    one source are two draws, and draws of a cell can be intersected.

    References
    ----------
    .. [1] Fellegi, I. P. (1975). Controlled random rounding. Survey Methodology 1, 123-133.

    Examples
    --------
    >>> from commonlight.analysis.disclosure.cells import cell
    >>> from commonlight.analysis.disclosure.perturb import round_cells
    >>> rounded = round_cells([cell(7, area="A"), cell(10)], base=5, key=bytes(16))
    >>> sorted(rounded.values())
    [10, 10]
    """
    if not (base >= 2 and int(base) == base):
        raise ValueError(f"base must be a whole number, 2 or more; got {base}")
    _check_key(key)
    rounded: dict[Key, int] = {}
    for cell in cells:
        down, rest = divmod(cell.count, base)
        up = _uniform(key, "round", base, cell.count, cell.key) < rest / base
        rounded[cell.key] = (down + int(up)) * base
    return rounded


def rounding_leaves(count: int, *, base: int) -> tuple[int, int]:
    """Smallest and largest count that could have been rounded to a printed number.

    Parameters
    ----------
    count : int
        A rounded count, a multiple of `base`.
    base : int
        The base.

    Returns
    -------
    tuple of int
        From ``count - base + 1``, not below 0, to ``count + base - 1``. Give them to
        `attack.attack` as marks to see what a table of rounded counts leaves open together.

    Examples
    --------
    >>> from commonlight.analysis.disclosure.perturb import rounding_leaves
    >>> rounding_leaves(5, base=5), rounding_leaves(0, base=5)
    ((1, 9), (0, 4))
    """
    if not (base >= 2 and count >= 0 and count % base == 0):
        raise ValueError(f"a rounded count must be a multiple of the base {base}; got {count}")
    return max(0, count - base + 1), count + base - 1


@dataclass(frozen=True)
class NoiseTable:
    """Probabilities of each change, for each true count.

    Attributes
    ----------
    largest : int
        No count is changed by more.
    variance : float
        Variance of the change for counts of at least `largest`.
    change : ndarray of int, shape (2 * largest + 1,)
        The changes, from ``-largest`` to ``largest``.
    probability : ndarray of float, shape (largest + 1, 2 * largest + 1)
        Row i for the count i; the last row for every count from `largest` up.
    """

    largest: int
    variance: float
    change: NDArray[np.int64]
    probability: Floats


def noise_table(*, largest: int = 3, variance: float = 2.0) -> NoiseTable:
    """Find noise with mean zero, bounded size, and otherwise as little structure as possible.

    Parameters
    ----------
    largest : int
        Largest change of a count, at least 1.
    variance : float
        Variance of the change, above 0 and at most ``largest * (largest + 1) / 3``, that of
        equally likely changes.

    Returns
    -------
    NoiseTable

    Raises
    ------
    ValueError
        If an option is out of range.

    Notes
    -----
    For the count i the changes d from ``-min(i, largest)`` to `largest` have the probabilities
    of greatest entropy with mean zero and the given variance, ``p(d) ~ exp(a d + b d^2)`` [1]_.
    Counts never become negative, so a zero always stays zero: unbiased noise cannot move it.
    On ``-i`` to `largest` no variance above ``i * largest`` is possible; for small counts at
    most 0.8 of that is asked for.

    References
    ----------
    .. [1] Giessing, S. (2016). Computational issues in the design of transition probabilities
       and disclosure risk estimation for additive noise. Privacy in Statistical Databases,
       237-251. doi:10.1007/978-3-319-45381-1_18

    Examples
    --------
    >>> from commonlight.analysis.disclosure.perturb import noise_table
    >>> table = noise_table(largest=2, variance=1.0)
    >>> table.probability.round(3).tolist()[0], float(table.probability[2].sum().round(9))
    ([0.0, 0.0, 1.0, 0.0, 0.0], 1.0)
    """
    if not (largest >= 1 and int(largest) == largest):
        raise ValueError(f"largest must be a whole number, 1 or more; got {largest}")
    if not 0 < variance <= largest * (largest + 1) / 3:
        raise ValueError(
            f"variance must lie above 0 and at most {largest * (largest + 1) / 3:.3g} for changes "
            f"of at most {largest}; got {variance}"
        )
    change = np.arange(-largest, largest + 1)
    rows = [_greatest_entropy(change, i, variance) for i in range(largest + 1)]
    return NoiseTable(int(largest), float(variance), change, np.array(rows))


def _greatest_entropy(change: NDArray[np.int64], count: int, variance: float) -> Floats:
    """Probabilities of the changes of one count: Newton steps on the dual of the entropy."""
    possible = change >= -count
    if count == 0:
        return np.asarray(change == 0, dtype=np.float64)
    d = change[possible].astype(np.float64)
    goal = np.array([0.0, min(variance, 0.8 * count * d.max())])
    moments = np.stack([d, d**2])
    weight = np.zeros(2)
    for _ in range(200):
        raw = np.exp(weight @ moments - (weight @ moments).max())
        p = raw / raw.sum()
        mean = moments @ p
        if np.abs(mean - goal).max() < 1e-13:
            break
        spread = (moments * p) @ moments.T - np.outer(mean, mean)
        step = np.linalg.solve(spread + 1e-12 * np.eye(2), goal - mean)
        weight = weight + step * min(1.0, 1.0 / np.abs(step).max())
    full = np.zeros(len(change))
    full[possible] = p
    return np.asarray(full)


def record_keys(identifiers: Iterable[str], *, key: bytes) -> Floats:
    """Draw one number from 0 to 1 for each record, the same whenever it is asked for.

    Parameters
    ----------
    identifiers : iterable of str
        One for each record that no other has, such as its number in the source.
    key : bytes
        Secret of at least 16 bytes.

    Returns
    -------
    ndarray of float, shape (n,)
        Add them up by cell and leave out the whole part: the cell keys for `perturb_cells`.
        Cells with the same records then get the same noise, whatever they are called [1]_.

    References
    ----------
    .. [1] Thompson, G., Broadfoot, S. & Elazar, D. (2013). Methodology for the automatic
       confidentialisation of statistical outputs from remote servers at the Australian Bureau
       of Statistics. UNECE work session on statistical data confidentiality, Ottawa.

    Examples
    --------
    >>> from commonlight.analysis.disclosure.perturb import record_keys
    >>> first, second = record_keys(["1", "2"], key=bytes(16))
    >>> bool(0 <= first < 1 and first != second)
    True
    """
    _check_key(key)
    return np.array([_uniform(key, "record", name) for name in identifiers])


def perturb_cells(
    cells: Iterable[Cell],
    *,
    key: bytes,
    noise: NoiseTable | None = None,
    cell_keys: Mapping[Key, float] | None = None,
) -> dict[Key, int]:
    """Change counts by noise that a secret key decides, the same way in every table.

    Parameters
    ----------
    cells : iterable of Cell
        The counts.
    key : bytes
        Secret of at least 16 bytes.
    noise : NoiseTable, optional
        From `noise_table`, with its defaults if left out.
    cell_keys : mapping from key to float in [0, 1), optional
        Sums of `record_keys` by cell, without their whole part. If left out the noise follows
        from the name of the cell and its count; then the same records under another name get
        other noise, and two such cells narrow the count down.

    Returns
    -------
    dict from key to int
        Counts of 0 or more, each at most ``noise.largest`` from the true one.

    Raises
    ------
    ValueError
        If the key is too short, or a cell has no cell key although others do.

    Notes
    -----
    The change is the quantile of its probabilities at the cell key. It has mean zero for each
    count, zeros stay zeros, and nothing is additive: a total differs from the sum of its parts.

    What an attacker can still learn: every count to within ``noise.largest``; a printed count
    above that is a count above zero; and with a total and its parts he may intersect the
    ranges. The mean over n cells comes within ``sqrt(variance / n)`` of the true mean, which is
    what the noise is for.

    The assumption that fails most often: that nobody knows one of the records. Who can add
    records to the source and watch the change can undo the noise.

    Examples
    --------
    >>> from commonlight.analysis.disclosure.cells import cell
    >>> from commonlight.analysis.disclosure.perturb import perturb_cells
    >>> perturb_cells([cell(0, area="A")], key=bytes(16)) == {frozenset({("area", "A")}): 0}
    True
    """
    _check_key(key)
    noise = noise or noise_table()
    below = np.cumsum(noise.probability, axis=1)
    changed: dict[Key, int] = {}
    for cell in cells:
        u = _cell_key(cell, key, cell_keys)
        row = below[min(cell.count, noise.largest)]
        place = min(int(np.searchsorted(row, u, side="right")), len(row) - 1)
        changed[cell.key] = cell.count + int(noise.change[place])
    return changed


def _cell_key(cell: Cell, key: bytes, cell_keys: Mapping[Key, float] | None) -> float:
    if cell_keys is None:
        return _uniform(key, "noise", cell.count, cell.key)
    if cell.key not in cell_keys:
        raise ValueError(f"{words(cell.key)} has no cell key; give one for every cell, or none")
    if not 0 <= cell_keys[cell.key] < 1:
        raise ValueError(
            f"the cell key of {words(cell.key)} must be at least 0 and below 1; "
            f"got {cell_keys[cell.key]}"
        )
    return cell_keys[cell.key]


def _check_key(key: bytes) -> None:
    if not isinstance(key, bytes) or len(key) < SHORTEST_KEY:
        raise ValueError(
            f"the secret key must be at least {SHORTEST_KEY} bytes; make one with "
            "secrets.token_bytes(32) and keep it apart from what is published"
        )


def _uniform(key: bytes, purpose: str, *parts: object) -> float:
    """Number in [0, 1) that only the holder of the key can work out."""
    text = "\x1f".join([purpose, *(_plain(part) for part in parts)])
    digest = hashlib.blake2b(text.encode(), key=key[:64], digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 11) / RESOLUTION


def _plain(part: object) -> str:
    if isinstance(part, frozenset):
        return "\x1e".join(f"{d}\x1d{v}" for d, v in sorted(part))
    return str(part)
