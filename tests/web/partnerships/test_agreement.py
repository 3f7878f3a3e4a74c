"""The partnership agreement: open clauses, a frozen text, signatures of the registered."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import pytest

from commonlight.web.partnerships.domain.agreement import (
    begin_agreement,
    clauses_of,
    current_agreement,
    offer_agreement,
    open_clauses,
    set_clause,
    set_signatories,
    sign_agreement,
    take_back_agreement,
)
from commonlight.web.partnerships.domain.shared import PartnershipError
from commonlight.web.partnerships.models import FrozenTextError, PartnershipAgreement
from commonlight.web.policy import Refused
from commonlight.web.workspaces.models import Membership

HOME = "/w/lakeside/partnership/agreement/"


@pytest.fixture
def draft(actor_of, partners, city):
    """A draft that the city and the police are to sign."""
    made = begin_agreement(actor_of("coordinator"), title="How we work together")
    set_signatories(actor_of("coordinator"), made, [city.municipality, city.police])
    return made


def answer_all(actor, agreement):
    for one in clauses_of(agreement):
        set_clause(actor, agreement, one.id, f"{one.title}: agreed.")


@pytest.fixture
def offered(draft, actor_of):
    """The same with all clauses answered."""
    answer_all(actor_of("coordinator"), draft)
    offer_agreement(actor_of("coordinator"), draft)
    return draft


def test_the_draft_lists_its_open_clauses(draft, client_of, actor_of):
    needed = {"purpose", "decision_rule", "dispute", "exit", "power"}
    assert needed <= {one.id for one in open_clauses(draft)}
    page = client_of("partner").get(f"{HOME}1/").content.decode()
    for one in open_clauses(draft):
        assert str(one.title) in page
    with pytest.raises(PartnershipError) as refused:
        offer_agreement(actor_of("coordinator"), draft)
    assert "Purpose of the partnership" in str(refused.value)


def test_an_optional_clause_may_stay_open(draft):
    assert "failure" not in {one.id for one in open_clauses(draft)}


def test_the_text_is_frozen_with_its_digest(offered, actor_of):
    text = json.dumps(offered.text, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert offered.text_digest == hashlib.sha256(text.encode()).hexdigest()
    offered.answers = {"purpose": "Something else"}
    with pytest.raises(FrozenTextError):
        offered.save()
    with pytest.raises(PartnershipError):
        set_clause(actor_of("coordinator"), offered, "purpose", "Something else")


def test_the_signed_version_has_its_day_and_each_signature_its_digest(offered, actor_of, city):
    sign_agreement(actor_of("coordinator"), offered)
    assert offered.state == "offered"
    sign_agreement(actor_of("analyst"), offered)
    assert (offered.state, offered.signed_at is not None) == ("signed", True)
    assert {one.signed_digest for one in offered.signatures.all()} == {offered.text_digest}
    assert current_agreement(city.workspace) == offered


def test_a_text_that_was_touched_is_not_signed(offered, actor_of, city):
    found = PartnershipAgreement.objects.of(city.workspace).filter(pk=offered.pk)
    found.update(text={**offered.text, "title": "Another"})
    with pytest.raises(PartnershipError):
        sign_agreement(actor_of("coordinator"), offered)


@pytest.mark.parametrize(
    ("role", "reason"),
    [
        ("partner", "not named as one that signs"),
        ("stranger", "not belong to your workspace"),
    ],
)
def test_who_is_not_named_does_not_sign(offered, actor_of, role, reason):
    with pytest.raises(Refused) as refused:
        sign_agreement(actor_of(role), offered)
    assert reason in str(refused.value)


def test_only_the_registered_signatory_signs_and_only_once(offered, actor_of, people, city):
    Membership.objects.of(city.workspace).filter(user=people["analyst"]).update(is_signatory=False)
    with pytest.raises(Refused) as refused:
        sign_agreement(actor_of("analyst"), offered)
    assert "registered signatory of Lakeside Police" in str(refused.value)
    sign_agreement(actor_of("coordinator"), offered)
    with pytest.raises(Refused) as refused:
        sign_agreement(actor_of("coordinator"), offered)
    assert "signed already" in str(refused.value)


def test_an_offer_that_is_taken_back_loses_its_signatures(offered, actor_of):
    sign_agreement(actor_of("coordinator"), offered)
    take_back_agreement(actor_of("coordinator"), offered)
    assert (offered.state, offered.text_digest) == ("draft", "")
    assert not offered.signatures.filter(signed_at__isnull=False).exists()


def test_the_next_version_begins_with_the_answers_and_replaces_when_signed(offered, actor_of, city):
    with pytest.raises(PartnershipError):
        begin_agreement(actor_of("coordinator"), title="Second")
    for role in ("coordinator", "analyst"):
        sign_agreement(actor_of(role), offered)
    second = begin_agreement(actor_of("coordinator"), title="Second")
    assert second.answers == offered.answers
    set_signatories(actor_of("coordinator"), second, [city.municipality, city.police])
    offer_agreement(actor_of("coordinator"), second)
    for role in ("coordinator", "analyst"):
        sign_agreement(actor_of(role), second)
    offered.refresh_from_db()
    assert (offered.state, second.state) == ("followed", "signed")


def test_the_file_opens_in_a_word_processor(offered, client_of):
    answer = client_of("partner").get(f"{HOME}1/agreement.docx")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert file.testzip() is None
        text = file.read("word/document.xml").decode()
    assert "Purpose of the partnership" in text
    assert offered.text_digest in text


def test_signing_on_the_page(offered, client_of):
    client = client_of("analyst")
    page = client.get(f"{HOME}1/sign/").content.decode()
    assert offered.text_digest in page
    assert "Purpose of the partnership: agreed." in page
    assert client.post(f"{HOME}1/sign/", {}).status_code == 200
    assert client.post(f"{HOME}1/sign/", {"declared": "on"}).status_code == 302
    assert client_of("partner").get(f"{HOME}1/sign/").status_code == 403
    assert client_of("stranger").get(f"{HOME}1/sign/").status_code == 404


def test_fewer_than_two_organisations_do_not_sign(draft, actor_of, city):
    with pytest.raises(PartnershipError):
        set_signatories(actor_of("coordinator"), draft, [city.police])
