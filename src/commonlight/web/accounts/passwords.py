"""A password may be long, but not without end."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

__all__ = ["LONGEST", "MaximumLengthValidator"]

LONGEST = 128
"""Characters; a longer text would only cost time to check."""


class MaximumLengthValidator:
    """Refuses a password that nobody types and that would keep the server busy."""

    def validate(self, password: str, user: Any = None) -> None:
        """Stop at more than the longest."""
        if len(password) > LONGEST:
            raise ValidationError(
                _("The password has %(given)d characters; at most %(most)d are taken."),
                code="password_too_long",
                params={"given": len(password), "most": LONGEST},
            )

    def get_help_text(self) -> str:
        """The rule as a sentence."""
        return _("At most %(most)d characters.") % {"most": LONGEST}
