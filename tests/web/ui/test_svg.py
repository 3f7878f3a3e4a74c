"""Pictures in pages: our own go in unchanged in shape, and nothing else goes in."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from commonlight.web.ui.svg import UnsafePictureError, inline_svg

OPENING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">'


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        '<image href="https://example.org/x.png"/>',
        '<use href="#x"/>',
        '<a href="javascript:alert(1)"><rect/></a>',
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml">x</body></foreignObject>',
        '<rect onclick="alert(1)"/>',
        '<rect style="fill: url(https://example.org/)"/>',
        '<rect fill="url(https://example.org/x#y)"/>',
        '<animate attributeName="href" values="javascript:alert(1)"/>',
        "<style>rect { fill: red }</style>",
        '<html:script xmlns:html="http://www.w3.org/1999/xhtml">alert(1)</html:script>',
    ],
)
def test_what_is_not_shape_or_word_is_left_out(evil):
    text = inline_svg(f"{OPENING}{evil}<rect width='1'/></svg>")
    assert not re.search(r"script|example\.org|onclick|style|foreignObject|href|alert", text)
    assert '<rect width="1">' in text


def test_words_are_escaped_again():
    assert "&lt;b&gt; &amp; &quot;" in inline_svg(f'{OPENING}<text>&lt;b&gt; &amp; "</text></svg>')


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE svg [<!ENTITY a "b">]>' + OPENING + "</svg>",
        "<html></html>",
        "<svg></svg>",
        "not a picture",
        OPENING,
        OPENING + " " * 8_000_001 + "</svg>",
    ],
)
def test_what_is_no_picture_of_ours_is_refused(text):
    with pytest.raises(UnsafePictureError):
        inline_svg(text)


def test_pictures_of_our_library_lose_nothing(shelf):
    files = sorted(shelf.glob("*/*.svg"))
    assert len(files) > 10
    for file in files:
        before = ElementTree.fromstring(file.read_text(encoding="utf-8"))
        text = inline_svg(file.read_text(encoding="utf-8"))
        after = ElementTree.fromstring(text.replace("<svg", f'<svg xmlns="{SPACE}"', 1))
        assert [(e.tag, e.attrib, e.text) for e in before.iter()] == [
            (e.tag, e.attrib, e.text or None) for e in after.iter()
        ], file.name


SPACE = "http://www.w3.org/2000/svg"
