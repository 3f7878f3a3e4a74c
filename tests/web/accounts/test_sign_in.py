"""Signing in, out, and what is remembered of it."""

import pytest
from django.test import Client
from django.urls import reverse

from commonlight.web.accounts.sign_in_urls import NOT_USED
from commonlight.web.eventlog.models import Event

PASSWORD = "a long enough passphrase"
LOGIN = "/accounts/login/"


def sign_in(client, email, password=PASSWORD, **given):
    return client.post(LOGIN, {"login": email, "password": password, **given})


def test_a_person_signs_in_with_address_and_password(people):
    client = Client()
    answer = sign_in(client, "Coordinator@Example.org", next="/me/")
    assert answer.status_code == 302
    assert answer["Location"] == "/me/"
    assert client.get("/me/").status_code == 200


def test_a_wrong_password_keeps_the_address_and_says_so_on_top(people):
    answer = sign_in(Client(), "coordinator@example.org", "wrong")
    page = answer.content.decode()
    assert "There is a problem" in page
    assert 'value="coordinator@example.org"' in page
    assert "<title>Error: " in page


def test_unknown_and_known_addresses_are_answered_alike(people):
    answers = [
        sign_in(Client(), email, "wrong").content.decode()
        for email in ("coordinator@example.org", "nobody@example.org")
    ]
    texts = [page.split('class="error-summary"')[1].split("</div>")[0] for page in answers]
    assert texts[0] == texts[1]


def test_password_managers_find_their_fields(people):
    page = Client().get(LOGIN).content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "placeholder" not in page


@pytest.mark.parametrize("address", [f"/accounts/{one}" for one in NOT_USED])
def test_pages_of_the_library_that_are_not_used_do_not_exist(client_of, address):
    for client in (Client(), client_of("coordinator")):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404


def test_a_foreign_address_after_sign_in_is_not_followed(people):
    answer = sign_in(Client(), "coordinator@example.org", next="https://evil.example/")
    assert answer["Location"] == "/"


def test_a_closed_account_cannot_sign_in(people):
    people["partner"].is_active = False
    people["partner"].save()
    client = Client()
    sign_in(client, "partner@example.org")
    assert "_auth_user_id" not in client.session


def test_sign_in_and_out_are_kept_in_both_chains(people, city):
    client = Client()
    sign_in(client, "analyst@example.org")
    client.post(reverse("account_logout"))
    for chain in ("", "lakeside"):
        kept = Event.objects.filter(chain=chain, kind="sign-in").order_by("number")
        assert [(one.action, one.actor_id) for one in kept] == [
            ("person.sign-in", people["analyst"].pk),
            ("person.sign-out", people["analyst"].pk),
        ]
    assert not Event.objects.filter(chain="elsewhere").exists()


def test_a_failed_sign_in_is_kept_without_what_was_typed(people):
    sign_in(Client(), "somebody@example.org", "secret words")
    event = Event.objects.get(action="person.sign-in-failed")
    assert event.chain == ""
    assert event.actor_id is None
    assert "somebody" not in str(event.__dict__)
    assert "secret" not in str(event.__dict__)


def test_the_session_gets_a_new_name_at_sign_in(people):
    client = Client()
    client.get(LOGIN)
    client.post(reverse("ui-site:theme-choice"), {"theme": "dark"})
    before = client.session.session_key
    sign_in(client, "coordinator@example.org")
    assert client.session.session_key != before


def test_a_signed_in_person_is_led_on_from_the_sign_in_page(client_of):
    assert client_of("partner").get(LOGIN).status_code == 302
