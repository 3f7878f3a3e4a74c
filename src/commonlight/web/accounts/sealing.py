"""Secrets of second factors, sealed with the installation's own secret before they are kept."""

from __future__ import annotations

import logging
import secrets
from base64 import b32encode, urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

__all__ = ["sealed", "unsealed"]

log = logging.getLogger("commonlight.accounts")


def sealed(text: str) -> str:
    """The text, unreadable to who has the database alone."""
    return _keys().encrypt(text.encode()).decode("ascii")


def unsealed(text: str) -> str:
    """The text as it was; after the secret was lost, one that no code fits."""
    try:
        return _keys().decrypt(text.encode("ascii")).decode()
    except (InvalidToken, UnicodeEncodeError):
        log.warning("a second factor was sealed with another secret; it must be set up anew")
        return b32encode(secrets.token_bytes(40)).decode("ascii")


def _keys() -> MultiFernet:
    """The secret of today first, then those that it replaced."""
    return MultiFernet([_key(one) for one in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]])


def _key(secret: str | bytes) -> Fernet:
    derive = HKDF(hashes.SHA256(), length=32, salt=None, info=b"commonlight second factor")
    return Fernet(urlsafe_b64encode(derive.derive(force_bytes(secret))))
