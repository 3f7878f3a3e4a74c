"""Filters of the findings page: some narrow the list, others choose a view of the audit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.audits.domain.plans import View
from commonlight.web.audits.enums import Block, Certainty
from commonlight.web.audits.forms.plan import DayInput
from commonlight.web.audits.models import AuditPlan, StoredFinding

__all__ = ["FindingFilter"]

ANY = ("", _("All"))
MOST_BOXES = 60


class FindingFilter(forms.Form):
    """The filters in the address; empty ones filter nothing."""

    plan = forms.ChoiceField(label=_("Audit"), required=False)
    run = forms.IntegerField(label=_("Result"), required=False, widget=forms.HiddenInput)
    source = forms.ChoiceField(label=_("Source"), required=False)
    block = forms.ChoiceField(label=_("Part"), required=False, choices=[ANY, *Block.choices])
    certainty = forms.ChoiceField(
        label=_("Certainty"), required=False, choices=[ANY, *Certainty.choices]
    )
    first = forms.DateField(
        label=_("From"),
        required=False,
        widget=DayInput,
        help_text=_("Period, classes and areas choose a view that is computed on its own."),
    )
    last = forms.DateField(label=_("Until"), required=False, widget=DayInput)
    iccs = forms.MultipleChoiceField(
        label=_("Classes of offences"), required=False, widget=forms.CheckboxSelectMultiple
    )
    areas: forms.Field

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        plans: Sequence[AuditPlan],
        sources: Iterable[tuple[str, str]],
        classes: Iterable[tuple[str, str]],
        areas: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(data)
        self.area_names = dict(areas)
        choices: dict[str, Any] = {
            "plan": [(one.slug, one.title) for one in plans],
            "source": [ANY, *sources],
            "iccs": list(classes),
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        if len(plans) < 2:
            self.fields["plan"].widget = forms.HiddenInput()
        if areas:
            self.fields["areas"] = _areas_field(areas)

    def clean_areas(self) -> list[str]:
        """Codes of areas, also where names were typed."""
        given = self.cleaned_data["areas"]
        if isinstance(given, list):
            return given
        return [self._code(text.strip()) for text in given.split(",") if text.strip()]

    def _code(self, text: str) -> str:
        if text in self.area_names:
            return text
        named = [code for code, name in self.area_names.items() if name.lower() == text.lower()]
        if not named:
            raise forms.ValidationError(
                _("There is no area “%(text)s”. Give its name or code as in the table of areas."),
                params={"text": text},
            )
        return named[0]

    def clean(self) -> dict[str, Any]:
        """A period has both ends, in order."""
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if bool(first) != bool(last):
            self.add_error("last" if first else "first", _("Give both days of the period."))
        elif first and last and first > last:
            self.add_error("last", _("The last day lies before the first day."))
        return given

    def view(self, plan: AuditPlan) -> View:
        """The view that is asked for; the whole audit where nothing is or where it has errors."""
        if not self.is_valid():
            return View.main(plan)
        given = self.cleaned_data
        chosen = (given["first"], given["last"]) if given["first"] else View.main(plan).period
        return View(
            period=chosen,
            iccs=tuple(sorted(given["iccs"])),
            areas=tuple(sorted(given.get("areas") or ())),
        )

    def narrowed(self, findings: list[StoredFinding]) -> list[StoredFinding]:
        """The findings that the filters leave."""
        if not self.is_valid():
            return findings
        given = self.cleaned_data
        return [
            one
            for one in findings
            if given["source"] in ("", *one.sources)
            and given["block"] in ("", one.block)
            and given["certainty"] in ("", one.certainty)
        ]


def _areas_field(areas: Sequence[tuple[str, str]]) -> forms.Field:
    if len(areas) <= MOST_BOXES:
        return forms.MultipleChoiceField(
            label=_("Areas"),
            required=False,
            choices=areas,
            widget=forms.CheckboxSelectMultiple,
        )
    return forms.CharField(
        label=_("Areas"),
        required=False,
        help_text=_("Names or codes of areas, with commas between them."),
    )
