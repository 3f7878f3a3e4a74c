"""What happened to an agreement, for those who may see it: organisations, never persons."""

from __future__ import annotations

from django.utils.translation import gettext as _

from commonlight.web.agreements.models import Agreement
from commonlight.web.eventlog.models import Event, EventKind
from commonlight.web.ui.components import rows

__all__ = ["history"]


def history(agreement: Agreement) -> list[rows.Event]:
    """The steps of an agreement, newest first; changes of a draft are not listed one by one."""
    found = Event.objects.filter(
        chain=agreement.workspace.slug,
        thing_kind=agreement._meta.label_lower,
        thing_id=str(agreement.pk),
        kind=EventKind.CHANGE,
    ).exclude(action="agreement.changed")
    return [
        rows.Event(title=_title(event), when=event.at, text=event.detail.get("party", ""))
        for event in found
    ]


def _title(event: Event) -> str:
    titles = {
        "agreement.draft": _("Draft begun"),
        "agreement.offered": _("Offered for signature"),
        "agreement.signed": _("Signed for a party"),
        "agreement.concluded": _("All parties have signed"),
        "agreement.change_requested": _("A party asked for a change"),
        "agreement.taken_back": _("Taken back to a draft; signatures no longer count"),
        "agreement.end": _("Ended early"),
    }
    return titles.get(event.action, event.action)
