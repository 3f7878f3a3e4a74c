"""The register of partners: rows to fill, seats that are open, and days of review."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonlight.web.eventlog.record import record
from commonlight.web.partnerships.domain.shared import (
    PartnershipError,
    day_of,
    leave_persons_out,
    moment,
)
from commonlight.web.partnerships.models import CycleStep, InvolvementEvent, Partner, TaskPart
from commonlight.web.policy import Actor, require
from commonlight.web.ui.dates import date_format

__all__ = [
    "FIELDS",
    "add_partner",
    "change_partner",
    "fill_seat",
    "missing_in",
    "partner_of",
    "partners_of",
    "review_flags",
]

FIELDS = (
    "role",
    "mandate",
    "mandate_text",
    "powers",
    "powers_text",
    "cannot",
    "contributes",
    "expects",
    "contact_function",
    "deputy_function",
    "review_on",
)
"""What a row of the register says."""

NEEDED = {
    "mandate": gettext_lazy("Mandate"),
    "powers_text": gettext_lazy("Powers"),
    "contributes": gettext_lazy("What it brings"),
    "contact_function": gettext_lazy("Contact function"),
    "deputy_function": gettext_lazy("Deputy function"),
    "review_on": gettext_lazy("Review date"),
}


def partners_of(workspace: Any) -> list[Partner]:
    """All rows: organisations by name, then the seats that are open."""
    found = Partner.objects.of(workspace).select_related("organisation", "workspace")
    return sorted(found, key=lambda one: (one.is_open, one.name.casefold(), one.pk))


def partner_of(workspace: Any, organisation: Any) -> Partner:
    """The row of an organisation; one that has none yet gets an empty one, to be filled."""
    made, _is_new = Partner.objects.of(workspace).get_or_create(
        organisation=organisation,
        defaults={"workspace": workspace, "kind": organisation.kind, "role": "member"},
    )
    partner: Partner = made
    return partner


@transaction.atomic
def add_partner(
    actor: Actor,
    *,
    organisation: Any = None,
    seat: str = "",
    kind: str = "",
    role: str = "member",
    at: datetime | None = None,
    **values: Any,
) -> Partner:
    """A row for an organisation of the workspace, or a seat or group by its name.

    Raises
    ------
    PartnershipError
        If neither is given, or the organisation has a row already.
    """
    require(actor, "partnership.manage")
    if organisation is None and not seat.strip():
        raise PartnershipError(
            _("Choose an organisation, or name the seat or group."), "organisation"
        )
    if organisation is not None:
        known = Partner.objects.of(actor.workspace).filter(organisation=organisation)
        if known.exists():
            raise PartnershipError(
                _("%(name)s stands in the register already.") % {"name": organisation},
                "organisation",
            )
    partner: Partner = Partner.objects.create(
        workspace=actor.workspace,
        organisation=organisation,
        seat="" if organisation else seat.strip(),
        kind=organisation.kind if organisation else kind,
        role=role,
        added_at=moment(at),
        changed_at=moment(at),
        changed_by=actor.membership,
        **values,
    )
    record(actor, "partner.add", partner)
    return partner


@transaction.atomic
def change_partner(
    actor: Actor, partner: Partner, *, at: datetime | None = None, **values: Any
) -> None:
    """Write what the row says; its own organisation and the coordinator may."""
    require(actor, "meeting.write", partner)
    leave_persons_out(**values)
    changed = [name for name in FIELDS if name in values and getattr(partner, name) != values[name]]
    for name in changed:
        setattr(partner, name, values[name])
    if not changed:
        return
    partner.changed_at, partner.changed_by = moment(at), actor.membership
    partner.save()
    record(actor, "partner.change", partner, changed=changed)


@transaction.atomic
def fill_seat(actor: Actor, partner: Partner, organisation: Any) -> Partner:
    """Let an organisation take an open seat; its tasks are asked of it.

    If the organisation has a row already, what was written down for the seat goes there.
    """
    require(actor, "partnership.manage")
    if not partner.is_open:
        raise PartnershipError(_("This seat is taken."), "organisation")
    known = Partner.objects.of(actor.workspace).filter(organisation=organisation).first()
    if known is None:
        partner.organisation, partner.kind = organisation, organisation.kind
        partner.changed_at, partner.changed_by = moment(None), actor.membership
        partner.save()
        record(actor, "partner.seat", partner, organisation=organisation.pk)
        return partner
    _move(partner, known)
    record(actor, "partner.seat", known, organisation=organisation.pk)
    partner.delete()
    return known  # type: ignore[no-any-return]


def _move(seat: Partner, known: Partner) -> None:
    """What stood under the seat now stands under the row, nothing twice."""
    workspace = seat.workspace
    held = set(
        TaskPart.objects.of(workspace).filter(partner=known).values_list("task_id", "letter")
    )
    for part in TaskPart.objects.of(workspace).filter(partner=seat):
        if (part.task_id, part.letter) not in held:
            part.partner = known
            part.save()
    CycleStep.objects.of(workspace).filter(partner=seat).update(partner=known)
    InvolvementEvent.objects.of(workspace).filter(partner=seat).update(partner=known)


def missing_in(partner: Partner) -> list[Any]:
    """What the row does not say yet."""
    if partner.is_open:
        return [_("Nobody holds this seat yet.")]
    return [label for name, label in NEEDED.items() if not getattr(partner, name)]


def review_flags(
    workspace: Any, organisations: Iterable[int] | None = None, *, today: date | None = None
) -> dict[int, str]:
    """The sentence for each organisation whose review date is over, in one query.

    Every plan and every task that such an organisation owns carries it.
    """
    day = today or day_of(workspace)
    late = Partner.objects.of(workspace).filter(organisation__isnull=False, review_on__lt=day)
    if organisations is not None:
        late = late.filter(organisation__in=list(organisations))
    return {
        one.organisation_id: _("%(partner)s was to be reviewed by %(day)s.")
        % {"partner": one.organisation.name, "day": date_format(one.review_on, "DATE_FORMAT")}
        for one in late.select_related("organisation")
    }
