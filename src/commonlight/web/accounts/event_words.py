"""What happens to accounts, in words."""

from django.utils.translation import gettext_lazy as _

__all__ = ["WORDS"]

WORDS = {
    "person.change": _("Change one’s own page"),
    "person.sign-in": _("Sign in"),
    "person.sign-out": _("Sign out"),
    "person.sign-in-failed": _("Sign-in that failed"),
    "person.locked-out": _("Lock-out after failed sign-ins"),
    "person.code-failed": _("Wrong code of the second factor"),
    "person.password-change": _("Change a password"),
    "person.second-factor-add": _("Add a second factor"),
    "person.second-factor-remove": _("Remove a second factor"),
    "person.second-factor-reset": _("Make new recovery codes"),
    "person.second-factor-take-off": _("Take a second factor off for somebody"),
    "person.single-sign-on-link": _("Link single sign-on"),
}
