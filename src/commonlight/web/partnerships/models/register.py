"""The register: what each partner may do, brings and expects, and which office answers."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.workspaces.enums import OrganisationKind
from commonlight.web.workspaces.models import Membership, Organisation
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["Partner"]


class Partner(WorkspaceModel):
    """One row of the register; without an organisation it is a seat that nobody holds yet.

    Contact and deputy are functions, never persons. `template` and `template_seat` name the
    row of the starting template that it came from, whose hints stand beside the form.
    """

    organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("organisation"),
    )
    seat = models.CharField(_("seat or group"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=30, choices=OrganisationKind, blank=True)
    role = models.CharField(_("role in the partnership"), max_length=20, default="member")
    mandate = models.CharField(_("mandate"), max_length=30, blank=True)
    mandate_text = models.TextField(_("where the mandate comes from"), blank=True)
    powers = models.JSONField(_("powers"), default=list, blank=True)
    powers_text = models.TextField(_("what it decides alone"), blank=True)
    cannot = models.TextField(_("what it cannot do"), blank=True)
    contributes = models.TextField(_("what it brings"), blank=True)
    expects = models.TextField(_("what it expects of the others"), blank=True)
    contact_function = models.CharField(_("contact function"), max_length=150, blank=True)
    deputy_function = models.CharField(_("deputy function"), max_length=150, blank=True)
    review_on = models.DateField(_("review date"), null=True, blank=True)
    template = models.CharField(max_length=40, blank=True)
    template_seat = models.CharField(max_length=40, blank=True)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ("added_at", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "organisation"],
                condition=Q(organisation__isnull=False),
                name="one_row_a_partner",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The organisation's name, or what the open seat is called."""
        return str(self.organisation) if self.organisation_id else self.seat

    @property
    def is_open(self) -> bool:
        """Whether nobody holds this seat yet."""
        return self.organisation_id is None

    def is_past_review(self, today: date) -> bool:
        """Whether the day on which the row should have been looked at again is over."""
        return self.review_on is not None and self.review_on < today
