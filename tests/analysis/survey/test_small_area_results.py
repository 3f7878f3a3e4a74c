"""How much of an estimate is borrowed, in words."""

from __future__ import annotations

import numpy as np

from commonlight.analysis.survey.small_area_results import areas_words, borrowing_words


def test_words_follow_the_share():
    words = [borrowing_words(share, synthetic=False) for share in (0.1, 0.4, 0.6, 0.85, 0.95)]
    assert len(set(words)) == 5
    assert words[0] == "rests mainly on its own answers"
    assert words[-1] == "comes almost wholly from the other areas"


def test_an_area_without_an_estimate_has_no_words():
    available, synthetic = np.array([True, False, True]), np.array([False, False, True])
    words = areas_words(np.array([0.1, 0.5, 1.0]), available, synthetic)
    assert words[:2] == ("rests mainly on its own answers", "")
    assert words[2].startswith("comes from the model alone")
