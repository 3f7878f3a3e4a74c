"""How a sample was drawn: codes, degrees of freedom, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonlight.analysis.survey.design import SurveyDesign, kish_effective_size


def test_a_cluster_code_used_again_in_another_stratum_is_another_cluster():
    design = SurveyDesign(
        weights=np.ones(6), strata=[0, 0, 0, 1, 1, 1], clusters=[0, 0, 1, 0, 1, 1]
    )
    assert design.n_units == 4
    assert design.units_in_stratum.tolist() == [2, 2]
    assert design.degrees == 2


def test_labels_become_codes():
    design = SurveyDesign.from_columns(
        strata=["north", "south", "south", "north"],
        clusters=["b", "a", "c", "d"],
        population={"south": 10, "north": 20},
    )
    assert design.strata.tolist() == [0, 1, 1, 0]
    assert design.population.tolist() == [20, 10]
    assert design.weights.tolist() == [1, 1, 1, 1]
    np.testing.assert_allclose(design.sampled_fraction, [0.1, 0.2])


def test_a_population_left_out_for_a_stratum_means_no_correction():
    design = SurveyDesign.from_columns(strata=["a", "a", "b", "b"], population={"a": 4})
    assert design.sampled_fraction.tolist() == [0.5, 0.0]


def test_without_strata_one_number_is_the_population():
    assert SurveyDesign.from_columns(n=5, population=50).sampled_fraction.tolist() == [0.1]


def test_degrees_of_a_domain_are_its_units_less_its_strata():
    # R: degf(subset(design, ...)) counts the clusters and strata that have a row left
    design = SurveyDesign(
        weights=np.ones(8), strata=[0, 0, 0, 0, 1, 1, 1, 1], clusters=[0, 0, 1, 2, 0, 1, 2, 3]
    )
    group = np.array([0, 0, 0, 1, 1, 1, 1, -1])
    assert design.domain_degrees(group, 3).tolist() == [1, 2, 0]


def test_answers_without_weight_do_not_count_as_degrees():
    assert SurveyDesign(weights=[1, 1, 1, 0]).degrees == 2


def test_replicates_bound_the_degrees():
    design = SurveyDesign(
        weights=np.ones(50), replicate_weights=np.ones((50, 8)), replicate_scale=1 / 8
    )
    assert design.degrees == 7


def test_inputs_stay_and_are_not_shared():
    w = np.ones(4)
    design = SurveyDesign(weights=w)
    w[0] = 9
    assert design.weights[0] == 1


def test_replicate_weights_are_not_copied_and_keep_their_type():
    given_weights = np.ones((4, 3), dtype=np.float32)
    design = SurveyDesign(
        weights=np.ones(4), replicate_weights=given_weights, replicate_scale=[1, 1, 1]
    )
    assert design.replicate_weights is given_weights


@given(st.lists(st.floats(0.1, 100), min_size=1, max_size=40))
def test_kish_lies_between_one_and_n_and_has_no_unit(weights):
    size = kish_effective_size(weights)
    assert 1 - 1e-9 <= size <= len(weights) + 1e-9
    assert kish_effective_size(np.array(weights) * 7) == pytest.approx(size)


def test_kish_of_two_sizes_of_weights():
    # Kish (1992): 1 + relative variance of the weights
    w = np.array([1.0] * 30 + [3.0] * 10)
    assert len(w) / kish_effective_size(w) == pytest.approx(1 + w.var() / w.mean() ** 2)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"weights": [1, -1]}, "weights must be 0 or more"),
        ({"weights": [1, np.nan]}, "got nan at answer 1"),
        ({"weights": [0, 0]}, "must not all be 0"),
        ({"weights": []}, "one number for each answer"),
        ({"weights": [1, 1], "strata": [0.0, 1.0]}, "from_columns takes labels"),
        ({"weights": [1, 1], "strata": [0, -1]}, "strata must be 0 or more"),
        ({"weights": [1, 1], "clusters": [0]}, "each of the 2 answers"),
        ({"weights": [1, 1], "population": [1]}, "at least the sampling units"),
        ({"weights": [1, 1], "population": [1, 2]}, "one number for each of the 1 strata"),
        ({"weights": [1, 1], "replicate_weights": np.ones((2, 3))}, "replicate_scale is needed"),
        ({"weights": [1, 1], "replicate_weights": np.ones((3, 3))}, "shape"),
        ({"weights": [1, 1], "replicate_weights": np.full((2, 3), np.nan)}, "finite"),
        ({"weights": [1, 1], "lonely": "ignore"}, "lonely must be"),
        ({"weights": [1, 1], "degrees_of_freedom": 0}, "positive and finite"),
    ],
)
def test_bad_input_is_refused_in_words(options, words):
    with pytest.raises(ValueError, match=words):
        SurveyDesign(**options)


def test_a_population_of_a_stratum_nobody_has_is_refused():
    with pytest.raises(ValueError, match="'east', which no answer has"):
        SurveyDesign.from_columns(strata=["a", "b"], population={"east": 3})


def test_without_any_column_the_number_is_needed():
    with pytest.raises(ValueError, match="number of answers n"):
        SurveyDesign.from_columns()
