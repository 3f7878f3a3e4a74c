"""Areas with few clusters do not seem to differ where they do not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from commonlight.audit.layers import AreaLayer
from commonlight.audit.questions.survey.areas import area_estimates
from commonlight.sources.codebook import Construct

WARDS, CLUSTERS, EACH = 12, 8, 5
VICTIM: dict[str, Any] = {
    "labels": {"1": "yes", "2": "no"},
    "share_of": ("1",),
    "construct": Construct.VICTIMISATION,
}
AREA = np.repeat(np.arange(WARDS), CLUSTERS * EACH)
CLUSTER = np.repeat(np.arange(WARDS * CLUSTERS), EACH)


def drawn(question: Any, survey_of: Any, areas: AreaLayer, share: Any, seed: int) -> Any:
    """Answers whose chance of a yes differs from cluster to cluster."""
    rng = np.random.default_rng(seed)
    moved = rng.normal(0, 0.15, WARDS * CLUSTERS)[CLUSTER]
    yes = rng.random(AREA.size) < np.clip(np.asarray(share)[AREA] + moved, 0.02, 0.98)
    layer = survey_of(
        question("victim", np.where(yes, 1, 2), **VICTIM),
        area=AREA,
        stratum=AREA,
        cluster=CLUSTER,
        areas=areas,
    )
    return area_estimates(layer, layer.measure("victim"))


@pytest.mark.slow
def test_equal_areas_of_eight_clusters_seldom_differ(
    question: Any, survey_of: Any, areas: AreaLayer
) -> None:
    """At most 5 % should; by the degrees of freedom of the whole sample 14 % did."""
    told = [
        bool((found.higher | found.lower).any())
        for found in (
            drawn(question, survey_of, areas, np.full(WARDS, 0.4), seed) for seed in range(200)
        )
    ]
    assert np.mean(told) <= 0.08


def test_an_area_far_from_the_others_is_found(
    question: Any, survey_of: Any, areas: AreaLayer
) -> None:
    share = np.full(WARDS, 0.3)
    share[4] = 0.9
    found = drawn(question, survey_of, areas, share, 1)
    assert found.higher[4]
    assert not np.delete(found.higher | found.lower, 4).any()
