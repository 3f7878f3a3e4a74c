"""What happens in the field and in the audit workspace, in words."""

from django.utils.translation import gettext_lazy as _

__all__ = ["WORDS"]

WORDS = {
    "fieldwork.use.add": _("Name a valued use"),
    "fieldwork.use.none": _("Say that no valued use was found"),
    "fieldwork.use.withdraw": _("Take a valued use back"),
    "fieldwork.session.record": _("Record a session"),
    "fieldwork.session.change": _("Change a session"),
    "fieldwork.session.withdraw": _("Take a session back"),
    "fieldwork.observation.record": _("Record an observation"),
    "fieldwork.observation.withdraw": _("Take an observation back"),
    "fieldwork.audit.open": _("Open a safety audit"),
    "fieldwork.audit.none": _("Say that no strength was found"),
    "fieldwork.audit.complete": _("Complete a safety audit"),
    "fieldwork.audit.reopen": _("Open a safety audit again"),
    "fieldwork.entry.write": _("Write in a safety audit"),
    "fieldwork.entry.change": _("Change an entry of a safety audit"),
    "fieldwork.entry.withdraw": _("Take an entry of a safety audit back"),
    "fieldwork.public.propose": _("Propose a public version of a safety audit"),
    "fieldwork.public.release": _("Make a safety audit public"),
    "fieldwork.public.return": _("Return a public version of a safety audit"),
    "fieldwork.public.withdraw": _("Withdraw a public version of a safety audit"),
}
