"""What a gap is: one rule for principles and values, told in words that hide nothing."""

from __future__ import annotations

import re

import pytest

from commonlight.web.assessment.domain.evidence import link_evidence
from commonlight.web.assessment.domain.finding import claims_of
from commonlight.web.assessment.domain.gap_lines import gap_lines
from commonlight.web.assessment.domain.judging import Given, give_verdicts, send_in
from commonlight.web.assessment.domain.matrix import read_assessment
from commonlight.web.assessment.domain.summary import summary_of
from commonlight.web.assessment.domain.tagging import Tags, tag_claims

HERE = "/w/lakeside/strategies/1/assessments/1/"
TAGS = (
    *((("collaborative",), ("democracy",)) for _ in range(4)),
    (("preventative",), ("liberty",)),
    (("preventative",), ("liberty",)),
    (("citizen_centred",), ("liberty",)),
)


@pytest.fixture
def sent(begun, actor_of, fresh, document):
    """One assessor has judged: four only claimed, one contradicted, one absent, one shown."""
    assessment = begun(
        " ".join(f"We do number {number}." for number in range(10)), assessors=("evaluator",)
    )
    actor, claims = actor_of("evaluator"), claims_of(assessment)
    tags = {claim.pk: Tags(*one) for claim, one in zip(claims, TAGS, strict=False)}
    tags |= {one.pk: Tags((), ("human_rights",), is_none=True) for one in claims[7:]}
    tag_claims(actor, assessment, tags)
    link_evidence(actor, claims[4], document(assessment), direction="against")
    link_evidence(actor, claims[6], document(assessment), direction="for")
    verdicts = [*(Given("claimed") for _ in range(4)), Given("contradicted", "No.")]
    verdicts += [Given("absent", "", "All chapters"), Given("shown")]
    given = {claim.pk: one for claim, one in zip(claims, verdicts, strict=False)}
    give_verdicts(actor, fresh(assessment), given)
    send_in(actor, fresh(assessment))
    return fresh(assessment)


def test_a_gap_is_the_same_for_principles_and_values(sent, actor_of):
    matrix = read_assessment(actor_of("evaluator"), sent).matrix
    found = {row.item.id: (row.gap, row.sentence) for row in (*matrix.principles, *matrix.values)}
    nothing = "Nothing is shown yet. Of 4 claims, 4 are only claimed."
    assert found["collaborative"] == found["democracy"] == ("nothing_shown", nothing)
    assert found["liberty"] == ("", "")
    assert found["human_rights"] == (
        "nothing_shown",
        "Nothing is shown yet. Of 3 claims, 3 are only claimed.",
    )
    assert found["rule_of_law"] == ("gap", "Gap: no claim of the strategy touches it.")


def test_what_is_contradicted_or_absent_is_not_hidden_and_one_claim_is_thin(sent, actor_of):
    rows = {row.item.id: row for row in read_assessment(actor_of("evaluator"), sent).matrix.gaps}
    assert rows["preventative"].sentence == (
        "Nothing is shown yet. Of 2 claims, 1 is contradicted and 1 is absent. "
        "Thin: only 2 claims touch it."
    )
    assert (rows["citizen_centred"].gap, rows["citizen_centred"].sentence) == (
        "thin",
        "Thin: only 1 claim touches it.",
    )
    told = summary_of(actor_of("evaluator"), sent).principles
    words = {row.item.id: text for row, text in told}
    assert words["preventative"].count("Of 2 claims") == 1


def test_the_page_says_what_a_gap_is(sent, client_of):
    page = client_of("evaluator").get(f"{HERE}matrix/").content.decode()
    assert "has a gap if no claim touches it" in page
    assert "1 is contradicted and 1 is absent" in page
    page = client_of("evaluator").get(f"{HERE}recommendations/new/?principle=collaborative")
    assert "Of 4 claims, 4 are only claimed." in page.content.decode()


def told(page):
    """The words of a page without its elements."""
    return " ".join(re.sub(r"<[^>]+>", "", page.content.decode()).split())


def test_principles_that_lack_the_same_stand_in_one_line_the_most_serious_first(sent, actor_of):
    lines = gap_lines(read_assessment(actor_of("evaluator"), sent).matrix.gaps)
    assert [[row.item.id for row in one.rows] for one in lines] == [
        ["preventative"],
        ["transdisciplinary", "demonstrable_impact", "rule_of_law"],
        ["collaborative", "democracy", "human_rights"],
        ["citizen_centred"],
    ]
    assert [one.lead for one in lines[2:]] == [
        "Nothing is shown yet for:",
        "Touched by few claims:",
    ]
    assert "1 is contradicted and 1 is absent" in lines[0].sentence


def test_a_gap_is_told_once_on_a_page(sent, client_of):
    page = told(client_of("evaluator").get(f"{HERE}matrix/"))
    line = (
        "Nothing is shown yet for: Collaborative (4 claims, 0 looked up), "
        "Democracy (4 claims, 0 looked up), Human rights (3 claims, 0 looked up)"
    )
    assert page.count(line) == 1
    assert "are only claimed" not in page
    assert page.count("Gap: no claim of the strategy touches it.") == 1
    assert page.count("1 is contradicted and 1 is absent") == 1
    page = told(client_of("evaluator").get(f"{HERE}recommendations/"))
    assert page.count("Nothing is shown yet for: Collaborative, Democracy, Human rights") == 1
