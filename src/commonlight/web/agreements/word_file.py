"""A file that word processors open: WordprocessingML, written with the standard library."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

__all__ = ["MEDIA_TYPE", "Paragraph", "word_file"]

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OPC = "application/vnd.openxmlformats-package"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Paragraph(NamedTuple):
    """One paragraph in a style: Title, Heading1, Heading2, ListBullet or Normal."""

    text: str
    style: str = "Normal"


def word_file(paragraphs: Iterable[Paragraph], *, title: str, language: str) -> bytes:
    """The paragraphs as a .docx file; the same paragraphs give the same bytes."""
    parts = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations(
            (f"{OFFICE}/officeDocument", "word/document.xml"),
            (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": _core(title, language),
        "word/_rels/document.xml.rels": _relations((f"{OFFICE}/styles", "styles.xml")),
        "word/document.xml": _document(paragraphs),
        "word/styles.xml": _styles(language),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, HEAD + content)
    return written.getvalue()


def _document(paragraphs: Iterable[Paragraph]) -> str:
    body = "".join(_paragraph(one) for one in paragraphs)
    margins = " ".join(f'w:{side}="1418"' for side in ("top", "right", "bottom", "left"))
    page = (
        f'<w:pgSz w:w="11906" w:h="16838"/><w:pgMar {margins} '
        'w:header="709" w:footer="709" w:gutter="0"/>'
    )
    return (
        f'<w:document xmlns:w="{MAIN}"><w:body>{body}'
        f"<w:sectPr>{page}</w:sectPr></w:body></w:document>"
    )


def _paragraph(paragraph: Paragraph) -> str:
    lines = paragraph.text.splitlines() or [""]
    runs = "<w:br/>".join(f'<w:t xml:space="preserve">{_text(line)}</w:t>' for line in lines)
    return (
        f"<w:p><w:pPr><w:pStyle w:val={quoteattr(paragraph.style)}/></w:pPr><w:r>{runs}</w:r></w:p>"
    )


def _text(line: str) -> str:
    """Text without the characters that XML does not know."""
    return escape("".join(one for one in line if one == "\t" or (ord(one) >= 32 and not _odd(one))))


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


def _types() -> str:
    kinds = {
        "/word/document.xml": f"{MEDIA_TYPE}.main+xml",
        "/word/styles.xml": MEDIA_TYPE.removesuffix("document") + "styles+xml",
        "/docProps/core.xml": f"{OPC}.core-properties+xml",
    }
    overrides = "".join(
        f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in kinds.items()
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types">'
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
