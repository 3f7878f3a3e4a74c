"""Pictures keep their title, source and date."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from commonlight.web.audits.domain.pictures import Stamp, stamped
from commonlight.web.ui.svg import inline_svg

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} 100" width="{w}" height="100.5">'
    "<title>T</title></svg>"
)
STAMP = Stamp(
    title="Burglaries & thefts <by area> in a city with a name that is long enough to wrap",
    lines=(
        "Source: Police. Period: 2024.",
        "Computed today. https://example.org/w/a/findings/1/x/",
    ),
)


@pytest.mark.parametrize("width", [320, 720])
def test_title_source_and_date_stand_inside_the_picture(width: int) -> None:
    tree = ElementTree.fromstring(stamped(SVG.format(w=width), STAMP))
    texts = " ".join(node.text or "" for node in tree.iter("{http://www.w3.org/2000/svg}text"))
    assert "<by area>" in texts
    assert "Source: Police." in texts
    assert "Computed today." in texts


@pytest.mark.parametrize("width", [320, 720])
def test_nothing_is_written_outside_the_paper(width: int) -> None:
    tree = ElementTree.fromstring(stamped(SVG.format(w=width), STAMP, opaque=True))
    left, top, wide, high = (float(part) for part in tree.get("viewBox", "").split())
    for node in tree.iter("{http://www.w3.org/2000/svg}text"):
        y, size = float(node.get("y", "")), float(node.get("font-size", ""))
        assert top < y - 0.7 * size
        assert y < top + high
        assert left + len(node.text or "") * size * 0.56 <= wide + size


def test_a_drawing_of_another_make_comes_back_as_it_is() -> None:
    assert stamped("<svg><g/></svg>", STAMP) == "<svg><g/></svg>"
    assert stamped("no picture", STAMP) == "no picture"


def test_the_stamp_passes_the_allow_list_of_the_page() -> None:
    drawn = inline_svg(stamped(SVG.format(w=720), STAMP))
    assert "Computed today." in drawn
    assert 'font-weight="700"' in drawn
