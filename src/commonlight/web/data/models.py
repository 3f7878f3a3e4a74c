"""Data sets with their versions, who looks after them, and files on their way in."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.agreements.enums import PlaceDetail, TimeDetail
from commonlight.web.agreements.models import Agreement
from commonlight.web.data.enums import DataKind, DataRoleKind, RequestState, UploadState
from commonlight.web.runs.models import Run
from commonlight.web.workspaces.models import Membership, Organisation, Space
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["DataRequest", "DataSet", "DataSetRole", "DataVersion", "Upload"]


class DataSet(WorkspaceModel):
    """One named source, whose versions never change."""

    slug = models.SlugField(_("short name"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=DataKind)
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="datasets", verbose_name=_("owner")
    )
    space = models.ForeignKey(
        Space, null=True, blank=True, on_delete=models.PROTECT, related_name="datasets"
    )
    steward = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    agreements = models.ManyToManyField(Agreement, blank=True, related_name="datasets")
    description = models.TextField(_("description"), blank=True)
    noun = models.CharField(_("what it counts, in the plural"), max_length=100, blank=True)
    witness = models.CharField(_("whose account it is"), max_length=40, default="police")
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    is_public = models.BooleanField(_("public data, open to all members"), default=False)
    is_sensitive = models.BooleanField(_("reading is logged"), default=True)
    next_delivery_on = models.DateField(_("next delivery expected on"), null=True, blank=True)
    delivery_every_days = models.PositiveIntegerField(
        _("days between deliveries"), null=True, blank=True
    )
    settings = models.JSONField(default=dict, blank=True)
    current = models.ForeignKey(
        "data.DataVersion", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("data set")
        verbose_name_plural = _("data sets")
        ordering = ("name",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "slug"], name="one_dataset_a_short_name")
        ]

    def __str__(self) -> str:
        return self.name


class DataVersion(WorkspaceModel):
    """What one delivery brought; `accepted + rejected = read`."""

    dataset = models.ForeignKey(DataSet, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    lake_version = models.CharField(max_length=60, blank=True)
    file = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64)
    rows_read = models.BigIntegerField(null=True)
    rows_accepted = models.BigIntegerField(null=True)
    rows_rejected = models.BigIntegerField(null=True)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    manifest = models.JSONField(default=dict)
    quality = models.JSONField(default=dict)
    run = models.ForeignKey(
        Run, null=True, blank=True, on_delete=models.SET_NULL, related_name="data_versions"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("version of a data set")
        verbose_name_plural = _("versions of data sets")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dataset", "number"], name="one_version_a_number")
        ]


class DataSetRole(WorkspaceModel):
    """What a member may do with one data set."""

    dataset = models.ForeignKey(DataSet, on_delete=models.CASCADE, related_name="roles")
    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="dataset_roles"
    )
    role = models.CharField(_("role"), max_length=20, choices=DataRoleKind)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dataset", "membership"], name="one_role_in_a_dataset")
        ]


class Upload(WorkspaceModel):
    """A file on its way in; it can be resumed, and nothing of it is kept if it is refused."""

    dataset = models.ForeignKey(
        DataSet, null=True, blank=True, on_delete=models.CASCADE, related_name="uploads"
    )
    file_name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=12, choices=UploadState, default=UploadState.RECEIVING)
    settings = models.JSONField(default=dict, blank=True)
    preview_run = models.ForeignKey(
        Run, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    import_run = models.ForeignKey(
        Run, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ("-created_at",)


class DataRequest(WorkspaceModel):
    """Somebody asks the owner for more than was agreed, with a reason, and gets an answer."""

    dataset = models.ForeignKey(DataSet, on_delete=models.CASCADE, related_name="requests")
    asked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    place_detail = models.CharField(_("finest place"), max_length=10, choices=PlaceDetail)
    time_detail = models.CharField(_("finest time"), max_length=10, choices=TimeDetail)
    fields = models.JSONField(default=list, blank=True)
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    reason = models.TextField(_("why you need it"))
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    answer_by = models.DateField(_("answer due on"))
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.OPEN)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("request for data")
        verbose_name_plural = _("requests for data")
        ordering = ("-asked_at", "-pk")
