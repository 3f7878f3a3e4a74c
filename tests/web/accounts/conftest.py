"""Counters of tries start anew with each test."""

from types import SimpleNamespace

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def fresh_counters():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="session")
def identity_server():
    """A provider that runs as long as the tests."""
    from web.accounts.provider import Provider

    running = Provider()
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def identity(identity_server, settings):
    """The provider, known to the installation."""
    from commonlight.web.accounts.settings_part import account_settings

    given = SimpleNamespace(
        is_public=False,
        behind_proxy=False,
        oidc={
            "issuer": identity_server.issuer,
            "client_id": "commonlight",
            "client_secret": "a secret of the provider",
            "name": "City account",
        },
    )
    settings.SOCIALACCOUNT_PROVIDERS = account_settings(given)["SOCIALACCOUNT_PROVIDERS"]
    identity_server.changes = {}
    return identity_server
