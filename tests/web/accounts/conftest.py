"""Counters of tries start anew with each test."""

from pathlib import Path
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
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("provider", Path(__file__).with_name("provider.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    running = module.Provider()
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
