"""What happens to tokens, in words."""

from django.utils.translation import gettext_lazy as _

__all__ = ["WORDS"]

WORDS = {
    "token.make": _("Make a token"),
    "token.revoke": _("Revoke a token"),
}
