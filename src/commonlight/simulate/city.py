"""A city that does not exist, so that its truth can be known.

What this does not answer: whether a real city behaves like it. It is made to test methods and
to show the workbench without real records.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from commonlight.simulate.areas import Areas, draw_areas, settle_residents
from commonlight.simulate.background import Sites, background_risk, build_sites
from commonlight.simulate.count import Tally
from commonlight.simulate.events import Events, Generator, join
from commonlight.simulate.perceptions import Perceptions, perceive
from commonlight.simulate.problems import Problems, Reports, draw_problems, draw_reports
from commonlight.simulate.questionnaire import load_questionnaire
from commonlight.simulate.streets import StreetPlan, lay_streets
from commonlight.simulate.surroundings import Surroundings, draw_surroundings
from commonlight.simulate.survey import Survey, draw_survey
from commonlight.simulate.truth import Felt, Intervention, Offence, Planted, Truth, load_offences
from commonlight.simulate.visits import Visits, draw_visits

__all__ = ["CITY_CRS", "CITY_NAME", "City", "simulate_city"]

CITY_NAME = "Lindhafen (simulated)"
CITY_CRS = "EPSG:25832"
_PRECISION = {"address": 10.0, "street": 50.0, "snap_points": 150.0}
_LAYOUT, _AREAS, _SITES, _RISK, _PEOPLE, _REPORTING, _SNAP = range(1, 8)
_WOMEN = 74
_SHARE_OF_WOMEN = (0.487, 0.492, 0.498, 0.506, 0.562)


@dataclass(frozen=True, kw_only=True, eq=False)
class City:
    """A simulated city.

    `months()` makes the events afresh each time, month by month in bounded memory; `events`
    keeps all of them, and `truth` says what was planted and what happened. `moved` (n_areas,)
    is a planted shift of the feelings of each area towards concern, in standard deviations;
    `planted_classes` are planted classes of divergence.
    """

    name: str
    crs: str
    plan: StreetPlan
    areas: Areas
    sites: Sites
    kind_names: tuple[str, ...]
    risk: NDArray[np.float64]
    planted: Planted
    moved: NDArray[np.float64] | None = None
    planted_classes: tuple[str, ...] | None = None

    def months(self, tally: Tally | None = None) -> Iterator[Events]:
        """Yield the events of each month, and count them into `tally` if one is given."""
        generator = Generator(self.planted, self.sites, self.risk, self.areas.codes)
        for month, events in enumerate(generator.months()):
            if tally is not None:
                tally.add(month, events, generator.prevented_areas)
            yield events

    def tally(self) -> Tally:
        """An empty count of this city's events."""
        return Tally(self.planted, self.sites, len(self.areas.codes))

    @cached_property
    def events(self) -> Events:
        """All events that happened, recorded or not, in order of time."""
        return join(list(self.months()))

    @cached_property
    def counted(self) -> Truth:
        """What happened and what was recorded, counted from all months; no feelings yet."""
        tally = self.tally()
        for _ in self.months(tally):
            pass
        return tally.truth()

    @cached_property
    def truth(self) -> Truth:
        """What was planted, what happened, and what residents lived through and felt."""
        return self.felt(self.counted)

    def felt(self, truth: Truth) -> Truth:
        """The same truth with what residents lived through and felt in the last year."""
        felt = self.perceptions(happened=truth.happened).felt()
        classes = self.planted_classes or felt.divergence(
            truth.recorded.sum(axis=(0, 2)) / self.areas.population, self.areas.population
        )
        propensity = self.reports(felt).propensity
        return replace(truth, felt=felt, divergence=classes, reports_per_problem=propensity)

    @cached_property
    def women(self) -> NDArray[np.int64]:
        """Women among the residents (n_areas, 5), by age group."""
        rng = _stream(self.planted.seed, _WOMEN)
        return rng.binomial(self.areas.residents, _SHARE_OF_WOMEN)

    @cached_property
    def surroundings(self) -> Surroundings:
        """Light, litter, vandalism and news."""
        planted, plan = self.planted, self.plan
        return draw_surroundings(
            plan,
            self.areas,
            segment_area=self.segment_area,
            months=12 * (planted.last_day.year - planted.first_day.year + 1),
            seed=planted.seed,
        )

    @property
    def segment_area(self) -> NDArray[np.int64]:
        """The area of each street segment: that of the block on its left."""
        return np.asarray(self.areas.block_area[self.plan.left])

    @property
    def days(self) -> int:
        """Days of the period."""
        return (self.planted.last_day - self.planted.first_day).days + 1

    @cached_property
    def problems(self) -> Problems:
        """What is wrong in the streets, reported or not."""
        return draw_problems(
            self.plan,
            self.surroundings,
            segment_area=self.segment_area,
            days=self.days,
            seed=self.planted.seed,
        )

    def reports(self, felt: Felt | None = None) -> Reports:
        """What residents report of the problems; `felt` as in `truth`, where it is at hand."""
        known = self.truth.felt if felt is None else felt
        assert known is not None
        trust = known.means["trust_police"]
        return draw_reports(
            self.problems,
            self.areas,
            trust=(trust - known.city(trust)) / trust.std(),
            adults=self.areas.residents[:, 1:],
            homes=np.asarray(
                np.bincount(self.sites.segment, self.sites.homes, len(self.plan.length)),
                dtype=np.float64,
            ),
            days=self.days,
            seed=self.planted.seed,
        )

    @cached_property
    def visits(self) -> Visits:
        """What observers saw in chosen streets in November of the last year."""
        start = date(self.planted.last_day.year, 11, 1)
        return draw_visits(
            self.plan,
            self.surroundings,
            segment_area=self.segment_area,
            n_areas=len(self.areas.codes),
            first=(start - self.planted.first_day).days,
            seed=self.planted.seed,
        )

    def perceptions(
        self, year: int | None = None, *, happened: NDArray[np.int64] | None = None
    ) -> Perceptions:
        """What residents live through and feel in the autumn of a year.

        Parameters
        ----------
        year : int, optional
            The last one if not given.
        happened : ndarray of int, shape (n_offences, n_areas, n_months), optional
            As in `truth`, where it is at hand; counted afresh if not.

        Returns
        -------
        Perceptions
        """
        return perceive(
            questionnaire=load_questionnaire(),
            offences=self.planted.offences,
            areas=self.areas,
            women=self.women,
            sites=self.sites,
            surroundings=self.surroundings,
            happened=self.counted.happened if happened is None else happened,
            first_year=self.planted.first_day.year,
            year=self.planted.last_day.year if year is None else year,
            seed=self.planted.seed,
            moved=self.moved,
        )

    def survey(
        self,
        *,
        answers: int = 4_800,
        seed: int | None = None,
        year: int | None = None,
        strata: str = "areas",
        old_wording: bool = False,
        nonresponse: float = 1.0,
        item_nonresponse: float = 1.0,
        exactly: int | None = None,
        happened: NDArray[np.int64] | None = None,
    ) -> Survey:
        """Ask a sample of residents in October and November of a year.

        Parameters
        ----------
        answers : int, optional
            Answers to expect; the number itself is random.
        seed : int, optional
            Another seed draws another sample of the same city; the city's own if not given.
        year : int, optional
            The last one if not given. With two years and `old_wording` in the first there are
            two waves, of which one item changed its words.
        strata : {"areas", "boroughs"}, optional
            What the strata are; each is asked equally many persons.
        old_wording : bool, optional
            Ask one item with its old wording.
        nonresponse, item_nonresponse : float, optional
            Strength of unequal taking part and of missing answers; 0 for none.
        exactly : int, optional
            Keep exactly so many answers in each stratum; `answers` is then not used.
        happened : ndarray, optional
            As for `perceptions`.

        Returns
        -------
        Survey

        Examples
        --------
        >>> survey = simulate_city(incidents=10_000).survey(answers=2_000)
        >>> 1_700 < len(survey) < 2_300
        True
        """
        if strata not in ("areas", "boroughs"):
            raise ValueError(f"strata must be 'areas' or 'boroughs'; got {strata!r}")
        names = self.areas.codes if strata == "areas" else tuple(sorted(set(self.areas.parents)))
        of_area = self.areas.codes if strata == "areas" else self.areas.parents
        return draw_survey(
            self.perceptions(year, happened=happened),
            answers=answers,
            strata=np.array([names.index(name) for name in of_area]),
            names=names,
            seed=self.planted.seed if seed is None else seed,
            old_wording=old_wording,
            nonresponse=nonresponse,
            item_nonresponse=item_nonresponse,
            exactly=exactly,
        )

    @cached_property
    def published_xy(self) -> NDArray[np.float64]:
        """Coordinates (n_sites, 2) as the city publishes them, metres."""
        if self.planted.publish == "address":
            return np.asarray(np.c_[self.sites.x, self.sites.y])
        middle = np.round((self.plan.start + self.plan.end) / 2, 1)
        if self.planted.publish == "street":
            return np.asarray(middle[self.sites.segment])
        return _snapped(middle, self.sites, self.planted.seed)


def simulate_city(
    *,
    incidents: int = 100_000,
    seed: int = 1,
    first_year: int = 2023,
    years: int = 3,
    population: int = 300_000,
    n_areas: int = 48,
    near_repeat: float = 1.0,
    season: float = 1.0,
    rhythm: float = 1.0,
    trend: float = 1.0,
    heterogeneity: float = 6.0,
    reporting_gap: float = 1.0,
    intervention: Intervention | bool = True,
    publish: str = "address",
) -> City:
    """Make a city whose truth is known.

    Parameters
    ----------
    incidents : int, optional
        Recorded incidents to expect; the number itself is random. 10,000 to 10,000,000.
    seed : int, optional
        The same seed gives the same city, down to the bytes of its files.
    first_year, years : int, optional
        Whole calendar years.
    population : int, optional
        Residents, exactly.
    n_areas : int, optional
        Areas, 40 to 600.
    near_repeat, season, rhythm, trend, reporting_gap : float, optional
        Strength of near repeats, season, hours of the week, trend, and unequal reporting:
        1 as planted by default, 0 for none.
    heterogeneity : float, optional
        Variance of the risk of street segments of one kind; 0 = equal.
    intervention : Intervention or bool, optional
        True plants the default one, False none.
    publish : {"address", "street", "snap_points"}, optional
        What the published coordinates are: the address, the middle of the street segment, or
        one of few snap points.

    Returns
    -------
    City

    Raises
    ------
    ValueError
        An argument is out of its range.

    Notes
    -----
    Streams of random numbers are named by what they are for, so that switching one part off
    leaves the others as they were. Equal bytes are promised for equal versions of numpy.

    Examples
    --------
    >>> city = simulate_city(incidents=10_000, seed=1)
    >>> city.areas.population.sum()
    np.int64(300000)
    """
    _check(incidents, years, population, publish, near_repeat)
    offences, kinds, kind_names = load_offences(
        near_repeat=near_repeat, season=season, rhythm=rhythm, trend=trend
    )
    plan = lay_streets(rng=_stream(seed, _LAYOUT))
    areas = draw_areas(plan, n_areas=n_areas, rng=_stream(seed, _AREAS))
    sites = build_sites(plan, areas, kinds=kinds, rng=_stream(seed, _SITES))
    homes = np.bincount(sites.area, sites.homes, minlength=n_areas).astype(float)
    residents = settle_residents(areas, homes, population=population, rng=_stream(seed, _PEOPLE))
    risk = background_risk(
        sites, offences, areas.deprivation, heterogeneity=heterogeneity, rng=_stream(seed, _RISK)
    )
    last_day = date(first_year + years - 1, 12, 31)
    planned = _default_intervention(areas, residents, first_year, years)
    planted = Planted(
        seed=seed,
        incidents=incidents,
        first_day=date(first_year, 1, 1),
        last_day=last_day,
        export_day=last_day + timedelta(days=14),
        offences=offences,
        reporting=_reporting(offences, areas, reporting_gap, _stream(seed, _REPORTING)),
        intervention=(planned if intervention else None)
        if isinstance(intervention, bool)
        else intervention,
        heterogeneity=heterogeneity,
        publish=publish,
        precision_m=_PRECISION[publish],
    )
    return City(
        name=CITY_NAME,
        crs=CITY_CRS,
        plan=plan,
        areas=replace(areas, residents=residents),
        sites=sites,
        kind_names=kind_names,
        risk=risk,
        planted=planted,
    )


def _stream(seed: int, part: int) -> np.random.Generator:
    return np.random.default_rng([seed, part])


def _check(incidents: int, years: int, population: int, publish: str, near_repeat: float) -> None:
    if not 1_000 <= incidents <= 10_000_000:
        raise ValueError(f"incidents must be from 1,000 to 10,000,000; got {incidents}")
    if not 1 <= years <= 20:
        raise ValueError(f"years must be from 1 to 20; got {years}")
    if not 10_000 <= population <= 10_000_000:
        raise ValueError(f"population must be from 10,000 to 10,000,000; got {population}")
    if not 0 <= near_repeat <= 4:
        raise ValueError(f"near_repeat must be from 0 (none) to 4; got {near_repeat}")
    if publish not in _PRECISION:
        raise ValueError(f"publish must be one of {', '.join(_PRECISION)}; got {publish!r}")


def _reporting(
    offences: tuple[Offence, ...], areas: Areas, gap: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Chance that an event is recorded: lower where deprivation is higher, on the logit scale."""
    base = np.array([item.reporting for item in offences])
    shift = gap * (1.0 * (0.5 - areas.deprivation) + rng.normal(0, 0.12, len(areas.codes)))
    logit = np.log(base / (1 - base))[:, None] + shift
    return np.asarray(1 / (1 + np.exp(-logit)))


def _default_intervention(
    areas: Areas, residents: NDArray[np.int64], first_year: int, years: int
) -> Intervention:
    """Half-way through the period, in a much populated area and three of its neighbours."""
    total = residents.sum(axis=1)
    middle = int(np.argmax(total))
    beside = sorted(areas.neighbours[middle], key=lambda i: -total[i])[:3]
    chosen = sorted([middle, *beside])
    ring = sorted({j for i in chosen for j in areas.neighbours[i]} - set(chosen))
    return Intervention(
        offence="Theft from a vehicle",
        areas=tuple(areas.codes[i] for i in chosen),
        ring=tuple(areas.codes[i] for i in ring),
        start=date(first_year + years // 2, 7 if years % 2 else 1, 1),
        effect=0.30,
        displacement=0.25,
    )


def _snapped(middle: NDArray[np.float64], sites: Sites, seed: int) -> NDArray[np.float64]:
    """The nearest of the snap points: the middles of one street segment in five."""
    from scipy.spatial import KDTree

    points = middle[_stream(seed, _SNAP).random(len(middle)) < 0.2]
    return np.asarray(points[KDTree(points).query(np.c_[sites.x, sites.y])[1]])
