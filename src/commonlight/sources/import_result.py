"""What comes of an import."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commonlight.analysis.precision import CoordinatePrecision

__all__ = ["ImportResult"]


@dataclass(frozen=True)
class ImportResult:
    """What came of an import.

    Parameters
    ----------
    read, accepted, rejected : int
        Records; ``accepted + rejected == read``.
    observations : int
        Rows of the table; more than `accepted` where a record holds several counts.
    reasons : dict of str to int
        Rejected records by reason.
    crs_note : str
        Which coordinate systems were taken, and why.
    precision : CoordinatePrecision or None
        Whether points pile up on few coordinates, judged on a sample.
    unmapped_types : dict of str to int
        Accepted records of each local type that has no ICCS code.
    notes : tuple of str
        What a reader should know besides.
    files : tuple of dict
        For each file its name, digest and counts.
    version : str or None
        The registered version; None where nothing was kept.
    manifest_path : Path or None
        Its manifest.
    is_new : bool
        False where the current version has the same content and stays.
    """

    read: int
    accepted: int
    rejected: int
    observations: int
    reasons: dict[str, int]
    crs_note: str
    precision: CoordinatePrecision | None
    unmapped_types: dict[str, int]
    notes: tuple[str, ...]
    files: tuple[dict[str, Any], ...]
    version: str | None = None
    manifest_path: Path | None = None
    is_new: bool = False
    manifest: dict[str, Any] = field(default_factory=dict)
