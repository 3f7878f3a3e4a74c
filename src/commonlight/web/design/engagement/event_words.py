"""What happens in engagement, in words."""

from django.utils.translation import gettext_lazy as _

__all__ = ["WORDS"]

WORDS = {
    "engagement.say_why": _("Say why people are engaged"),
    "engagement.not_heard": _("Say why a group was not heard"),
    "engagement.plan": _("Plan engagement"),
    "engagement.choose": _("Choose a method of engagement"),
    "engagement.drop": _("Take a method out of a plan"),
    "engagement.hear": _("Record an engagement"),
    "engagement.contributions": _("Enter contributions"),
    "engagement.gate": _("Go through a gate, or back"),
    "engagement.confirm": _("Confirm the problem"),
    "reply.write": _("Reply to a contribution"),
    "reply.withdraw": _("Withdraw a reply"),
}
