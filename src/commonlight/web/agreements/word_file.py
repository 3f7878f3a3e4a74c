"""A file that word processors open: WordprocessingML, written with the standard library."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

__all__ = ["MEDIA_TYPE", "Paragraph", "Picture", "Table", "word_file"]

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OPC = "application/vnd.openxmlformats-package"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
EMU = 36_000
"""So many units of a drawing are a millimetre."""
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Paragraph(NamedTuple):
    """One paragraph in a style: Title, Heading1, Heading2, ListBullet or Normal."""

    text: str
    style: str = "Normal"


class Table(NamedTuple):
    """Rows under a head that is repeated on each page."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Picture(NamedTuple):
    """A picture with the words for those who do not see it; PNG, and SVG for those who print."""

    png: bytes
    svg: bytes
    width_mm: float
    height_mm: float
    alt: str


Item = Paragraph | Table | Picture


def word_file(
    items: Iterable[Item], *, title: str, language: str, landscape: bool = False
) -> bytes:
    """Paragraphs, tables and pictures as a .docx file; the same items give the same bytes."""
    content = list(items)
    pictures = [one for one in content if isinstance(one, Picture)]
    media: dict[str, bytes] = {}
    for number, picture in enumerate(pictures, start=1):
        media[f"media/picture{number}.png"] = picture.png
        media[f"media/picture{number}.svg"] = picture.svg
    images = [(f"{OFFICE}/image", name) for name in media]
    parts = {
        "[Content_Types].xml": _types(has_pictures=bool(media)),
        "_rels/.rels": _relations(
            (f"{OFFICE}/officeDocument", "word/document.xml"),
            (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": _core(title, language),
        "word/_rels/document.xml.rels": _relations((f"{OFFICE}/styles", "styles.xml"), *images),
        "word/document.xml": _document(content, landscape=landscape),
        "word/styles.xml": _styles(language),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, HEAD + part)
        for name, data in media.items():
            archive.writestr(zipfile.ZipInfo(f"word/{name}", (1980, 1, 1, 0, 0, 0)), data)
    return written.getvalue()


def _document(items: Sequence[Item], *, landscape: bool) -> str:
    pictures = 0
    body = []
    for one in items:
        if isinstance(one, Paragraph):
            body.append(_paragraph(one))
        elif isinstance(one, Table):
            body.append(_table(one))
        else:
            pictures += 1
            body.append(_picture(one, pictures))
    margins = " ".join(f'w:{side}="1418"' for side in ("top", "right", "bottom", "left"))
    size = (
        'w:w="16838" w:h="11906" w:orient="landscape"' if landscape else 'w:w="11906" w:h="16838"'
    )
    page = f'<w:pgSz {size}/><w:pgMar {margins} w:header="709" w:footer="709" w:gutter="0"/>'
    return (
        f'<w:document xmlns:w="{MAIN}"><w:body>{"".join(body)}'
        f"<w:sectPr>{page}</w:sectPr></w:body></w:document>"
    )


def _table(table: Table) -> str:
    """A table with lines, and a paragraph after it, which keeps two tables apart."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="8D989F"/>' for side in sides)
    grid = "<w:gridCol/>" * len(table.head)
    head = "".join(_cell(text, bold=True) for text in table.head)
    rows = "".join(f"<w:tr>{''.join(map(_cell, row))}</w:tr>" for row in table.rows)
    return (
        '<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/>'
        f"<w:tblBorders>{lines}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{head}</w:tr>{rows}</w:tbl><w:p/>"
    )


def _cell(text: str, *, bold: bool = False) -> str:
    looks = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f"<w:tc><w:p><w:r>{looks}{_lines(text)}</w:r></w:p></w:tc>"


def _picture(picture: Picture, number: int) -> str:
    """A picture in a line of its own; programs that know SVG show it, others the PNG."""
    first = 2 * number  # the style sheet is the first relation
    size = f'cx="{round(picture.width_mm * EMU)}" cy="{round(picture.height_mm * EMU)}"'
    alt = quoteattr(_clean(picture.alt))
    return (
        '<w:p><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0" '
        f'xmlns:wp="{DRAWING}/wordprocessingDrawing"><wp:extent {size}/>'
        f'<wp:docPr id="{number}" name="Picture {number}" descr={alt}/>'
        f'<a:graphic xmlns:a="{DRAWING}/main"><a:graphicData uri="{DRAWING}/picture">'
        f'<pic:pic xmlns:pic="{DRAWING}/picture"><pic:nvPicPr>'
        f'<pic:cNvPr id="{number}" name="picture{number}.png" descr={alt}/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip xmlns:r="{OFFICE}" r:embed="r{first}"><a:extLst>'
        f'<a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}"><asvg:svgBlip xmlns:asvg="{SVG}" '
        f'r:embed="r{first + 1}"/></a:ext></a:extLst></a:blip><a:stretch><a:fillRect/></a:stretch>'
        f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
        "</a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def _paragraph(paragraph: Paragraph) -> str:
    style = f"<w:pPr><w:pStyle w:val={quoteattr(paragraph.style)}/></w:pPr>"
    return f"<w:p>{style}<w:r>{_lines(paragraph.text)}</w:r></w:p>"


def _lines(text: str) -> str:
    lines = text.splitlines() or [""]
    return "<w:br/>".join(f'<w:t xml:space="preserve">{_text(line)}</w:t>' for line in lines)


def _text(line: str) -> str:
    """Text without the characters that XML does not know."""
    return escape(_clean(line))


def _clean(text: str) -> str:
    return "".join(one for one in text if one == "\t" or (ord(one) >= 32 and not _odd(one)))


def _odd(one: str) -> bool:
    return 0xD800 <= ord(one) <= 0xDFFF or ord(one) in (0xFFFE, 0xFFFF)


def _styles(language: str) -> str:
    sizes = {"Title": 40, "Heading1": 30, "Heading2": 25}
    names = {"Title": "Title", "Heading1": "heading 1", "Heading2": "heading 2"}
    headings = "".join(
        f'<w:style w:type="paragraph" w:styleId="{style}"><w:name w:val="{names[style]}"/>'
        '<w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/>'
        f'<w:pPr><w:keepNext/><w:spacing w:before="240" w:after="120"/>{_level(style)}</w:pPr>'
        f'<w:rPr><w:b/><w:sz w:val="{size}"/></w:rPr></w:style>'
        for style, size in sizes.items()
    )
    return (
        f'<w:styles xmlns:w="{MAIN}"><w:docDefaults><w:rPrDefault><w:rPr>'
        '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/><w:sz w:val="22"/>'
        f"<w:lang w:val={quoteattr(language)}/></w:rPr></w:rPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        '<w:qFormat/><w:pPr><w:spacing w:after="120"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="ListBullet"><w:name w:val="List Bullet"/>'
        '<w:basedOn w:val="Normal"/><w:pPr><w:ind w:left="357"/></w:pPr></w:style>'
        f"{headings}</w:styles>"
    )


def _level(style: str) -> str:
    return {
        "Heading1": '<w:outlineLvl w:val="0"/>',
        "Heading2": '<w:outlineLvl w:val="1"/>',
    }.get(style, "")


def _types(*, has_pictures: bool) -> str:
    kinds = {
        "/word/document.xml": f"{MEDIA_TYPE}.main+xml",
        "/word/styles.xml": MEDIA_TYPE.removesuffix("document") + "styles+xml",
        "/docProps/core.xml": f"{OPC}.core-properties+xml",
    }
    overrides = "".join(
        f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in kinds.items()
    )
    images = (
        '<Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="svg" ContentType="image/svg+xml"/>'
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types">{images if has_pictures else ""}'
        f'<Default Extension="rels" ContentType="{OPC}.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(*pairs: tuple[str, str]) -> str:
    lines = "".join(
        f'<Relationship Id="r{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(pairs, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'


def _core(title: str, language: str) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{_text(title)}</dc:title><dc:language>{_text(language)}</dc:language>"
        "</cp:coreProperties>"
    )
