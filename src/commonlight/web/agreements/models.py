"""Sharing agreements as data: they decide who sees what."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.agreements.enums import (
    AgreementKind,
    AgreementState,
    PlaceDetail,
    TimeDetail,
)
from commonlight.web.workspaces.models import Membership, Organisation
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["Agreement", "AgreementParty", "ChangeRequest", "FrozenAgreementError", "OpenedPart"]


FROZEN = frozenset(
    {
        "number",
        "title",
        "kind",
        "purpose",
        "legal_basis",
        "clauses",
        "fields",
        "place_detail",
        "time_detail",
        "starts_on",
        "expires_on",
        "terms",
        "text_digest",
    }
)
"""What nobody changes once the text was offered."""


class FrozenAgreementError(RuntimeError):
    """A text that was offered or signed would have been changed."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"the text of agreement {number} is frozen: take it back to a draft, or make a new one"
        )


class Agreement(WorkspaceModel):
    """Who gives what to whom, for what purpose, how fine, and until when."""

    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=AgreementKind)
    purpose = models.TextField(_("purpose"))
    legal_basis = models.TextField(_("legal basis"))
    clauses = models.JSONField(_("clauses"), default=dict, blank=True)
    fields = models.JSONField(_("fields that are shared"), default=list, blank=True)
    place_detail = models.CharField(
        _("finest place"), max_length=10, choices=PlaceDetail, default=PlaceDetail.AREA
    )
    time_detail = models.CharField(
        _("finest time"), max_length=10, choices=TimeDetail, default=TimeDetail.MONTH
    )
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    expires_on = models.DateField(_("expires on, this day included"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=AgreementState, default=AgreementState.DRAFT)
    answered = models.JSONField(default=list, blank=True)
    terms = models.JSONField(default=dict, blank=True)
    text_digest = models.CharField(max_length=64, blank=True)
    offered_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="successors"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(blank=True)
    created_by = models.ForeignKey(
        Membership, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("sharing agreement")
        verbose_name_plural = _("sharing agreements")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "number"], name="one_agreement_a_number")
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A text that is offered or signed keeps its terms; a change needs a new agreement."""
        saved = kwargs.get("update_fields")
        touches = saved is None or bool(FROZEN & set(saved))
        if self.text_digest and touches and not self._state.adding:
            raise FrozenAgreementError(self.number)
        super().save(*args, **kwargs)

    def is_in_force(self, on: date) -> bool:
        """Whether it is signed by all and the day lies within its dates, the last one included."""
        if self.state != AgreementState.SIGNED or not self.starts_on or not self.expires_on:
            return False
        return self.starts_on <= on <= self.expires_on

    def has_expired(self, on: date) -> bool:
        """Whether it was signed and its last day is over."""
        return (
            self.state == AgreementState.SIGNED
            and self.expires_on is not None
            and self.expires_on < on
        )


class AgreementParty(WorkspaceModel):
    """An organisation that gives, receives or both, and who signed for it."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="agreement_parties"
    )
    gives = models.BooleanField(_("gives data"), default=False)
    receives = models.BooleanField(_("receives data"), default=False)
    signed_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-gives", "organisation__name")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agreement", "organisation"], name="one_party_an_organisation"
            )
        ]


class OpenedPart(WorkspaceModel):
    """That a member has opened one part of the text; nobody signs a part that stayed shut."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="opened_parts")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    part = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    opened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agreement", "membership", "part", "digest"], name="a_part_is_opened_once"
            )
        ]


class ChangeRequest(WorkspaceModel):
    """What a party would like changed before it signs."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="change_requests"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("what should change"))
    asked_at = models.DateTimeField(default=timezone.now)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("-asked_at",)
