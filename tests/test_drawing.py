"""In CI a property is tried on the same examples each time, whatever ran before it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

DRAW = """
import sys
sys.path[:0] = [sys.argv[1], sys.argv[2]]
import conftest
if sys.argv[3]:
    __import__(sys.argv[3])
from hypothesis import given, settings, strategies

@settings(max_examples=300, database=None)
@given(strategies.text(), strategies.integers())
def draw(text, number):
    print(ascii(text), number)

draw()
"""
CONSTANTS = "".join(f"W{n} = ('word {n}', {n * 7919})\n" for n in range(200))


def drawn(folder: Path, module: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", DRAW, str(Path(__file__).parent), str(folder), module],
        env=os.environ | {"CI": "true"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_ci_draws_the_same_whatever_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "loaded_before.py").write_text(CONSTANTS)
    alone = drawn(tmp_path, "")
    assert alone.count("\n") >= 300
    assert drawn(tmp_path, "loaded_before") == alone
