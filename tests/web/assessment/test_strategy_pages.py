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
from commonlight.web.assessment.domain.grounds import choices_for
from commonlight.web.assessment.domain.judging import Given, give_verdicts, send_in
from commonlight.web.assessment.domain.matrix import read_assessment
from commonlight.web.assessment.domain.mirror import mirror_of
from commonlight.web.assessment.domain.sheets import sheet_content
from commonlight.web.assessment.domain.summary import summary_of
from commonlight.web.assessment.domain.tagging import Tags, tag_claims
from commonlight.web.assessment.models import Assessment, Claim, Document, Strategy
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


def test_a_record_is_linked_on_the_page_and_can_be_removed(begun, client_of, actor_of, document):
    assessment = begun()
    claim = claims_of(assessment)[0]
    paper = document(assessment)
    client = client_of("coordinator")
    address = f"{HERE}claims/{claim.pk}/evidence/"
    assert "Minutes of May" in client.get(f"{address}?kind=document").content.decode()
    given = {"ground": f"document:{paper.pk}", "direction": "for", "note": "Page 2."}
    away = client.post(f"{address}?next=https://elsewhere.example/", given)
    assert away["Location"] == f"{HERE}claims/{claim.pk}/"
    page = client.get(away["Location"]).content.decode()
    assert "speaks for it" in page
    assert "It cannot show:" in page


@pytest.fixture
def tagged(begun, actor_of):
    """The first claim of an assessment, tagged to a principle."""
    claim = claims_of(begun())[0]
    tag_claims(actor_of("evaluator"), claim.assessment, {claim.pk: Tags(("collaborative",))})
    return claim


def test_several_records_are_linked_and_the_verdict_given_in_one_step(
    tagged, client_of, actor_of, document, fresh
):
    papers = [document(tagged.assessment, title=f"Paper {number}") for number in range(2)]
    client = client_of("evaluator")
    back = f"{HERE}judge/?ten=1#claim-{tagged.pk}"
    address = f"{HERE}claims/{tagged.pk}/evidence/"
    page = client.get(address, {"q": "Paper", "next": back}).content.decode()
    assert f'name="next" value="{HERE}judge/?ten=1#claim-{tagged.pk}"' in page
    given = {"ground": [f"document:{one.pk}" for one in papers], "next": back}
    page = client.post(address, {**given, "then": "contradicted"}).content.decode()
    assert "Say in one sentence what it shows" in page
    assert page.count(" checked") >= 2
    evaluator = actor_of("evaluator")
    assert not read_assessment(evaluator, fresh(tagged.assessment)).tagged[0].evidence
    answer = client.post(address, {**given, "then": "contradicted", "note": "Nobody met."})
    assert answer["Location"] == back
    found = read_assessment(evaluator, fresh(tagged.assessment)).tagged[0]
    assert (found.now, len(found.evidence)) == ("contradicted", 2)
    assert {one.direction for one in found.evidence} == {"against"}


def test_what_was_chosen_stays_when_one_goes_to_link_a_record(
    begun, client_of, actor_of, document, fresh
):
    assessment = begun()
    first, second, third, _last = claims_of(assessment)
    names = Tags(("collaborative",))
    evaluator = actor_of("evaluator")
    tag_claims(evaluator, assessment, {one.pk: names for one in (first, second, third)})
    client = client_of("evaluator")
    given = {
        f"c{first.pk}-verdict": "shown",
        f"c{first.pk}-note": "I saw it myself.",
        f"c{second.pk}-verdict": "absent",
        f"c{second.pk}-note": "In chapter two.",
        f"c{third.pk}-verdict": "claimed",
    }
    answer = client.post(f"{HERE}judge/?ten=1", {**given, "link": str(first.pk)})
    assert answer["Location"].startswith(f"{HERE}claims/{first.pk}/evidence/?next=")
    found = {one.claim.pk: one.now for one in read_assessment(evaluator, fresh(assessment)).tagged}
    assert found == {first.pk: "open", second.pk: "absent", third.pk: "open"}
    page = client.get(f"{HERE}judge/?ten=1").content.decode()
    assert "I saw it myself." in page
    assert page.count("not saved yet") == 1
    paper = document(assessment)
    given = {"ground": f"document:{paper.pk}", "then": "shown"}
    back = client.post(answer["Location"], given)
    assert back["Location"] == f"{HERE}judge/?ten=1#claim-{first.pk}"
    judged = read_assessment(evaluator, fresh(assessment)).tagged[0]
    assert (judged.now, judged.verdicts[0].verdict.note) == ("shown", "I saw it myself.")
    assert "not saved yet" not in client.get(f"{HERE}judge/?ten=1").content.decode()
    assert client.post(f"{HERE}judge/?ten=1", {"link": "0"}).status_code == 404


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


def test_to_link_again_changes_the_note(tagged, client_of, actor_of, document, fresh):
    paper = document(tagged.assessment)
    client, address = client_of("evaluator"), f"{HERE}claims/{tagged.pk}/evidence/"
    for note in ("", "It shows it.", ""):
        given = {"ground": f"document:{paper.pk}", "direction": "against", "note": note}
        assert client.post(address, given).status_code == 302
    found = read_assessment(actor_of("evaluator"), fresh(tagged.assessment)).tagged[0]
    assert [one.note for one in found.evidence] == ["It shows it."]


def test_few_records_are_proposed_the_nearest_first_and_whether_each_stands(
    tagged, client_of, document
):
    for number in range(12):
        document(tagged.assessment, title=f"Paper {number}")
    document(tagged.assessment, title="What is at the heart of our people")
    client, address = client_of("evaluator"), f"{HERE}claims/{tagged.pk}/evidence/"
    records = client.get(address).context["records"]
    assert len(records.shown) == 8
    assert records.more >= 5
    assert records.shown[0].title == "What is at the heart of our people"
    assert len(client.get(address, {"all": "1"}).context["records"].shown) == records.more + 8
    page = client.get(address).content.decode()
    assert f"Show {records.more} other records" in page
    assert records.shown[0].address in page


def test_records_fit_a_claim_by_what_it_says_in_whatever_language(begun, actor_of, city):
    """A practice is found by the meaning of the sentence, also where no word is the same."""
    assessment = begun()
    for text in ("We install cameras.", "Wir hängen Kameras auf."):
        claim = Claim(
            assessment=assessment,
            workspace=city.workspace,
            text=text,
            principles=["preventative"],
        )
        shown = choices_for(actor_of("evaluator"), claim).shown
        assert shown[0].title == "Public-space CCTV"


def test_papers_of_another_strategy_and_what_says_nothing_of_it_are_not_proposed(
    tagged, actor_of, city
):
    other = Strategy.objects.create(workspace=city.workspace, number=9, title="Of the port")
    Document.objects.create(
        workspace=city.workspace,
        strategy=other,
        title="Hearing",
        dated=timezone.localdate(),
        page="1",
    )
    actor = actor_of("evaluator")
    assert "Hearing" not in {one.title for one in choices_for(actor, tagged).shown}
    assert "Hearing" in {one.title for one in choices_for(actor, tagged, everything=True).shown}
    tagged.text = "Xyzzy."
    assert not {one.kind for one in choices_for(actor, tagged).shown} & {"practice", "finding"}


def test_a_problem_that_is_not_defined_says_so_before_it_is_chosen(
    tagged, actor_of, client_of, city
):
    from commonlight.web.problems.models import Problem

    Problem.objects.create(workspace=city.workspace, number=1, title="People at the station")
    found = choices_for(actor_of("evaluator"), tagged, only="problem").all
    assert [one.stands for one in found] == [False]
    assert found[0].reason


def test_the_evidence_page_asks_as_much_for_many_records_as_for_one(
    tagged, client_of, document, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, address = client_of("evaluator"), f"{HERE}claims/{tagged.pk}/evidence/?all=1"
    counts = []
    for number in (1, 6):
        for place in range(number):
            document(tagged.assessment, title=f"Paper {number} {place}")
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_two_sheets_are_a_tagged_pdf_of_two_pages(judged, actor_of, tmp_path):
    pypdfium2 = pytest.importorskip("pypdfium2")
    from django.utils import timezone

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
