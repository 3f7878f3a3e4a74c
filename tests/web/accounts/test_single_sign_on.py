"""Single sign-on through a real provider on the loopback."""

import re
from types import SimpleNamespace

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from commonlight.web.accounts.models import User
from commonlight.web.accounts.settings_part import account_settings
from commonlight.web.eventlog.models import Event
from commonlight.web.workspaces.models import Membership

CALLBACK = "/accounts/oidc/sso/login/callback/"


def come_back(client, identity, *, after="", **claims):
    """Press the button, let the provider confirm, come back."""
    address = "/accounts/oidc/sso/login/?process=login"
    start = client.post(address + (f"&next={after}" if after else ""))
    assert start.status_code == 302
    assert start["Location"].startswith(identity.issuer)
    return client.get(CALLBACK, identity.authorise(start["Location"], **claims))


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_the_button_is_there_and_needs_a_press(people, identity):
    client = Client()
    assert "Sign in with City account" in client.get("/accounts/login/").content.decode()
    page = client.get("/accounts/oidc/sso/login/?process=login")
    assert page.status_code == 200
    assert "You will be led to City account" in page.content.decode()


def test_a_member_with_a_verified_address_is_signed_in_and_linked(people, identity):
    client = Client()
    come_back(client, identity, email="partner@example.org", email_verified=True, phone="1")
    assert client.get("/w/lakeside/").status_code == 200
    link = SocialAccount.objects.get()
    assert link.user == people["partner"]
    assert "phone" not in str(link.extra_data)
    assert Event.objects.filter(action="person.sign-in", chain="lakeside").exists()
    assert Event.objects.filter(action="person.single-sign-on-link").exists()


@pytest.mark.parametrize("claims", [{}, {"email_verified": False}, {"email_verified": "false"}])
def test_an_address_that_is_not_verified_links_nothing(people, identity, claims):
    client = Client()
    answer = come_back(client, identity, email="partner@example.org", **claims)
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()
    assert "nobody has invited this address" in answer.content.decode()


def test_somebody_unknown_gets_no_account(people, identity):
    client = Client()
    answer = come_back(client, identity, email="new@example.org", email_verified=True)
    assert not is_signed_in(client)
    assert not User.objects.filter(email="new@example.org").exists()
    assert "There is no account for you yet" in answer.content.decode()


def test_an_invited_person_makes_the_account_through_it(people, identity, client_of, city):
    given = {"email": "new@example.org", "organisation": city.police.pk, "role": "analyst"}
    client_of("coordinator").post("/w/lakeside/people/invite/", given)
    path = re.search(r"http://testserver(/invitation/\S+)", mail.outbox[-1].body)[1]
    client = Client()
    assert "Continue with City account" in client.get(path).content.decode()
    claims = {"email": "New@example.org", "email_verified": True, "name": "Nora New"}
    answer = come_back(client, identity, after=path, **claims)
    assert answer["Location"] == path
    user = User.objects.get(email="new@example.org")
    assert user.name == "Nora New"
    assert not user.has_usable_password()
    assert not Membership.objects.of(city.workspace).filter(user=user).exists()
    client.post(path)
    assert client.get("/w/lakeside/").status_code == 200


def test_an_invitation_to_another_address_opens_no_account(people, identity, client_of, city):
    given = {"email": "new@example.org", "organisation": city.police.pk, "role": "analyst"}
    client_of("coordinator").post("/w/lakeside/people/invite/", given)
    path = re.search(r"http://testserver(/invitation/\S+)", mail.outbox[-1].body)[1]
    client = Client()
    client.get(path)
    come_back(client, identity, after=path, email="eve@example.org", email_verified=True)
    assert not User.objects.filter(email="eve@example.org").exists()


def test_a_forged_state_is_refused(people, identity):
    client = Client()
    start = client.post("/accounts/oidc/sso/login/?process=login")
    back = identity.authorise(start["Location"], email="partner@example.org", email_verified=True)
    answer = client.get(CALLBACK, {**back, "state": "forged"})
    assert not is_signed_in(client)
    assert "Single sign-on did not work" in answer.content.decode()
    other = Client()
    other.get(CALLBACK, back)
    assert not is_signed_in(other)


@pytest.mark.parametrize(
    "changes", [{"iss": "http://evil.example"}, {"aud": "another"}, {"exp": 1}]
)
def test_a_token_of_another_issuer_audience_or_time_is_refused(people, identity, changes):
    identity.changes = changes
    client = Client()
    answer = come_back(client, identity, email="partner@example.org", email_verified=True)
    assert not is_signed_in(client)
    assert "Single sign-on did not work" in answer.content.decode()


def test_cancelling_leads_back(people, identity):
    client = Client()
    start = client.post("/accounts/oidc/sso/login/?process=login")
    state = identity.authorise(start["Location"])["state"]
    answer = client.get(CALLBACK, {"error": "access_denied", "state": state}, follow=True)
    assert "cancelled" in answer.content.decode()


def test_without_it_there_is_no_button_and_no_page(people):
    client = Client()
    assert "Sign in with City" not in client.get("/accounts/login/").content.decode()
    assert client.post("/accounts/oidc/sso/login/").status_code == 404


def test_half_a_configuration_is_refused_with_what_is_missing():
    given = SimpleNamespace(
        is_public=False, behind_proxy=False, oidc={"issuer": "https://id.example"}
    )
    with pytest.raises(ImproperlyConfigured, match="COMMONLIGHT_OIDC_CLIENT_ID"):
        account_settings(given)
