"""The mapping builder: a mapping file as a form, and a form as a mapping file."""

from __future__ import annotations

import tomllib
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.data.enums import DataKind
from commonlight.web.data.methods.mappings import MappingFault, mapping_text, scheme_choices

__all__ = ["MappingForm", "answers_of"]

ENCODINGS = (
    ("utf-8", "UTF-8"),
    ("cp1252", "Windows (cp1252)"),
    ("iso-8859-1", "Latin-1"),
    ("iso-8859-2", "Latin-2"),
    ("utf-16", "UTF-16"),
)
DELIMITERS = (("", _("Found by itself")), (",", ","), (";", ";"), ("\t", _("Tab")), ("|", "|"))
DECIMALS = ((".", _("Point")), (",", _("Comma")))
DUPLICATES = (("reject", _("A mistake: reject it")), ("keep", _("Another event: keep it")))

COLUMN_FIELDS = {
    "time_start": _("When it happened"),
    "time_hour": _("Hour of that day"),
    "time_end": _("Latest moment, where only a span is known"),
    "place_x": _("Longitude or easting"),
    "place_y": _("Latitude or northing"),
    "place_area": _("Area code"),
    "type_column": _("Type of what happened"),
    "id": _("Identifier of the record"),
    "count": _("Number of events in a row"),
    "recorded": _("Day of recording"),
    "item": _("What was looked at"),
    "value": _("Rating or count"),
    "weight": _("Survey weight"),
    "stratum": _("Sampling stratum"),
    "cluster": _("Sampling cluster"),
}
"""Fields that choose a column."""

OF_KIND = {
    "incidents": ("type_column", "id", "count", "recorded"),
    "reports": ("type_column", "id", "count", "recorded"),
    "visits": ("id", "item", "value"),
    "answers": ("id", "weight", "stratum", "cluster"),
}
"""Which of them belong to a kind, beside time and place."""


class MappingForm(forms.Form):
    """Which column says what. What cannot be said here can be said in the file itself."""

    time_formats = forms.CharField(
        label=_("How times are written"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "One form a line, tried in order: %d day, %m month, %Y year, %H:%M time. "
            "For example %d.%m.%Y %H:%M"
        ),
    )
    place_crs = forms.CharField(
        label=_("Coordinate system"),
        required=False,
        max_length=60,
        help_text=_("Degrees are EPSG:4326. Leave it empty to have it found."),
    )
    place_required = forms.BooleanField(label=_("Reject a row without a place"), required=False)
    precision_m = forms.FloatField(
        label=_("Precision that the publisher states, in metres"), required=False, min_value=0
    )
    type_constant = forms.CharField(
        label=_("The one type, where the file holds only one"), required=False, max_length=100
    )
    scheme = forms.ChoiceField(label=_("Table of offence classes"), required=False)
    duplicates = forms.ChoiceField(
        label=_("A second row with the same identifier is"), choices=DUPLICATES
    )
    encoding = forms.ChoiceField(label=_("Encoding"), choices=ENCODINGS)
    delimiter = forms.ChoiceField(
        label=_("Cells are separated by"), choices=DELIMITERS, required=False
    )
    decimal = forms.ChoiceField(label=_("Decimal mark"), choices=DECIMALS)
    multiline = forms.BooleanField(label=_("Quoted cells hold line breaks"), required=False)
    keep = forms.MultipleChoiceField(
        label=_("Further columns to keep"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What is not named anywhere is not kept."),
    )

    def __init__(self, *args: Any, kind: str, header: list[str], text: str, **kwargs: Any) -> None:
        self.kind, self.header = kind, header
        self.base = tomllib.loads(text) if text else {}
        kwargs.setdefault("initial", answers_of(self.base))
        super().__init__(*args, **kwargs)
        columns = [(name, name) for name in dict.fromkeys(header) if name]
        names = ("time_start", "time_hour", "time_end", "place_x", "place_y", "place_area")
        for field in (*names, *OF_KIND[kind]):
            self.fields[field] = forms.ChoiceField(
                label=COLUMN_FIELDS[field],
                required=False,
                choices=[("", _("Not in this file")), *columns],
            )
        self._fit_to_kind(columns)

    def _fit_to_kind(self, columns: list[tuple[str, str]]) -> None:
        self.fields["keep"] = forms.MultipleChoiceField(
            label=_("Further columns to keep"),
            required=False,
            choices=columns,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("What is not named anywhere is not kept."),
        )
        self.fields["scheme"] = forms.ChoiceField(
            label=_("Table of offence classes"),
            required=False,
            choices=[("", _("None: choose classes in the next step")), *scheme_choices()],
        )
        if "type_column" not in self.fields:
            del self.fields["type_constant"]
        if self.kind != DataKind.INCIDENTS:
            del self.fields["scheme"]

    def groups(self) -> list[tuple[Any, list[Any]]]:
        """The fields in the order of the page, under headings."""

        def these(*names: str) -> list[Any]:
            return [self[name] for name in names if name in self.fields]

        return [
            (_("Time"), these("time_start", "time_formats", "time_hour", "time_end")),
            (
                _("Place"),
                these(
                    "place_x", "place_y", "place_crs", "place_area", "place_required", "precision_m"
                ),
            ),
            (
                _("What"),
                these(
                    "type_column",
                    "type_constant",
                    "scheme",
                    "item",
                    "value",
                    "weight",
                    "stratum",
                    "cluster",
                ),
            ),
            (_("The row"), these("id", "duplicates", "count", "recorded", "keep")),
            (_("The file"), these("encoding", "delimiter", "decimal", "multiline")),
        ]

    def clean(self) -> dict[str, Any]:
        """What contradicts itself is said in the library's own words."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.text = mapping_text(self._parts(cleaned))
            except MappingFault as fault:
                raise forms.ValidationError(str(fault)) from None
        return cleaned

    def _parts(self, given: dict[str, Any]) -> dict[str, Any]:
        """The parts of the mapping; what the form does not show stays as it was."""
        parts: dict[str, Any] = {
            "kind": self.kind,
            "name": self.base.get("name") or "source",
            "duplicates": given["duplicates"],
            "drop": tuple(self.base.get("drop", ())),
            "keep": self._keep(given["keep"]),
        }
        same = (
            "publisher",
            "licence",
            "attribution",
            "witness",
            "wide",
            "codebook",
            "stratum_size",
            "stratum_sizes",
        )
        parts |= {name: self.base[name] for name in same if name in self.base}
        if "replicate_weights" in self.base:
            parts["replicate_weights"] = tuple(self.base["replicate_weights"])
        single = ("id", "count", "recorded", "item", "value", "weight", "stratum", "cluster")
        parts |= {name: given[name] for name in single if given.get(name)}
        sections = {
            "file": self._file(given),
            "time": self._time(given),
            "place": self._place(given),
            "type": self._type(given),
        }
        return parts | {name: value for name, value in sections.items() if value}

    def _keep(self, chosen: list[str]) -> dict[str, str]:
        """New name -> column; a column that was kept under another name keeps that name."""
        names = {column: name for name, column in self.base.get("keep", {}).items()}
        return {names.get(column, column): column for column in chosen}

    def _file(self, given: dict[str, Any]) -> dict[str, Any]:
        base = dict(self.base.get("file", {}))
        if "missing" in base:
            base["missing"] = tuple(base["missing"])
        return {
            **base,
            "encoding": given["encoding"],
            "delimiter": given["delimiter"] or None,
            "decimal": given["decimal"],
            "multiline": given["multiline"],
        }

    def _time(self, given: dict[str, Any]) -> dict[str, Any] | None:
        if not given["time_start"]:
            return None
        base = self.base.get("time", {})
        return {
            "start": given["time_start"],
            "formats": tuple(
                line.strip() for line in given["time_formats"].splitlines() if line.strip()
            ),
            "hour": given["time_hour"] or None,
            "end": given["time_end"] or None,
            "end_formats": tuple(base.get("end_formats", ())) if given["time_end"] else (),
            "end_hour": base.get("end_hour") if given["time_end"] else None,
        }

    def _place(self, given: dict[str, Any]) -> dict[str, Any] | None:
        columns = {"x": given["place_x"], "y": given["place_y"], "area": given["place_area"]}
        if not any(columns.values()):
            return None
        return {
            **{name: value or None for name, value in columns.items()},
            "crs": given["place_crs"] or None,
            "required": given["place_required"],
            "precision_m": given["precision_m"],
        }

    def _type(self, given: dict[str, Any]) -> dict[str, Any] | None:
        column, constant = given.get("type_column"), given.get("type_constant")
        scheme = given.get("scheme")
        if not (column or constant or scheme):
            return None
        codes = self.base.get("type", {}).get("iccs", {})
        return {
            "column": column or None,
            "constant": constant or None,
            "scheme": scheme or None,
            "iccs": {label: None if code == "none" else code for label, code in codes.items()},
        }


def answers_of(content: dict[str, Any]) -> dict[str, Any]:
    """A mapping file as the initial values of the form."""
    time, place = content.get("time", {}), content.get("place", {})
    kind, file = content.get("type", {}), content.get("file", {})
    formats = time.get("formats", [])
    single = ("id", "count", "recorded", "item", "value", "weight", "stratum", "cluster")
    return {
        **{name: content.get(name, "") for name in single},
        "time_start": time.get("start", ""),
        "time_formats": "\n".join([formats] if isinstance(formats, str) else formats),
        "time_hour": time.get("hour", ""),
        "time_end": time.get("end", ""),
        "place_x": place.get("x", ""),
        "place_y": place.get("y", ""),
        "place_crs": place.get("crs", ""),
        "place_area": place.get("area", ""),
        "place_required": place.get("required", True),
        "precision_m": place.get("precision_m"),
        "type_column": kind.get("column", ""),
        "type_constant": kind.get("constant", ""),
        "scheme": kind.get("scheme", ""),
        "duplicates": content.get("duplicates", "reject"),
        "encoding": file.get("encoding", "utf-8"),
        "delimiter": file.get("delimiter", ""),
        "decimal": file.get("decimal", "."),
        "multiline": file.get("multiline", False),
        "keep": list(content.get("keep", {}).values()),
    }
