"""The page of states draws the tables that the program reads."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path


def test_the_page_is_the_one_that_the_tables_give(root: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "scripts/states", "check"], cwd=root, text=True, capture_output=True
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_step_of_every_table_is_drawn_and_listed(root: Path) -> None:
    text = (root / "docs/reference/states.md").read_text(encoding="utf-8")
    drawn = re.findall(r"^    (\w+) --> (\w+): (\w+)$", text, re.MULTILINE)
    listed = re.findall(r"^\| (\w+) \| (\w+) \| (\w+) \|$", text, re.MULTILINE)
    steps = [
        tuple(step)
        for path in (root / "src/commonlight/web").rglob("states.toml")
        for machine in tomllib.loads(path.read_text(encoding="utf-8")).values()
        for step in machine["transitions"]
    ]
    assert sorted((source, step, target) for source, target, step in drawn) == sorted(steps)
    assert sorted(one for one in listed if one != ("from", "step", "to")) == sorted(steps)
