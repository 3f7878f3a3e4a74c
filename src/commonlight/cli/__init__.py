"""The command line: ``commonlight``."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line and leave with an exit code that tells the class of error."""
    from commonlight.cli.app import app
    from commonlight.cli.exits import run
    from commonlight.cli.first_run import keep_compiled

    keep_compiled()
    sys.exit(run(app))
