"""The pages and the interface, as people of each role find them."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from commonlight.web.assessment.domain.files import as_json
from commonlight.web.assessment.domain.finding import claims_of
from commonlight.web.assessment.domain.judging import Given, give_verdicts, send_in
from commonlight.web.assessment.domain.mirror import mirror_of
from commonlight.web.assessment.domain.sheets import sheet_content
from commonlight.web.assessment.domain.summary import summary_of
from commonlight.web.assessment.domain.tagging import Tags, tag_claims
from commonlight.web.assessment.models import Assessment, Strategy
from commonlight.web.eventlog.models import Event

HERE = "/w/lakeside/strategies/1/assessments/1/"
API = "/api/v1/workspaces/lakeside/strategies/1/assessments/1"
SECRET = "NOBODY READS THIS YET"


def test_a_strategy_is_brought_in_and_cut(client_of, city, membership_of):
    client = client_of("evaluator")
    given = {
        "title": "Safe 2030",
        "text": "We listen. We share data.",
        "language": "en",
        "authors": [city.municipality.pk],
        "assessors": [membership_of("evaluator").pk],
        "model": "built-in:european_security_model",
    }
    answer = client.post("/w/lakeside/strategies/new/", given)
    assert answer.status_code == 302
    assert answer["Location"] == f"{HERE}cut/"
    page = client.get(answer["Location"]).content.decode()
    assert "2 sentences, so 2 claims" in page
    assert client.post(f"{HERE}cut/start/")["Location"] == f"{HERE}tag/"


def test_a_strategy_without_a_name_is_called_by_its_first_line(client_of, city, membership_of):
    given = {
        "text": "\n# Safe Together \n\nWe listen.",
        "language": "en",
        "assessors": [membership_of("evaluator").pk],
        "model": "built-in:european_security_model",
    }
    assert client_of("evaluator").post("/w/lakeside/strategies/new/", given).status_code == 302
    assert Strategy.objects.of(city.workspace).get().title == "Safe Together"


def test_what_was_typed_is_shown_again_and_authors_do_not_judge(client_of, city, membership_of):
    given = {
        "title": "Safe 2030",
        "text": "We listen to everybody.",
        "language": "en",
        "authors": [city.municipality.pk],
        "assessors": [membership_of("coordinator").pk],
        "model": "built-in:european_security_model",
    }
    page = client_of("coordinator").post("/w/lakeside/strategies/new/", given).content.decode()
    assert "City of Lakeside wrote this strategy" in page
    assert "We listen to everybody." in page
    assert 'href="#id_assessors' in page
    assert not Strategy.objects.of(city.workspace).exists()


def test_a_refused_page_keeps_the_text_of_the_file_and_marks_the_authors(
    client_of, city, membership_of
):
    client = client_of("coordinator")
    page = client.get("/w/lakeside/strategies/new/").content.decode()
    assert "Nobody judges a text of their own organisation." in page
    given = {
        "title": "Safe 2030",
        "file": SimpleUploadedFile("safe.txt", b"We listen to everybody."),
        "language": "en",
        "authors": [city.municipality.pk],
        "assessors": [membership_of("coordinator").pk],
        "model": "built-in:european_security_model",
    }
    page = client.post("/w/lakeside/strategies/new/", given).content.decode()
    assert "We listen to everybody.</textarea>" in page
    assert "The text of “safe.txt” now stands in the box above." in page
    assert "City of Lakeside, which wrote it: gives no verdict" in page
    assert "Lakeside University, which wrote it" not in page


def test_who_wrote_it_is_marked_where_more_people_are_asked(begun, client_of):
    begun()
    page = client_of("coordinator").get(f"{HERE}assessors/").content.decode()
    assert "City of Lakeside, which wrote it: gives no verdict" in page


def test_ten_claims_are_tagged_at_once_and_the_rest_of_them_serve_none(begun, client_of, fresh):
    begun(" ".join(f"We do number {number}." for number in range(14)))
    client, rows = client_of("evaluator"), None
    assessment = Assessment.objects.everywhere("a test").get()
    rows = claims_of(assessment)
    key = f"c{rows[0].pk}-principles"
    page = client.get(f"{HERE}tag/").content.decode()
    assert "0 of 14 done, 14 left" in page
    client.post(f"{HERE}tag/?ten=1", {key: ["collaborative"]})
    assert [one.state for one in claims_of(assessment)].count("unread") == 13
    answer = client.post(f"{HERE}tag/?ten=1", {key: ["collaborative"], "rest": "none"})
    assert answer["Location"] == f"{HERE}tag/?ten=2"
    states = [one.state for one in claims_of(assessment)]
    assert (states.count("tagged"), states.count("no_principle"), states.count("unread")) == (
        1,
        9,
        4,
    )
    wrong = client.post(f"{HERE}tag/?ten=1", {key: ["collaborative", "none"]})
    assert "and not both" in wrong.content.decode()


def test_a_claim_with_only_a_value_is_kept_judged_and_never_called_no_principle(begun, client_of):
    assessment = begun()
    first, second, *_rest = claims_of(assessment)
    client = client_of("evaluator")
    given = {f"c{first.pk}-values": ["rule_of_law"], "rest": "none"}
    client.post(f"{HERE}tag/?ten=1", given)
    assert [one.state for one in claims_of(assessment)].count("tagged") == 1
    assert first.text in client.get(f"{HERE}judge/").content.decode()
    assert "Give your verdict" in client.get(f"{HERE}claims/{first.pk}/").content.decode()
    page = client.get(f"{HERE}claims/?principle=rule_of_law").content.decode()
    assert "Claims that touch “Rule of law”" in page
    assert "No principle" not in page
    only = client.get(f"{HERE}claims/{second.pk}/").content.decode()
    assert "No principle" in only


def test_a_verdict_without_a_record_is_refused_beside_its_claim(begun, client_of, actor_of):
    assessment = begun()
    claim = claims_of(assessment)[0]
    tag_claims(actor_of("evaluator"), assessment, {claim.pk: Tags(("collaborative",))})
    given = {f"c{claim.pk}-verdict": "shown", f"c{claim.pk}-note": "I know it."}
    page = client_of("evaluator").post(f"{HERE}judge/?ten=1", given).content.decode()
    assert "needs at least one record" in page
    assert "I know it." in page


def test_the_sentence_itself_is_a_ground_on_the_page_and_can_be_taken_away(begun, client_of):
    assessment = begun()
    claim = claims_of(assessment)[0]
    client, key = client_of("evaluator"), f"c{claim.pk}"
    client.post(f"{HERE}tag/?ten=1", {f"{key}-values": ["human_rights"]})
    given = {
        f"{key}-verdict": "contradicted",
        f"{key}-by_itself": "on",
        f"{key}-note": "It shames.",
    }
    assert client.post(f"{HERE}judge/?ten=1", given).status_code == 302
    page = client.get(f"{HERE}claims/{claim.pk}/").content.decode()
    assert "The text itself" in page
    assert "works against what it touches" in page
    assert "It shames." in page
    away = f"{HERE}claims/{claim.pk}/evidence/0/remove/"
    assert client.get(away).status_code == 200
    client.post(away, {"reason": "Read again."})
    assert client.post(away, {"reason": "Twice."}).status_code == 404


@pytest.fixture
def sealed(begun, actor_of, fresh):
    """An assessment in which one of two has sent."""
    assessment = begun()
    claim = claims_of(assessment)[0]
    evaluator = actor_of("evaluator")
    tag_claims(evaluator, assessment, {claim.pk: Tags(("preventative",))})
    give_verdicts(evaluator, assessment, {claim.pk: Given("absent", "", SECRET)})
    send_in(evaluator, fresh(assessment))
    return claim


def test_sealed_verdicts_stay_sealed_everywhere(sealed, client_of, people, tmp_path, city):
    from commonlight.web.portability.export import write_workspace

    pages = ["", "claims/", f"claims/{sealed.pk}/", "matrix/", "brief/", "sheets/", "judge/"]
    files = [f"files/{name}" for name in ("assessment.json", "claims.csv", "matrix.csv")]
    for role in ("partner", "coordinator", "analyst"):
        client = client_of(role)
        for address in (*(f"{HERE}{one}" for one in pages + files), API, f"{API}/claims"):
            assert SECRET not in client.get(address).content.decode(), f"{role} {address}"
    write_workspace(city.workspace, tmp_path / "export")
    for path in (tmp_path / "export").rglob("*.jsonl"):
        assert SECRET not in path.read_text("utf-8"), path.name
    assert not any(SECRET in json.dumps(one.detail) for one in Event.objects.all())
    assert SECRET in client_of("evaluator").get(f"{HERE}claims/{sealed.pk}/").content.decode()


def test_who_decides_reads_the_result_and_no_draft(sealed, judged, client_of):
    client = client_of("decision_maker")
    drafts = client.get(f"{HERE}brief/")
    assert drafts.status_code == 403
    assert "still reading" in drafts.content.decode()
    page = client.get("/w/lakeside/strategies/2/assessments/1/brief/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "Where the assessors differ" in text
    assert "What cannot be said" in text


def test_an_untagged_principle_is_a_gap_on_screen_in_print_and_in_every_file(
    sealed, client_of, actor_of, fresh
):
    client = client_of("evaluator")
    for address in (f"{HERE}matrix/", f"{HERE}sheets/", f"{HERE}files/matrix.csv"):
        text = client.get(address).content.decode()
        assert "Transdisciplinary" in text
        assert "Gap: no claim of the strategy touches it." in text, address
    found = json.loads(client.get(f"{HERE}files/assessment.json").content)
    assert {"transdisciplinary", "collaborative"} <= {
        one["id"] for one in found["gaps"] if one["gap"] == "gap"
    }
    assert client.get(API).json()["gaps"] == found["gaps"]


def test_signs_stand_as_french_sets_them_on_screen_in_print_and_in_files(judged, client_of):
    client, narrow = client_of("evaluator"), "\N{NARROW NO-BREAK SPACE}"
    french = {"Accept-Language": "fr"}
    sheets = client.get(f"{HERE}sheets/", headers=french).content.decode()
    assert f"University{narrow}: " in sheets
    assert f"University{narrow}; " in sheets
    claims = client.get(f"{HERE}files/claims.csv", headers=french).content.decode()
    assert f"University{narrow}: " in claims
    assert f"Because.{narrow}; " in claims
    form = client.get(f"{HERE}recommendations/new/", headers=french).content.decode()
    assert re.search(rf"<option[^>]*>\s*\d+{narrow}: ", form)


def test_there_is_no_score_unless_it_was_switched_on(judged, client_of):
    client = client_of("coordinator")
    words = "All assessors find"
    assert words not in client.get(f"{HERE}matrix/").content.decode()
    client.post(f"{HERE}share/", {"on": "1"})
    assert words in client.get(f"{HERE}matrix/").content.decode()
    assert client_of("partner").post(f"{HERE}share/", {"on": "0"}).status_code == 403


def test_no_file_computes_in_a_spreadsheet(begun, client_of, fresh, actor_of):
    begun("=1+1 is what we do. +We listen. @We share.")
    for name in ("claims.csv", "matrix.csv", "mirror.csv"):
        content = client_of("evaluator").get(f"{HERE}files/{name}").content.decode("utf-8-sig")
        for row in csv.reader(io.StringIO(content)):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in row)


def test_the_files_are_those_of_the_interface_and_their_taking_is_kept(judged, client_of, actor_of):
    client = client_of("coordinator")
    found = json.loads(client.get(f"{HERE}files/assessment.json").content)
    assert found == json.loads(
        json.dumps(as_json(summary_of(actor_of("coordinator"), judged.assessment)))
    )
    assert len(client.get(f"{API}/claims?limit=200").json()["items"]) == 59
    assert client.get(f"{API}/claims?principle=transdisciplinary").json()["count"] == 2
    assert Event.objects.filter(action="assessment.export", kind="export").count() == 1


def test_the_files_tell_who_looked_and_who_only_saved(judged, client_of):
    """A claim that was merely saved as claimed is not one where nobody found anything."""
    client = client_of("coordinator")
    told = json.loads(client.get(f"{HERE}files/assessment.json").content)["claims"]
    looked = {one["number"]: sum(each["looked_up"] for each in one["verdicts"]) for one in told}
    content = client.get(f"{HERE}files/claims.csv").content.decode("utf-8-sig")
    rows = [*csv.DictReader(io.StringIO(content))]
    assert {int(row["number"]): int(row["assessors who looked it up"]) for row in rows} == looked
    saved = {one["number"] for one in told if one["verdicts"]}
    assert 0 < sum(looked[one] > 0 for one in saved) < len(saved)


def test_a_row_of_the_mirror_is_entered_with_counts_and_kept_as_it_was(begun, client_of):
    assessment = begun()
    client = client_of("evaluator")
    given = {
        "title": "Burglary",
        "profile": "everyday",
        "money_value": "200000",
        "money_prevention": "120000",
        "money_source": "Budget",
        "priorities_named": "122",
        "priorities_asked": "640",
        "priorities_source": "Consultation",
        "harm_missing": "Nobody has weighted it.",
    }
    without = {**given, "money_source": ""}
    page = client.post(f"{HERE}mirror/rows/new/", without).content.decode()
    assert "Name the source of this figure." in page
    assert client.post(f"{HERE}mirror/rows/new/", given).status_code == 302
    row = mirror_of(assessment).rows[0]
    assert str(row.figures["priorities"].low.normalize()) == "16.2"
    page = client.get(f"{HERE}mirror/").content.decode()
    assert "Nobody has weighted it." in page
    form = client.get(f"{HERE}mirror/rows/1/").context["form"]
    again = {name: form[name].value() or "" for name in form.fields if name != "problem"}
    assert client.post(f"{HERE}mirror/rows/1/", again).status_code == 302
    assert mirror_of(assessment).rows[0].figures["money"].value == 200000


def test_a_claim_that_is_not_tagged_is_explained_and_one_that_is_not_there_is_not_found(
    tagged, client_of
):
    client = client_of("evaluator")
    other = claims_of(tagged.assessment)[1]
    page = client.get(f"{HERE}judge/?claim={other.pk}", follow=True)
    assert page.redirect_chain[-1][0] == f"{HERE}claims/{other.pk}/"
    assert "is not tagged, so it gets no verdict" in page.content.decode()
    for wrong in ("999999", "x", "9" * 40):
        assert client.get(f"{HERE}judge/?claim={wrong}").status_code == 404
    assert tagged.text in client.get(f"{HERE}judge/?claim={tagged.pk}").content.decode()


def test_a_rest_of_up_to_three_stands_with_the_last_ten():
    from commonlight.web.assessment.views.frame import tens

    def sizes(count):
        found = tens(list(range(count)), "", lambda one: False)
        return [one["last"] - one["first"] + 1 for one in found["parts"]]

    assert sizes(31) == [10, 10, 11]
    assert sizes(33) == [10, 10, 13]
    assert sizes(34) == [10, 10, 10, 4]
    assert (sizes(2), sizes(0)) == ([2], [])
    assert len(tens(list(range(33)), "3", lambda one: False)["shown"]) == 13


def test_all_judged_is_done_before_it_is_sent(tagged, client_of, actor_of, fresh):
    actor = actor_of("evaluator")
    rest = {one.pk: Tags(is_none=True) for one in claims_of(tagged.assessment)[1:]}
    tag_claims(actor, tagged.assessment, rest)
    client = client_of("evaluator")
    assert "done, not sent in yet" not in client.get(HERE).content.decode()
    give_verdicts(actor, fresh(tagged.assessment), {tagged.pk: Given("claimed")})
    assert "done, not sent in yet" in client.get(HERE).content.decode()


def test_to_change_a_tag_after_all_have_sent_asks_why(judged, client_of):
    client = client_of("evaluator")
    claim = judged.claims[0]
    given = {f"c{claim.pk}-principles": ["collaborative"]}
    page = client.post(f"{HERE}tag/?ten=1", given).content.decode()
    assert "Say why you change the tags of claim 1." in page
    assert client.post(f"{HERE}tag/?ten=1", {**given, "reason": "Read again."}).status_code == 302
    page = client.get(f"{HERE}claims/{claim.pk}/").content.decode()
    assert "Give your verdict" in page


def test_the_two_sheets_are_a_tagged_pdf_of_two_pages(judged, actor_of, tmp_path):
    pypdfium2 = pytest.importorskip("pypdfium2")

    from commonlight.web.assessment.methods.paper import write_sheets

    summary = summary_of(actor_of("coordinator"), judged.assessment)
    today = timezone.localdate()
    path = tmp_path / "sheets.pdf"
    write_sheets(sheet_content(summary, made_on=today), path, language="en", made_on=today)
    assert b"/MarkInfo" in path.read_bytes() or b"pdfuaid" in path.read_bytes()
    made = pypdfium2.PdfDocument(path)
    assert len(made) == 2
    text = " ".join(one.get_textpage().get_text_range() for one in made)
    assert "Lindhafen Safe 2030" in text
    assert "Where the assessors differ" in text


def test_the_pdf_is_made_for_the_one_who_asks_as_she_may_read_it(judged, client_of, people):
    from commonlight.web.runs.models import Run

    client = client_of("decision_maker")
    assert client.post(f"{HERE}sheets/make/").status_code == 302
    run = Run.objects.everywhere("a test").get(kind="assessment.pdf")
    assert run.requested_by == people["decision_maker"]
    page = client.get(f"{HERE}sheets/").content.decode()
    assert "is being made" in page
    assert f'id="pdf-{run.pk}" hx-get="{HERE}sheets/" hx-trigger="every 2s"' in page
    assert f'hx-select="#pdf-{run.pk}"' in page
    assert client.get(f"{HERE}sheets/assessment.pdf").status_code == 404


def test_a_heading_stands_once_above_its_first_sentence(begun, client_of):
    begun("# Safe\n\n## Our aims\n\nWe listen. We share.\n\n## Costs\n\nIt costs little.")
    page = client_of("evaluator").get(f"{HERE}tag/").content.decode()
    assert [page.count(one) for one in ("Our aims", "Costs")] == [1, 1]
    places = [page.index(one) for one in ("Our aims", "We listen.", "We share.", "Costs", "It c")]
    assert places == sorted(places)


def test_how_long_two_pages_take_is_told_as_it_is(client_of):
    page = client_of("coordinator").get("/w/lakeside/strategies/new/").content.decode()
    assert "Two pages take about half an hour" in page
    assert "twenty minutes" not in page
