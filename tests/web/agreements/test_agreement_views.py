"""The pages of agreements, from the first draft to the end."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonlight.web.agreements.domain.clauses import clauses_for
from commonlight.web.agreements.domain.coverage import today_in
from commonlight.web.agreements.domain.finding import agreements_of
from commonlight.web.agreements.enums import Part

ADDRESS = "/w/lakeside/agreements/"


def now(city, number=1):
    return agreements_of(city.workspace).get(number=number)


def test_from_the_draft_to_the_signature(city, client_of, dataset, text_of):
    thing = dataset("burglary", name="Burglary")
    writer = client_of("analyst")
    answer = writer.post(f"{ADDRESS}new/", {"kind": "one_way", "title": "Burglary for youth work"})
    home = f"{ADDRESS}1/"
    assert answer.url == home
    text = text_of(writer.get(home))
    assert "points are still open" in text
    assert "When parties disagree Unanswered" in text

    today = today_in(city.workspace)
    answers = {
        "parties": {"givers": city.police.pk, "receivers": city.youth_work.pk},
        "purpose": {"purpose": "Youth work", "legal_basis": "Act, section 4"},
        "data": {"datasets": thing.pk, "fields_shared": ["type"], "other_fields": "door\ntype\n"},
        "detail": {"place_detail": "area", "time_detail": "month"},
        "dates": {"starts_on": today, "expires_on": today + timedelta(days=90)},
        **{
            f"clauses/{one.id}": {"text": one.suggestion}
            for one in clauses_for("one_way")
            if one.is_required
        },
    }
    for part, given in answers.items():
        assert writer.get(f"{home}{part}/").status_code == 200
        assert writer.post(f"{home}{part}/", given).url == home, part
    assert now(city).fields == ["type", "door"]
    assert "Nothing is left open" in text_of(writer.get(home))
    assert "Lakeside Police gives Burglary" in text_of(writer.get(f"{home}check/"))
    assert writer.post(f"{home}check/").url == home

    partner = client_of("partner")
    text = text_of(partner.get(home))
    assert "You have not opened these parts yet: Parties" in text
    assert partner.post(f"{home}sign/", {"agreed": "on"}).status_code == 403
    for part in Part.values:
        assert partner.get(f"{home}parts/{part}/").status_code == 200
    text = text_of(partner.post(f"{home}sign/", {}))
    assert "Tick the declaration" in text
    assert partner.post(f"{home}sign/", {"agreed": "on"}).url == home
    assert now(city).state == "offered"
    for part in Part.values:
        writer.get(f"{home}parts/{part}/")
    writer.post(f"{home}sign/", {"agreed": "on"})
    assert now(city).state == "signed"
    text = text_of(client_of("evaluator").get(home))
    assert "In force" in text
    assert "Analyst" not in text
    assert now(city).text_digest in text


def test_a_one_way_agreement_has_no_page_for_a_return_flow(client_of, draft):
    draft(kind="one_way")
    assert client_of("coordinator").get(f"{ADDRESS}1/clauses/return_flow/").status_code == 404
    draft(kind="reciprocal")
    assert client_of("coordinator").get(f"{ADDRESS}2/clauses/return_flow/").status_code == 200


@pytest.mark.parametrize(
    ("part", "given", "said"),
    [
        ("parties", {}, "This field is required"),
        ("purpose", {"purpose": "Youth work"}, "This field is required"),
        ("dates", {"starts_on": "2030-05-02", "expires_on": "2030-05-01"}, "lies before"),
        ("dates", {"starts_on": "soon", "expires_on": "2030-05-01"}, "valid date"),
        ("data", {"datasets": "999999"}, "not one of the available choices"),
        ("clauses/dispute", {"text": ""}, "This field is required"),
    ],
)
def test_wrong_answers_are_shown_again_with_the_error(client_of, draft, text_of, part, given, said):
    draft()
    answer = client_of("coordinator").post(f"{ADDRESS}1/{part}/", given)
    text = text_of(answer)
    assert "There is a problem" in text
    assert said in text
    for value in given.values():
        assert value in answer.content.decode() or value == "999999"


def test_who_gives_does_not_receive_in_a_one_way_agreement(city, client_of, draft, text_of):
    draft()
    both = {"givers": city.police.pk, "receivers": city.police.pk}
    text = text_of(client_of("coordinator").post(f"{ADDRESS}1/parties/", both))
    assert "needs a reciprocal agreement" in text


def test_data_sets_of_others_cannot_be_chosen(city, client_of, draft, dataset, text_of):
    draft()
    other = dataset("answers", name="Answers", owner=city.university)
    client = client_of("coordinator")
    assert "Answers" not in text_of(client.get(f"{ADDRESS}1/data/"))
    assert "not one of" in text_of(client.post(f"{ADDRESS}1/data/", {"datasets": other.pk}))


def test_asking_for_a_change_and_taking_back(city, client_of, offered, text_of):
    offered()
    home = f"{ADDRESS}1/"
    client_of("partner").post(f"{home}ask/", {"text": "By quarter, please."})
    assert "By quarter, please." in text_of(client_of("coordinator").get(home))
    assert client_of("coordinator").get(f"{home}take-back/").status_code == 200
    client_of("coordinator").post(f"{home}take-back/")
    assert now(city).state == "draft"


def test_ending_needs_a_reason(city, client_of, signed, text_of):
    signed()
    home = f"{ADDRESS}1/"
    assert "There is a problem" in text_of(client_of("partner").post(f"{home}end/", {"reason": ""}))
    client_of("partner").post(f"{home}end/", {"reason": "The project is over."})
    text = text_of(client_of("evaluator").get(home))
    assert "Ended early" in text
    assert "The project is over." in text


def test_a_signed_agreement_is_not_drafted_on(client_of, signed):
    signed()
    for part in ("purpose", "data", "check", "take-back"):
        answer = client_of("coordinator").post(f"{ADDRESS}1/{part}/", {"purpose": "x"})
        assert answer.status_code == 403
        assert "its text is frozen" in answer.content.decode()


def test_one_that_follows_is_a_draft_with_the_same_content(city, client_of, signed):
    signed()
    answer = client_of("coordinator").post(f"{ADDRESS}1/follow-up/")
    assert answer.url == f"{ADDRESS}2/"
    assert now(city, 2).replaces.number == 1


def test_the_file_opens_and_its_export_is_kept(client_of, signed):
    from commonlight.web.eventlog.models import Event

    signed()
    answer = client_of("partner").get(f"{ADDRESS}1/agreement.docx")
    assert answer.status_code == 200
    assert answer.content.startswith(b"PK")
    assert Event.objects.filter(kind="export", thing_kind="agreements.agreement").count() == 1


PAGES = [
    *("", "parties/", "purpose/", "data/", "detail/", "dates/", "clauses/dispute/", "check/"),
    *("parts/parties/", "sign/", "ask/", "take-back/", "end/", "follow-up/", "agreement.docx"),
]


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_finds_no_page(client_of, offered, page):
    offered()
    for method in ("get", "post"):
        status = getattr(client_of("stranger"), method)(f"{ADDRESS}1/{page}").status_code
        assert status in (404, 405)
    assert client_of("stranger").get(ADDRESS).status_code == 404


def test_an_offer_is_not_listed_for_those_outside_it(client_of, offered, text_of):
    offered()
    assert "Counts for prevention" in text_of(client_of("partner").get(ADDRESS))
    assert "Counts for prevention" not in text_of(client_of("evaluator").get(ADDRESS))
    assert client_of("evaluator").get(f"{ADDRESS}1/").status_code == 403


def test_what_ends_soon_is_listed_first(city, client_of, signed_agreement, text_of):
    today = today_in(city.workspace)
    signed_agreement(receivers=(city.youth_work,), expires_on=today + timedelta(days=6))
    text = text_of(client_of("coordinator").get(ADDRESS))
    assert "Ending soon" in text
    assert "6 days left" in text


def test_the_number_of_queries_does_not_grow(city, client_of, signed_agreement, dataset):
    client, counted = client_of("coordinator"), []
    for number in (1, 2, 3):
        signed_agreement(dataset(f"set-{number}"), receivers=(city.youth_work, city.university))
        if number != 2:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(ADDRESS).status_code == 200
            counted.append(len(queries))
    assert counted[0] == counted[1]


SCRIPT = "<script>alert(1)</script>"


def test_scripts_in_any_text_are_shown_as_text(client_of, draft, actor_of):
    from commonlight.web.agreements.domain import drafting

    made = draft()
    actor = actor_of("coordinator")
    drafting.change(actor, made, "purpose", title=SCRIPT, purpose=SCRIPT, legal_basis=SCRIPT)
    drafting.set_clause(actor, made, "dispute", SCRIPT)
    client = client_of("coordinator")
    for page in ("", "check/", "purpose/", "clauses/dispute/"):
        assert "<script>alert" not in client.get(f"{ADDRESS}1/{page}").content.decode()


def test_the_frozen_text_keeps_its_language_on_a_page_in_another(signed, client_of):
    page = client_of("partner").get(
        f"{ADDRESS}{signed().number}/", headers={"accept-language": "fr"}
    )
    text = page.content.decode()
    assert '<html lang="fr"' in text
    assert '<div class="read" lang="en">' in text


def test_the_way_on_from_a_part_is_in_the_language_of_the_page(signed, client_of):
    address = f"{ADDRESS}{signed().number}/parts/{Part.PARTIES}/"
    page = client_of("partner").get(address, headers={"accept-language": "fr"}).content.decode()
    assert "Finalité et base légale" in page
    assert "Purpose and legal basis" not in page
