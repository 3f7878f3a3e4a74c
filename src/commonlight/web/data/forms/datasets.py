"""Forms about a data set itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commonlight.web.data.domain.stewarding import usable_agreements
from commonlight.web.data.enums import DataKind, DataRoleKind
from commonlight.web.data.models import DataSet
from commonlight.web.policy import Actor
from commonlight.web.workspaces.models import Membership, Space

__all__ = ["AgreementsForm", "DataSetForm", "NewDataSetForm", "OpenForm", "RoleForm"]

WITNESSES = (
    ("police", _("the police")),
    ("residents", _("residents")),
    ("survey", _("a survey")),
    ("site", _("people on site")),
    ("services", _("services")),
    ("statistics", _("official statistics")),
)
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


KEPT_BY_THE_OWNER = ("space", "is_sensitive")
"""What decides who reads, and whether reading is logged: not for a coordinator of others."""


class DataSetForm(forms.ModelForm):
    """What a data set is, and when the next delivery is due."""

    witness = forms.ChoiceField(
        label=_("Whose account is it?"),
        choices=WITNESSES,
        help_text=_("A finding that rests on one account alone is marked one-sided."),
    )

    class Meta:
        model = DataSet
        fields = (
            "name",
            "description",
            "noun",
            "witness",
            "publisher",
            "licence",
            "space",
            "steward",
            "next_delivery_on",
            "delivery_every_days",
            "is_sensitive",
        )
        labels = {"space": _("Space"), "steward": _("Steward")}
        widgets = {"next_delivery_on": DAY, "description": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "noun": _("For example: burglaries, reports, answers."),
            "space": _("Without a space, the data set is for all whom an agreement covers."),
            "is_sensitive": _("The log keeps who opened the data set, once an hour."),
            "delivery_every_days": _("After an import, the next delivery is due so many days on."),
        }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spaces = Space.objects.of(actor.workspace)
        members = Membership.objects.of(actor.workspace).select_related("user", "organisation")
        owner = self.instance.owner_id or actor.organisation_id
        _name_empty(self.fields["space"], pgettext_lazy("space", "None"))
        _name_empty(self.fields["steward"], _("Nobody looks after it"))
        if owner != actor.organisation_id:
            for name in KEPT_BY_THE_OWNER:
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Only the owner of the data changes this.")
        _choose(self.fields["space"], spaces)
        _choose(
            self.fields["steward"], members.filter(ended_at__isnull=True, organisation_id=owner)
        )


class NewDataSetForm(DataSetForm):
    """A data set that is not there yet; it belongs to the organisation of who makes it."""

    kind = forms.ChoiceField(label=_("What does it hold?"), choices=DataKind.choices)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self.actor = actor
        self.order_fields(["name", "kind"])

    def clean_kind(self) -> str:
        """The kind, which never changes afterwards."""
        self.instance.kind = self.cleaned_data["kind"]
        return str(self.instance.kind)

    def clean_name(self) -> str:
        """A name whose short form is not taken."""
        name: str = self.cleaned_data["name"]
        slug = slugify(name)[:60].strip("-") or "data"
        if not slug[0].isalnum() or slug in RESERVED:
            slug = f"data-{slug}"[:60]
        if DataSet.objects.of(self.actor.workspace).filter(slug=slug).exists():
            raise forms.ValidationError(
                _("There is a data set with this name, perhaps in the trash. Choose another name.")
            )
        self.instance.slug = slug
        return name


RESERVED = frozenset({"new", "uploads", "requests", "trash"})
"""Words that stand in addresses where a short name could."""


class OpenForm(forms.ModelForm):
    """Who may read beyond the agreements."""

    named_only = forms.BooleanField(
        label=_("Only people named below may read it"),
        required=False,
        help_text=_("This narrows the own organisation and the agreements; it opens nothing."),
    )

    class Meta:
        model = DataSet
        fields = ("is_public",)
        help_texts = {
            "is_public": _("Tick this only for data that anybody may have, such as open data.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["named_only"].initial = self.instance.settings.get("named_only", False)

    def save(self, commit: bool = True) -> DataSet:
        """Keep both answers."""
        self.instance.settings = {
            **self.instance.settings,
            "named_only": self.cleaned_data["named_only"],
        }
        saved: DataSet = super().save(commit)
        return saved


class AgreementsForm(forms.Form):
    """The agreements under which a data set is shared."""

    agreements: Any = forms.ModelMultipleChoiceField(
        label=_("Drafts of agreements that name this data set"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Only drafts by which your organisation gives data are listed. "
            "An agreement that is offered or signed keeps its data sets."
        ),
    )

    def __init__(self, *args: Any, dataset: DataSet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self.fields["agreements"], usable_agreements(dataset))


class RoleForm(forms.Form):
    """A member, and what the member may do with the data set."""

    membership: Any = forms.ModelChoiceField(
        label=_("Member"), queryset=None, empty_label=_("Choose a member")
    )
    role = forms.ChoiceField(label=_("Role"), choices=DataRoleKind.choices)

    def __init__(self, *args: Any, actor: Actor, may_open: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_open:
            self.fields["role"] = forms.ChoiceField(
                label=_("Role"),
                choices=[(DataRoleKind.READER.value, DataRoleKind.READER.label)],
                help_text=_("Only the steward at the owner lets people bring data in."),
            )
        members = Membership.objects.of(actor.workspace).select_related("user", "organisation")
        _choose(self.fields["membership"], members.filter(ended_at__isnull=True))


def _name_empty(field: Any, label: Any) -> None:
    field.empty_label = label


def _choose(field: Any, queryset: Any) -> None:
    field.queryset = queryset
