"""The list of data sets as one person sees it: what is there, what is stale, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from commonlight.web.agreements.domain import Coverage, today_in
from commonlight.web.data.coverage import all_datasets, is_own
from commonlight.web.data.models import DataSet
from commonlight.web.policy import Actor

__all__ = ["Line", "is_stale", "lines_for"]


@dataclass(frozen=True)
class Line:
    """One line of the list."""

    dataset: DataSet
    coverage: Coverage
    is_own: bool
    is_stale: bool

    @property
    def agreement(self) -> Any:
        """The agreement that opens the data set, if one is needed."""
        return self.coverage.agreement


def is_stale(dataset: DataSet, today: date) -> bool:
    """Whether the next delivery should have come."""
    return dataset.next_delivery_on is not None and dataset.next_delivery_on < today


def lines_for(actor: Actor) -> tuple[list[Line], list[Line]]:
    """Data sets that the actor may see, and those that no agreement opens for her."""
    today = today_in(actor.workspace)
    lines = [
        Line(one.dataset, one.coverage, is_own(actor, one.dataset), is_stale(one.dataset, today))
        for one in all_datasets(actor)
    ]
    return (
        [line for line in lines if line.coverage.allowed],
        [line for line in lines if not line.coverage.allowed],
    )
