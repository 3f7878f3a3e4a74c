"""What may follow what, read from a table and refused with the states in which it fits."""

from __future__ import annotations

import sys

import pytest

from commonlight.web.states import NotNow, StateTable, Transition, mermaid, read_table

LAMP = StateTable(
    "lamp",
    ("off", "on", "broken"),
    (
        Transition("off", "switch", "on"),
        Transition("on", "switch", "off"),
        Transition("off", "drop", "broken"),
        Transition("on", "drop", "broken"),
    ),
)
WORDS = {"off": "dark", "on": "alight", "broken": "in pieces"}


def test_a_step_that_fits():
    assert LAMP.first == "off"
    assert LAMP.after("off", "switch") == "on"
    assert LAMP.after("on", "drop") == "broken"
    assert LAMP.actions("broken") == ()


def test_a_step_that_does_not_fit_says_when_it_does():
    with pytest.raises(NotNow) as refusal:
        LAMP.after("broken", "switch", WORDS)
    assert str(refusal.value) == (
        "This is “in pieces” now; the step is possible when it is “dark” or “alight”."
    )
    assert not LAMP.decide("broken", "drop", WORDS)


def test_a_step_that_no_row_knows_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="no action 'fly' in the table of lamp"):
        LAMP.decide("on", "fly")


def test_the_diagram_has_a_line_a_step():
    assert mermaid(LAMP).splitlines() == [
        "stateDiagram-v2",
        "    [*] --> off",
        "    off --> on: switch",
        "    on --> off: switch",
        "    off --> broken: drop",
        "    on --> broken: drop",
        "    broken --> [*]",
    ]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ('[["a", "go", "c"]]', "has no state 'c'"),
        ('[["a", "go", "b"], ["a", "go", "a"]]', "twice"),
        ('[["a", "go", "a"]]', "no step of lamp leads to 'b'"),
    ],
)
def test_a_table_with_a_fault_is_refused(rows, says, tmp_path, monkeypatch):
    (tmp_path / "lamps").mkdir()
    (tmp_path / "lamps/__init__.py").touch()
    (tmp_path / "lamps/states.toml").write_text(
        f'[lamp]\nstates = ["a", "b"]\ntransitions = {rows}\n'
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "lamps", raising=False)
    read_table.cache_clear()
    with pytest.raises(ValueError, match=says):
        read_table("lamps", machine="lamp")
