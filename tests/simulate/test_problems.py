"""Problems and reports: unequal propensity, heavy users, and duplicates that are known."""

from __future__ import annotations

import numpy as np
import pytest

from commonlight.analysis.report_duplicates import likely_duplicates
from commonlight.simulate.problems import CATEGORIES


@pytest.fixture(scope="module")
def reports(city):
    return city.reports()


def test_problems_follow_what_is_in_the_streets(city):
    problems, around = city.problems, city.surroundings
    assert 8_000 < len(problems) < 20_000
    litter = np.bincount(problems.segment[problems.category == 0], minlength=len(around.litter))
    assert litter.mean() == pytest.approx(3 * 0.35 * around.litter.mean(), rel=0.05)
    assert np.corrcoef(litter, around.litter)[0, 1] > 0.5
    broken = problems.segment[problems.category == CATEGORIES.index("Street light not working")]
    assert around.lit[broken].all()


def test_reports_of_a_problem_are_as_many_as_planted(city, reports):
    """Without heavy users, in a street with the usual number of homes."""
    usual = reports.problem[~reports.heavy]
    counts = np.bincount(usual, minlength=len(city.problems))
    homes = np.bincount(city.sites.segment, city.sites.homes, len(city.plan.length))
    seen = np.sqrt((homes[city.problems.segment] + 8) / (homes.mean() + 8))
    early = city.problems.day < city.days - 90
    expected = reports.propensity[city.problems.area] * seen
    assert counts[early].sum() == pytest.approx(expected[early].sum(), rel=0.03)
    per_area = [np.bincount(city.problems.area[early], x[early]) for x in (counts, expected)]
    z = (per_area[0] - per_area[1]) / np.sqrt(per_area[1])
    assert np.mean(z**2) < 1.6


def test_less_is_reported_where_deprivation_is_higher(city, reports):
    reported = np.bincount(reports.problem, minlength=len(city.problems)) > 0
    share = np.bincount(city.problems.area, reported) / np.bincount(city.problems.area)
    assert np.corrcoef(share, city.areas.deprivation)[0, 1] < -0.5
    assert np.corrcoef(reports.propensity, city.areas.deprivation)[0, 1] < -0.8


def test_a_map_of_reports_misleads_about_litter(city, reports):
    """Areas by reports per resident and by problems per resident are far from the same."""
    people = city.areas.population
    told = np.bincount(reports.area, minlength=48) / people
    real = np.bincount(city.problems.area, minlength=48) / people
    assert np.corrcoef(np.log(told), np.log(real))[0, 1] < 0.95


def test_few_report_much_and_one_problem_is_reported_by_several(city, reports):
    assert 0.05 < reports.heavy.mean() < 0.35
    counts = np.bincount(reports.problem)
    assert (counts > 1).sum() > 1_000
    areas = np.bincount(reports.area[reports.heavy], minlength=48)
    assert (areas > 0).sum() < 30


def test_reports_lie_near_their_problem_and_after_it(city, reports):
    problems = city.problems
    away = np.hypot(
        reports.x - problems.x[reports.problem], reports.y - problems.y[reports.problem]
    )
    assert np.median(away) == pytest.approx(15 * 1.177, rel=0.05)  # Rayleigh
    assert (reports.minute / 1440 >= problems.day[reports.problem] - 1e-3).all()
    assert (np.diff(reports.minute) >= 0).all()
    assert reports.minute.max() < 1440 * city.days
    wrong = (reports.category != problems.category[reports.problem]).mean()
    assert wrong == pytest.approx(0.03 * 0.75, abs=0.01)


def test_duplicates_are_found_better_than_by_chance(city, reports):
    found = likely_duplicates(
        reports.x, reports.y, reports.minute / 1440, reports.category, distance=60, days=45
    )
    truth = len(np.unique(reports.problem))
    assert 0.7 * truth < found.n_problems < 1.3 * truth


def test_the_same_seed_gives_the_same_reports(city, reports):
    again = city.reports(city.truth.felt)
    assert np.array_equal(again.problem, reports.problem)
    assert np.array_equal(again.x, reports.x)
