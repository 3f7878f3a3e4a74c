"""Records are proposed for a claim, linked with its verdict, and taken away."""

from __future__ import annotations

import pytest
from django.utils import timezone

from commonlight.web.assessment.domain.finding import claims_of
from commonlight.web.assessment.domain.grounds import choices_for
from commonlight.web.assessment.domain.matrix import read_assessment
from commonlight.web.assessment.domain.tagging import Tags, tag_claims
from commonlight.web.assessment.models import Claim, Document, Strategy
from commonlight.web.partnerships.models import Meeting

HERE = "/w/lakeside/strategies/1/assessments/1/"


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


@pytest.mark.usefixtures("nothing_kept")
def test_the_evidence_page_asks_as_much_for_many_records_as_for_one(tagged, client_of, document):
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


@pytest.fixture
def said(begun, city):
    """A claim with these words, of the principle that partners work together."""
    assessment = begun()

    def make(text):
        return Claim(
            pk=0,
            assessment=assessment,
            workspace=city.workspace,
            text=text,
            principles=["collaborative"],
        )

    return make


def test_a_common_word_alone_brings_no_record_near(said, actor_of, document):
    actor = actor_of("evaluator")
    paper = said("We will ask 1,500 residents every two years, with the same questions.")
    document(paper.assessment, title="Residents name the quarters in which they meet the police")
    document(paper.assessment, title="Questions that residents were asked in 2025")
    found = choices_for(actor, paper)
    assert [one.title for one in found.near] == ["Questions that residents were asked in 2025"]
    assert "Residents name the quarters in which they meet the police" in {
        one.title for one in found.fitting
    }
    far = choices_for(actor, said("The police and their partners help residents each year."))
    assert far.near == ()


def test_a_record_in_other_forms_of_the_words_is_near(said, actor_of, document):
    claim = said("One woman in three tells us that she avoids the station after dark.")
    document(claim.assessment, title="Avoiding streets or places: 34 of 100 women")
    found = choices_for(actor_of("evaluator"), claim)
    assert [one.title for one in found.near] == ["Avoiding streets or places: 34 of 100 women"]


def test_research_stands_apart_after_the_records_of_this_city(said, actor_of, document):
    claim = said("We install cameras at the station.")
    document(claim.assessment, title="Tender for cameras at the station")
    found = choices_for(actor_of("evaluator"), claim)
    assert [one.title for one in found.near] == ["Tender for cameras at the station"]
    assert found.research[0].title == "Public-space CCTV"
    assert {one.kind for one in (*found.near, *found.fitting)}.isdisjoint({"practice", "statement"})
    everything = choices_for(actor_of("evaluator"), claim, everything=True)
    kinds = [one.kind in ("practice", "statement") for one in everything.shown]
    assert kinds == sorted(kinds)


def test_a_promise_is_shown_by_what_was_decided_before_what_was_counted(
    said, actor_of, document, city
):
    meeting = Meeting.objects.create(
        workspace=city.workspace,
        number=1,
        title="The lights of the station",
        starts_at=timezone.now(),
        state="held",
    )
    promised = said("We will renew the lights at the station by the summer.")
    document(promised.assessment, title="The lights at the station by the summer")
    stated = said("The lights at the station fail in the summer.")
    actor = actor_of("evaluator")
    assert choices_for(actor, promised).near[0].thing == meeting
    assert choices_for(actor, stated).near[0].kind == "document"


def test_the_page_says_that_nothing_is_near_and_folds_the_rest(tagged, client_of, document):
    document(tagged.assessment, title="Paper")
    tagged.text = "Xyzzy plugh."
    tagged.save()
    address = f"{HERE}claims/{tagged.pk}/evidence/"
    page = client_of("evaluator").get(address).content.decode()
    assert "No record of this city shares enough words with this sentence." in page
    folded = page.index("could show it</summary>")
    assert folded < page.index("Paper</span>")
    tagged.text = "We install cameras."
    tagged.save()
    page = client_of("evaluator").get(address).content.decode()
    heading = page.index("What research says (shows no deed of this city)")
    assert heading < page.index("Public-space CCTV")
