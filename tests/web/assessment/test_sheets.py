"""Two sheets for a council: what is shown, contradicted and absent, with its sentence."""

from __future__ import annotations

import pytest
from django.utils import timezone

from commonlight.web.assessment.domain import recommending
from commonlight.web.assessment.domain.evidence import link_evidence
from commonlight.web.assessment.domain.finding import claims_of
from commonlight.web.assessment.domain.judging import Given, give_verdicts, send_in
from commonlight.web.assessment.domain.sheets import sheet_content
from commonlight.web.assessment.domain.summary import summary_of
from commonlight.web.assessment.domain.tagging import Tags, tag_claims
from commonlight.web.assessment.models import Claim, Verdict

HERE = "/w/lakeside/strategies/1/assessments/1/"


@pytest.fixture
def sheet_of(actor_of, fresh):
    """The words of the sheets as the coordinator prints them."""

    def make(assessment):
        summary = summary_of(actor_of("coordinator"), fresh(assessment))
        return sheet_content(summary, made_on=timezone.localdate())

    return make


@pytest.fixture
def alone(begun, actor_of, fresh, document):
    """One assessor: the first claim is shown, the second contradicted, the third absent."""
    assessment, actor = begun(assessors=("evaluator",)), actor_of("evaluator")
    claims = claims_of(assessment)
    tag_claims(actor, assessment, {one.pk: Tags(("preventative",)) for one in claims})
    paper = document(assessment, title="Light was not named once.")
    link_evidence(actor, claims[0], document(assessment), direction="for")
    link_evidence(actor, claims[1], paper, direction="against", note="Here light.")
    verdicts = [Given("shown"), Given("contradicted", "It says so."), Given("absent", "", "All.")]
    given = {claim.pk: one for claim, one in zip(claims, verdicts, strict=False)}
    give_verdicts(actor, fresh(assessment), given)
    send_in(actor, fresh(assessment))
    return fresh(assessment)


def test_claims_are_printed_with_their_verdicts_records_and_notes(alone, sheet_of, client_of):
    sheet = sheet_of(alone)
    assert sheet["shown"]["rows"] == [
        {
            "text": "1. We put people at the heart of all we do.",
            "said": ["Document elsewhere: Minutes of May"],
        }
    ]
    assert sheet["contradicted"]["rows"][0]["said"] == [
        "Document elsewhere: Light was not named once. Here light.",
        "Lakeside University: It says so.",
    ]
    assert sheet["absent"]["rows"][0] == {
        "text": "3. Partners share data under agreements.",
        "said": ["Lakeside University: Nothing found (All)"],
    }
    assert sheet["facts"][-1][1].endswith(
        "1 is shown, 1 is contradicted, 1 is only claimed and 1 is absent."
    )
    page = client_of("coordinator").get(f"{HERE}sheets/").content.decode()
    for words in ("Minutes of May", "Here light.", "Nothing found (All)", "Preventative: Act on"):
        assert words in page
    assert "Shown: The strategy says it" in page


def test_one_assessor_agrees_with_nobody_and_an_empty_mirror_says_so(alone, sheet_of, client_of):
    page = client_of("coordinator").get(f"{HERE}sheets/").content.decode()
    assert "The assessors agree" not in page
    assert "Where assessors differ" not in page
    assert "The balance mirror is not filled in." in page
    assert "No flag is raised" not in page
    assert "We read summaries" not in page
    assert "The workbench states the model from public summaries" in page


def test_a_recommendation_says_what_it_answers_and_a_draft_is_left_out(
    alone, sheet_of, client_of, actor_of, city
):
    actor = actor_of("evaluator")
    given = {"addressee": city.municipality}
    first = recommending.write_recommendation(
        actor, alone, text="Write one.", answers="gap", principle="human_rights", **given
    )
    strike = recommending.write_recommendation(
        actor, alone, text="Strike sentence 2.", answers="gap", principle="liberty", **given
    )
    sheet = sheet_of(alone)
    assert sheet["recommendations"]["rows"] == []
    client = client_of("coordinator")
    assert "2 recommendations are still drafts" in client.get(f"{HERE}sheets/").content.decode()
    for one in (first, strike):
        recommending.send(actor, one)
    rows = sheet_of(alone)["recommendations"]["rows"]
    assert rows[0]["said"] == ["It answers: A gap – Human rights", "Open – City of Lakeside"]
    assert "Sentence 2: “Prevention comes before repression.”" in rows[1]["said"]
    for address in ("recommendations/", "recommendations/1/"):
        assert "A gap – Human rights" in client.get(f"{HERE}{address}").content.decode()
    form = client.get(f"{HERE}recommendations/new/?answers=gap&principle=human_rights")
    assert 'value="human_rights" selected' in form.content.decode()


@pytest.mark.parametrize("words", ["We do many things, ", "Verwaltungsvorschriften ", "Ii "])
def test_long_texts_stay_on_two_pages_and_say_what_is_left(
    judged, sheet_of, actor_of, city, tmp_path, words
):
    pypdfium2 = pytest.importorskip("pypdfium2")
    from commonlight.web.assessment.methods.paper import write_sheets

    Claim.objects.of(city.workspace).update(text=words * 60)
    Verdict.objects.of(city.workspace).update(note=words * 60)
    actor, claims = actor_of("evaluator"), [one.pk for one in judged.claims[:3]]
    for _number in range(12):
        made = recommending.write_recommendation(
            actor,
            judged.assessment,
            text=words * 40,
            answers="claimed",
            addressee=city.municipality,
            claims=claims,
        )
        recommending.send(actor, made)
    sheet, path = sheet_of(judged.assessment), tmp_path / "sheets.pdf"
    write_sheets(sheet, path, language="en", made_on=timezone.localdate())
    assert len(pypdfium2.PdfDocument(path)) == 2
    assert "more in the workbench" in sheet["recommendations"]["more"]


def test_a_ground_in_the_text_itself_is_printed_by_its_reason(begun, actor_of, fresh, sheet_of):
    assessment, actor = begun(assessors=("evaluator",)), actor_of("evaluator")
    claims = claims_of(assessment)
    tag_claims(actor, assessment, {one.pk: Tags(("preventative",)) for one in claims})
    given = {claims[0].pk: Given("contradicted", "The costs say 57 per cent.", by_itself=True)}
    give_verdicts(actor, fresh(assessment), given)
    send_in(actor, fresh(assessment))
    said = sheet_of(fresh(assessment))["contradicted"]["rows"][0]["said"]
    assert said == ["Lakeside University: The costs say 57 per cent."]
    facts = dict(sheet_of(fresh(assessment))["facts"])
    assert facts["Looked up"].startswith("No claim was looked up in the records. 1 was judged by")
    assert facts["State"] == "Verdicts are sent in"


def test_what_is_only_claimed_stands_with_its_number_where_there_is_room(alone, sheet_of):
    sheet = sheet_of(alone)
    assert sheet["title"].startswith("Assessment of “")
    numbers = {row["text"].split(".")[0] for row in sheet["claimed"]["rows"]}
    printed = {
        row["text"].split(".")[0]
        for name in ("shown", "contradicted", "absent")
        for row in sheet[name]["rows"]
    }
    assert numbers
    assert not numbers & printed
    preventative = next(row for row in sheet["matrix"]["rows"] if row[0] == "Preventative")
    assert preventative[-1] == "No gap, but 1 claim is contradicted."
