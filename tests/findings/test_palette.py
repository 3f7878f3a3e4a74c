"""Contrast after WCAG 2.2: 4.5:1 for text, 3:1 for parts of a picture."""

from __future__ import annotations

from itertools import pairwise

import pytest

from commonlight.findings.palette import (
    AXIS,
    INK,
    MARK,
    MUTED,
    PAPER,
    SEQUENTIAL,
    SERIES,
    check_public_scale,
    contrast_ratio,
    sequential,
)


def test_contrast_ratio_of_published_pairs():
    # W3C, Understanding SC 1.4.3: black on white is 21:1. WebAIM names #767676 as the
    # lightest grey that passes 4.5:1 on white, and #949494 as the lightest for 3:1.
    assert contrast_ratio("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast_ratio("#767676", "#ffffff") >= 4.5 > contrast_ratio("#777777", "#ffffff")
    assert contrast_ratio("#949494", "#ffffff") >= 3.0 > contrast_ratio("#959595", "#ffffff")


@pytest.mark.parametrize("colour", [INK, MUTED, MARK])
def test_text(colour):
    assert contrast_ratio(colour, PAPER) >= 4.5


@pytest.mark.parametrize("colour", [AXIS, *SERIES])
def test_graphical_objects(colour):
    assert contrast_ratio(colour, PAPER) >= 3.0


def test_map_borders_stand_out_from_the_paper():
    assert contrast_ratio("#55636d", PAPER) >= 3.0


def test_classes_run_from_light_to_dark_in_visible_steps():
    assert all(
        contrast_ratio(dark, PAPER) / contrast_ratio(light, PAPER) >= 1.3
        for light, dark in pairwise(SEQUENTIAL)
    )


def test_classes_are_one_hue_and_never_red_or_green():
    for colour in SEQUENTIAL:
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        assert red < green < blue


@pytest.mark.parametrize("classes", range(1, 7))
def test_a_scale_of_any_size_has_distinct_colours(classes):
    assert len(set(sequential(classes))) == classes


@pytest.mark.parametrize("classes", [0, 7])
def test_other_sizes_are_refused(classes):
    with pytest.raises(ValueError, match="1 to 6 classes"):
        sequential(classes)


@pytest.mark.parametrize(
    "colours",
    [
        ("#fee5d9", "#fcae91", "#fb6a4a", "#cb181d"),  # ColorBrewer Reds
        ("#fef0d9", "#fdcc8a", "#fc8d59", "#d7301f"),  # ColorBrewer OrRd
        ("#ffffcc", "#ffeda0", "#feb24c", "#bd0026"),  # ColorBrewer YlOrRd
        ("#f4c7c3", "#8b0000"),
        ("#f0f0f0", "#a3195b"),
    ],
)
def test_a_red_scale_is_refused_on_public_maps(colours):
    with pytest.raises(ValueError, match="reads as danger"):
        check_public_scale(colours)


@pytest.mark.parametrize(
    "colours",
    [
        SEQUENTIAL,
        sequential(1),
        ("#f7fcf5", "#a1d99b", "#00441b"),  # ColorBrewer Greens
        ("#f7f7f7", "#969696", "#252525"),
        ("#fde0dd", "#fa9fb5", "#7a0177", "#49006a"),  # ColorBrewer RdPu ends in purple
    ],
)
def test_other_scales_are_let_pass(colours):
    check_public_scale(colours)


@pytest.mark.parametrize("colours", [SEQUENTIAL[::-1], ("#27618f", "#27618f")])
def test_a_scale_that_does_not_darken_is_refused(colours):
    with pytest.raises(ValueError, match="does not darken from class to class"):
        check_public_scale(colours)
