"""Sentences of the sign-in library that its own translations word too familiarly.

They stand here so that they come into our catalogues, which are read first.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

__all__ = ["WORDS"]

WORDS = (
    _("You have signed out."),
    _("Your password has been changed."),
    _("Your account has no password set up."),
    _("You must type the same password each time."),
    _("Please type your current password."),
    _("Please select only one."),
    _("Be patient, you are sending too many requests."),
    _("Too many failed login attempts. Try again later."),
    _(
        "An account already exists with this email address. Please sign in to that account "
        "first, then connect your %s account."
    ),
)
