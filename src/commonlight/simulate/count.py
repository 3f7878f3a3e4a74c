"""Counting what happened, month by month, into the truth of a city."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commonlight.simulate.background import Sites
from commonlight.simulate.events import Events
from commonlight.simulate.truth import Planted, Truth

__all__ = ["Tally"]


class Tally:
    """Adds up events; :meth:`truth` gives the totals.

    Parameters
    ----------
    planted : Planted
    sites : Sites
    n_areas : int
    """

    def __init__(self, planted: Planted, sites: Sites, n_areas: int) -> None:
        first, last = (np.datetime64(d, "M") for d in (planted.first_day, planted.last_day))
        k, months = len(planted.offences), int((last - first).astype(int)) + 1
        self.planted, self.sites = planted, sites
        self.happened = np.zeros((k, n_areas, months), dtype=np.int64)
        self.recorded = np.zeros((k, n_areas, months), dtype=np.int64)
        self.week = np.zeros((k, 168), dtype=np.int64)
        self.families = np.zeros((3, k), dtype=np.int64)
        self.sums = np.zeros((2, k))
        self.prevented = np.zeros((n_areas, months), dtype=np.int64)
        self.displaced = np.zeros((n_areas, months), dtype=np.int64)
        self.late = 0

    def add(self, month: int, events: Events, prevented: NDArray[np.int64]) -> None:
        """Count the events of one month, and the areas of those that were prevented."""
        k, n_areas, _ = self.happened.shape
        area = self.sites.area[events.site]
        cell = events.offence.astype(np.int64) * n_areas + area
        for table, rows in ((self.happened, slice(None)), (self.recorded, events.recorded)):
            table[:, :, month] += np.bincount(cell[rows], minlength=k * n_areas).reshape(k, -1)
        hour = (np.floor(events.moment).astype(int) + 24 * self.planted.first_day.weekday()) % 168
        index = events.offence.astype(np.int64) * 168 + hour
        self.week += np.bincount(index, minlength=k * 168).reshape(k, 168)
        self.prevented[:, month] += np.bincount(prevented, minlength=n_areas)
        self.displaced[:, month] += np.bincount(area[events.displaced], minlength=n_areas)
        self.late += int((events.reported & ~events.recorded).sum())
        self._add_families(events, k)

    def _add_families(self, events: Events, k: int) -> None:
        child = events.parent >= 0
        same = child & (events.distance == 0)
        for row, chosen in enumerate((~child, child, same)):
            self.families[row] += np.bincount(events.offence[chosen], minlength=k)
        values = (events.delay / 24, child), (events.distance, child & ~same)
        for row, (value, chosen) in enumerate(values):
            self.sums[row] += np.bincount(events.offence[chosen], value[chosen], minlength=k)

    def truth(self) -> Truth:
        """Everything counted so far."""
        background, repeats, same = self.families
        delay = self.sums[0] / np.maximum(repeats, 1)
        distance = self.sums[1] / np.maximum(repeats - same, 1)
        return Truth(
            planted=self.planted,
            happened=self.happened.copy(),
            recorded=self.recorded.copy(),
            hour_of_week=self.week.copy(),
            background=background.copy(),
            repeats=repeats.copy(),
            same_place=same.copy(),
            mean_delay=delay,
            mean_distance=distance,
            prevented=self.prevented.copy(),
            displaced=self.displaced.copy(),
            not_yet_recorded=self.late,
        )
