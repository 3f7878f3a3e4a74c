"""A table of states as text that draws itself."""

from __future__ import annotations

from commonlight.web.states.table import StateTable

__all__ = ["mermaid"]


def mermaid(table: StateTable) -> str:
    """The table as a state diagram in the Mermaid notation, one line a step."""
    lines = ["stateDiagram-v2", f"    [*] --> {table.first}"]
    lines += [f"    {one.source} --> {one.target}: {one.action}" for one in table.transitions]
    final = [one for one in table.states if not table.actions(one)]
    lines += [f"    {one} --> [*]" for one in final]
    return "\n".join(lines) + "\n"
