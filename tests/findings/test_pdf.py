import dataclasses

import page
import pikepdf
import pypdfium2
import pytest

from commonlight.findings.glyphs import drawable
from commonlight.findings.model import Column, Table
from commonlight.findings.pdf import PDF_ROWS, render_pdf
from growth import growth

HOSTILE = (
    '#read("/etc/passwd") $x^2$ *bold* _it_ @ref <label> `raw` \\u{41} "quoted" // no '
    "= Heading Αθήνα Київ שלום سلام 😀 https://example.org/a_b"
)


@pytest.fixture(scope="module")
def pdf_path(sample_report, tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    render_pdf(sample_report, path)
    return path


def failed_rules(path):
    """The rules of PDF/UA-1 that a file fails, by an independent validator."""
    report = page.validate_pdf(str(path), profile="ua1")
    assert report.rules.total > 100
    return {failure.rule_id for failure in report.failures}


def elements(path):
    """Every structure element of a PDF with its type, in reading order."""
    with pikepdf.open(path) as pdf:
        stack, found = [pdf.Root.StructTreeRoot.K], []
        while stack:
            node = stack.pop()
            if isinstance(node, pikepdf.Array):
                stack.extend(reversed(list(node)))
            elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
                attributes = node.get("/A", pikepdf.Array())
                if isinstance(attributes, pikepdf.Dictionary):
                    attributes = [attributes]
                scopes = [str(a["/Scope"]) for a in attributes if "/Scope" in a]
                found.append((str(node.S), str(node.get("/Alt", "")), scopes))
                if "/K" in node:
                    stack.append(node.K)
        return found


def broken(path, target, change):
    with pikepdf.open(path) as pdf:
        change(pdf)
        pdf.save(target)
    return target


def test_the_report_passes_an_independent_check(pdf_path):
    assert failed_rules(pdf_path) == set()


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf: pdf.Root.__delitem__("/Lang"),
        lambda pdf: pdf.Root.__delitem__("/StructTreeRoot"),
        lambda pdf: pdf.Root.__delitem__("/MarkInfo"),
        lambda pdf: pdf.Root.__delitem__("/Metadata"),
        lambda pdf: pdf.Root.ViewerPreferences.__setitem__("/DisplayDocTitle", False),
    ],
    ids=["language", "structure", "mark", "metadata", "title shown"],
)
def test_the_check_refuses_a_damaged_report(pdf_path, tmp_path, change):
    assert failed_rules(broken(pdf_path, tmp_path / "bad.pdf", change))


def test_the_check_refuses_a_picture_without_words(pdf_path, tmp_path):
    def silence(pdf):
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure":
                del item["/Alt"]

    bad = broken(pdf_path, tmp_path / "bad.pdf", silence)
    assert any("FIGURE" in rule for rule in failed_rules(bad))


def test_structure_and_metadata(pdf_path, sample_report):
    with pikepdf.open(pdf_path) as pdf:
        assert str(pdf.Root.Lang).startswith("en")
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert "/Outlines" in pdf.Root
        with pdf.open_metadata() as meta:
            assert meta["pdfuaid:part"] == "1"
            assert sample_report.city in meta["dc:title"]
            assert meta["dc:title"].startswith("[Simulated]")
        for sheet in pdf.pages:
            assert [round(float(v)) for v in sheet.MediaBox] == [0, 0, 595, 842]


def test_every_picture_has_its_description(pdf_path, sample_report):
    spoken = [alt for kind, alt, _ in elements(pdf_path) if kind == "/Figure"]
    wanted = [
        item.description or item.title
        for finding in sample_report.findings
        for item in (finding.chart, finding.map)
        if item is not None
    ]
    assert sorted(spoken) == sorted(wanted)


def test_tables_are_tables_with_scoped_headers(pdf_path, sample_report):
    found = elements(pdf_path)
    tables = [f.table for f in sample_report.findings if f.table is not None]
    assert sum(kind == "/Table" for kind, _, _ in found) == len(tables)
    heads = [scopes for kind, _, scopes in found if kind == "/TH"]
    assert len(heads) == sum(len(t.columns) for t in tables)
    assert all(scopes in (["/Column"], ["/Both"]) for scopes in heads)


def texts(path):
    document = pypdfium2.PdfDocument(path)
    return [sheet.get_textpage().get_text_range() for sheet in document]


def test_every_page_carries_marks_and_number(pdf_path):
    pages = texts(pdf_path)
    assert "In short" in pages[0]
    for number, text in enumerate(pages, start=1):
        assert "Simulated city" in text
        assert "police records alone" in text
        assert f"{number} of {len(pages)}" in text


def hostile_report(report):
    first = report.findings[0]
    table = Table(
        columns=(Column(name="a", label=HOSTILE), Column(name="n", label="n", numeric=True)),
        rows=tuple((HOSTILE, n) for n in range(PDF_ROWS + 5)),
        caption=HOSTILE,
    )
    bad = dataclasses.replace(
        first,
        sentence=HOSTILE,
        question=HOSTILE,
        details=(HOSTILE,),
        limits=(HOSTILE,),
        table=table,
    )
    return dataclasses.replace(
        report, title=HOSTILE, city=HOSTILE, findings=(bad, *report.findings[1:])
    )


def test_hostile_text_is_set_as_text(sample_report, tmp_path):
    path = tmp_path / "hostile.pdf"
    render_pdf(hostile_report(sample_report), path)
    assert failed_rules(path) == set()
    text = " ".join("".join(texts(path)).split())
    assert "root:x:" not in text
    assert '#read("/etc/passwd")' in text
    assert "*bold*" in text


def test_same_report_same_bytes(sample_report, pdf_path, tmp_path):
    render_pdf(sample_report, tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == pdf_path.read_bytes()


def test_a_report_four_times_as_long_takes_about_four_times_as_long(sample_report, tmp_path):
    more = (
        dataclasses.replace(finding, id=f"{finding.id}-{copy}")
        for copy in range(3)
        for finding in sample_report.findings
    )
    long = dataclasses.replace(sample_report, findings=(*sample_report.findings, *more))
    bound = 8  # its square would be 16
    path = tmp_path / "timed.pdf"
    assert growth(lambda one: render_pdf(one, path), sample_report, long, bound=bound) <= bound


def test_characters_without_a_glyph_are_written_as_code_points():
    assert drawable("Łódź Ωμέγα Київ → ≤ שלום") == "Łódź Ωμέγα Київ → ≤ שלום"
    assert drawable("😀 س") == "[U+1F600] [U+0633]"
    assert drawable("e\u0301\u202e\x00") == "é"


def test_unknown_headline_is_refused(sample_report, tmp_path):
    wrong = dataclasses.replace(sample_report, headline_findings=("nothing",))
    with pytest.raises(KeyError, match="nothing"):
        render_pdf(wrong, tmp_path / "x.pdf")
    assert not list(tmp_path.iterdir())
