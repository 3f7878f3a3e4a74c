"""A passkey is made and used, with a virtual authenticator."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a long enough passphrase"
FAILED = "form[data-failure]"


@pytest.fixture
def with_key(new_page):
    """A page whose device holds passkeys."""

    def make(*, verified=True):
        page = new_page()
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": verified,
            "automaticPresenceSimulation": True,
        }
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return page

    return make


def add_passkey(page, *, alone):
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name of the key").fill("Work laptop")
    if alone:
        page.get_by_label("Sign in with this key alone").check()
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()


def sign_out(page):
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/")


def test_a_passkey_signs_in_without_a_password(with_key, sign_in):
    page = with_key()
    sign_in(page, "coordinator")
    add_passkey(page, alone=True)
    page.goto("/accounts/2fa/webauthn/")
    assert "Work laptop" in page.locator("main").inner_text()
    assert "Signs you in alone" in page.locator("main").inner_text()
    sign_out(page)
    page.goto("/accounts/login/?next=/me/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("heading", name="Your page").wait_for()


def test_a_key_is_a_second_factor_beside_the_password(with_key, sign_in):
    page = with_key()
    sign_in(page, "analyst")
    add_passkey(page, alone=False)
    sign_out(page)
    sign_in(page, "analyst")
    assert page.get_by_role("heading", name="Second factor").is_visible()
    page.get_by_role("button", name="Use your passkey").click()
    page.get_by_role("heading", name="Your page").wait_for()


def test_a_device_that_says_no_is_answered_with_a_sentence(with_key, sign_in):
    page = with_key(verified=False)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.locator(FAILED).wait_for()
    assert "was not accepted" in page.locator(FAILED).inner_text()


def test_without_scripts_the_password_is_enough_and_no_dead_button_stands(new_page, sign_in):
    page = new_page(java_script_enabled=False)
    page.goto("/accounts/login/")
    assert not page.get_by_role("button", name="Sign in with a passkey").is_visible()
    sign_in(page, "partner")
    assert page.get_by_role("heading", name="Your page").is_visible()
