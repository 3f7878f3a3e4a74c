"""The sum of all answers to an open round, unreadable to who has the database alone.

The key comes from the secret of the installation, which is in no database and no export. The
text has one length whatever was answered, so that not even its size tells anything.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

__all__ = ["Sums", "SumsLostError", "seal", "unseal"]

Sums = dict[str, dict[str, int]]
"""For each statement, how often each answer was given."""

WIDTH = 7


class SumsLostError(RuntimeError):
    """The secret under which the answers were sealed is not here."""


def seal(sums: Mapping[str, Mapping[str, int]]) -> str:
    """The sums as text of one length."""
    fixed = {
        statement: {answer: f"{count:0{WIDTH}d}" for answer, count in sorted(counts.items())}
        for statement, counts in sorted(sums.items())
    }
    return _keys().encrypt(json.dumps(fixed).encode()).decode("ascii")


def unseal(text: str) -> Sums:
    """The sums as they were.

    Raises
    ------
    SumsLostError
        If they were sealed with a secret that is not known here.
    """
    try:
        found = json.loads(_keys().decrypt(text.encode("ascii")))
    except (InvalidToken, UnicodeEncodeError) as error:
        raise SumsLostError from error
    return {
        statement: {answer: int(count) for answer, count in counts.items()}
        for statement, counts in found.items()
    }


def _keys() -> MultiFernet:
    """The secret of today first, then those that it replaced."""
    return MultiFernet([_key(one) for one in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]])


def _key(secret: str | bytes) -> Fernet:
    derive = HKDF(hashes.SHA256(), length=32, salt=None, info=b"commonlight partnership pulse")
    return Fernet(urlsafe_b64encode(derive.derive(force_bytes(secret))))
