from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from commonlight.audit.questions.classes import quantile_breaks


def test_borders_are_rounded_quantiles() -> None:
    assert quantile_breaks(np.arange(1.0, 102.0)) == (21.0, 41.0, 61.0, 81.0)
    assert quantile_breaks(np.array([1234.0, 5678.0, 9012.0]), classes=2) == (5700.0,)


def test_values_without_number_are_left_out() -> None:
    assert quantile_breaks(np.array([np.nan, np.nan])) == ()
    assert quantile_breaks(np.array([])) == ()
    assert quantile_breaks(np.full(9, 3.0)) == ()


@given(arrays(float, st.integers(0, 60), elements=st.floats(1e-3, 1e6) | st.just(0.0)))
def test_borders_ascend_inside_the_values(values: np.ndarray) -> None:
    breaks = quantile_breaks(values)
    assert list(breaks) == sorted(set(breaks))
    assert len(breaks) <= 4
    assert all(values.min() < border <= values.max() for border in breaks)
