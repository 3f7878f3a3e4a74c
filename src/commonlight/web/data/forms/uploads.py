"""Forms of the way in: the file, its columns, its classes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.data.methods.mappings import class_choices, preset_choices

__all__ = [
    "DATE_FORMATS",
    "ROLE_LABELS",
    "ClassesForm",
    "ColumnsForm",
    "PresetForm",
    "UploadForm",
    "listed_columns",
]

DATE_FORMATS = (
    ("%Y-%m-%d", _("2026-12-31")),
    ("%d.%m.%Y", _("31.12.2026")),
    ("%d/%m/%Y", _("31/12/2026")),
    ("%m/%d/%Y", _("12/31/2026")),
    ("%Y-%m", _("2026-12")),
    ("%Y", _("2026")),
)

ROLE_LABELS = {
    "code": _("Area code"),
    "name": _("Name"),
    "parent": _("Code of the larger area"),
    "area": _("Area code"),
    "count": _("Number of residents"),
    "identifier": _("Identifier of the street"),
    "category": _("Category"),
    "what": _("What was done"),
    "from": _("From"),
    "to": _("Until"),
    "x": _("Longitude or easting"),
    "y": _("Latitude or northing"),
}


def listed_columns(text: str) -> list[str]:
    """Columns written one a line."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


class UploadForm(forms.Form):
    """A file, and the columns of it that must not be read."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, Excel, ODS, GeoJSON, GeoPackage or Parquet. No archives."),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty. Send one with records."),
        },
    )
    drop = forms.CharField(
        label=_("Columns that must not be read"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One name a line. Name columns about persons here, before anything is read: "
            "otherwise the file is refused and deleted."
        ),
    )


class PresetForm(forms.Form):
    """A known publisher's format, or a guess."""

    preset = forms.ChoiceField(label=_("Whose format is it?"), required=False)

    def __init__(self, *args: Any, kind: str, has_answers: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = [("last", _("As the last delivery"))] if has_answers else []
        self.fields["preset"] = forms.ChoiceField(
            label=_("Whose format is it?"),
            required=False,
            choices=[("", _("Unknown: make a guess")), *last, *preset_choices(kind)],
        )


class ColumnsForm(forms.Form):
    """What the columns of areas, residents, streets, places or interventions are."""

    def __init__(
        self,
        *args: Any,
        header: list[str],
        roles: tuple[str, ...],
        required: tuple[str, ...],
        has_coordinates: bool,
        has_days: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        none = ("", _("Not in this file"))
        for role in roles:
            self.fields[role] = forms.ChoiceField(
                label=ROLE_LABELS[role],
                required=role in required,
                choices=[none, *((name, name) for name in header)],
                error_messages={"required": _("Choose the column.")},
            )
        if has_coordinates:
            self.fields["crs"] = forms.CharField(
                label=_("Coordinate system"),
                required=False,
                max_length=60,
                help_text=_("Only where the file does not say it, for example EPSG:25833."),
            )
        if has_days:
            self.fields["date_format"] = forms.ChoiceField(
                label=_("How days are written"), choices=DATE_FORMATS
            )
        self.roles = roles

    def columns(self) -> dict[str, str]:
        """The columns that were chosen."""
        return {role: self.cleaned_data[role] for role in self.roles if self.cleaned_data[role]}


class ClassesForm(forms.Form):
    """For each local type the class of the ICCS under which it is counted."""

    def __init__(
        self,
        *args: Any,
        types: dict[str, int],
        suggested: dict[str, dict[str, str]],
        chosen: dict[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            ("", _("No class: keep the local type only")),
            ("none", _("Not a crime")),
            *((code, f"{code} {name}") for code, name in class_choices()),
        ]
        self.types = types
        self.labels = list(types)
        for k, label in enumerate(self.labels):
            found = suggested.get(label, {})
            self.fields[f"type-{k}"] = forms.ChoiceField(
                label=label,
                required=False,
                choices=choices,
                initial=chosen.get(label, found.get("code", "")),
            )

    def rows(self) -> list[dict[str, Any]]:
        """Each local type with its number and its field."""
        return [
            {"label": label, "count": self.types[label], "field": self[f"type-{k}"]}
            for k, label in enumerate(self.labels)
        ]

    def codes(self) -> dict[str, str | None]:
        """The classes chosen; None = known to be no crime."""
        chosen = {label: self.cleaned_data[f"type-{k}"] for k, label in enumerate(self.labels)}
        return {label: None if c == "none" else c for label, c in chosen.items() if c}
