"""The partnership agreement in its versions, and who signed each."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.partnerships.enums import AgreementState
from commonlight.web.workspaces.models import Membership, Organisation
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["FrozenTextError", "PartnershipAgreement", "Signature"]

FROZEN = frozenset({"number", "title", "answers", "text", "text_digest"})
"""What nobody changes once the text was offered."""


class FrozenTextError(RuntimeError):
    """A text that was offered or signed would have been changed."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"version {number} of the partnership agreement is frozen: take it back to a draft, "
            "or begin the next version"
        )


class PartnershipAgreement(WorkspaceModel):
    """How the partners work together; each version is kept as it was signed."""

    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(max_length=10, choices=AgreementState, default=AgreementState.DRAFT)
    answers = models.JSONField(_("clauses"), default=dict, blank=True)
    text = models.JSONField(default=dict, blank=True)
    text_digest = models.CharField(max_length=64, blank=True)
    offered_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("partnership agreement")
        verbose_name_plural = _("partnership agreements")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "number"], name="one_partnership_agreement_a_number"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A text that is offered or signed stays as it is; a change needs the next version."""
        saved = kwargs.get("update_fields")
        touches = saved is None or bool(FROZEN & set(saved))
        if self.text_digest and touches and not self._state.adding:
            raise FrozenTextError(self.number)
        super().save(*args, **kwargs)


class Signature(WorkspaceModel):
    """An organisation that is to sign a version, and when its signatory did."""

    agreement = models.ForeignKey(
        PartnershipAgreement, on_delete=models.CASCADE, related_name="signatures"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ("organisation__name",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agreement", "organisation"], name="one_signature_an_organisation"
            )
        ]
