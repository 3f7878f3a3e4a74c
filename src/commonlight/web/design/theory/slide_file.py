"""A file that presentation programs open: PresentationML, written with the standard library.

One layout with a title and a body. Each slide has a title, so that readers of a screen can go
from slide to slide; a picture carries the words for those who do not see it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from commonlight.web.design.theory.domain.graph import clean_text

__all__ = ["MEDIA_TYPE", "Slide", "SlidePicture", "slide_file"]

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
KINDS = "application/vnd.openxmlformats-officedocument"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
SPACES = (
    f'xmlns:a="{DRAWING}" '
    f'xmlns:r="{OFFICE}" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
WIDTH, HEIGHT = 12_192_000, 6_858_000
TITLE = (609_600, 320_000, 10_972_800, 900_000)
BODY = (609_600, 1_340_000, 10_972_800, 5_100_000)
GROUP = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'


class SlidePicture(NamedTuple):
    """A picture: PNG, the same as SVG, its proportion, and its words."""

    png: bytes
    svg: bytes
    width: float
    height: float
    alt: str


class Slide(NamedTuple):
    """A title, and lines or a picture."""

    title: str
    lines: tuple[str, ...] = ()
    picture: SlidePicture | None = None


def slide_file(slides: Sequence[Slide], *, title: str, language: str) -> bytes:
    """The slides as a .pptx file; the same slides give the same bytes."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _types(len(slides)),
        "_rels/.rels": _relations(
            ("officeDocument", "ppt/presentation.xml"),
            (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": _core(title, language),
        "ppt/presentation.xml": _presentation(len(slides)),
        "ppt/_rels/presentation.xml.rels": _relations(
            ("slideMaster", "slideMasters/slideMaster1.xml"),
            ("theme", "theme/theme1.xml"),
            *(("slide", f"slides/slide{at}.xml") for at in range(1, len(slides) + 1)),
        ),
        "ppt/theme/theme1.xml": _theme(),
        "ppt/slideMasters/slideMaster1.xml": _master(),
        "ppt/slideMasters/_rels/slideMaster1.xml.rels": _relations(
            ("slideLayout", "../slideLayouts/slideLayout1.xml"), ("theme", "../theme/theme1.xml")
        ),
        "ppt/slideLayouts/slideLayout1.xml": _layout(),
        "ppt/slideLayouts/_rels/slideLayout1.xml.rels": _relations(
            ("slideMaster", "../slideMasters/slideMaster1.xml")
        ),
    }
    for at, slide in enumerate(slides, start=1):
        parts[f"ppt/slides/slide{at}.xml"] = _slide(slide, language)
        images = []
        if slide.picture is not None:
            images = [("image", f"../media/picture{at}.{kind}") for kind in ("png", "svg")]
            parts[f"ppt/media/picture{at}.png"] = slide.picture.png
            parts[f"ppt/media/picture{at}.svg"] = slide.picture.svg
        parts[f"ppt/slides/_rels/slide{at}.xml.rels"] = _relations(
            ("slideLayout", "../slideLayouts/slideLayout1.xml"), *images
        )
    return _packed(parts)


def _packed(parts: dict[str, str | bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, HEAD + content if isinstance(content, str) else content)
    return written.getvalue()


def _slide(slide: Slide, language: str) -> str:
    shapes = _words(2, "title", "", [slide.title], language)
    if slide.lines:
        shapes += _words(3, "body", ' idx="1"', slide.lines, language)
    if slide.picture is not None:
        shapes += _picture(slide.picture)
    return (
        f"<p:sld {SPACES}><p:cSld><p:spTree>{GROUP}{shapes}</p:spTree></p:cSld>"
        "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>"
    )


def _words(number: int, kind: str, place: str, lines: Sequence[str], language: str) -> str:
    paragraphs = "".join(
        f"<a:p><a:r><a:rPr lang={quoteattr(language)}/><a:t>{_text(line)}</a:t></a:r></a:p>"
        for line in lines
    )
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{kind} {number}"/><p:cNvSpPr/>'
        f'<p:nvPr><p:ph type="{kind}"{place}/></p:nvPr></p:nvSpPr><p:spPr/>'
        f"<p:txBody><a:bodyPr><a:normAutofit/></a:bodyPr><a:lstStyle/>{paragraphs}</p:txBody></p:sp>"
    )


def _picture(picture: SlidePicture) -> str:
    """The picture as large as the body lets it be, in the middle of it."""
    left, top, width, height = BODY
    share = min(width / picture.width, height / picture.height)
    wide, high = round(picture.width * share), round(picture.height * share)
    x, y = left + (width - wide) // 2, top + (height - high) // 2
    alt = quoteattr(clean_text(picture.alt))
    return (
        f'<p:pic><p:nvPicPr><p:cNvPr id="4" name="picture" descr={alt}/>'
        "<p:cNvPicPr/><p:nvPr/></p:nvPicPr><p:blipFill>"
        '<a:blip r:embed="r2"><a:extLst><a:ext uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}">'
        f'<asvg:svgBlip xmlns:asvg="{SVG}" r:embed="r3"/></a:ext></a:extLst></a:blip>'
        "<a:stretch><a:fillRect/></a:stretch></p:blipFill>"
        f'<p:spPr><a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>'
    )


def _presentation(count: int) -> str:
    slides = "".join(f'<p:sldId id="{255 + at}" r:id="r{at + 2}"/>' for at in range(1, count + 1))
    return (
        f'<p:presentation {SPACES}><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="r1"/>'
        f"</p:sldMasterIdLst><p:sldIdLst>{slides}</p:sldIdLst>"
        f'<p:sldSz cx="{WIDTH}" cy="{HEIGHT}"/><p:notesSz cx="{HEIGHT}" cy="{WIDTH}"/>'
        "</p:presentation>"
    )


def _placeholder(number: int, kind: str, place: str, box: tuple[int, ...]) -> str:
    x, y, wide, high = box
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{kind}"/><p:cNvSpPr/>'
        f'<p:nvPr><p:ph type="{kind}"{place}/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm>'
        f'<a:off x="{x}" y="{y}"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm></p:spPr>'
        "<p:txBody><a:bodyPr/><a:lstStyle/><a:p/></p:txBody></p:sp>"
    )


def _master() -> str:
    shapes = _placeholder(2, "title", "", TITLE) + _placeholder(3, "body", ' idx="1"', BODY)
    names = ("accent1", "accent2", "accent3", "accent4", "accent5", "accent6")
    colours = " ".join(f'{one}="{one}"' for one in (*names, "hlink", "folHlink"))
    fill = '<a:solidFill><a:schemeClr val="tx1"/></a:solidFill><a:latin typeface="+mn-lt"/>'
    return (
        f'<p:sldMaster {SPACES}><p:cSld><p:bg><p:bgPr><a:solidFill><a:schemeClr val="bg1"/>'
        f"</a:solidFill><a:effectLst/></p:bgPr></p:bg><p:spTree>{GROUP}{shapes}</p:spTree></p:cSld>"
        f'<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" {colours}/>'
        '<p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="r1"/></p:sldLayoutIdLst>'
        f'<p:txStyles><p:titleStyle><a:lvl1pPr><a:defRPr sz="3200" b="1">{fill}</a:defRPr>'
        '</a:lvl1pPr></p:titleStyle><p:bodyStyle><a:lvl1pPr marL="285750" indent="-285750">'
        '<a:spcBef><a:spcPts val="900"/></a:spcBef><a:buChar char="•"/>'
        f'<a:defRPr sz="2000">{fill}</a:defRPr></a:lvl1pPr></p:bodyStyle><p:otherStyle/>'
        "</p:txStyles></p:sldMaster>"
    )


def _layout() -> str:
    shapes = _placeholder(2, "title", "", TITLE) + _placeholder(3, "body", ' idx="1"', BODY)
    return (
        f'<p:sldLayout {SPACES} type="obj" preserve="1"><p:cSld name="Title and content"><p:spTree>'
        f"{GROUP}{shapes}</p:spTree></p:cSld>"
        "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>"
    )


def _theme() -> str:
    colours = {
        "dk1": "0B0C0C",
        "lt1": "FFFFFF",
        "dk2": "12436D",
        "lt2": "F3F5F6",
        "accent1": "12436D",
        "accent2": "6F7F8C",
        "accent3": "A3195B",
        "accent4": "2F7D77",
        "accent5": "4F88B6",
        "accent6": "85B0D3",
        "hlink": "1A4F80",
        "folHlink": "5B3A86",
    }
    scheme = "".join(
        f'<a:{name}><a:srgbClr val="{one}"/></a:{name}>' for name, one in colours.items()
    )
    font = '<a:latin typeface="Arial"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="9525">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'<a:theme xmlns:a="{DRAWING}" name="Commonlight"><a:themeElements>'
        f'<a:clrScheme name="Commonlight">{scheme}</a:clrScheme>'
        f'<a:fontScheme name="Commonlight"><a:majorFont>{font}</a:majorFont>'
        f"<a:minorFont>{font}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="Commonlight"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{line * 3}</a:lnStyleLst><a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )


def _types(count: int) -> str:
    kinds = {
        "/ppt/presentation.xml": f"{MEDIA_TYPE}.main+xml",
        "/ppt/slideMasters/slideMaster1.xml": f"{KINDS}.presentationml.slideMaster+xml",
        "/ppt/slideLayouts/slideLayout1.xml": f"{KINDS}.presentationml.slideLayout+xml",
        "/ppt/theme/theme1.xml": f"{KINDS}.theme+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    for at in range(1, count + 1):
        kinds[f"/ppt/slides/slide{at}.xml"] = f"{KINDS}.presentationml.slide+xml"
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        "png": "image/png",
        "svg": "image/svg+xml",
    }
    lines = [f'<Default Extension="{one}" ContentType="{kind}"/>' for one, kind in defaults.items()]
    lines += [f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in kinds.items()]
    return f'<Types xmlns="{PACKAGE}/content-types">{"".join(lines)}</Types>'


def _relations(*pairs: tuple[str, str]) -> str:
    lines = (
        f'<Relationship Id="r{at}" Type="{_type(kind)}" Target="{target}"/>'
        for at, (kind, target) in enumerate(pairs, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def _type(kind: str) -> str:
    return kind if "/" in kind else f"{OFFICE}/{kind}"


def _core(title: str, language: str) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{_text(title)}</dc:title><dc:language>{_text(language)}</dc:language>"
        "</cp:coreProperties>"
    )


def _text(text: str) -> str:
    return escape(clean_text(" ".join(text.split())))
