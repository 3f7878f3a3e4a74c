"""Chicago's blocks: recorded violence beside collective efficacy, by neighbourhood cluster.

Data: Lanfear, C. C. (2022). Collective efficacy and the built environment. Criminology 60(2).
1,641 blocks in 343 clusters. Collective efficacy is a value of the cluster, standardised over
clusters, and it comes without a standard error. What is known of its error is the reliability
that its makers published: about 0.80 for a cluster with 20 respondents and 0.91 for one with 50
(Sampson, R. J., Raudenbush, S. W., & Earls, F. (1997). Neighborhoods and violent crime. Science
277, 918-924. doi:10.1126/science.277.5328.918). How many answered in which cluster is not in the
file, so one reliability stands for all, and the interval is one of the scale and not of a cluster.

Reliability r is the share of true variance, so that a value that the multilevel model has drawn
towards the mean has the variance r T and the remaining error (1 - r) T, T being the true variance:
the standard error is sqrt((1 - r) / r) standard deviations of the values.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from commonlight.analysis.divergence import (
    Divergence,
    DivergenceClass,
    divergence,
    divergence_classes,
)
from commonlight.analysis.witnesses import (
    MeasuredWitness,
    measured_witness,
    recorded_witness,
)
from commonlight.sources.area_measures import AreaMeasures, MeasureColumn, read_area_measures
from commonlight.sources.codebook import Construct

COUNTS = {"robbery": "CRIME_robbery_2004_2006", "violent": "CRIME_violent_2004_2006"}
RELIABILITY = (0.80, 0.91)


@pytest.fixture(scope="module")
def blocks(shared_data: Path) -> AreaMeasures:
    efficacy = MeasureColumn(
        column="CE_hlm_2001", construct=Construct.COLLECTIVE_EFFICACY, high_is="better"
    )
    recorded = {
        name: MeasureColumn(column=column, construct="recorded", unit="in three years")
        for name, column in COUNTS.items()
    }
    return read_area_measures(
        shared_data / "area_chicago_built_environment" / "blocks.csv.gz",
        area=None,
        measures={"efficacy": efficacy, **recorded},
        cluster="ccahs_nc",
    )


def by_cluster(blocks: AreaMeasures, name: str) -> np.ndarray:
    assert blocks.clusters is not None
    return np.bincount(blocks.clusters, blocks.measures[name].values, len(blocks.cluster_labels))


def in_cluster(blocks: AreaMeasures) -> np.ndarray:
    """Blocks of each cluster in the sample."""
    assert blocks.clusters is not None
    return np.bincount(blocks.clusters, minlength=len(blocks.cluster_labels))


def dispersion(blocks: AreaMeasures, name: str) -> float:
    """How much more blocks of one cluster differ than single events would make them."""
    n, values = in_cluster(blocks), blocks.measures[name].values
    mean = by_cluster(blocks, name) / n
    expected = mean[blocks.clusters]
    known = expected > 0
    degrees = known.sum() - (mean > 0).sum()
    return float(((values - expected)[known] ** 2 / expected[known]).sum() / degrees)


def felt(blocks: AreaMeasures, reliability: float | None) -> MeasuredWitness:
    """Lack of collective efficacy; the border is the mean over blocks."""
    n = in_cluster(blocks)
    value = by_cluster(blocks, "efficacy") / n
    se = None
    if reliability is not None:
        se = value.std(ddof=1) * np.sqrt((1 - reliability) / reliability)
    return measured_witness(value, se, residents=n, high_is_worse=False)


def told(blocks: AreaMeasures, name: str, reliability: float | None) -> Divergence:
    recorded = recorded_witness(
        by_cluster(blocks, name), in_cluster(blocks), per=1, dispersion=dispersion(blocks, name)
    )
    return divergence(recorded, felt(blocks, reliability))


def test_collective_efficacy_belongs_to_clusters(blocks: AreaMeasures) -> None:
    """README: 1,641 blocks in 343 clusters, means of 3.18 robberies a block."""
    assert (len(blocks.codes), len(blocks.cluster_labels)) == (1_641, 343)
    assert blocks.measures["efficacy"].shared
    assert not blocks.measures["robbery"].shared
    assert any("share one value of 'efficacy'" in note for note in blocks.notes)
    assert blocks.measures["robbery"].values.mean() == pytest.approx(3.18, abs=0.005)
    value = -felt(blocks, None).estimate
    assert (value.mean(), value.std(ddof=1)) == pytest.approx((0, 1), abs=1e-6)


def test_blocks_of_one_cluster_differ_far_more_than_by_chance(blocks: AreaMeasures) -> None:
    """README: strongly over-dispersed. Poisson would be 1, and would tell clusters too easily."""
    assert dispersion(blocks, "robbery") > 2
    assert dispersion(blocks, "violent") > 3


@pytest.mark.parametrize("name", COUNTS)
def test_without_any_standard_error_nothing_can_be_told(blocks: AreaMeasures, name: str) -> None:
    found = told(blocks, name, None)
    assert set(found.kind) == {DivergenceClass.CANNOT_TELL}
    assert set(found.reason) == {"what is felt is not known"}


@pytest.mark.parametrize("name", COUNTS)
@pytest.mark.parametrize("reliability", RELIABILITY)
def test_a_class_only_where_both_intervals_are_clear(
    blocks: AreaMeasures, name: str, reliability: float
) -> None:
    found = told(blocks, name, reliability)
    across = (found.recorded_lower <= found.recorded_border) & (
        found.recorded_border <= found.recorded_upper
    ) | (found.felt_lower <= found.felt_border) & (found.felt_border <= found.felt_upper)
    assert not (found.told & across).any()
    assert found.told.sum() == (~across).sum()
    assert found.wrong <= 0.05 + 1e-9


@pytest.mark.parametrize("name", COUNTS)
def test_with_the_published_reliability_most_clusters_cannot_be_told(
    blocks: AreaMeasures, name: str
) -> None:
    """At 0.80 a value is known to a half of the standard deviation between clusters, and a
    cluster has 4 or 5 blocks: nine of ten and more stay open, more of them at 0.80 than at 0.91."""
    counts = [told(blocks, name, reliability).told.sum() for reliability in RELIABILITY]
    assert counts[0] <= counts[1] <= 0.1 * 343
    assert felt(blocks, 0.80).se == pytest.approx(0.5, abs=0.02)


def test_violence_and_lack_of_efficacy_go_together_where_they_can_be_told(
    blocks: AreaMeasures,
) -> None:
    """Sampson et al.: collective efficacy is negatively associated with variations in violence."""
    n = in_cluster(blocks)
    rate = by_cluster(blocks, "violent") / n
    assert np.corrcoef(felt(blocks, None).estimate, rate)[0, 1] > 0.3
    recorded = recorded_witness(
        by_cluster(blocks, "violent"), n, per=1, dispersion=dispersion(blocks, "violent")
    )
    unsure = felt(blocks, 0.91)
    # Ordinary intervals at 95 %, each cluster by itself: more classes, one in ten perhaps wrong.
    found = divergence_classes(
        recorded.estimate,
        *recorded.interval(0.95),
        unsure.estimate,
        *unsure.interval(0.95),
        recorded_border=recorded.border,
        felt_border=unsure.border,
        confidence=0.95,
    )
    counts = found.counts()
    together = counts[DivergenceClass.BOTH_HIGH] + counts[DivergenceClass.BOTH_LOW]
    apart = counts[DivergenceClass.FELT_ONLY] + counts[DivergenceClass.RECORDED_ONLY]
    assert together > 30
    assert together > 4 * apart
