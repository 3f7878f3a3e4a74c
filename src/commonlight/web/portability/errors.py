"""Why a folder cannot be read, in the words that the person sees."""

from __future__ import annotations

__all__ = ["PackageError"]


class PackageError(ValueError):
    """An export, import, backup or restore cannot go on; the message says what to do."""
