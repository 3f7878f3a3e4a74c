"""What the first run after an installation says: that its loops are compiled now."""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["compiled_before", "tell_first_run"]


def compiled_before() -> bool:
    """Whether an earlier run kept compiled loops that this one can use."""
    from commonlight.sources.scan_kernel import scan_lines

    folder = scan_lines.stats.cache_path
    return folder is not None and any(Path(folder).glob("scan_kernel.scan_lines-*.nbi"))


def tell_first_run() -> None:
    """Say on stderr why a first run takes longer than the next ones."""
    if not compiled_before():
        print(
            "First run: loops are compiled for this machine, once. "
            "This adds about a quarter of a minute.",
            file=sys.stderr,
            flush=True,
        )
