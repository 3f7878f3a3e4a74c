"""Read the text out of a file: .txt, .md, .docx, .odt, each within limits.

Word processors write XML in a ZIP archive. Both can be made to fill a memory: so sizes are checked
before anything is unpacked, nothing is unpacked beyond what was promised, and a document that
declares a type or an entity is refused.
"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.parsers import expat

from django.utils.translation import gettext as _

__all__ = ["LARGEST_FILE", "SUFFIXES", "DocumentError", "text_of_file"]

LARGEST_FILE = 5 * 2**20
LARGEST_PART = 20 * 2**20
MOST_TIMES = 200
"""How many times its size a part may have when unpacked, once above a megabyte."""

FREE_BELOW = 2**20
MOST_DEEP = 100
SUFFIXES = (".txt", ".md", ".docx", ".odt")
UNREADABLE = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    lzma.LZMAError,
    zlib.error,
)
PARTS = {".docx": "word/document.xml", ".odt": "content.xml"}

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
T = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


class DocumentError(ValueError):
    """A file that is not read, with the reason and what to do."""


def text_of_file(name: str, content: bytes) -> str:
    """The text of a file; headings begin with “#”, items of lists with “-”.

    Raises
    ------
    DocumentError
        If the file has another type, is too large, or is not what its name says.
    """
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    if suffix not in SUFFIXES:
        raise DocumentError(
            _("“%(name)s” is none of these: %(types)s. Save it as one of them, or paste the text.")
            % {"name": name, "types": ", ".join(SUFFIXES)}
        )
    if len(content) > LARGEST_FILE:
        raise DocumentError(
            _("The file has %(size)d MB; it may have %(most)d MB. Take the pictures out.")
            % {"size": len(content) // 2**20, "most": LARGEST_FILE // 2**20}
        )
    if suffix in PARTS:
        paragraphs = _word(content) if suffix == ".docx" else _open_document(content)
        return "\n\n".join(paragraphs).replace("\n\n- ", "\n- ")
    return _plain(content)


def _plain(content: bytes) -> str:
    for coding in ("utf-8-sig", "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"):
        try:
            text = content.decode(coding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise DocumentError(_("The letters of this file cannot be read. Save it as UTF-8."))


def _part(content: bytes, name: str) -> bytes:
    """One file of the archive, unpacked no further than it promised."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entry = archive.getinfo(name)
            _check_size(entry)
            with archive.open(entry) as packed:
                unpacked = packed.read(LARGEST_PART + 1)
    except DocumentError:
        raise
    except KeyError as error:
        raise DocumentError(_("This is no text document: it holds no text.")) from error
    except UNREADABLE as error:
        raise DocumentError(
            _("The file cannot be opened. It is damaged, or locked with a password.")
        ) from error
    if len(unpacked) > LARGEST_PART:
        raise DocumentError(_("The file unpacks to far more than it is, so it was not read."))
    return unpacked


def _check_size(entry: zipfile.ZipInfo) -> None:
    packed = max(entry.compress_size, 1)
    is_bomb = entry.file_size > FREE_BELOW and entry.file_size > MOST_TIMES * packed
    if entry.file_size > LARGEST_PART or is_bomb:
        raise DocumentError(_("The file unpacks to far more than it is, so it was not read."))


def _tree(content: bytes) -> ElementTree.Element:
    """The elements of a part that declares nothing and is not too deep."""
    _refuse_declarations(content)
    try:
        return ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError) as error:
        raise DocumentError(_("The file is damaged.")) from error


def _refuse_declarations(content: bytes) -> None:
    depth = 0

    def deeper(*_given: object) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_DEEP:
            raise DocumentError(_("The file is nested too deeply, so it was not read."))

    def higher(*_given: object) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*_given: object) -> None:
        raise DocumentError(_("The file declares entities of its own, so it was not read."))

    reader = expat.ParserCreate()
    reader.StartElementHandler, reader.EndElementHandler = deeper, higher
    reader.StartDoctypeDeclHandler = reader.EntityDeclHandler = refuse
    try:
        reader.Parse(content, True)
    except expat.ExpatError as error:
        raise DocumentError(_("The file is damaged.")) from error


def _word(content: bytes) -> Iterator[str]:
    body = _tree(_part(content, PARTS[".docx"])).find(f"{W}body")
    for element in body if body is not None else ():
        if element.tag == f"{W}p":
            yield from _said(_word_text(element), _word_kind(element))
        elif element.tag == f"{W}tbl":
            yield from _word_rows(element)


def _word_rows(table: ElementTree.Element) -> Iterator[str]:
    for row in table.iter(f"{W}tr"):
        yield "| " + " | ".join(_word_text(cell) for cell in row.iter(f"{W}tc")) + " |"


def _word_text(element: ElementTree.Element) -> str:
    """The words of a paragraph; what was struck out by tracking stays out."""
    found = []
    for one in element.iter():
        if one.tag == f"{W}t":
            found.append(one.text or "")
        elif one.tag in (f"{W}br", f"{W}tab", f"{W}cr"):
            found.append(" ")
    return " ".join("".join(found).split())


def _word_kind(paragraph: ElementTree.Element) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    name = (style.get(f"{W}val") or "").lower() if style is not None else ""
    outline = paragraph.find(f"{W}pPr/{W}outlineLvl")
    if outline is not None or name.startswith(("heading", "title", "berschrift", "titre", "titel")):
        return "heading"
    listed = paragraph.find(f"{W}pPr/{W}numPr") is not None
    return "item" if listed or name.startswith("list") else "text"


def _open_document(content: bytes) -> Iterator[str]:
    body = _tree(_part(content, PARTS[".odt"])).find(f"{OFFICE}body/{OFFICE}text")
    if body is not None:
        yield from _open_parts(body, "text")


def _open_parts(element: ElementTree.Element, kind: str) -> Iterator[str]:
    for one in element:
        if one.tag == f"{T}h":
            yield from _said(_open_text(one), "heading")
        elif one.tag == f"{T}p":
            yield from _said(_open_text(one), kind)
        elif one.tag == f"{TABLE}table":
            for row in one.iter(f"{TABLE}table-row"):
                cells = row.iter(f"{TABLE}table-cell")
                yield "| " + " | ".join(_open_text(cell) for cell in cells) + " |"
        elif one.tag == f"{T}list":
            yield from _open_parts(one, "item")
        elif one.tag in (f"{T}section", f"{T}list-item", f"{T}list-header"):
            yield from _open_parts(one, kind)


def _open_text(element: ElementTree.Element) -> str:
    """The words of a paragraph without its notes."""
    return " ".join("".join(_open_words(element)).split())


def _open_words(element: ElementTree.Element) -> Iterator[str]:
    if element.tag in (f"{T}note", f"{OFFICE}annotation", f"{T}tracked-changes"):
        return
    if element.tag in (f"{T}s", f"{T}tab", f"{T}line-break"):
        yield " "
    yield element.text or ""
    for one in element:
        yield from _open_words(one)
        yield one.tail or ""


def _said(text: str, kind: str) -> Iterator[str]:
    if text:
        yield {"heading": "## ", "item": "- "}.get(kind, "") + text
