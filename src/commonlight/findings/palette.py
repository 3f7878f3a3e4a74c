"""Colours that survive a black-and-white printer, and the contrast they must keep.

Meaning never rests on colour alone: series differ by dash, marker or hatch and carry their
name; classes of a map run from light to dark in one hue. There is no red-to-green scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from colorsys import rgb_to_hls
from itertools import pairwise

__all__ = [
    "AXIS",
    "CATEGORIES",
    "GRID",
    "INK",
    "MARK",
    "MUTED",
    "PAPER",
    "SEQUENTIAL",
    "SERIES",
    "categorical",
    "check_public_scale",
    "contrast_ratio",
    "sequential",
]

PAPER = "#ffffff"
INK = "#0b0c0c"
MUTED = "#4a5459"
AXIS = "#6b757b"
GRID = "#dde1e4"
MARK = "#a3195b"

SERIES = ("#12436d", "#6f7f8c", "#a3195b", "#2f7d77")
"""Line and bar colours in order of use; each is at least 3:1 on white."""

SEQUENTIAL = ("#e4edf5", "#b9d2e7", "#85b0d3", "#4f88b6", "#27618f", "#0f3557")
"""Six classes of one hue from light to dark."""


CATEGORIES = ("#e4edf5", "#8fb8c9", "#2f7d77", "#0f3557")
"""Four kinds without an order; they differ in lightness too, so that they survive in grey."""

RED_REACH = 35.0
"""Degrees of hue on either side of pure red that still read as red: from crimson to orange-red."""

LEAST_CHROMA = 0.08
"""With less between the strongest and the weakest channel, a colour reads as grey."""


def sequential(classes: int, *, dark: bool = False) -> tuple[str, ...]:
    """Return colours for `classes` classes (1 to 6), spread over the light-to-dark scale.

    On a dark page the scale is turned round, so that more still stands out from the ground.

    Examples
    --------
    >>> sequential(2)
    ('#e4edf5', '#0f3557')
    """
    if not 1 <= classes <= len(SEQUENTIAL):
        raise ValueError(
            f"a map or heat chart has 1 to {len(SEQUENTIAL)} classes; got {classes}: "
            "give fewer class borders"
        )
    if classes == 1:
        return (SEQUENTIAL[2],)
    scale = SEQUENTIAL[::-1] if dark else SEQUENTIAL
    last = len(scale) - 1
    return tuple(scale[round(i * last / (classes - 1))] for i in range(classes))


def categorical(kinds: int, *, dark: bool = False) -> tuple[str, ...]:
    """Return colours for 1 to 4 kinds that have no order; turned round for a dark page.

    Examples
    --------
    >>> categorical(2)
    ('#e4edf5', '#8fb8c9')
    """
    if not 1 <= kinds <= len(CATEGORIES):
        raise ValueError(f"a map tells 1 to {len(CATEGORIES)} kinds apart; got {kinds}")
    return (CATEGORIES[::-1] if dark else CATEGORIES)[:kinds]


def check_public_scale(colours: Sequence[str]) -> None:
    """Raise where a scale of a public map shades places in red.

    Red reads as danger, and a map shaded in red alone as a map of dangerous places. A scale is
    refused where its darkest class is red, or where all its coloured classes are. Red is a hue
    within `RED_REACH` degrees of pure red with at least `LEAST_CHROMA` between the strongest and
    the weakest channel. A scale must also run from light to dark, so that it is read without
    colour.

    Parameters
    ----------
    colours : sequence of str
        Colours as ``#rrggbb`` from the lowest class to the highest.

    Raises
    ------
    ValueError
        The scale is red, or does not darken from class to class.

    Examples
    --------
    >>> check_public_scale(SEQUENTIAL)
    """
    shown = ", ".join(colours)
    if any(_luminance(b) >= _luminance(a) for a, b in pairwise(colours)):
        raise ValueError(
            f"the scale {shown} does not darken from class to class: order it from light to dark"
        )
    coloured = [colour for colour in colours if _chroma(colour) >= LEAST_CHROMA]
    if coloured and (_is_red(colours[-1]) or all(map(_is_red, coloured))):
        raise ValueError(
            f"the scale {shown} shades places in red, which reads as danger: use a scale of "
            "another hue, such as palette.SEQUENTIAL"
        )


def _chroma(colour: str) -> float:
    channels = _channels(colour)
    return max(channels) - min(channels)


def _is_red(colour: str) -> bool:
    hue = rgb_to_hls(*_channels(colour))[0] * 360
    return _chroma(colour) >= LEAST_CHROMA and min(hue, 360 - hue) <= RED_REACH


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def contrast_ratio(first: str, second: str) -> float:
    """Return the WCAG 2 contrast ratio of two colours written as ``#rrggbb``.

    References
    ----------
    .. [1] W3C, Web Content Accessibility Guidelines 2.2, definition of contrast ratio,
       https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio

    Examples
    --------
    >>> contrast_ratio("#000000", "#ffffff")
    21.0
    """
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
