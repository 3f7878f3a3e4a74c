"""Barcelona's victimisation survey of 2020: every figure that came with the data.

Persons and incidents: Ajuntament de Barcelona (2020), Enquesta de Victimitzacio de Barcelona,
CC BY. The figures stand in the data set's README (section "Known facts"): weighted with PES,
98 and 99 as missing, standard errors of R's package `survey` with strata = DISTRICTE.
"""

from __future__ import annotations

import csv
import gzip

import numpy as np
import pytest

from commonlight.analysis.survey.design import SurveyDesign
from commonlight.analysis.survey.estimates import (
    survey_mean,
    survey_proportion,
    survey_ratio,
)
from commonlight.analysis.survey.regression import survey_regression

ROUNDED = {"abs": 0.00005 + 1e-9}


class Survey:
    def __init__(self, path):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.design = SurveyDesign.from_columns(
            weights=self.column("PES"), strata=self.column("DISTRICTE")
        )

    def column(self, name):
        return np.array([float(row[name] or "nan") for row in self.rows])

    def rating(self, name):
        values = self.column(name)
        return np.where(np.isin(values, [98, 99]), np.nan, values)


@pytest.fixture(scope="module")
def folder(shared_data):
    return shared_data / "survey_barcelona_victimisation_2020"


@pytest.fixture(scope="module")
def survey(folder):
    return Survey(folder / "persons.csv.gz")


@pytest.fixture(scope="module")
def incidents(folder):
    with gzip.open(folder / "incidents.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_size_and_weights(survey, incidents):
    assert len(survey.rows) == 4_734
    assert len(incidents) == 5_148
    w = survey.design.weights
    assert w.sum() == pytest.approx(4_734)
    assert (w.min().round(3), w.max().round(3)) == (0.334, 2.466)
    assert survey.design.n_strata == 10


@pytest.mark.parametrize(
    ("item", "mean", "se"),
    [
        ("VAL_SEGUR_BARRI", 5.8524, 0.0373),
        ("VAL_SEGUR", 5.2137, 0.0339),
        ("VAL_MOSSOS", 6.6607, 0.0391),
        ("VAL_GUB", 6.2906, 0.0408),
    ],
)
def test_ratings(survey, item, mean, se):
    found = survey_mean(survey.rating(item), survey.design)
    assert found.estimate[0] == pytest.approx(mean, **ROUNDED)
    assert found.se[0] == pytest.approx(se, **ROUNDED)


def test_victims(survey):
    victim = survey.column("VICTIB_1")
    found = survey_proportion(victim, survey.design)
    assert 100 * found.estimate[0] == pytest.approx(30.89, abs=0.005)
    assert 100 * found.se[0] == pytest.approx(0.72, abs=0.005)
    sex = survey.column("SEXE").astype(int) - 1
    by_sex = survey_proportion(victim, survey.design, by=sex)
    np.testing.assert_allclose(100 * by_sex.estimate, [30.3, 31.6], atol=0.05)


def test_safety_in_the_neighbourhood_by_district(survey):
    by = survey.design.strata
    found = survey_mean(survey.rating("VAL_SEGUR_BARRI"), survey.design, by=by)
    means = [4.053, 6.203, 5.614, 6.792, 6.468, 6.768, 5.790, 5.432, 5.973, 5.521]
    errors = [0.114, 0.103, 0.114, 0.095, 0.116, 0.104, 0.119, 0.120, 0.117, 0.113]
    np.testing.assert_allclose(found.estimate, means, atol=0.000501)
    np.testing.assert_allclose(found.se, errors, atol=0.000501)
    assert found.available.all()


def test_victims_by_district(survey):
    found = survey_proportion(survey.column("VICTIB_1"), survey.design, by=survey.design.strata)
    shares = [0.452, 0.334, 0.260, 0.262, 0.298, 0.331, 0.316, 0.255, 0.276, 0.320]
    np.testing.assert_allclose(found.estimate, shares, atol=0.000501)


@pytest.mark.parametrize(
    ("code", "share"), [(1, 6.65), (2, 43.05), (3, 41.47), (98, 7.78), (99, 1.06)]
)
def test_safety_in_the_city_last_year(survey, code, share):
    found = survey_proportion(survey.column("EVO1A_SEGUR") == code, survey.design)
    assert 100 * found.estimate[0] == pytest.approx(share, abs=0.005)


@pytest.mark.parametrize(
    ("index", "share"),
    [
        ("IV6B_1", 23.66),  # personal
        ("IV1B_1", 8.18),  # vehicle
        ("IV2B_1", 3.54),  # home
        ("IV3B_1", 0.95),  # second home
        ("IV4B_1", 0.86),  # business
        ("CONSUB_1", 21.80),
        ("NOCONSUB_1", 16.66),
    ],
)
def test_victims_by_kind(survey, index, share):
    found = survey_proportion(survey.column(index), survey.design)
    assert 100 * found.estimate[0] == pytest.approx(share, abs=0.005)


def test_incidents_per_hundred_persons(survey, incidents):
    """76.44 comes from the complete file of 3,853 crimes; 45 of them were left out of the file
    we have. What is missing must be 45 incidents with weights of this survey."""
    w = survey.design.weights
    number = {row["NUMQ"]: 0 for row in survey.rows}
    for row in incidents:
        number[row["NUMQ"]] += row["DELICTE"] == "SÍ"
    counts = np.array(list(number.values()), dtype=float)
    assert counts.sum() == 3_808
    kept = 100 * survey_mean(counts, survey.design).estimate[0]
    left_out = (76.44 - kept) * w.sum() / 100
    assert 45 * w.min() < left_out < 45 * w.max()
    assert left_out / 45 == pytest.approx(1, abs=0.15)


def test_share_reported_with_a_signed_document(survey, incidents):
    """19.7 % of the incidents with DELICTE = SI and an answer to SIG, among the kept rows."""
    told = {row["NUMQ"]: [0.0, 0.0] for row in survey.rows}
    for row in incidents:
        if row["DELICTE"] == "SÍ" and row["SIG"]:
            told[row["NUMQ"]][0] += row["SIG"].endswith("VA FIRMAR UN DOCUMENT")
            told[row["NUMQ"]][1] += 1
    signed, answered = np.array(list(told.values())).T
    found = survey_ratio(signed, answered, survey.design)
    assert 100 * found.estimate[0] == pytest.approx(19.7, abs=0.05)


def test_unweighted_checks_of_the_student_work(survey):
    """Each of the two: mean over persons of the mean of two ratings, and how many lack one."""
    for a, b, mean, missing in (
        ("VAL_MOSSOS", "VAL_GUB", 6.45, 413),
        ("VAL_SEGUR_BARRI", "VAL_SEGUR", 5.49, 78),
    ):
        both = (survey.rating(a) + survey.rating(b)) / 2
        assert np.isnan(both).sum() == missing
        design = SurveyDesign(weights=np.ones(len(both)))
        assert survey_mean(both, design).estimate[0] == pytest.approx(mean, abs=0.005)


def test_regression_of_safety_on_sex_age_and_victimisation(survey):
    age = survey.column("EDAT1699_1A4")
    variables = np.column_stack(
        [
            survey.column("SEXE") == 2,
            *(age == code for code in (2, 3, 4)),
            survey.column("VICTIB_1"),
        ]
    ).astype(float)
    found = survey_regression(survey.rating("VAL_SEGUR_BARRI"), variables, survey.design)
    assert found.estimate[-1] == pytest.approx(-1.063, abs=0.0005)
    assert found.se[-1] == pytest.approx(0.084, abs=0.0005)


def test_published_error_of_the_whole_sample(survey):
    """+-1.6 points (95.5 %, P = Q): what 4,734 answers with these weights tell."""
    half = (np.random.default_rng(1).permutation(survey.design.n) % 2).astype(bool)
    found = survey_proportion(half, survey.design, confidence_level=0.955)
    reach = 100 * (found.ci_upper - found.ci_lower)[0] / 2
    assert reach == pytest.approx(1.6, abs=0.05)
