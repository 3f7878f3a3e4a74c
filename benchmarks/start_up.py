"""How long a command takes to begin: ``commonlight --help``, warm.

The middle of seven runs of each command, CPU and clock of the whole process. Python is started
as the machine has it set up; where no bytecode is kept, each start compiles what it imports.
Target: at most 0.3 seconds.
"""

from __future__ import annotations

import statistics
import sys
from typing import Any

from benchmarks.measure import process

QUICK = {"times": 1}
TARGET = 0.3
COMMANDS = {
    "python, nothing imported": "pass",
    "python, typer imported": "import typer",
    "commonlight --help": "import sys; sys.argv = ['commonlight', '--help']; "
    "from commonlight.cli import main; main()",
    "commonlight audit --help": "import sys; sys.argv = ['commonlight', 'audit', '--help']; "
    "from commonlight.cli import main; main()",
}


def run(times: int = 7) -> list[dict[str, Any]]:
    """Measure; one row for each command."""
    rows = []
    for what, code in COMMANDS.items():
        used = [process(sys.executable, "-c", code)[1] for _ in range(times)]
        middle = {key: statistics.median(row[key] for row in used) for key in used[0]}
        row = {"what": what, "runs": times, **middle}
        if what == "commonlight --help":
            row |= {"target_cpu_s": TARGET, "met": middle["process_cpu_s"] <= TARGET}
        rows.append(row)
    return rows


if __name__ == "__main__":
    for row in run():
        print(row)
