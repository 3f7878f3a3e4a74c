"""The public version: frozen as proposed, let go by a second person in another role."""

from __future__ import annotations

import pytest
from django.test import Client

from commonlight.web.accounts.models import User
from commonlight.web.eventlog.models import Event
from commonlight.web.policy import Refused
from commonlight.web.problems.fieldwork.domain.guarding import FieldworkError
from commonlight.web.problems.fieldwork.domain.publishing import (
    let_go,
    may_check,
    propose_version,
    published,
    send_back,
    shaken,
    versions_to_check,
    withdraw_version,
)
from commonlight.web.problems.fieldwork.domain.scope import (
    complete_audit,
    reopen_audit,
    write_entry,
)
from commonlight.web.problems.fieldwork.domain.sessions import take_back_session
from commonlight.web.states import NotNow
from commonlight.web.workspaces.actors import actor_for
from commonlight.web.workspaces.models import Membership

PUBLIC = "/public/lakeside/safety-audits/"


@pytest.fixture
def complete(audit, session, finding, actor_of):
    """An audit with one sentence for everybody, one that stays inside and one without ground."""
    for text, public, grounds, actor in (
        ("Inside: 81240735 thefts", "", [finding], "analyst"),
        ("Young people meet at the kiosk", "Young people meet at the kiosk.", [session], "partner"),
        ("Presumed", "Somebody presumes this.", [], "partner"),
    ):
        write_entry(
            actor_of(actor),
            audit,
            block="strengths",
            nature="strength",
            text=text,
            public_text=public,
            grounds=grounds,
        )
    complete_audit(actor_of("coordinator"), audit)
    return audit


@pytest.fixture
def proposed(complete, actor_of):
    """A version that the coordinator proposed."""
    return propose_version(actor_of("coordinator"), complete, introduction="Why we looked.")


@pytest.fixture
def second_coordinator(city, people):
    """Another person in the role of the one who proposed."""
    user = User.objects.create_user("second@example.org", "x", name="Second")
    Membership.objects.create(
        workspace=city.workspace, user=user, organisation=city.municipality, role="coordinator"
    )
    return actor_for(user, city.workspace)


def body(client, address):
    return client.get(address).content.decode()


def test_only_sentences_for_everybody_that_rest_on_something_are_in_it(proposed):
    lines = [line for block in proposed.content["blocks"] for line in block["entries"]]
    assert [line["text"] for line in lines] == ["Young people meet at the kiosk."]
    assert lines[0]["sources"] == ["session"]
    assert "81240735" not in str(proposed.content)
    assert "victims" in proposed.content["missing_groups"]


def test_until_a_second_person_let_it_go_nothing_is_public(proposed, client_of):
    assert published(proposed.workspace) == []
    assert Client().get(f"{PUBLIC}1/").status_code == 404
    assert "kiosk" not in body(Client(), PUBLIC)


def test_who_proposed_it_may_not_check_it(proposed, actor_of):
    with pytest.raises(Refused, match="You proposed this version"):
        let_go(actor_of("coordinator"), proposed)


def test_another_person_in_the_same_role_may_not_check_it(proposed, second_coordinator):
    decision = may_check(second_coordinator, proposed)
    assert "same role" in str(decision.reason)
    assert "different roles" in str(decision.ask)
    with pytest.raises(Refused):
        let_go(second_coordinator, proposed)
    assert versions_to_check(second_coordinator, most=5) == []


def test_another_person_in_another_role_makes_it_public(proposed, actor_of, client_of):
    assert versions_to_check(actor_of("evaluator"), most=5) == [proposed]
    page = f"/w/lakeside/audit-scope/1/public/{proposed.number}/"
    answer = client_of("evaluator").post(page, {"decision": "release", "comment": ""}, follow=True)
    assert "It is public now." in answer.content.decode()
    public = body(Client(), f"{PUBLIC}1/")
    assert "Young people meet at the kiosk." in public
    assert "Why we looked." in public
    assert "Not heard: People with disabilities." in public
    assert "81240735" not in public
    assert "Youth" not in public.replace("Young", "")
    event = Event.objects.get(action="fieldwork.public.release")
    assert event.detail["proposed_by"] != event.detail["checked_by"]


def test_a_return_needs_words(proposed, actor_of, client_of):
    page = f"/w/lakeside/audit-scope/1/public/{proposed.number}/"
    answer = client_of("partner").post(page, {"decision": "return", "comment": " "})
    assert "Say what must change." in answer.content.decode()
    send_back(actor_of("partner"), proposed, comment="Name the kiosk differently.")
    assert proposed.state == "returned"
    with pytest.raises(Refused, match="does not wait"):
        let_go(actor_of("evaluator"), proposed)


def test_what_is_public_stays_as_it_was_frozen(proposed, complete, actor_of):
    let_go(actor_of("evaluator"), proposed)
    reopen_audit(actor_of("coordinator"), complete)
    line = complete.entries.get(public_text="Young people meet at the kiosk.")
    line.public_text = "Something else."
    line.save()
    assert "Young people meet at the kiosk." in body(Client(), f"{PUBLIC}1/")


def test_a_sentence_whose_session_was_taken_back_is_marked_at_once(
    proposed, session, actor_of, client_of
):
    let_go(actor_of("evaluator"), proposed)
    assert shaken(proposed.workspace, [proposed])[proposed.pk] == set()
    take_back_session(actor_of("partner"), session, reason="Consent was withdrawn.")
    assert shaken(proposed.workspace, [proposed])[proposed.pk] == {
        "Young people meet at the kiosk."
    }
    assert "Not supported any more" in body(Client(), f"{PUBLIC}1/")


def test_withdrawn_it_is_gone_at_once(proposed, actor_of):
    let_go(actor_of("evaluator"), proposed)
    with pytest.raises(Refused):
        withdraw_version(actor_of("partner"), proposed, comment="No")
    withdraw_version(actor_of("coordinator"), proposed, comment="A mistake.")
    assert Client().get(f"{PUBLIC}1/").status_code == 404
    with pytest.raises(NotNow):
        withdraw_version(actor_of("coordinator"), proposed, comment="Twice")


def test_a_newer_version_takes_the_place_of_the_older(proposed, complete, actor_of):
    let_go(actor_of("evaluator"), proposed)
    newer = propose_version(actor_of("coordinator"), complete, introduction="Anew.")
    let_go(actor_of("partner"), newer)
    assert [one.version for one in published(complete.workspace)] == [newer]


def test_an_open_audit_and_one_without_public_words_cannot_be_proposed(audit, actor_of, session):
    with pytest.raises(Refused, match="not completed"):
        propose_version(actor_of("coordinator"), audit)
    write_entry(
        actor_of("partner"),
        audit,
        block="strengths",
        nature="strength",
        text="Inside",
        grounds=[session],
    )
    complete_audit(actor_of("coordinator"), audit)
    with pytest.raises(FieldworkError, match="words for everybody"):
        propose_version(actor_of("coordinator"), audit)


def test_only_one_version_waits_at_a_time(proposed, complete, actor_of):
    with pytest.raises(Refused, match="waits for a second person already"):
        propose_version(actor_of("analyst"), complete)


def test_who_may_not_see_the_data_behind_it_may_not_check_it(audit, finding, actor_of, client_of):
    write_entry(
        actor_of("analyst"),
        audit,
        block="strengths",
        nature="strength",
        text="Thefts fell",
        public_text="Thefts fell.",
        grounds=[finding],
    )
    complete_audit(actor_of("coordinator"), audit)
    version = propose_version(actor_of("analyst"), audit)
    assert not may_check(actor_of("partner"), version)
    page = f"/w/lakeside/audit-scope/1/public/{version.number}/"
    sent = {"decision": "release", "comment": ""}
    assert client_of("partner").post(page, sent).status_code == 403


def test_the_second_person_is_told_on_the_first_page(proposed, client_of):
    task = "Check the public version of “Audit of the square”"
    assert task in body(client_of("evaluator"), "/w/lakeside/")
    assert task not in body(client_of("coordinator"), "/w/lakeside/")


def test_the_day_after_an_agreement_ended_the_sentence_is_gone(
    audit, finding, session, city, signed_agreement, actor_of
):
    from datetime import timedelta

    from django.utils import timezone

    from commonlight.web.data.models import DataSet

    data = DataSet.objects.of(city.workspace).get(slug="burglary")
    agreement = signed_agreement(
        data, receivers=(city.municipality,), place_detail="city", time_detail="day"
    )
    coordinator = actor_of("coordinator")
    for text, ground in (("Thefts fell.", finding), ("They meet at the kiosk.", session)):
        write_entry(
            coordinator,
            audit,
            block="strengths",
            nature="strength",
            text=text,
            public_text=text,
            grounds=[ground],
        )
    complete_audit(coordinator, audit)
    let_go(actor_of("analyst"), propose_version(coordinator, audit))
    assert "Thefts fell." in body(Client(), f"{PUBLIC}1/")
    agreement.expires_on = timezone.now().date() - timedelta(days=2)
    agreement.save()
    after = body(Client(), f"{PUBLIC}1/")
    assert "Thefts fell." not in after
    assert "They meet at the kiosk." in after
    assert "Thefts fell." not in body(Client(), "/api/v1/public/lakeside/safety-audits")
