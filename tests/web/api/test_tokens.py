"""Tokens do what they were given, for as long as they were given it, and no more."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from commonlight.web.api.models import ApiToken
from commonlight.web.api.tokens import (
    actor_of_token,
    make_token,
    own_tokens,
    revoke_token,
    scopes_for,
)
from commonlight.web.api.words import SCOPES
from commonlight.web.eventlog.models import Event
from commonlight.web.policy import Refused
from commonlight.web.policy.rules import actions

BASE = "/api/v1/workspaces/lakeside"


def test_every_scope_is_an_action():
    assert set(SCOPES) <= actions()


def test_what_people_must_do_themselves_is_no_scope():
    assert not {"agreement.sign", "release.check", "token.manage", "people.manage"} & set(SCOPES)


def test_a_token_is_the_member_bounded_by_its_scopes(token_of, people):
    actor = actor_of_token(token_of("analyst", "run.view"))
    assert (actor.kind, actor.user_id, actor.role) == ("token", people["analyst"].pk, "analyst")
    assert actor.scopes == {"run.view"}


def test_only_the_digest_is_kept(token_of):
    text = token_of("analyst")
    kept = ApiToken.objects.everywhere("a test").values().get()
    assert text not in str(kept)
    assert kept["prefix"] == text[:10]


def test_a_scope_beyond_the_role_is_refused(actor_of):
    with pytest.raises(ValueError, match="role"):
        make_token(actor_of("partner"), name="x", scopes=["log.view"], days=3)


@pytest.mark.parametrize("days", [0, 366, -1])
def test_expiry_is_obligatory_and_at_most_a_year(actor_of, days):
    with pytest.raises(ValueError, match="365"):
        make_token(actor_of("partner"), name="x", scopes=["run.view"], days=days)


def test_a_decision_maker_has_no_tokens(actor_of):
    with pytest.raises(Refused):
        make_token(actor_of("decision_maker"), name="x", scopes=["finding.view"], days=3)


def test_a_token_without_the_scope_says_so(program, city):
    answer = program("analyst", "run.view").get(f"{BASE}/members")
    assert answer.status_code == 403
    assert "people.view" in answer.json()["detail"]


@pytest.mark.parametrize("ended", ["expired", "revoked", "left", "inactive", "another"])
def test_a_token_that_ended_is_nobody(token_of, actor_of, people, ended):
    text = token_of("analyst")
    token = own_tokens(actor_of("analyst")).get()
    if ended == "expired":
        own_tokens(actor_of("analyst")).update(expires_at=timezone.now() - timedelta(seconds=1))
    elif ended == "revoked":
        revoke_token(actor_of("analyst"), token)
    elif ended == "left":
        token.membership.ended_at = timezone.now()
        token.membership.save()
    elif ended == "inactive":
        people["analyst"].is_active = False
        people["analyst"].save()
    else:
        text = text[:-1] + ("A" if text[-1] != "A" else "B")
    answer = Client(headers={"Authorization": f"Bearer {text}"}).get(f"{BASE}/runs")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_role_that_was_taken_away_is_taken_from_the_token(program, people):
    client = program("coordinator")
    people["coordinator"].memberships.update(role="partner")
    assert client.get(f"{BASE}/events").status_code == 403


def test_a_token_is_for_one_workspace(program, city):
    client = program("stranger")
    assert client.get(f"{BASE}/members").status_code == 404
    assert client.get("/api/v1/workspaces/elsewhere/members").status_code == 200


def test_making_and_revoking_are_kept(token_of, actor_of):
    token_of("partner")
    revoke_token(actor_of("partner"), own_tokens(actor_of("partner")).get())
    kept = Event.objects.filter(chain="lakeside", action__startswith="token.")
    assert sorted(kept.values_list("action", flat=True)) == ["token.make", "token.revoke"]


class TestPage:
    def test_a_token_is_shown_once(self, client_of):
        client = client_of("partner")
        form = {"name": "Copy", "scopes": ["run.view"], "days": 30}
        answer = client.post("/w/lakeside/tokens/", form, follow=True)
        text = answer.context["new"]["text"]
        assert text in answer.content.decode()
        assert text not in client.get("/w/lakeside/tokens/").content.decode()
        assert actor_of_token(text).role == "partner"

    def test_mistakes_are_told_and_nothing_typed_is_lost(self, client_of):
        form = {"name": "Copy", "scopes": ["log.view"], "days": 400}
        answer = client_of("partner").post("/w/lakeside/tokens/", form)
        assert 'value="Copy"' in answer.content.decode()
        assert set(answer.context["form"].errors) == {"scopes", "days"}
        assert not ApiToken.objects.everywhere("a test").exists()

    def test_revoking_asks_first(self, client_of, token_of, actor_of):
        text = token_of("partner")
        token = own_tokens(actor_of("partner")).get()
        address = f"/w/lakeside/tokens/{token.pk}/revoke/"
        client = client_of("partner")
        assert client.get(address).status_code == 200
        assert actor_of_token(text)
        assert client.post(address).status_code == 302
        assert actor_of_token(text) is None

    @pytest.mark.parametrize("role", ["analyst", "coordinator", "stranger"])
    def test_nobody_revokes_anothers(self, client_of, token_of, actor_of, role):
        token_of("partner")
        token = own_tokens(actor_of("partner")).get()
        answer = client_of(role).post(f"/w/lakeside/tokens/{token.pk}/revoke/")
        assert answer.status_code == 404

    def test_each_role_is_offered_what_it_may(self, actor_of):
        assert "log.view" in scopes_for("coordinator")
        assert "log.view" not in scopes_for("partner")
