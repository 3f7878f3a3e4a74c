"""What each scope of a token allows, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = ["SCOPES", "scope_words"]

SCOPES: dict[str, str | Promise] = {
    "workspace.view": _("See the workspace"),
    "people.view": _("See organisations and members"),
    "space.view": _("See spaces"),
    "data.list": _("List data sets"),
    "data.view": _("See data sets, versions and quality"),
    "data.export": _("Take data out"),
    "agreement.view": _("See agreements"),
    "run.view": _("See runs"),
    "run.start": _("Start runs"),
    "run.cancel": _("Cancel runs"),
    "audit.view": _("See audits"),
    "audit.start": _("Start audits"),
    "finding.view": _("See findings"),
    "finding.download": _("Download findings"),
    "release.view": _("See releases"),
    "problem.view": _("See problems, sessions and safety audits"),
    "problem.write": _("Write in the record of problems"),
    "log.view": _("See the event log"),
}
"""What a token can be given at all: what the interface does. Signing, checking a release, letting
people in and making tokens stay with people."""


def scope_words(action: str) -> str | Promise:
    """A scope in words; one that is no longer given, by its name."""
    return SCOPES.get(action, action)
