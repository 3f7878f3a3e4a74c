"""Forms of a workspace's settings and of its beginning."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from commonlight.web.accounts.forms import NamesEmptyFields, NewAccountForm
from commonlight.web.ui.languages import LANGUAGES
from commonlight.web.ui.theme_style import TOKENS, ThemeError, check_theme
from commonlight.web.workspaces.enums import OrganisationKind, Role
from commonlight.web.workspaces.logos import LARGEST, LogoError, as_data_address
from commonlight.web.workspaces.models import Workspace

__all__ = ["LookForm", "SetUpForm", "SettingsForm", "short_name"]

COLOUR_LABELS = {
    "brand": _("Colour of the head"),
    "link": _("Colour of links and buttons, light pages"),
    "link_dark": _("Colour of links and buttons, dark pages"),
}


@lru_cache
def _zones() -> list[tuple[str, str]]:
    """Time zones of places, by name."""
    named = sorted(zone for zone in available_timezones() if "/" in zone and zone[0].isupper())
    return [(zone, zone.replace("_", " ")) for zone in ["UTC", *named]]


def _zone_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Time zone"), choices=_zones)


def _country_field() -> forms.CharField:
    return forms.RegexField(
        r"^[A-Za-z]{2}$",
        label=_("Country code"),
        required=False,
        help_text=_("Two letters, such as DE or FR."),
        error_messages={"invalid": _("Enter two letters, such as DE.")},
        widget=forms.TextInput(attrs={"autocomplete": "country"}),
    )


class SettingsForm(NamesEmptyFields, forms.ModelForm):
    """Name, place, language and safety of a workspace."""

    class Meta:
        model = Workspace
        fields = [
            "name",
            "city",
            "country",
            "language",
            "time_zone",
            "licence",
            "second_factor_roles",
        ]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "off"})}

    country = _country_field()
    language = forms.ChoiceField(label=_("Language of mails and public pages"), choices=LANGUAGES)
    time_zone = _zone_field()
    second_factor_roles = forms.MultipleChoiceField(
        label=_("Roles that need a second factor"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Who holds such a role and signed in with a password alone is asked first."),
    )

    def clean_country(self) -> str:
        """Country codes are written in capitals."""
        return str(self.cleaned_data["country"]).upper()


class LookForm(forms.Form):
    """Colours and logo; a colour that cannot be read is refused, with the contrast reached."""

    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("A PNG picture of at most 100 kB, up to 1200 by 400 pixels."),
        widget=forms.FileInput(attrs={"accept": "image/png"}),
    )
    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False)

    def __init__(self, *args: Any, theme: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.theme = theme
        for name in TOKENS:
            self.fields[name] = forms.CharField(
                label=COLOUR_LABELS[name],
                required=False,
                max_length=20,
                initial=theme.get(name, ""),
                help_text=_("As #12436d. Empty: the usual colour."),
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )
        if not theme.get("logo"):
            del self.fields["remove_logo"]
        self.order_fields([*TOKENS, "logo", "remove_logo"])

    def clean_logo(self) -> str:
        """The picture as it is kept; empty where none was sent."""
        sent = self.cleaned_data["logo"]
        if not sent:
            return ""
        if sent.size > LARGEST:
            content = b"\0" * (LARGEST + 1)
        else:
            content = sent.read()
        try:
            return as_data_address(content)
        except LogoError as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """Every colour on its own, so that its error stands at its field."""
        given = super().clean() or {}
        for name in TOKENS:
            value = given.get(name, "").strip().lower()
            given[name] = value
            try:
                check_theme({name: value} if value else {})
            except ThemeError as error:
                self.add_error(name, str(error))
        return given

    def chosen(self) -> dict[str, str]:
        """The theme to keep."""
        given = self.cleaned_data
        theme = {name: given[name] for name in TOKENS if given[name]}
        kept = "" if given.get("remove_logo") else self.theme.get("logo", "")
        logo = given["logo"] or kept
        return {**theme, "logo": logo} if logo else theme


class SetUpForm(NewAccountForm):
    """The first coordinator and the first workspace."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    workspace = forms.CharField(
        label=_("Name of the partnership"),
        max_length=200,
        help_text=_("Such as “Safer Lakeside”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    city = forms.CharField(
        label=_("City"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    country = _country_field()
    language = forms.ChoiceField(label=_("Language of mails and public pages"), choices=LANGUAGES)
    time_zone = _zone_field()
    organisation = forms.CharField(
        label=_("Your organisation"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind of organisation"),
        choices=OrganisationKind.choices,
        initial=OrganisationKind.MUNICIPALITY,
    )
    field_order = [
        "name",
        "email",
        "password",
        "workspace",
        "city",
        "country",
        "language",
        "time_zone",
        "organisation",
        "kind",
    ]

    def clean(self) -> dict[str, Any]:
        """The password is checked against the address that was typed."""
        self.address = str((self.cleaned_data or {}).get("email", ""))
        return super().clean()

    def clean_country(self) -> str:
        """Country codes are written in capitals."""
        return str(self.cleaned_data["country"]).upper()


def short_name(city: str, taken: set[str]) -> str:
    """A short name for addresses that is still free."""
    stem = slugify(city)[:40] or "workspace"
    tries = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
    return next(one for one in tries if one not in taken)
