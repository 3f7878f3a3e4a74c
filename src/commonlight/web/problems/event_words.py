"""What happens to problems, in words."""

from django.utils.translation import gettext_lazy as _

__all__ = ["WORDS"]

WORDS = {
    "problem.open": _("Open a problem"),
    "problem.restate": _("Write the statement of a problem anew"),
}
