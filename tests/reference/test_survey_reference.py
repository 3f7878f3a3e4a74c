"""Survey estimates beside the package svy, and beside worked examples of textbooks.

Where svy is not followed, the test says so: its linearised variance after raking differs from
the derivative of raking, which `tests/analysis/survey/test_weighting.py` computes.
"""

from __future__ import annotations

import numpy as np
import pytest

from commonlight.analysis.survey.design import SurveyDesign
from commonlight.analysis.survey.differences import survey_difference
from commonlight.analysis.survey.estimates import (
    survey_mean,
    survey_proportion,
    survey_ratio,
    survey_total,
)
from commonlight.analysis.survey.quantiles import survey_quantile
from commonlight.analysis.survey.regression import survey_regression
from commonlight.analysis.survey.replicates import brr_weights, jackknife_weights
from commonlight.analysis.survey.weighting import calibrate_design, rake

EXACT = {"rtol": 1e-8}
N = 600


@pytest.fixture(scope="module")
def columns():
    rng = np.random.default_rng(5)
    st, cl, g = rng.integers(0, 5, N), rng.integers(0, 6, N), rng.integers(0, 4, N)
    y = rng.normal(5, 2, N) + cl + st
    y[rng.random(N) < 0.05] = np.nan
    return {
        "st": st,
        "cl": cl,
        "g": g,
        "y": y,
        "w": rng.uniform(0.5, 3, N),
        "x": rng.uniform(1, 3, N),
        "yes": (rng.random(N) < 0.05 + 0.05 * cl).astype(int),
        "a": rng.integers(0, 2, N),
        "b": rng.integers(0, 3, N),
        "size": np.array([12, 20, 30, 9, 15])[st],
    }


def ours(c, **options):
    return SurveyDesign(weights=c["w"], strata=c["st"], clusters=c["cl"], **options)


def theirs(c, **options):
    import polars
    import svy

    frame = polars.DataFrame(c).with_columns(polars.col("y").fill_nan(None))
    return svy.Sample(frame, svy.Design(stratum="st", psu="cl", wgt="w", **options))


def agree(found, estimate, names=("est", "se", "lci", "uci")):
    fields = {"est": "estimate", "se": "se", "lci": "ci_lower", "uci": "ci_upper"}
    table = estimate.to_polars()
    for name in names:
        np.testing.assert_allclose(
            getattr(found, fields[name]), table[name].to_numpy(), **EXACT, err_msg=name
        )
    return table


POPULATION = np.array([12, 20, 30, 9, 15])


@pytest.mark.parametrize("finite", [False, True])
@pytest.mark.parametrize("by", [None, "g"])
def test_means(columns, finite, by):
    c = columns
    design = ours(c, population=POPULATION if finite else None)
    sample = theirs(c, **({"pop_size": "size"} if finite else {}))
    groups = None if by is None else c["g"]
    reference = sample.estimation.mean("y", by=by, drop_nulls=True, deff="wr")
    found = survey_mean(c["y"], design, by=groups)
    table = agree(found, reference)
    np.testing.assert_allclose(found.deff, table["deff"].to_numpy(), **EXACT)
    if by:
        np.testing.assert_array_equal(found.degrees_of_freedom, table["df"].to_numpy())
        np.testing.assert_array_equal(found.n, table["n"].to_numpy())
    agree(survey_total(c["x"], design, by=groups), sample.estimation.total("x", by=by))
    agree(survey_ratio(c["x"], c["w"], design, by=groups), sample.estimation.ratio("x", "w", by=by))


def test_degrees_of_freedom_where_a_group_lacks_clusters(columns):
    c = dict(columns)
    c["g"] = np.where((c["cl"] < 2) & (c["st"] < 3), 0, 1)
    table = agree(survey_mean(c["x"], ours(c), by=c["g"]), theirs(c).estimation.mean("x", by="g"))
    assert table["df"].to_list() == [6 - 3, 24 - 5]


@pytest.mark.parametrize("method", ["logit", "korn-graubard"])
def test_proportions(columns, method):
    c = columns
    reference = theirs(c).estimation.prop("yes", by="g", ci_method=method).to_polars()
    reference = reference.filter(reference["yes"] == 1).sort("g")
    found = survey_proportion(c["yes"], ours(c), by=c["g"], interval=method)
    for name, field in (
        ("est", "estimate"),
        ("se", "se"),
        ("lci", "ci_lower"),
        ("uci", "ci_upper"),
    ):
        np.testing.assert_allclose(getattr(found, field), reference[name].to_numpy(), **EXACT)


def test_medians(columns):
    """The same quantiles; limits around q (Woodruff) where svy and R take F(median)."""
    c = columns
    reference = theirs(c).estimation.quantile("x", by="g", p=0.5).to_polars()
    found = survey_quantile(c["x"], ours(c), q=0.5, by=c["g"])
    np.testing.assert_allclose(found.estimate, reference["est"].to_numpy(), **EXACT)
    np.testing.assert_allclose(found.ci_lower, reference["lci"].to_numpy(), rtol=0.03)
    np.testing.assert_allclose(found.ci_upper, reference["uci"].to_numpy(), rtol=0.03)


def test_differences_within_the_sample(columns):
    import svy

    c = columns
    reference = theirs(c).estimation.mean("x", by="g")
    contrast = reference.contrast({"d": svy.estd(2) - svy.estd(0)}).to_polars()
    found = survey_difference(c["x"], ours(c), groups=c["g"], reference=0)
    np.testing.assert_allclose(found.estimate[2], contrast["est"][0], **EXACT)
    np.testing.assert_allclose(found.se[2], contrast["se"][0], **EXACT)


@pytest.mark.parametrize(("rule", "lonely"), [("center", "adjust"), ("skip", "certainty")])
def test_lonely_strata(columns, rule, lonely):
    c = dict(columns)
    c["st"] = c["st"].copy()
    c["st"][0] = 5
    agree(
        survey_mean(c["x"], ours(c, lonely=lonely), by=c["g"]),
        theirs(c, singleton=rule).estimation.mean("x", by="g"),
    )


def test_post_stratification(columns):
    c = columns
    sample = theirs(c).weighting.poststratify({0: 300.0, 1: 300.0, 2: 400.0}, cells="b")
    design = calibrate_design(ours(c), [c["b"]], [[300, 300, 400]])
    agree(survey_mean(c["x"], design, by=c["g"]), sample.estimation.mean("x", by="g"))
    agree(survey_total(c["x"], design, by=c["g"]), sample.estimation.total("x", by="g"))


def test_raking(columns):
    c = columns
    controls = {"a": {0: 400.0, 1: 600.0}, "b": {0: 300.0, 1: 300.0, 2: 400.0}}
    sample = theirs(c).weighting.rake(controls=controls, tol=1e-12)
    margins, targets = [c["a"], c["b"]], [[400, 600], [300, 300, 400]]
    np.testing.assert_allclose(
        rake(c["w"], margins, targets).weights, sample.data["rk_wgt"].to_numpy(), rtol=1e-7
    )
    found = survey_mean(c["x"], calibrate_design(ours(c), margins, targets), by=c["g"])
    reference = sample.estimation.mean("x", by="g").to_polars()
    np.testing.assert_allclose(found.estimate, reference["est"].to_numpy(), rtol=1e-7)
    # not EXACT: svy's residuals are not those of the derivative, see the module docstring
    np.testing.assert_allclose(found.se, reference["se"].to_numpy(), rtol=0.02)


def test_jackknife(columns):
    c = columns
    sample = theirs(c).weighting.create_jk_wgts()
    reference = sample.estimation.mean(
        "x", by="g", method="replication", variance_center="estimate"
    )
    made = jackknife_weights(ours(c), dtype=np.float64)
    found = survey_mean(c["x"], ours(c).with_replicates(made.weights, made.scale), by=c["g"])
    agree(found, reference)


@pytest.mark.parametrize("fay", [0.0, 0.4])
def test_balanced_half_samples_from_the_columns_of_a_file(columns, fay):
    import polars
    import svy

    c = dict(columns)
    c["cl"] = c["cl"] % 2
    made = brr_weights(ours(c), fay=fay, dtype=np.float64)
    frame = polars.DataFrame({"x": c["x"], "g": c["g"], "w": c["w"]}).with_columns(
        *(polars.Series(f"r{i + 1}", column) for i, column in enumerate(made.weights.T))
    )
    replicates = svy.BrrWgts(prefix="r", n_reps=8, fay_coef=fay)
    sample = svy.Sample(frame, svy.Design(wgt="w", rep_wgts=replicates))
    reference = sample.estimation.mean(
        "x", by="g", method="replication", variance_center="estimate"
    )
    design = SurveyDesign(
        weights=c["w"], replicate_weights=made.weights, replicate_scale=made.scale
    )
    agree(survey_mean(c["x"], design, by=c["g"]), reference)


def test_regression(columns):
    c = columns
    reference = theirs(c).glm.fit(y="y", x=["x", "a"], family="gaussian").fitted
    found = survey_regression(c["y"], np.column_stack([c["x"], c["a"]]), ours(c))
    np.testing.assert_allclose(found.estimate, [p.est for p in reference.coefs], **EXACT)
    np.testing.assert_allclose(found.se, [p.se for p in reference.coefs], **EXACT)


def test_hours_of_television():
    """Scheaffer, Mendenhall & Ott, Elementary Survey Sampling, table 5.1 and example 5.2:
    a stratified sample of 20, 8 and 12 of 155, 62 and 93 households; mean 27.7, V = 1.97."""
    town_a = [35, 43, 36, 39, 28, 28, 29, 25, 38, 27, 26, 32, 29, 40, 35, 41, 37, 31, 45, 34]
    town_b = [27, 15, 4, 41, 49, 25, 10, 30]
    rural = [8, 14, 12, 15, 30, 32, 21, 20, 34, 7, 11, 24]
    size, drawn = np.array([155, 62, 93]), np.array([20, 8, 12])
    strata = np.repeat([0, 1, 2], drawn)
    design = SurveyDesign(weights=(size / drawn)[strata], strata=strata, population=size)
    found = survey_mean(np.array(town_a + town_b + rural), design)
    assert found.estimate[0] == pytest.approx(27.7, abs=0.05)
    assert found.se[0] ** 2 == pytest.approx(1.97, abs=0.005)
    by_town = survey_mean(np.array(town_a + town_b + rural), design, by=strata, minimum_answers=2)
    np.testing.assert_allclose(by_town.estimate, [33.900, 25.125, 19.000], atol=0.0005)


def test_grades_in_dormitories():
    """Lohr, Sampling: Design and Analysis, example 5.2: 5 of 100 suites with 4 students each;
    mean grade 2.826 with standard error 0.164, 4 degrees of freedom."""
    grades = np.array(
        [
            [3.08, 2.60, 3.44, 3.04],
            [2.36, 3.04, 3.28, 2.68],
            [2.00, 2.56, 2.52, 1.88],
            [3.00, 2.88, 3.44, 3.64],
            [2.68, 1.92, 3.28, 3.20],
        ]
    )
    design = SurveyDesign(
        weights=np.full(20, 20.0), clusters=np.repeat(np.arange(5), 4), population=[100]
    )
    found = survey_mean(grades.ravel(), design, minimum_answers=20)
    assert found.estimate[0] == pytest.approx(2.826, abs=0.0005)
    assert found.se[0] == pytest.approx(0.164, abs=0.0005)
    assert found.degrees_of_freedom[0] == 4
    assert survey_total(grades.ravel(), design, minimum_answers=20).estimate[0] == pytest.approx(
        1130.4
    )
