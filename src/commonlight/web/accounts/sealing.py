"""Text sealed with the installation's own secret before it is kept: second factors, and more."""

from __future__ import annotations

import logging
import secrets
from base64 import b32encode, urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

__all__ = ["seal", "sealed", "unseal", "unsealed"]

log = logging.getLogger("commonlight.accounts")

SECOND_FACTOR = "second factor"


def seal(text: str, *, purpose: str) -> str:
    """The text, unreadable to who has the database alone; each purpose has a key of its own."""
    return _keys(purpose).encrypt(text.encode()).decode("ascii")


def unseal(text: str, *, purpose: str) -> str | None:
    """The text as it was; None if it was sealed with another secret or for another purpose."""
    try:
        return _keys(purpose).decrypt(text.encode("ascii")).decode()
    except (InvalidToken, UnicodeEncodeError):
        return None


def sealed(text: str) -> str:
    """The secret of a second factor, unreadable to who has the database alone."""
    return seal(text, purpose=SECOND_FACTOR)


def unsealed(text: str) -> str:
    """The secret as it was; after ours was lost, one that no code fits."""
    found = unseal(text, purpose=SECOND_FACTOR)
    if found is None:
        log.warning("a second factor was sealed with another secret; it must be set up anew")
        return b32encode(secrets.token_bytes(40)).decode("ascii")
    return found


def _keys(purpose: str) -> MultiFernet:
    """The secret of today first, then those that it replaced."""
    known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([_key(one, purpose) for one in known])


def _key(secret: str | bytes, purpose: str) -> Fernet:
    info = f"commonlight {purpose}".encode()
    derive = HKDF(hashes.SHA256(), length=32, salt=None, info=info)
    return Fernet(urlsafe_b64encode(derive.derive(force_bytes(secret))))
