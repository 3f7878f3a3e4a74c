"""What happens to agreements, in words."""

from django.utils.translation import gettext_lazy as _

__all__ = ["WORDS"]

WORDS = {
    "agreement.changed": _("Change the draft of an agreement"),
    "agreement.offered": _("Offer an agreement for signature"),
    "agreement.signed": _("Sign an agreement for an organisation"),
    "agreement.concluded": _("All parties have signed an agreement"),
    "agreement.change_requested": _("Ask for a change of an agreement"),
    "agreement.taken_back": _("Take an offered agreement back to a draft"),
}
