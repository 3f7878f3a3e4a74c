"""A session ends on time, can be extended, and not for ever."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from commonlight.web.accounts.sessions import STARTED, end_sessions
from commonlight.web.accounts.settings_part import account_settings
from commonlight.web.ui.session import KEY

PASSWORD = "a long enough passphrase"


def signed_in(email="partner@example.org"):
    client = Client()
    client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    return client


def set_session(client, **values):
    session = client.session
    for key, value in values.items():
        session[key] = value
    session.save()


def test_the_page_says_when_the_session_ends(people):
    client = signed_in()
    page = client.get("/me/").content.decode()
    ends = client.session[KEY]
    assert f'data-session-ends="{ends[:16]}' in page


def test_a_session_that_is_over_is_ended_and_the_page_is_kept_for_afterwards(people):
    client = signed_in()
    over = timezone.now() - timedelta(seconds=1)
    set_session(client, **{KEY: over.isoformat()})
    answer = client.get("/me/?a=1")
    assert answer["Location"] == "/accounts/login/?next=%2Fme%2F%3Fa%3D1"
    assert "_auth_user_id" not in client.session
    assert "Your session has ended" in client.get("/accounts/login/").content.decode()


def test_a_session_can_be_extended(people):
    client = signed_in()
    set_session(client, **{KEY: (timezone.now() + timedelta(minutes=3)).isoformat()})
    answer = client.post("/session/extend/", HTTP_ACCEPT="application/json")
    assert answer.json()["ends"] == client.session[KEY]
    assert client.session[KEY] > (timezone.now() + timedelta(hours=7)).isoformat()


def test_after_twelve_hours_one_signs_in_again(people):
    client = signed_in()
    set_session(client, **{STARTED: timezone.now().timestamp() - 12 * 3600 - 1})
    assert client.get("/me/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_person_sees_where_she_is_signed_in_and_ends_the_others(people):
    here, there = signed_in(), signed_in()
    page = here.get("/accounts/sessions/").content.decode()
    assert page.count("Network address") == 2
    assert "This browser" in page
    here.post("/accounts/sessions/")
    assert here.get("/me/").status_code == 200
    assert there.get("/me/").status_code == 302


def test_nobody_sees_the_sessions_of_others(people):
    signed_in("analyst@example.org")
    page = signed_in("stranger@example.org").get("/accounts/sessions/").content.decode()
    assert page.count("Network address") == 1


def test_all_sessions_of_a_person_can_be_ended_at_once(people):
    first, second, other = signed_in(), signed_in(), signed_in("analyst@example.org")
    assert end_sessions(people["partner"]) == 2
    assert first.get("/me/").status_code == 302
    assert second.get("/me/").status_code == 302
    assert other.get("/me/").status_code == 200
    assert not UserSession.objects.filter(user=people["partner"]).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_list_of_sessions(people, django_assert_max_num_queries, count):
    clients = [signed_in() for _ in range(count)]
    assert len(clients) == count
    with django_assert_max_num_queries(6 + 4 * count):
        clients[0].get("/accounts/sessions/")


def test_pages_of_a_signed_in_person_are_not_kept_by_the_browser(people):
    client = signed_in()
    assert client.get("/me/")["Cache-Control"] == "private, no-store"
    answer = client.post("/accounts/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert "Cache-Control" not in Client().get("/help/privacy/")


@pytest.mark.parametrize("is_public", [True, False])
def test_in_public_cookies_belong_to_this_host_alone(is_public):
    given = SimpleNamespace(is_public=is_public, behind_proxy=False, oidc={})
    names = account_settings(given)
    assert (names.get("SESSION_COOKIE_NAME") == "__Host-sessionid") is is_public
    assert (names.get("CSRF_COOKIE_NAME") == "__Host-csrftoken") is is_public
