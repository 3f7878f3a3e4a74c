"""Bad rows of known kinds, as they turn up in real exports.

Each bad row is a copy of a good one with a case number of its own and one thing wrong with
it. Bad rows are added to the good ones, so the good ones stay complete.
"""

from __future__ import annotations

import numpy as np

__all__ = ["REJECT_KINDS", "Spoiler"]

REJECT_KINDS = (
    "unreadable_time",
    "missing_time",
    "impossible_interval",
    "zero_coordinates",
    "outside_study_area",
    "duplicate_id",
    "cut_line",
    "extra_cell",
    "unterminated_quote",
    "bad_encoding",
)
_SPOIL = 21


class Spoiler:
    """Puts bad rows between good ones, and counts them by kind.

    Parameters
    ----------
    share : float
        Bad rows as a share of the good rows.
    seed : int
    """

    def __init__(self, *, share: float, seed: int) -> None:
        self.share = share
        self.rng = np.random.default_rng([seed, _SPOIL])
        self.counts = {} if share == 0 else dict.fromkeys(REJECT_KINDS, 0)
        self.number = 0

    def spoil(self, block: bytes) -> bytes:
        """The lines of a block with bad ones put in."""
        if self.share == 0 or not block:
            return block
        lines = block.splitlines(keepends=True)
        places = np.flatnonzero(self.rng.random(len(lines)) < self.share)
        for place in places[::-1].tolist():
            kind = REJECT_KINDS[int(self.rng.integers(len(REJECT_KINDS)))]
            self.counts[kind] += 1
            self.number += 1
            lines.insert(place + 1, _bad(lines[place], kind, self.number))
        return b"".join(lines)


def _bad(line: bytes, kind: str, number: int) -> bytes:
    """A copy of a good line with one thing wrong."""
    cells = line.rstrip(b"\n").split(b",")
    if kind != "duplicate_id":
        cells[0] = b"SIM-X%07d" % number
    if kind == "unreadable_time":
        cells[2] = b"2024-02-31 25:70"
    elif kind == "missing_time":
        cells[2] = b""
    elif kind == "impossible_interval":
        cells[2], cells[3] = b"2024-06-02 08:00", b"2024-06-01 08:00"
    elif kind == "zero_coordinates":
        cells[5], cells[6], cells[7] = b"0.0", b"0.0", b""
    elif kind == "outside_study_area":
        cells[5], cells[7] = b"%.1f" % (float(cells[5]) + 90_000), b""
    elif kind == "cut_line":
        cells = cells[:5]
    elif kind == "extra_cell":
        cells.append(b"see file")
    elif kind == "unterminated_quote":
        cells[8] = b'"' + cells[8]
    elif kind == "bad_encoding":
        cells[8] = b"caf\xe9"
    return b",".join(cells) + b"\n"
