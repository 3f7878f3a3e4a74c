"""What happens to audits and releases, in words."""

from django.utils.translation import gettext_lazy as _

__all__ = ["WORDS"]

WORDS = {
    "audit.plan.make": _("Plan an audit"),
    "audit.plan.change": _("Change the plan of an audit"),
    "audit.findings": _("Keep the findings of an audit"),
    "release.release": _("Release findings to the public"),
    "release.return": _("Return a proposed release"),
}
