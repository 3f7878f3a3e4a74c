"""Small areas of the simulated city against the truth, over repeated samples.

In the city feelings differ from street to street and streets are the clusters of the sample, so
an area's own answers come from few clusters. Everybody takes part: the test is of the models, not
of non-response, which no such model repairs.
"""

from __future__ import annotations

import numpy as np
import pytest

from commonlight.analysis.survey.design import SurveyDesign
from commonlight.analysis.survey.estimates import survey_mean
from commonlight.analysis.survey.multilevel import multilevel_poststratified
from commonlight.analysis.survey.small_areas import fay_herriot
from commonlight.simulate.survey import draw_survey

ITEMS = ("safe_area_day", "safe_home_night", "safety_area")
SAMPLES = 15


def padded(values, n, empty=np.nan):
    out = np.full(n, empty, dtype=float)
    out[: len(values)] = values
    return out


def estimates(survey, values, adults, seed):
    """Direct, area-level and multilevel estimates with intervals, each of shape (n_areas,)."""
    n_areas = len(adults)
    design = SurveyDesign.from_columns(
        weights=survey.weight, strata=survey.stratum, clusters=survey.cluster
    )
    direct = survey_mean(values, design, by=survey.area)
    known = [direct.estimate, direct.se, direct.ci_lower, direct.ci_upper]
    estimate, se, lower, upper = (padded(column, n_areas) for column in known)
    area_level = fay_herriot(
        estimate,
        se**2,
        answers=padded(direct.n, n_areas, 0),
        degrees_of_freedom=padded(direct.degrees_of_freedom, n_areas, 0),
    )
    multilevel = multilevel_poststratified(
        values,
        area=survey.area,
        cells=survey.sex * 4 + survey.age,
        poststratification=adults.reshape(n_areas, -1),
        rng=np.random.default_rng(seed),
        n_draws=400,
    )
    rows = {"direct": (estimate, lower, upper)}
    for name, found in (("area level", area_level), ("multilevel", multilevel)):
        rows[name] = (found.estimate, found.ci_lower, found.ci_upper)
    return rows


@pytest.fixture(scope="module", params=[500, 1500])
def record(request, city):
    """Coverage and root mean squared error of each method, over items and samples."""
    perceptions = city.perceptions()
    felt = perceptions.felt()
    names = tuple(sorted(set(city.areas.parents)))
    strata = np.array([names.index(name) for name in city.areas.parents])
    held: dict[str, list] = {}
    missed: dict[str, list] = {}
    for seed in range(SAMPLES):
        survey = draw_survey(
            perceptions,
            answers=request.param,
            strata=strata,
            names=names,
            seed=seed,
            nonresponse=0.0,
            item_nonresponse=0.0,
        )
        for item in ITEMS:
            truth = felt.means[item]
            rows = estimates(survey, survey.values[item], perceptions.adults, seed)
            both = np.all([np.isfinite(row[0]) for row in rows.values()], axis=0)
            for name, (estimate, lower, upper) in rows.items():
                inside = (lower <= truth) & (truth <= upper)
                scale = truth.std()
                held.setdefault(name, []).extend(inside[np.isfinite(estimate)])
                missed.setdefault(name, []).extend(((estimate - truth)[both] / scale) ** 2)
    return {
        name: (float(np.mean(held[name])), float(np.sqrt(np.mean(missed[name])))) for name in held
    }


@pytest.mark.slow
def test_models_hold_their_level_where_direct_intervals_do_not(record):
    assert 0.90 <= record["area level"][0] <= 0.98
    assert 0.91 <= record["multilevel"][0] <= 0.99
    assert record["direct"][0] < 0.85


@pytest.mark.slow
def test_models_miss_by_less_than_direct_estimates(record):
    direct = record["direct"][1]
    assert record["area level"][1] < 0.75 * direct
    assert record["multilevel"][1] < 0.75 * direct
