"""What may follow what: the states of a thing as a table that people can read."""

from commonlight.web.states.diagram import mermaid
from commonlight.web.states.table import NotNow, StateTable, Transition, read_table

__all__ = ["NotNow", "StateTable", "Transition", "mermaid", "read_table"]
