"""The only place of retention that calls the library."""

from __future__ import annotations

from pathlib import Path

__all__ = ["forget_in_lake"]


def forget_in_lake(lake: Path, source: str, version: str) -> None:
    """Take a version out of the lake, or a whole source where no version is named."""
    from commonlight.sources.lake import Lake

    if version:
        Lake(lake).forget(source, version)
    else:
        Lake(lake).forget_source(source)
