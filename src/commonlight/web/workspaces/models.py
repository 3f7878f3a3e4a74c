"""The workspace of a partnership: organisations, memberships, spaces, invitations."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.workspaces.enums import Licence, OrganisationKind, Role, SpaceRoleKind
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["Invitation", "Membership", "Organisation", "Space", "SpaceRole", "Workspace"]


class Workspace(models.Model):
    """One partnership's place; nothing in it is seen from another."""

    slug = models.SlugField(_("short name"), unique=True, max_length=50)
    name = models.CharField(_("name"), max_length=200)
    city = models.CharField(_("city"), max_length=200)
    country = models.CharField(_("country code"), max_length=2, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    crs = models.CharField(_("projected coordinate system"), max_length=40, blank=True)
    is_simulated = models.BooleanField(_("simulated city"), default=False)
    theme = models.JSONField(_("colours and logo"), default=dict, blank=True)
    retention = models.JSONField(_("how long things are kept"), default=dict, blank=True)
    licence = models.CharField(
        _("licence of what is released"),
        max_length=40,
        choices=Licence.choices,
        default=Licence.CC_BY,
    )
    second_factor_roles = models.JSONField(
        _("roles that need a second factor"), default=list, blank=True
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("workspace")
        verbose_name_plural = _("workspaces")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        """Where the workspace's files are kept."""
        return Path(settings.COMMONLIGHT_HOME) / "workspaces" / self.slug

    @property
    def lake_folder(self) -> Path:
        """Versions of observations."""
        return self.folder / "lake"

    @property
    def results_folder(self) -> Path:
        """What runs wrote."""
        return self.folder / "results"

    @property
    def files_folder(self) -> Path:
        """Areas, residents and other files that are data sets of their own."""
        return self.folder / "files"

    @property
    def uploads_folder(self) -> Path:
        """Files on their way in."""
        return self.folder / "uploads"


class Organisation(WorkspaceModel):
    """A partner of the workspace."""

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=30, choices=OrganisationKind)
    public_contact = models.CharField(
        _("public contact, such as an office address"), max_length=200, blank=True
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_organisation_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class Membership(WorkspaceModel):
    """A person's role in a workspace, for an organisation, from one day to another."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=30, choices=Role)
    is_signatory = models.BooleanField(_("may sign for the organisation"), default=False)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "user"],
                condition=Q(ended_at__isnull=True),
                name="one_open_membership_a_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class Space(WorkspaceModel):
    """A room inside a workspace; a closed one is for those who were let in."""

    slug = models.SlugField(_("short name"), max_length=50)
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("what it is for"), blank=True)
    is_open = models.BooleanField(_("open to all members"), default=True)

    class Meta:
        verbose_name = _("space")
        verbose_name_plural = _("spaces")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=["workspace", "slug"], name="one_space_a_short_name")
        ]

    def __str__(self) -> str:
        return self.name


class SpaceRole(WorkspaceModel):
    """What a member may do in a space."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="roles")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="space_roles")
    role = models.CharField(_("role"), max_length=20, choices=SpaceRoleKind)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["space", "membership"], name="one_role_in_a_space")
        ]


class Invitation(WorkspaceModel):
    """A way in for one person, for some days; only the digest of its code is kept."""

    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="invitations"
    )
    role = models.CharField(_("role"), max_length=30, choices=Role)
    code_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    renewal_asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-created_at",)
