"""Invitations: one person, one address, once, for fourteen days."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from commonlight.web.accounts.models import User
from commonlight.web.eventlog.models import Event
from commonlight.web.workspaces.models import Invitation, Membership
from commonlight.web.workspaces.people import invitations as domain

PASSWORD = "a long enough passphrase"
NEW_ACCOUNT = {"name": "Nora New", "password": "seven geese on a roof"}


def expire(**fields):
    past = timezone.now() - timedelta(days=1)
    Invitation.objects.everywhere("a test").update(expires_at=past, **fields)


def test_the_mail_holds_the_link_and_the_base_holds_its_digest_only(invited):
    path = invited()
    code = path.split("/")[2]
    kept = Invitation.objects.everywhere("a test").get()
    assert code not in str(kept.__dict__)
    assert len(kept.code_digest) == 64
    assert mail.outbox[0].to == ["new@example.org"]
    assert "City of Lakeside" not in mail.outbox[0].body


def test_the_link_is_shown_once_to_the_one_who_invited(client_of, city):
    client = client_of("coordinator")
    given = {"email": "a@example.org", "organisation": city.police.pk, "role": "analyst"}
    address = client.post("/w/lakeside/people/invite/", given)["Location"]
    first = client.get(address)
    assert "/invitation/" in first.content.decode()
    assert first["Cache-Control"] == "no-store"
    assert "/invitation/" not in client.get(address).content.decode()


def test_it_lasts_fourteen_days(invited):
    invited()
    kept = Invitation.objects.everywhere("a test").get()
    assert kept.expires_at - kept.created_at == pytest.approx(
        timedelta(days=14), abs=timedelta(seconds=5)
    )


def test_the_page_says_what_where_and_by_which_role(invited):
    page = Client().get(invited()).content.decode()
    assert "Safer Lakeside" in page
    assert "The workspace’s Coordinator" in page
    assert "coordinator@example.org" not in page
    assert "Youth Work Lakeside" in page
    assert 'autocomplete="new-password"' in page
    assert 'name="language"' in page


def test_a_new_person_makes_an_account_and_is_in(invited, city):
    path = invited()
    client = Client()
    answer = client.post(path, NEW_ACCOUNT)
    assert answer["Location"] == "/w/lakeside/"
    assert client.get("/w/lakeside/").status_code == 200
    member = Membership.objects.of(city.workspace).get(user__email="new@example.org")
    assert (member.role, member.organisation) == ("partner", city.youth_work)
    assert not member.is_signatory
    actions = set(Event.objects.filter(chain="lakeside").values_list("action", flat=True))
    assert {"people.invite", "people.accept-invitation"} <= actions


def test_the_language_of_the_page_becomes_the_persons(invited):
    client = Client(HTTP_ACCEPT_LANGUAGE="fr")
    client.post(invited(), NEW_ACCOUNT)
    assert User.objects.get(email="new@example.org").language == "fr"


def test_a_weak_password_is_refused_and_the_name_kept(invited):
    page = Client().post(invited(), {"name": "Nora", "password": "short"}).content.decode()
    assert "There is a problem" in page
    assert 'value="Nora"' in page
    assert not User.objects.filter(email="new@example.org").exists()


def test_it_is_not_used_twice(invited):
    path = invited()
    Client().post(path, NEW_ACCOUNT)
    again = Client().get(path)
    assert again.status_code == 410
    assert "used already" in again.content.decode()
    Client().post(path, {"name": "Eve", "password": "another good sentence"})
    assert User.objects.filter(email="new@example.org").get().name == "Nora New"


def test_an_existing_account_signs_in_and_accepts(invited, people, city):
    path = invited("stranger@example.org")
    client = Client()
    page = client.get(path).content.decode()
    assert "/accounts/login/?next=/invitation/" in page
    given = {"login": "stranger@example.org", "password": PASSWORD, "next": path}
    assert client.post("/accounts/login/", given)["Location"] == path
    assert "Accept the invitation" in client.get(path).content.decode()
    client.post(path)
    assert Membership.objects.of(city.workspace).filter(user=people["stranger"]).exists()


def test_somebody_else_cannot_accept_it(invited, client_of, people, city):
    path = invited()
    stranger = client_of("stranger")
    assert "another account" in stranger.get(path).content.decode()
    stranger.post(path)
    assert not Membership.objects.of(city.workspace).filter(user=people["stranger"]).exists()
    with pytest.raises(domain.InvitationError, match="another address"):
        domain.accept(domain.find(path.split("/")[2]), people["stranger"])


def test_an_expired_one_says_since_when_and_who_renews_it(invited, client_of):
    path = invited()
    expire()
    client = Client()
    page = client.get(path)
    assert page.status_code == 410
    assert "has expired" in page.content.decode()
    assert "coordinator of the workspace can renew it" in page.content.decode()
    client.post(path, NEW_ACCOUNT)
    assert not User.objects.filter(email="new@example.org").exists()
    client.post(f"{path}renewal/")
    client.post(f"{path}renewal/")
    assert "was asked for" in client.get(path).content.decode()
    assert Event.objects.filter(action="people.ask-renewal", chain="lakeside").count() == 1
    coordinator = client_of("coordinator")
    assert "Renewal asked for" in coordinator.get("/w/lakeside/people/").content.decode()
    assert "Renew the invitation" in coordinator.get("/w/lakeside/").content.decode()
    assert "Renew the invitation" not in client_of("analyst").get("/w/lakeside/").content.decode()


def test_an_open_one_cannot_be_asked_to_be_renewed(invited):
    path = invited()
    Client().post(f"{path}renewal/")
    assert Invitation.objects.everywhere("a test").get().renewal_asked_at is None


def test_a_renewed_one_has_a_new_link_and_the_old_one_is_gone(invited, client_of):
    old = invited()
    expire(renewal_asked_at=timezone.now())
    pk = Invitation.objects.everywhere("a test").get().pk
    client_of("coordinator").post(f"/w/lakeside/people/invitations/{pk}/renew/")
    assert Client().get(old).status_code == 404
    new = "/invitation/" + mail.outbox[-1].body.split("/invitation/")[1].split()[0]
    assert Client().get(new).status_code == 200
    assert Invitation.objects.everywhere("a test").get().renewal_asked_at is None


def test_a_withdrawn_one_says_so(invited, client_of):
    path = invited()
    pk = Invitation.objects.everywhere("a test").get().pk
    client = client_of("coordinator")
    ask = client.get(f"/w/lakeside/people/invitations/{pk}/withdraw/")
    assert "stops working at once" in ask.content.decode()
    client.post(f"/w/lakeside/people/invitations/{pk}/withdraw/")
    assert "was withdrawn" in Client().get(path).content.decode()
    Client().post(path, NEW_ACCOUNT)
    assert not User.objects.filter(email="new@example.org").exists()
    client.post(f"/w/lakeside/people/invitations/{pk}/renew/")
    assert "was withdrawn" in Client().get(path).content.decode()


def test_an_unknown_code_is_no_page(db):
    assert Client().get("/invitation/none/").status_code == 404


def test_a_member_or_an_invited_address_is_not_invited_again(invited, client_of, city, people):
    invited()
    client = client_of("coordinator")
    for email, words in (("PARTNER@example.org", "member already"), ("new@example.org", "open")):
        given = {"email": email, "organisation": city.police.pk, "role": "guest"}
        page = client.post("/w/lakeside/people/invite/", given).content.decode()
        assert "There is a problem" in page
        assert words in page
    assert Invitation.objects.everywhere("a test").count() == 1


def test_an_organisation_of_another_city_cannot_be_named(client_of, city):
    given = {"email": "a@example.org", "organisation": city.foreign.pk, "role": "guest"}
    page = client_of("coordinator").post("/w/lakeside/people/invite/", given).content.decode()
    assert "There is a problem" in page
    assert not Invitation.objects.everywhere("a test").exists()


@pytest.mark.parametrize("role", ["analyst", "partner", "evaluator", "decision_maker"])
def test_only_the_coordinator_invites(client_of, role, city):
    client = client_of(role)
    assert client.get("/w/lakeside/people/invite/").status_code == 403
    given = {"email": "a@example.org", "organisation": city.police.pk, "role": "guest"}
    assert client.post("/w/lakeside/people/invite/", given).status_code == 403
    assert not Invitation.objects.everywhere("a test").exists()


def test_a_mail_that_cannot_be_sent_is_said(client_of, city, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    given = {"email": "a@example.org", "organisation": city.police.pk, "role": "guest"}
    client = client_of("coordinator")
    page = client.post("/w/lakeside/people/invite/", given, follow=True).content.decode()
    assert "could not be sent" in page
    assert "/invitation/" in page
