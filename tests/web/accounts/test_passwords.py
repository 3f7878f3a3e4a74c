"""Passwords are changed and reset; a mail tells of it."""

import re

import pytest
from django.core import mail
from django.test import Client

from commonlight.web.eventlog.models import Event

PASSWORD = "a long enough passphrase"
NEW = "quite another sentence"


def link_of(message):
    return re.search(r"http://testserver(/\S+)", message.body)[1]


def test_a_forgotten_password_is_set_anew_by_a_link_that_works_once(people):
    client = Client()
    client.post("/accounts/password/reset/", {"email": "partner@example.org"})
    path = link_of(mail.outbox[0])
    form = client.get(path, follow=True)
    target = form.redirect_chain[-1][0]
    client.post(target, {"password1": NEW, "password2": NEW})
    people["partner"].refresh_from_db()
    assert people["partner"].check_password(NEW)
    assert "does not work any more" in Client().get(path, follow=True).content.decode()
    assert Event.objects.filter(action="person.password-change", chain="lakeside").exists()


def test_an_unknown_address_gets_the_same_answer_and_no_mail(people):
    known = Client().post("/accounts/password/reset/", {"email": "partner@example.org"})
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [message.to for message in mail.outbox] == [["partner@example.org"]]


def test_a_change_needs_the_old_password_and_is_told_by_mail(client_of, people):
    client = client_of("partner")
    wrong = {"oldpassword": "no", "password1": NEW, "password2": NEW}
    page = client.post("/accounts/password/change/", wrong).content.decode()
    assert "There is a problem" in page
    client.post("/accounts/password/change/", {**wrong, "oldpassword": PASSWORD})
    people["partner"].refresh_from_db()
    assert people["partner"].check_password(NEW)
    assert len(mail.outbox) == 1
    assert NEW not in mail.outbox[0].body
    assert client.get("/me/").status_code == 200


@pytest.mark.parametrize("weak", ["short", "q1w2e3r4t5y6", "partner@example.org", "a b" * 43])
def test_weak_passwords_are_refused_with_a_sentence(client_of, weak):
    given = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    page = client_of("partner").post("/accounts/password/change/", given).content.decode()
    assert "There is a problem" in page


def test_a_password_may_be_long_and_hold_blanks_and_any_letter(client_of, people):
    long = "ein  langer Satz mit Ümläuten und 🌍 " * 3
    given = {"oldpassword": PASSWORD, "password1": long, "password2": long}
    client_of("partner").post("/accounts/password/change/", given)
    people["partner"].refresh_from_db()
    assert people["partner"].check_password(long)


def test_a_new_password_ends_the_other_sessions(people):
    def signed_in():
        client = Client()
        client.post("/accounts/login/", {"login": "partner@example.org", "password": PASSWORD})
        return client

    here, there = signed_in(), signed_in()
    given = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    here.post("/accounts/password/change/", given)
    assert there.get("/me/").status_code == 302
