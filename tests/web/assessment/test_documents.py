"""Files of word processors are read within limits; what is made to do harm is refused."""

from __future__ import annotations

import io
import zipfile

import pytest

from commonlight.web.agreements.word_file import Paragraph, word_file
from commonlight.web.assessment.domain.cutting import cut_text
from commonlight.web.assessment.domain.documents import DocumentError, text_of_file

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ODT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>'
    "<text:h>Aims</text:h><text:p>We listen<text:s/>to residents. It matters.</text:p>"
    "<text:p>We will:</text:p><text:list><text:list-item><text:p>repair lamps</text:p>"
    "</text:list-item><text:list-item><text:p>mend benches</text:p></text:list-item></text:list>"
    "</office:text></office:body></office:document-content>"
)


def packed(name, content):
    """An archive with one file."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return written.getvalue()


def docx(body, head=""):
    return packed(
        "word/document.xml", f'{head}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    )


def test_a_word_file_is_read_with_headings_and_lists():
    made = word_file(
        [
            Paragraph("Our strategy", "Title"),
            Paragraph("Aims", "Heading1"),
            Paragraph("We listen. It matters."),
            Paragraph("We will:"),
            Paragraph("repair lamps", "ListBullet"),
            Paragraph("mend benches", "ListBullet"),
        ],
        title="Our strategy",
        language="en",
    )
    text = text_of_file("strategy.DOCX", made)
    found = cut_text(text, "en")
    assert [one.text for one in found] == [
        "We listen.",
        "It matters.",
        "repair lamps",
        "mend benches",
    ]
    assert found[0].heading == "Aims"
    assert found[2].lead_in == "We will:"


def test_an_open_document_is_read_with_headings_and_lists():
    found = cut_text(text_of_file("a.odt", packed("content.xml", ODT)), "en")
    assert [one.text for one in found] == [
        "We listen to residents.",
        "It matters.",
        "repair lamps",
        "mend benches",
    ]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_plain_text_is_read_in_its_letters(coding):
    assert text_of_file("a.txt", "Größe zählt.\r\nJa.".encode(coding)) == "Größe zählt.\nJa."


ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.pdf", b"%PDF", "none of these"),
        ("a", b"text", "none of these"),
        ("a.txt", b"\xff\xfea\x00b\xd8", "UTF-8"),
        ("a.txt", b"a\x00b", "UTF-8"),
        ("a.md", b"a" * (5 * 2**20 + 1), "MB"),
        ("a.docx", b"no archive", "damaged"),
        ("a.docx", packed("other.xml", "<a/>"), "no text"),
        ("a.docx", packed("word/document.xml", "<a>" + " " * 2**22 + "</a>"), "unpacks"),
        ("a.odt", packed("content.xml", b"0" * (21 * 2**20)), "unpacks"),
        ("a.docx", packed("word/document.xml", "<a><b></a>"), "damaged"),
        ("a.docx", docx("<w:p/>", head=ENTITY), "entities"),
        ("a.docx", packed("word/document.xml", "<a>" * 200 + "</a>" * 200), "nested"),
        ("a.docx", packed("word/document.xml", ENTITY.encode("utf-16") + b""), "damaged|entities"),
    ],
)
def test_what_is_no_document_is_refused_with_the_reason(name, content, told):
    with pytest.raises(DocumentError, match=told):
        text_of_file(name, content)
