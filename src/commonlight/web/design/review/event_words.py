"""What happens in the review of a design, in words."""

from django.utils.translation import gettext_lazy as _

__all__ = ["WORDS"]

WORDS = {
    "review.tension": _("Answer a tension card"),
    "review.principle": _("Answer a principle check"),
    "review.guard": _("Answer a guard"),
    "review.impact": _("Answer an impact question"),
    "brief.begin": _("Begin a design brief"),
    "brief.write": _("Write in a design brief"),
    "brief.propose": _("Propose a design brief"),
    "brief.return": _("Return a design brief"),
    "brief.approve": _("Approve a design brief"),
    "brief.download": _("Download a design brief"),
}
