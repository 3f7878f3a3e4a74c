"""Ten failures, a quarter of an hour, and a page that says so."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client

from commonlight.web.eventlog.models import Event

PASSWORD = "a long enough passphrase"


def fail(times, email="coordinator@example.org", **extra):
    client = Client(**extra)
    answer = None
    for _ in range(times):
        answer = client.post("/accounts/login/", {"login": email, "password": "wrong"})
    return client, answer


def test_after_ten_failures_the_account_rests_and_the_page_says_until_when(people):
    client, answer = fail(10)
    assert answer.status_code == 429
    page = answer.content.decode()
    assert "You can try again at" in page
    assert "coordinator of your workspace" in page
    assert 0 < int(answer["Retry-After"]) <= 15 * 60 + 1
    right = {"login": "coordinator@example.org", "password": PASSWORD}
    assert client.post("/accounts/login/", right).status_code == 429
    assert "_auth_user_id" not in client.session
    assert Event.objects.filter(action="person.locked-out").exists()


def test_nine_failures_do_not_lock(people):
    client, answer = fail(9)
    assert answer.status_code == 200
    right = {"login": "coordinator@example.org", "password": PASSWORD}
    assert client.post("/accounts/login/", right).status_code == 302
    assert not AccessAttempt.objects.exists()


def test_another_spelling_of_the_address_counts_too(people):
    fail(5)
    _, answer = fail(5, " COORDINATOR@example.org")
    assert answer.status_code == 429


def test_others_are_not_locked(people):
    client, _ = fail(10)
    other = {"login": "analyst@example.org", "password": PASSWORD}
    assert client.post("/accounts/login/", other).status_code == 302
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    right = {"login": "coordinator@example.org", "password": PASSWORD}
    assert elsewhere.post("/accounts/login/", right).status_code == 302


def test_an_unknown_account_locks_in_the_same_way(people):
    _, answer = fail(10, "nobody@example.org")
    assert answer.status_code == 429


def test_the_lock_ends_after_a_quarter_of_an_hour(people):
    client, _ = fail(10)
    for attempt in AccessAttempt.objects.all():
        AccessAttempt.objects.filter(pk=attempt.pk).update(
            attempt_time=attempt.attempt_time - timedelta(minutes=16)
        )
    right = {"login": "coordinator@example.org", "password": PASSWORD}
    assert client.post("/accounts/login/", right).status_code == 302


def test_no_password_and_no_address_is_kept_with_the_attempt(people):
    fail(2)
    attempt = AccessAttempt.objects.get()
    assert "wrong" not in attempt.post_data
    assert "coordinator" not in attempt.post_data


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "198.51.100.9")])
def test_behind_a_proxy_its_word_counts_and_elsewhere_nobodys(people, settings, proxies, seen):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    fail(1, HTTP_X_FORWARDED_FOR="203.0.113.5, 198.51.100.9")
    assert AccessAttempt.objects.get().ip_address == seen
