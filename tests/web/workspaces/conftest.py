"""Helpers for pages about people."""

import re

import pytest
from django.core import mail
from django.core.cache import cache


@pytest.fixture(autouse=True)
def fresh_counters():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def invited(client_of, city):
    """Invite somebody through the page; the path of the link that the mail holds."""

    def make(email="new@example.org", role="partner", organisation=None):
        client_of("coordinator").post(
            "/w/lakeside/people/invite/",
            {
                "email": email,
                "name": "Nora New",
                "organisation": (organisation or city.youth_work).pk,
                "role": role,
            },
        )
        return re.search(r"http://testserver(/invitation/\S+)", mail.outbox[-1].body)[1]

    return make
