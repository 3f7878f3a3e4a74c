"""Who may take a whole workspace out, and who may agree to it."""

from __future__ import annotations

from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _

from commonlight.web.policy import Actor, Decision, allowed, refused, rule
from commonlight.web.portability.consent import missing
from commonlight.web.workspaces.models import Organisation, Workspace

__all__ = ["agree_to_export", "export_whole_workspace"]


@rule("workspace.export")
def export_whole_workspace(actor: Actor, thing: Any) -> Decision:
    """All others whose data are in it must agree."""
    if not isinstance(thing, Workspace):
        return allowed
    left = missing(thing, but=actor.organisation_id)
    if not left:
        return allowed
    names = get_text_list([one.name for one in left], _("and"))
    return refused(
        _("A complete export holds data of partners. These have not agreed to it: %(names)s.")
        % {"names": names},
        _("Ask for their consent on the page “Export”, or ask the operator of this installation."),
    )


@rule("workspace.consent")
def agree_to_export(actor: Actor, thing: Any) -> Decision:
    """The registered signatory speaks for the own organisation, and for no other."""
    if not isinstance(thing, Organisation):
        return allowed
    if thing.pk == actor.organisation_id and actor.membership.is_signatory:
        return allowed
    return refused(
        _("Only the registered signatory of %(organisation)s may agree to this.")
        % {"organisation": thing.name},
        _("Ask the coordinator to register you, or the signatory to agree."),
    )
