"""Documents that lie outside the workbench and are named as evidence."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.assessment.domain.starting import StrategyError
from commonlight.web.assessment.models import Document, Strategy
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require

__all__ = ["name_document", "withdraw_document"]


@transaction.atomic
def name_document(
    actor: Actor,
    strategy: Strategy,
    *,
    title: str,
    dated: date,
    page: str,
    text: str = "",
    address: str = "",
) -> Document:
    """Name a document with its date and the page that is meant."""
    require(actor, "assessment.assess", strategy)
    made: Document = Document.objects.create(
        workspace=strategy.workspace,
        strategy=strategy,
        title=title.strip(),
        dated=dated,
        page=page.strip(),
        text=text.strip(),
        address=address.strip(),
        added_by=actor.membership,
    )
    record(actor, "assessment.document", made)
    return made


@transaction.atomic
def withdraw_document(actor: Actor, document: Document, *, reason: str) -> None:
    """Take a document back; what rests on it alone drops at once.

    Raises
    ------
    StrategyError
        If there is no reason.
    """
    require(actor, "assessment.assess", document.strategy)
    if not reason.strip():
        raise StrategyError(_("Say why the document does not count any more."))
    if document.withdrawn_at is None:
        document.withdrawn_at, document.withdrawn_reason = timezone.now(), reason.strip()
        document.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        record(actor, "assessment.document_withdraw", document)
