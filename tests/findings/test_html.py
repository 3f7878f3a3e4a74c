"""The HTML face: self-contained, escaped, and complete."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from commonlight.findings.html import ONE_SIDED, SIMULATED, render_html
from commonlight.findings.model import Block, Certainty, Report
from commonlight.findings.words import certainty_tag

VOID = {"meta", "br", "hr", "img", "link", "input"}


class Structure(HTMLParser):
    """Collects ids, links and headings, and checks that elements close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        values = dict(attrs)
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a":
            self.links.append(values["href"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def structure(page: str) -> Structure:
    parser = Structure()
    parser.feed(page)
    assert parser.open == []
    return parser


@pytest.fixture(scope="module")
def page(sample_report: Report) -> str:
    return render_html(sample_report)


def test_it_is_one_well_formed_document(page):
    assert page.startswith("<!DOCTYPE html>")
    found = structure(page)
    assert found.tags.count("h1") == 1
    assert found.tags.count("main") == 1


def test_it_asks_for_nothing_from_outside(page):
    found = structure(page)
    assert not {"script", "link", "img", "iframe", "object", "audio", "video"} & set(found.tags)
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)
    assert not re.search(r"\son\w+=", page)
    assert all(link.startswith(("#", "https://doi.org/")) for link in found.links)


def test_identifiers_are_unique_and_every_inner_link_arrives(page):
    found = structure(page)
    assert len(found.ids) == len(set(found.ids))
    assert {link[1:] for link in found.links if link.startswith("#")} <= set(found.ids)


def test_headings_step_down_by_one(page):
    levels = [int(tag[1]) for tag in structure(page).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_same_report_gives_the_same_page(sample_report, page):
    assert render_html(sample_report) == page


def test_each_finding_is_whole(sample_report, page):
    from markupsafe import escape

    for finding in sample_report.findings:
        start = page.index(f'id="f-{finding.id}"')
        article = page[start : page.index("</article>", start)]
        for text in (finding.question, finding.sentence, *finding.limits, *finding.details):
            assert str(escape(text)) in article
        assert "How this was worked out" in article
        for picture in (finding.chart, finding.map):
            if picture is not None:
                assert article.count("<svg") == 2
                assert str(escape(picture.title)) in article
        if finding.table is not None:
            assert str(escape(finding.table.caption)) in article


def test_all_six_blocks_are_there_and_the_empty_ones_say_so(sample_report, page):
    for block in Block:
        start = page.index(f'id="b-{block.value}"')
        section = page[start : page.index("</section>", start)]
        assert block.title in section
        assert ("can say nothing about this part" in section) == (not sample_report.in_block(block))
    assert "Ask each partner for its services in one table." in page
    assert "The people who already work on this" in page


def test_an_empty_block_without_a_named_source_still_names_a_next_step(sample_report):
    text = render_html(replace(sample_report, missing=()))
    assert "Next step: ask the partners" in text


def test_the_headline_repeats_the_sentences_in_order(sample_report, page):
    short = page[page.index('id="in-short"') : page.index('id="h-sure"')]
    places = [short.index(f'href="#f-{name}"') for name in sample_report.headline_findings]
    assert places == sorted(places)


def test_sources_show_their_sums_ages_reasons_and_licence(page):
    section = page[page.index('id="sources"') : page.index('id="missing"')]
    for text in (
        "100\u202f000",
        "98\u202f412",
        "1\u202f588",
        "no date (901); outside the study area (687)",
        "8 months old on the day of this report",
        "CC BY 4.0. Simulated by Commonlight",
        "sha256:9a0b",
    ):
        assert text in section


def test_a_simulated_report_is_marked_on_top_in_the_title_and_on_every_printed_page(page):
    assert f"<p>{SIMULATED}.</p>" in page
    assert "<title>[Simulated] " in page
    assert "@top-left { content:" in page


def test_a_real_report_carries_no_such_mark(sample_report):
    text = render_html(replace(sample_report, simulated=False))
    assert SIMULATED not in text
    assert "@top-left" not in text


def test_one_sidedness_is_marked_in_every_block_and_on_every_printed_page(sample_report, page):
    filled = sum(any(f.one_sided for f in sample_report.in_block(block)) for block in Block)
    assert page.count(f'<p class="side">{ONE_SIDED}</p>') == filled
    assert f'@top-right {{ content: "{ONE_SIDED}"; }}' in page


def test_a_balanced_report_marks_only_the_findings_that_are_one_sided(sample_report):
    text = render_html(replace(sample_report, one_sided=False))
    assert "@top-right" not in text
    one_sided = sum(finding.one_sided for finding in sample_report.findings)
    assert text.count(f'<span class="side">{ONE_SIDED}</span>') == one_sided


def test_only_the_tags_in_use_are_explained(sample_report):
    first = replace(sample_report.findings[0], certainty=Certainty.NOT_SHOWN)
    text = render_html(replace(sample_report, findings=(first,), headline_findings=()))
    scale = text[text.index('<dl class="scale">') : text.index("</dl>", text.index("scale"))]
    assert "That is no proof that it is not there." in text
    assert "Cannot tell" not in scale


def test_certainty_stands_in_words(sample_report, page):
    for finding in sample_report.findings:
        start = page.index(f'id="f-{finding.id}"')
        article = page[start : page.index("</article>", start)]
        assert f"</span>{certainty_tag(finding.certainty)}</span>" in article


ATTACK = "</style><script>alert(1)</script><b onclick=x>&\"'"


def test_nothing_from_a_report_becomes_markup(sample_report):
    first = sample_report.findings[0]
    method = replace(
        first.method,
        name=ATTACK,
        summary=ATTACK,
        parameters={ATTACK: ATTACK},
        references=(ATTACK + ' https://example.org/?a=1&b="><script>',),
    )
    broken = replace(
        sample_report,
        city=ATTACK,
        title=ATTACK,
        version=ATTACK,
        cautions=(ATTACK,),
        absent_voices=(ATTACK,),
        run={ATTACK: ATTACK},
        headline_findings=(),
        findings=(
            replace(first, question=ATTACK, sentence=ATTACK, limits=(ATTACK,), method=method),
            *(
                replace(
                    f,
                    chart=f.chart and replace(f.chart, title=ATTACK, description=ATTACK),
                    map=f.map and replace(f.map, title=ATTACK, unit=ATTACK, mark_label=ATTACK),
                    table=f.table and replace(f.table, caption=f"{ATTACK}{f.id}"),
                )
                for f in sample_report.findings[1:]
            ),
        ),
        sources=tuple(
            replace(s, name=ATTACK, rejected_reasons={ATTACK: 1}, attribution=ATTACK)
            for s in sample_report.sources
        ),
        missing=tuple(replace(m, name=ATTACK, voice=ATTACK) for m in sample_report.missing),
    )
    text = render_html(broken)
    assert "<script" not in text
    assert "<b onclick" not in text
    assert text.count("</style>") == 1


def test_identifiers_with_odd_characters_still_make_links(sample_report):
    first = sample_report.findings[0]
    odd = replace(
        first,
        id="where is it?",
        sources=("a b/c",),
        method=replace(first.method, page="methods/counting"),
    )
    source = replace(sample_report.sources[0], id="a b/c")
    text = render_html(
        replace(
            sample_report,
            findings=(odd,),
            headline_findings=("where is it?",),
            sources=(source,),
        )
    )
    found = structure(text)
    assert not [key for key in found.ids if re.search(r"[^\w-]", key)]
    assert {link[1:] for link in found.links if link.startswith("#")} <= set(found.ids)
    assert "<code>docs/methods/counting.md</code>" in text


def test_what_is_not_stated_is_said_and_a_doi_is_a_link(sample_report):
    first = sample_report.findings[0]
    method = replace(first.method, references=("Knox (1964). doi:10.2307/2985220.",))
    text = render_html(
        replace(
            sample_report,
            findings=(replace(first, method=method),),
            headline_findings=(),
            sources=(replace(sample_report.sources[0], licence="", attribution=""),),
            run={"commonlight": "0.1.0"},
        )
    )
    assert "<dt>Licence</dt><dd>Not stated</dd>" in text
    assert '<a href="https://doi.org/10.2307/2985220">doi:10.2307/2985220</a>.' in text
    assert text.count("<dt>Commonlight</dt>") == 1


def test_a_city_that_is_in_the_title_is_not_named_twice(sample_report):
    text = render_html(replace(sample_report, title="Safety audit of Brückenstadt"))
    assert "Safety audit of Brückenstadt, 2021 to 2023</title>" in text
    assert '<p class="city">' not in text


def test_a_long_description_is_left_to_the_text_alternative(sample_report):
    trend = sample_report.finding("trend")
    long = "Monthly counts: " + "2021 690, " * 30
    changed = replace(trend, chart=replace(trend.chart, description=long))
    text = render_html(replace(sample_report, findings=(changed,), headline_findings=()))
    assert f"<p>{long}" not in text
    assert f">{long}</desc>" in text


def test_long_tables_are_cut_with_a_pointer_to_the_data_folder(sample_report):
    trend = sample_report.finding("trend")
    table = replace(trend.table, rows=trend.table.rows * 3)
    text = render_html(
        replace(sample_report, findings=(replace(trend, table=table),), headline_findings=())
    )
    assert "The first 60 of 108 rows. The data folder that belongs to this report" in text
    assert text.count('<tr class="later">') == 48


def test_a_headline_that_names_no_finding_is_refused(sample_report):
    with pytest.raises(KeyError, match="nowhere"):
        render_html(replace(sample_report, headline_findings=("nowhere",)))


def test_two_findings_with_one_identifier_are_refused(sample_report):
    twice = replace(sample_report, findings=sample_report.findings[:1] * 2, headline_findings=())
    with pytest.raises(ValueError, match="share the identifier 'volume'"):
        render_html(twice)


def test_a_report_without_anything_is_still_a_page(sample_report):
    empty = replace(
        sample_report,
        findings=(),
        headline_findings=(),
        sources=(),
        missing=(),
        absent_voices=(),
        cautions=(),
        run={},
    )
    text = render_html(empty)
    structure(text)
    assert "The data allow no headline" in text
    assert text.count("can say nothing about this part") == len(Block)
