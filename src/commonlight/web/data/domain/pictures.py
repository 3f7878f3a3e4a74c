"""Dots for the small pictures of places, without a map library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from commonlight.web.data.methods.pictures import dots, frame_of

__all__ = ["picture_of_points", "placed_dots"]


def placed_dots(
    points: Sequence[Sequence[float]], frame: dict[str, Any]
) -> list[tuple[float, float]]:
    """Where points lie in the frame of a picture."""
    return dots(points, frame)


def picture_of_points(points: Sequence[Sequence[float]]) -> dict[str, Any] | None:
    """A picture of points alone, such as the first rows of a file."""
    frame = frame_of([lon for lon, _ in points], [lat for _, lat in points])
    return None if frame is None else {"frame": frame, "dots": dots(points, frame)}
