"""Forms about people of a workspace."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from commonlight.web.accounts.forms import NamesEmptyFields
from commonlight.web.workspaces.enums import OrganisationKind, Role, SpaceRoleKind
from commonlight.web.workspaces.models import Membership, Organisation, Space, SpaceRole
from commonlight.web.workspaces.people.invitations import open_invitation_for

__all__ = ["InvitationForm", "MemberForm", "OrganisationForm", "SpaceForm", "SpaceRoleForm"]


class InvitationForm(NamesEmptyFields, forms.Form):
    """Whom to invite, for which organisation, as what."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("The invitation is sent there and works for this address only."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    organisation: Any = forms.ModelChoiceField(
        queryset=None, label=_("Organisation"), empty_label=_("Choose an organisation")
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, workspace: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace
        _of(self, "organisation").queryset = Organisation.objects.of(workspace)

    def clean_email(self) -> str:
        """Somebody who is not a member and not invited yet."""
        email = str(self.cleaned_data["email"]).lower()
        members = Membership.objects.of(self.workspace).filter(ended_at=None)
        if members.filter(user__email=email).exists():
            raise ValidationError(_("This person is a member already."))
        if open_invitation_for(self.workspace, email):
            raise ValidationError(
                _("There is an open invitation to this address. Renew or withdraw that one.")
            )
        return email


class MemberForm(NamesEmptyFields, forms.ModelForm):
    """Role, organisation and right to sign of a member."""

    class Meta:
        model = Membership
        fields = ["role", "organisation", "is_signatory"]
        labels = {"organisation": _("Organisation")}
        widgets = {"role": forms.RadioSelect}
        help_texts = {
            "is_signatory": _("May sign agreements in the name of the organisation."),
        }

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _of(self, "organisation").queryset = Organisation.objects.of(self.instance.workspace)
        _of(self, "organisation").empty_label = None
        _of(self, "role").choices = Role.choices
        if is_own:
            for name in self.fields:
                self.fields[name].disabled = True
            self.fields["role"].help_text = _(
                "You cannot change your own role, organisation or right to sign. Ask another "
                "coordinator."
            )


class OrganisationForm(NamesEmptyFields, forms.ModelForm):
    """Name, kind and public contact of a partner."""

    class Meta:
        model = Organisation
        fields = ["name", "kind", "public_contact"]
        help_texts = {
            "public_contact": _("Stands in the public register. No person’s name or address."),
        }
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        blank = [] if self.instance.pk else [("", "")]
        _of(self, "kind").choices = [*blank, *OrganisationKind.choices]

    def clean_name(self) -> str:
        """A name that no other organisation of the workspace bears."""
        name = str(self.cleaned_data["name"])
        others = Organisation.objects.of(self.instance.workspace).exclude(pk=self.instance.pk)
        if others.filter(name__iexact=name).exists():
            raise ValidationError(_("There is an organisation of this name already."))
        return name


class SpaceForm(NamesEmptyFields, forms.ModelForm):
    """Name and purpose of a space, and whether it is open."""

    class Meta:
        model = Space
        fields = ["name", "description", "is_open"]
        help_texts = {"is_open": _("Otherwise only those who are let in may enter.")}
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def clean_name(self) -> str:
        """A name from which a short name for addresses can be made; it is set once."""
        name = str(self.cleaned_data["name"])
        spaces = Space.objects.of(self.instance.workspace).exclude(pk=self.instance.pk)
        if spaces.filter(name__iexact=name).exists():
            raise ValidationError(_("There is a space of this name already."))
        if not self.instance.slug:
            taken = set(spaces.values_list("slug", flat=True))
            self.instance.slug = _short_name(name, taken)
        return name


def _short_name(name: str, taken: set[str]) -> str:
    """A short name that is still free; a name without Latin letters gets a number."""
    stem = slugify(name)[:40] or "space"
    tries = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
    return next(one for one in tries if one not in taken and one != "add")


class SpaceRoleForm(NamesEmptyFields, forms.Form):
    """Who is let into a space, as what."""

    membership: Any = forms.ModelChoiceField(
        queryset=None, label=_("Member"), empty_label=_("Choose a member")
    )
    role = forms.ChoiceField(
        label=_("May do what"), choices=SpaceRoleKind.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, space: Space, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = SpaceRole.objects.of(space.workspace).filter(space=space)
        members = Membership.objects.of(space.workspace).filter(ended_at=None)
        field = _of(self, "membership")
        field.queryset = (
            members.exclude(pk__in=inside.values("membership"))
            .select_related("user", "organisation")
            .order_by("user__name")
        )
        field.label_from_instance = _member_label


def _member_label(member: Membership) -> str:
    return f"{member.user} ({member.organisation.name})"


def _of(form: forms.BaseForm, name: str) -> Any:
    return form.fields[name]
