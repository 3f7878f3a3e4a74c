"""What is planted in the city, and what came of it.

:class:`Planted` holds the parameters, :class:`Truth` adds the counts that no real city knows:
what happened, whether or not it was recorded.
"""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass
from datetime import date
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Felt", "Intervention", "Offence", "Planted", "Repeat", "Truth", "load_offences"]


@dataclass(frozen=True)
class Repeat:
    """Near repeats of one offence.

    `children` per event; `mean_delay` in days and `mean_distance` in metres of a child from
    its parent; `same_place` is the share of children at the parent's own address.
    """

    children: float
    mean_delay: float
    mean_distance: float
    same_place: float


@dataclass(frozen=True, kw_only=True)
class Offence:
    """One local offence type and everything planted about it.

    `season` (12,) and `hour_of_week` (168, from Monday 00:00) have mean 1. `trend` is in per
    cent a year. `interval` is the median number of hours between the earliest and the latest
    possible moment, 0 where the moment is known. `reporting` is the share recorded in an area
    of middling deprivation, `delay` the mean number of days until it is recorded. `spread` is by
    how many metres the published point misses the address, as a standard deviation each way.
    """

    label: str
    iccs: str
    share: float
    theme: str
    season: tuple[float, ...]
    hour_of_week: tuple[float, ...]
    risk: tuple[float, ...]
    deprivation: float
    trend: float
    interval: float
    reporting: float
    delay: float
    spread: float
    repeat: Repeat


@dataclass(frozen=True, kw_only=True)
class Intervention:
    """Something done in `areas` from `start` on against one offence.

    `effect` is the share of events it prevents there; `displacement` is the share of the
    prevented events that happen in the areas around (`ring`) instead.
    """

    offence: str
    areas: tuple[str, ...]
    ring: tuple[str, ...]
    start: date
    effect: float
    displacement: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Planted:
    """All parameters of one city.

    `reporting` (n_offences, n_areas) is the probability that an event is recorded.
    """

    seed: int
    incidents: int
    first_day: date
    last_day: date
    export_day: date
    offences: tuple[Offence, ...]
    reporting: NDArray[np.float64]
    intervention: Intervention | None
    heterogeneity: float
    publish: str
    precision_m: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Felt:
    """True values among the adult residents of each area, for the 12 months before a survey.

    Attributes
    ----------
    year : int
        Year of the survey; the 12 months end with September.
    means : dict of str to ndarray of shape (n_areas,)
        Mean code of each item.
    concern : dict of str to ndarray of shape (n_areas,)
        Share of answers in the codes that count as unsafe, worried, likely, often, a problem,
        or (trust, fairness, neighbours) agreeing.
    victims : dict of str to ndarray of shape (n_areas,)
        Share harmed at least once, by kind and for ``any``.
    incidents : dict of str to ndarray of shape (n_areas,)
        True events of each kind that harmed adult residents of the area, expected.
    adults : ndarray of shape (n_areas,)
        Residents of 18 and more.
    """

    year: int
    means: dict[str, NDArray[np.float64]]
    concern: dict[str, NDArray[np.float64]]
    victims: dict[str, NDArray[np.float64]]
    incidents: dict[str, NDArray[np.float64]]
    adults: NDArray[np.float64]

    def city(self, values: NDArray[np.float64]) -> float:
        """The city's value of an area table: the mean over adult residents."""
        return float(values @ self.adults / self.adults.sum())

    def divergence(
        self,
        rate: NDArray[np.float64],
        population: NDArray[np.int64],
        *,
        item: str = "safe_area_dark",
    ) -> tuple[str, ...]:
        """Class of each area by its recorded rate and its true share of concern.

        Parameters
        ----------
        rate : ndarray of shape (n_areas,)
            Recorded incidents per resident.
        population : ndarray of int, shape (n_areas,)
        item : str, optional
            The item of the survey; residents who feel unsafe after dark if not given.

        Returns
        -------
        tuple of str
            "both high", "felt only", "recorded only" or "both low": above the city's value or
            not, however little.
        """
        names = (("both low", "felt only"), ("recorded only", "both high"))
        above = rate > rate @ population / population.sum()
        felt = self.concern[item] > self.city(self.concern[item])
        return tuple(names[int(r)][int(f)] for r, f in zip(above, felt, strict=True))


@dataclass(frozen=True, kw_only=True, eq=False)
class Truth:
    """What was planted and what happened.

    Attributes
    ----------
    planted : Planted
    happened, recorded : ndarray of shape (n_offences, n_areas, n_months)
        Events that happened, and those of them in the published file.
    hour_of_week : ndarray of shape (n_offences, 168)
        True moments, hours from Monday 00:00.
    background, repeats, same_place : ndarray of shape (n_offences,)
        Events without a parent, with one, and those at their parent's own address.
    mean_delay, mean_distance : ndarray of shape (n_offences,)
        Days and metres between child and parent (distance: children elsewhere only).
    prevented, displaced : ndarray of shape (n_areas, n_months)
        Events of the intervention's offence that it prevented, by where they would have
        happened, and those that moved, by where they went.
    not_yet_recorded : int
        Reported events whose record came after the day of the export.
    felt : Felt or None
        What adult residents lived through and felt in the last year.
    divergence : tuple of str, length n_areas
        Whether what was recorded, and the share of residents who feel unsafe after dark, lie
        above the city's own value: "both high", "felt only", "recorded only" or "both low".
    reports_per_problem : ndarray of shape (n_areas,) or None
        Reports to expect of a problem in a usual street of each area.
    """

    planted: Planted
    happened: NDArray[np.int64]
    recorded: NDArray[np.int64]
    hour_of_week: NDArray[np.int64]
    background: NDArray[np.int64]
    repeats: NDArray[np.int64]
    same_place: NDArray[np.int64]
    mean_delay: NDArray[np.float64]
    mean_distance: NDArray[np.float64]
    prevented: NDArray[np.int64]
    displaced: NDArray[np.int64]
    not_yet_recorded: int
    felt: Felt | None = None
    divergence: tuple[str, ...] = ()
    reports_per_problem: NDArray[np.float64] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain numbers, texts, lists and dictionaries."""
        result = {"SIMULATED": True, **asdict(self)}
        return {key: _plain(value) for key, value in result.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return np.round(value, 6).tolist() if value.dtype.kind == "f" else value.tolist()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def load_offences(
    *, near_repeat: float = 1.0, season: float = 1.0, rhythm: float = 1.0, trend: float = 1.0
) -> tuple[tuple[Offence, ...], dict[str, list[float]], tuple[str, ...]]:
    """Planted offences, kinds of address by land use, and the names of the kinds.

    Parameters
    ----------
    near_repeat, season, rhythm, trend : float, optional
        Strength of each part: 1 as in the file, 0 for none.

    Returns
    -------
    offences : tuple of Offence
    kinds : dict
        Shares of the kinds of address for each land use.
    kind_names : tuple of str
    """
    text = (files("commonlight.simulate") / "planted.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    names = tuple(data["kinds"].pop("names"))
    offences = tuple(
        _offence(dict(item), near_repeat, season, rhythm, trend) for item in data["offence"]
    )
    return offences, data["kinds"], names


def _offence(
    item: dict[str, Any], near_repeat: float, season: float, rhythm: float, trend: float
) -> Offence:
    children, delay, distance, same = item.pop("repeat")
    week = _hour_of_week(item.pop("weekday"), item.pop("peaks"), item.pop("floor"))
    index = np.array(item["season"])
    item["season"] = tuple((1 + season * (index / index.mean() - 1)).tolist())
    item["hour_of_week"] = tuple((1 + rhythm * (week - 1)).tolist())
    item["trend"] *= trend
    item["risk"] = tuple(item["risk"])
    return Offence(repeat=Repeat(near_repeat * children, delay, distance, same), **item)


def _hour_of_week(
    weekday: list[float], peaks: list[list[float]], floor: float
) -> NDArray[np.float64]:
    """Relative risk of each hour of the week, mean 1, from bumps that wrap round midnight."""
    hour = np.arange(24) + 0.5
    day = np.full(24, floor / 24)
    for at, width, weight in peaks:
        away = np.abs(hour - at)
        bump = np.exp(-0.5 * (np.minimum(away, 24 - away) / width) ** 2)
        day += weight * bump / bump.sum()
    week = np.outer(weekday, day).ravel()
    return np.asarray(week / week.mean())
