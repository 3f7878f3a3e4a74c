"""What happens to a workspace and its people, in words."""

from django.utils.translation import gettext_lazy as _

__all__ = ["WORDS"]

WORDS = {
    "workspace.create": _("Make the workspace"),
    "organisation.add": _("Add an organisation"),
    "organisation.change": _("Change an organisation"),
    "people.add": _("Add a member"),
    "people.change": _("Change a membership"),
    "people.end": _("End a membership"),
    "people.renew-invitation": _("Renew an invitation"),
    "people.withdraw-invitation": _("Withdraw an invitation"),
    "people.ask-renewal": _("Ask for a new invitation"),
    "people.accept-invitation": _("Accept an invitation"),
    "space.add": _("Add a space"),
    "space.change": _("Change a space"),
    "space.let-in": _("Let a member into a space"),
    "space.let-out": _("Take a member out of a space"),
}
