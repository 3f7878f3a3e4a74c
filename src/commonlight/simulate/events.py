"""Events month by month: background, near repeats, intervention, recording.

Each offence has a rate by hour: season x trend x hour of the week. The process of background
events and their children runs on a clock on which that rate is constant ("operational time"),
and is then set back to real hours. So season, trend and hours of all events, children
included, are exactly as planted, and the mean delay of a child is too. What this does not
answer: which event really caused which; a parent is a device of the model.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date

import numpy as np
from numpy.typing import NDArray

from commonlight.simulate.background import Sites
from commonlight.simulate.truth import Intervention, Offence, Planted

__all__ = ["Clock", "Events", "Generator", "join"]

Float = NDArray[np.float64]
Int = NDArray[np.int64]

WARM_UP_DAYS = 90
_FAMILY, _OUTCOME = 11, 12


@dataclass(frozen=True, kw_only=True, eq=False)
class Events:
    """Events that happened, one row each, in order of time.

    `moment` is in hours from the start of the period and is what no file holds; `start` and
    `end` are the published limits in minutes; `recorded_day` is in days; `site` indexes the
    addresses; `parent` is the `number` of the parent or -1; `distance` (metres) and `delay`
    (hours) are from the parent. `recorded` says whether the published file holds the event.
    """

    number: Int
    parent: Int
    offence: NDArray[np.int8]
    moment: Float
    delay: Float
    site: NDArray[np.int32]
    distance: Float
    start: Int
    end: Int
    recorded_day: Int
    reported: NDArray[np.bool_]
    recorded: NDArray[np.bool_]
    displaced: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.moment)


@dataclass(frozen=True, eq=False)
class _Draft:
    """Events before their outcome is drawn."""

    number: Int
    parent: Int
    offence: NDArray[np.int8]
    moment: Float
    delay: Float
    site: NDArray[np.int32]
    distance: Float

    def take(self, rows: NDArray) -> _Draft:
        return _Draft(*(getattr(self, field.name)[rows] for field in fields(self)))


def join(parts: list[Events]) -> Events:
    """All parts as one table."""
    names = [field.name for field in fields(Events)]
    return Events(**{name: np.concatenate([getattr(p, name) for p in parts]) for name in names})


class Clock:
    """Turns operational hours of one offence into real hours and back.

    Parameters
    ----------
    offence : Offence
    first_day, last_day : date
        Period; the clock also covers 90 days before it, so that children of earlier events
        are there from the first day.
    """

    def __init__(self, offence: Offence, first_day: date, last_day: date) -> None:
        days = (last_day - first_day).days + 1
        hour = np.arange(-24 * WARM_UP_DAYS, 24 * days)
        day = np.datetime64(first_day) + (hour // 24).astype("timedelta64[D]")
        month = day.astype("datetime64[M]").astype(int) % 12
        week = (24 * first_day.weekday() + hour) % 168
        years = (hour - 12 * days) / (24 * 365.25)
        rate = np.array(offence.season)[month] * np.array(offence.hour_of_week)[week]
        rate *= (1 + offence.trend / 100) ** years
        rate /= rate[hour >= 0].mean()
        self.hours = np.append(hour, 24 * days).astype(float)
        self.total = np.r_[0.0, np.cumsum(rate)]
        self.total -= self.total[24 * WARM_UP_DAYS]

    def operational(self, hour: Float) -> Float:
        """Operational hours at real hours."""
        return np.asarray(np.interp(hour, self.hours, self.total))

    def real(self, operational: Float) -> Float:
        """Real hours at operational hours; infinite after the end of the period."""
        return np.asarray(np.interp(operational, self.total, self.hours, right=np.inf))


class Generator:
    """Makes the events of a city, one month at a time, in bounded memory.

    Parameters
    ----------
    planted : Planted
    sites : Sites
    risk : ndarray of shape (n_offences, n_sites)
    area_codes : tuple of str
    """

    def __init__(
        self, planted: Planted, sites: Sites, risk: Float, area_codes: tuple[str, ...]
    ) -> None:
        self.planted = planted
        self.sites = sites
        self.risk = risk
        self.clocks = [
            Clock(item, planted.first_day, planted.last_day) for item in planted.offences
        ]
        self.cumulative = np.cumsum(risk, axis=1)
        self.rate = self._background_rate()
        self.codes = area_codes
        self._trees: dict[int, tuple] = {}
        self._prevented = np.zeros(0, dtype=np.int64)

    def months(self) -> Iterator[Events]:
        """Yield the events of each month, sorted by moment."""
        edges = _month_edges(self.planted.first_day, self.planted.last_day)
        pending: list[_Draft] = []
        for index, (begin, end) in enumerate(itertools.pairwise(edges)):
            pending += [
                self._families(k, index, begin, end) for k in range(len(self.planted.offences))
            ]
            everything = _Draft(
                *(np.concatenate([getattr(d, f.name) for d in pending]) for f in fields(_Draft))
            )
            pending = [everything.take(everything.moment >= end)]
            if begin >= 0:
                now = everything.take((everything.moment >= begin) & (everything.moment < end))
                now = now.take(np.lexsort((now.number, now.moment)))
                yield self._outcome(now, index)

    def _background_rate(self) -> Float:
        """Background events per operational hour of each offence."""
        planted = self.planted
        hours = 24.0 * ((planted.last_day - planted.first_day).days + 1)
        reported = np.einsum("ks,ks->k", self.risk, planted.reporting[:, self.sites.area])
        share = np.array([item.share for item in planted.offences])
        alone = 1 - np.array([item.repeat.children for item in planted.offences])
        return np.asarray(planted.incidents * share / share.sum() / reported * alone / hours)

    def _families(self, k: int, month: int, begin: float, end: float) -> _Draft:
        """Background events of one offence and month, with all their descendants."""
        rng = np.random.default_rng([self.planted.seed, _FAMILY, month, k])
        clock, repeat = self.clocks[k], self.planted.offences[k].repeat
        low, high = clock.operational(np.array([begin, end]))
        n = rng.poisson(self.rate[k] * (high - low))
        place = np.searchsorted(self.cumulative[k], rng.random(n) * self.cumulative[k, -1])
        time, site, parent = rng.uniform(low, high, n), place, np.full(n, -1)
        rows, count = [(time, site, parent, np.zeros(n))], n
        while len(time):
            first = count - len(time)
            kids = rng.poisson(repeat.children, len(time))
            row = np.repeat(np.arange(len(time)), kids)
            parent = first + row
            site, distance = self._near(k, site[row], rng)
            time = time[row] + rng.exponential(24 * repeat.mean_delay, len(row))
            count += len(row)
            rows.append((time, site, parent, distance))
        return self._draft(k, month, [np.concatenate(part) for part in zip(*rows, strict=True)])

    def _draft(self, k: int, month: int, parts: list[NDArray]) -> _Draft:
        time, site, parent, distance = parts
        base = (month * len(self.planted.offences) + k) << 32
        moment = self.clocks[k].real(time)
        known = np.isfinite(moment)
        delay = np.full(len(time), np.nan)
        child = known & (parent >= 0)
        delay[child] = moment[child] - moment[parent[child]]
        draft = _Draft(
            base + np.arange(len(time)),
            np.where(parent >= 0, base + parent, -1),
            np.full(len(time), k, dtype=np.int8),
            moment,
            delay,
            site.astype(np.int32),
            distance,
        )
        return draft.take(known)

    def _near(self, k: int, site: Int, rng: np.random.Generator) -> tuple[Int, Float]:
        """Where children happen: at the same address or at the one nearest to a random spot."""
        repeat = self.planted.offences[k].repeat
        n = len(site)
        same = rng.random(n) < repeat.same_place
        angle, away = rng.uniform(0, 2 * np.pi, n), rng.exponential(repeat.mean_distance, n)
        if not n:
            return site, away
        tree, members = self._tree(k)
        x, y = self.sites.x, self.sites.y
        spot = np.c_[x[site] + away * np.cos(angle), y[site] + away * np.sin(angle)]
        nearest = members[tree.query(spot, k=2)[1]]
        other = np.where(nearest[:, 0] == site, nearest[:, 1], nearest[:, 0])
        chosen = np.where(same, site, other)
        return chosen, np.hypot(x[chosen] - x[site], y[chosen] - y[site])

    def _tree(self, k: int) -> tuple:
        from scipy.spatial import KDTree

        if k not in self._trees:
            members = np.flatnonzero(self.risk[k] > 0)
            xy = np.c_[self.sites.x[members], self.sites.y[members]]
            self._trees[k] = (KDTree(xy), members)
        return self._trees[k]

    def _outcome(self, now: _Draft, month: int) -> Events:
        """Intervention, published times and recording of one month's events."""
        rng = np.random.default_rng([self.planted.seed, _OUTCOME, month])
        draws = rng.random((5, len(now.moment)))
        normal = rng.standard_normal(len(now.moment))
        site, prevented, displaced = self._intervene(now, draws[0], draws[1])
        start, end = self._limits(now, draws[2], normal)
        chance = self.planted.reporting[now.offence, self.sites.area[site]]
        reported = draws[3] < chance
        mean = np.array([item.delay for item in self.planted.offences])[now.offence]
        day = np.floor((end / 60 - np.log1p(-draws[4]) * mean * 24) / 24).astype(np.int64)
        last = (self.planted.export_day - self.planted.first_day).days
        keep = ~prevented | displaced
        events = Events(
            number=now.number,
            parent=now.parent,
            offence=now.offence,
            moment=now.moment,
            delay=now.delay,
            site=site,
            distance=now.distance,
            start=start,
            end=end,
            recorded_day=day,
            reported=reported,
            recorded=reported & (day <= last),
            displaced=displaced,
        )
        self._prevented = self.sites.area[now.site[prevented]]
        names = [field.name for field in fields(Events)]
        return Events(**{name: getattr(events, name)[keep] for name in names})

    @property
    def prevented_areas(self) -> Int:
        """Areas of the events that the intervention prevented in the month just yielded."""
        return self._prevented

    def _intervene(
        self, now: _Draft, draw: Float, second: Float
    ) -> tuple[NDArray[np.int32], NDArray[np.bool_], NDArray[np.bool_]]:
        plan = self.planted.intervention
        nothing = np.zeros(len(draw), dtype=bool)
        if plan is None:
            return now.site, nothing, nothing
        k = [item.label for item in self.planted.offences].index(plan.offence)
        since = 24.0 * (plan.start - self.planted.first_day).days
        there = np.isin(self.sites.area[now.site], self._index(plan.areas))
        target = (now.offence == k) & there & (now.moment >= since)
        prevented = target & (draw < plan.effect)
        displaced = prevented & (draw < plan.effect * plan.displacement)
        return self._moved(now.site, displaced, second, k, plan), prevented, displaced

    def _moved(
        self,
        site: NDArray[np.int32],
        displaced: NDArray[np.bool_],
        draw: Float,
        k: int,
        plan: Intervention,
    ) -> NDArray[np.int32]:
        """Displaced events at addresses of the ring, by their background risk."""
        ring = np.where(np.isin(self.sites.area, self._index(plan.ring)), self.risk[k], 0.0)
        total = np.cumsum(ring)
        result = site.copy()
        result[displaced] = np.searchsorted(total, draw[displaced] * total[-1])
        return result

    def _index(self, codes: tuple[str, ...]) -> list[int]:
        return [self.codes.index(code) for code in codes]

    def _limits(self, now: _Draft, draw: Float, normal: Float) -> tuple[Int, Int]:
        """Earliest and latest possible minute, as a witness would say them."""
        median = np.array([item.interval for item in self.planted.offences])[now.offence]
        minute = 60 * now.moment
        length = 60 * median * np.exp(0.6 * normal)
        start = np.floor((minute - draw * length) / 5) * 5
        end = np.where(median > 0, np.ceil((minute + (1 - draw) * length) / 5) * 5, start)
        return np.maximum(start, 0).astype(np.int64), end.astype(np.int64)


def _month_edges(first_day: date, last_day: date) -> Float:
    """Edges of the months in hours from the first day; the first month is the warm-up."""
    first = np.datetime64(first_day, "M")
    months = np.arange(first, np.datetime64(last_day, "M") + 2)
    days = (months.astype("datetime64[D]") - np.datetime64(first_day)).astype(int)
    return np.asarray(24.0 * np.r_[-WARM_UP_DAYS, days])
