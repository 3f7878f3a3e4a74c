"""What can be wrong with an audit's configuration."""

from __future__ import annotations

__all__ = ["AuditConfigError"]


class AuditConfigError(ValueError):
    """The configuration cannot be used; the message names the file, the key and the next step."""
