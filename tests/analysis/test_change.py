from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonlight.analysis.change import compare_counts, estimate_dispersion


def noise(mean: np.ndarray, phi: float, draw: np.random.Generator) -> np.ndarray:
    return draw.poisson(mean) if phi == 1 else draw.negative_binomial(mean / (phi - 1), 1 / phi)


@pytest.mark.slow
@pytest.mark.parametrize("phi", [1.0, 1.5, 3.0])
@pytest.mark.parametrize("n", [6, 24])
@pytest.mark.parametrize("known", [True, False])
def test_level_under_the_null(phi: float, n: int, known: bool) -> None:
    draw, alarms, runs = np.random.default_rng(n), 0, 800
    for _ in range(runs):
        before, after = noise(np.full(n, 20.0), phi, draw), noise(np.full(n, 20.0), phi, draw)
        dispersion = phi if known else None
        alarms += compare_counts(before, after, dispersion=dispersion).p_value < 0.05
    assert alarms / runs <= 0.05 + 1.64 * np.sqrt(0.05 * 0.95 / runs)


def test_poisson_form_fails_for_over_dispersed_counts_and_ours_does_not() -> None:
    draw, poisson, ours = np.random.default_rng(3), 0, 0
    for _ in range(400):
        before, after = noise(np.full(24, 20.0), 3, draw), noise(np.full(24, 20.0), 3, draw)
        poisson += compare_counts(before, after, dispersion=1.0).p_value < 0.05
        ours += compare_counts(before, after).p_value < 0.05
    assert poisson / 400 > 0.18
    assert ours / 400 < 0.07


def test_planted_fall_of_30_percent_is_found() -> None:
    draw, found = np.random.default_rng(4), 0
    for _ in range(100):
        before, after = noise(np.full(12, 60.0), 2, draw), noise(np.full(12, 42.0), 2, draw)
        found += compare_counts(before, after).ci_upper < 1
    assert found >= 95


@settings(max_examples=60)
@given(
    st.integers(0, 200),
    st.integers(0, 200),
    st.floats(0.1, 10),
    st.floats(1, 6),
    st.sampled_from([5.0, 30.0, float("inf")]),
)
def test_interval_p_value_and_scale(
    before: int, after: int, scale: float, phi: float, df: float
) -> None:
    if before + after == 0:
        return
    result = compare_counts(before, after, dispersion=phi, dispersion_df=df)
    if abs(result.p_value - 0.05) > 1e-6:
        assert (result.p_value < 0.05) == (result.ci_lower > 1 or result.ci_upper < 1)
    assert result.ci_lower <= result.estimate <= result.ci_upper
    scaled = compare_counts(
        before,
        after,
        exposure_before=scale,
        exposure_after=scale,
        dispersion=phi,
        dispersion_df=df,
    )
    assert scaled.p_value == pytest.approx(result.p_value)
    assert scaled.ci_lower == pytest.approx(result.ci_lower)
    swapped = compare_counts(after, before, dispersion=phi, dispersion_df=df)
    assert swapped.p_value == pytest.approx(result.p_value)
    if result.ci_lower > 0:
        assert swapped.ci_upper == pytest.approx(1 / result.ci_lower, rel=1e-6)


def test_less_knowledge_of_the_dispersion_gives_a_wider_interval() -> None:
    few, many, known = (
        compare_counts(100, 70, dispersion=2, dispersion_df=df) for df in (4, 40, float("inf"))
    )
    assert few.ci_upper > many.ci_upper > known.ci_upper


def test_dispersion_of_constant_rate_agrees_with_variance_over_mean() -> None:
    counts = [4, 9, 2, 7, 3, 8]
    result = estimate_dispersion(counts)
    assert result.estimate == pytest.approx(np.var(counts, ddof=1) / np.mean(counts))
    assert result.df == 5


def test_zero_counts() -> None:
    none = compare_counts(0, 0, dispersion=1.0)
    assert not none.available
    assert "longer period" in none.reason
    rise = compare_counts(0, 8, dispersion=1.0)
    assert rise.estimate == np.inf
    assert rise.ci_upper == np.inf
    assert rise.ci_lower > 1
    fall = compare_counts(8, 0, dispersion=1.0)
    assert (fall.estimate, fall.ci_lower) == (0, 0)
    assert fall.ci_upper < 1


def test_huge_counts_stay_finite() -> None:
    result = compare_counts(10**9, 7 * 10**8, dispersion=5, dispersion_df=20)
    assert result.ci_lower == pytest.approx(0.7, abs=1e-3)


def test_inputs_are_not_changed() -> None:
    before, days = np.array([3.0, 4, 5]), np.array([30.0, 31, 30])
    kept = before.copy(), days.copy()
    compare_counts(before, [4, 4, 4], exposure_before=days, exposure_after=days)
    assert np.array_equal(before, kept[0])
    assert np.array_equal(days, kept[1])


def test_bad_input() -> None:
    with pytest.raises(ValueError, match=r"dispersion .* is needed for totals"):
        compare_counts(10, 12)
    with pytest.raises(ValueError, match="at least 3 periods"):
        compare_counts([10, 9], [12, 3])
    with pytest.raises(ValueError, match="before must be finite"):
        compare_counts([10, float("nan"), 3], [12])
    with pytest.raises(ValueError, match="exposure_after must be finite and positive"):
        compare_counts(10, 12, exposure_after=0, dispersion=1)
    with pytest.raises(ValueError, match="dispersion must be positive"):
        compare_counts(10, 12, dispersion=float("nan"))
    with pytest.raises(ValueError, match="dispersion_df"):
        compare_counts(10, 12, dispersion=2, dispersion_df=0)
