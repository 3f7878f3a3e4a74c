"""Settings about signing in: password, second factor, single sign-on, lock-out, sessions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Protocol

from django.core.exceptions import ImproperlyConfigured

__all__ = ["PROVIDER", "account_settings"]

PROVIDER = "sso"
"""The name of the identity provider in addresses."""

FAILURES = 10
LOCKED_FOR = timedelta(minutes=15)


class Given(Protocol):
    """What of the environment matters here."""

    @property
    def is_public(self) -> bool:
        """Whether others can reach the installation."""
        ...

    @property
    def behind_proxy(self) -> bool:
        """Whether a proxy of ours names the client's address."""
        ...

    @property
    def oidc(self) -> Mapping[str, str]:
        """The variables that start with COMMONLIGHT_OIDC_."""
        ...


def account_settings(given: Given) -> dict[str, Any]:
    """All settings of the libraries that sign people in."""
    return {
        **_accounts(given),
        **_passwords(),
        **_cookies(given),
        **_second_factor(given),
        **_single_sign_on(given.oidc),
        **_lock_out(),
    }


def _accounts(given: Given) -> dict[str, Any]:
    return {
        "ACCOUNT_ADAPTER": "commonlight.web.accounts.adapters.AccountAdapter",
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": False,
        "ACCOUNT_EMAIL_NOTIFICATIONS": True,
        "ACCOUNT_EMAIL_SUBJECT_PREFIX": "",
        "ACCOUNT_SESSION_REMEMBER": False,
        "ACCOUNT_LOGOUT_REDIRECT_URL": "/accounts/login/",
        "ACCOUNT_LOGIN_ON_PASSWORD_RESET": False,
        "ACCOUNT_DEFAULT_HTTP_PROTOCOL": "https" if given.is_public else "http",
        "ACCOUNT_FORMS": {
            "login": "commonlight.web.accounts.forms.SignInForm",
            "reset_password": "commonlight.web.accounts.forms.PasswordResetForm",
            "reset_password_from_key": "commonlight.web.accounts.forms.PasswordFromKeyForm",
            "change_password": "commonlight.web.accounts.forms.PasswordChangeForm",
            "reauthenticate": "commonlight.web.accounts.forms.ReauthenticateForm",
        },
        # Counts wrong codes of the second factor; wrong passwords are counted by the lock-out.
        "ACCOUNT_RATE_LIMITS": {"login_failed": f"{FAILURES}/15m/key"},
        "ALLAUTH_TRUSTED_PROXY_COUNT": 1 if given.behind_proxy else 0,
        "USERSESSIONS_TRACK_ACTIVITY": False,
    }


def _passwords() -> dict[str, Any]:
    """Length counts; no rule about kinds of characters, no change by the calendar."""
    django = "django.contrib.auth.password_validation"
    own = {"user_attributes": ("email", "name")}
    return {
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": f"{django}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
            {"NAME": "commonlight.web.accounts.passwords.MaximumLengthValidator"},
            {"NAME": f"{django}.CommonPasswordValidator"},
            {"NAME": f"{django}.UserAttributeSimilarityValidator", "OPTIONS": own},
        ]
    }


def _cookies(given: Given) -> dict[str, Any]:
    """In public, cookies that no other host can set or read."""
    if not given.is_public:
        return {}
    return {
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
    }


def _second_factor(given: Given) -> dict[str, Any]:
    return {
        "MFA_ADAPTER": "commonlight.web.accounts.adapters.SecondFactorAdapter",
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_TOTP_ISSUER": "Commonlight",
        "MFA_TOTP_TOLERANCE": 1,
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": not given.is_public,
        "MFA_ALLOW_UNVERIFIED_EMAIL": True,
        "MFA_FORMS": {
            "authenticate": "commonlight.web.accounts.forms.CodeForm",
            "reauthenticate": "commonlight.web.accounts.forms.CodeAgainForm",
            "activate_totp": "commonlight.web.accounts.forms.ActivateAppForm",
            "add_webauthn": "commonlight.web.accounts.forms.AddPasskeyForm",
            "edit_webauthn": "commonlight.web.accounts.forms.RenamePasskeyForm",
        },
    }


def _single_sign_on(oidc: Mapping[str, str]) -> dict[str, Any]:
    """One identity provider, when issuer, client id and secret are set together."""
    common = {
        "SOCIALACCOUNT_ADAPTER": "commonlight.web.accounts.adapters.SingleSignOnAdapter",
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION": True,
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT": True,
        "SOCIALACCOUNT_STORE_TOKENS": False,
        "SOCIALACCOUNT_LOGIN_ON_GET": False,
        "COMMONLIGHT_OIDC_HAS_SECOND_FACTOR": oidc.get("second_factor", "") == "1",
    }
    needed = ("issuer", "client_id", "client_secret")
    missing = [name for name in needed if not oidc.get(name)]
    if len(missing) == len(needed):
        return {**common, "SOCIALACCOUNT_PROVIDERS": {}}
    if missing:
        raise ImproperlyConfigured(
            "single sign-on needs COMMONLIGHT_OIDC_ISSUER, COMMONLIGHT_OIDC_CLIENT_ID and "
            "COMMONLIGHT_OIDC_CLIENT_SECRET; not set: "
            + ", ".join(f"COMMONLIGHT_OIDC_{name.upper()}" for name in missing)
        )
    app = {
        "provider_id": PROVIDER,
        "name": oidc.get("name") or "single sign-on",
        "client_id": oidc["client_id"],
        "secret": oidc["client_secret"],
        "settings": {"server_url": oidc["issuer"].rstrip("/")},
    }
    provider = {"APPS": [app], "OAUTH_PKCE_ENABLED": True, "SCOPE": ["openid", "email", "profile"]}
    return {**common, "SOCIALACCOUNT_PROVIDERS": {"openid_connect": provider}}


def _lock_out() -> dict[str, Any]:
    """After ten failures from one network address, an account rests for a quarter of an hour."""
    return {
        "AXES_FAILURE_LIMIT": FAILURES,
        "AXES_COOLOFF_TIME": LOCKED_FOR,
        "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]],
        "AXES_RESET_ON_SUCCESS": True,
        "AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT": False,
        "AXES_USERNAME_CALLABLE": "commonlight.web.accounts.lockout.typed_address",
        "AXES_CLIENT_IP_CALLABLE": "commonlight.web.accounts.lockout.client_address",
        "AXES_LOCKOUT_CALLABLE": "commonlight.web.accounts.lockout.locked_page",
        "AXES_DISABLE_ACCESS_LOG": True,
        "AXES_ENABLE_ADMIN": False,
        "AXES_VERBOSE": False,
        "AXES_SENSITIVE_PARAMETERS": ["username", "ip_address", "login", "email"],
    }
