"""What retention does, in words."""

from django.utils.translation import gettext_lazy as _

__all__ = ["WORDS"]

WORDS = {
    "retention.rules": _("Change for how long things are kept"),
    "account.anonymise": _("Take name and address from an account"),
}
