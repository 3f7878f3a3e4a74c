"""A problem of Lakeside, and entries as its partners write them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def problem(city: Any, actor_of: Callable[[str], Any]) -> Any:
    from commonlight.web.problems.domain.stating import open_problem

    return open_problem(
        actor_of("coordinator"),
        title="Burglary in the lanes by the station",
        sentence="Cellars in the lanes by the station are broken into at night.",
        place="Station lanes",
    )


@pytest.fixture
def entry(actor_of: Callable[[str], Any]) -> Callable[..., Any]:
    """A draft of the police unless another role is named."""
    from commonlight.web.knowledge.domain.entries import add_entry

    def make(kind: str = "practices", role: str = "analyst", **fields: Any) -> Any:
        given = {"title": "Lampen in den Gassen", "language": "de", **fields}
        text = {"summary": "Wir haben Lampen aufgehängt."}
        if kind == "statements":
            text = {"statement": "Es kommen weniger Leute.", "statement_kind": "trend"}
        return add_entry(actor_of(role), kind, **text | given)

    return make


@pytest.fixture
def reviewed(entry: Callable[..., Any], actor_of: Callable[[str], Any]) -> Callable[..., Any]:
    """An entry that the youth work has approved."""
    from commonlight.web.knowledge.domain.entries import take_step

    def make(kind: str = "practices", **fields: Any) -> Any:
        made = take_step(actor_of("analyst"), entry(kind, **fields), "offer")
        return take_step(actor_of("partner"), made, "approve", reason="Read and right.")

    return make
