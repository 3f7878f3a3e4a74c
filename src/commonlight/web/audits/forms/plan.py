"""The form of an audit plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.audits.domain.settings import survey_questions
from commonlight.web.data.enums import OBSERVATION_KINDS, DataKind
from commonlight.web.data.models import DataSet

__all__ = ["PlanForm"]

NONE = ("", _("None"))


class DayInput(forms.DateInput):
    """A day, in the form that browsers and people without script can type."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PlanForm(forms.Form):
    """What an audit looks at; data sets are those that the person may see."""

    title = forms.CharField(label=_("Title"), max_length=200)
    first = forms.DateField(
        label=_("First day"), widget=DayInput, help_text=_("For example 2024-01-01.")
    )
    last = forms.DateField(
        label=_("Last day"), widget=DayInput, help_text=_("For example 2024-12-31.")
    )
    sources = forms.MultipleChoiceField(
        label=_("What is counted and asked"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose at least one. More than one witness makes an audit less one-sided."),
        error_messages={"required": _("Choose at least one data set.")},
    )
    areas = forms.ChoiceField(
        label=_("Areas"),
        required=False,
        help_text=_("Without areas there are no maps by area and no rates."),
    )
    population = forms.ChoiceField(label=_("Residents by area"), required=False)
    streets = forms.ChoiceField(label=_("Streets"), required=False)
    recorded = forms.ChoiceField(
        label=_("Recorded, for the comparison with what is felt"), required=False
    )
    felt = forms.ChoiceField(label=_("Felt: the question of the survey"), required=False)
    minimum_count = forms.IntegerField(
        label=_("Smallest count that may be published"),
        min_value=2,
        max_value=1000,
        help_text=_("Counts below it are withheld in the public version. 5 is usual."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        datasets: Iterable[DataSet],
        title: str = "",
        settings: Mapping[str, Any],
    ) -> None:
        self.settings, self.datasets = settings, {one.slug: one for one in datasets}
        super().__init__(data, initial={"title": title, **_initial(settings)})
        self._offer("sources", OBSERVATION_KINDS, none=False)
        self._offer("areas", {DataKind.AREAS})
        self._offer("population", {DataKind.POPULATION})
        self._offer("streets", {DataKind.STREETS})
        self._offer("recorded", {DataKind.INCIDENTS})
        questions = survey_questions(self.datasets.values())
        self.fields["felt"].choices = [  # type: ignore[attr-defined]
            NONE,
            *((one.name, one.wording) for one in questions),
        ]

    def _offer(self, name: str, kinds: Iterable[str], *, none: bool = True) -> None:
        choices = [(one.slug, one.name) for one in self.datasets.values() if one.kind in kinds]
        self.fields[name].choices = [NONE, *choices] if none else choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Days in order, and a comparison of two witnesses that are both in the audit."""
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and first > last:
            self.add_error("last", _("The last day lies before the first day."))
        if last and last > date.today():
            self.add_error("last", _("The last day lies in the future."))
        self._check_pair(given)
        if given.get("population") and not given.get("areas"):
            self.add_error("areas", _("Choose the areas that the residents are counted by."))
        return given

    def _check_pair(self, given: Mapping[str, Any]) -> None:
        recorded, felt = given.get("recorded"), given.get("felt")
        chosen = given.get("sources") or []
        if bool(recorded) != bool(felt):
            missing = "felt" if recorded else "recorded"
            self.add_error(missing, _("Choose both sides of the comparison, or none."))
            return
        if recorded and recorded not in chosen:
            self.add_error("recorded", _("Tick this data set above, so that it is counted."))
        if felt and felt.split(".")[0] not in chosen:
            self.add_error("felt", _("Tick the survey of this question above."))

    def kept_settings(self) -> dict[str, Any]:
        """The settings as they are kept; what the form does not show stays as it was."""
        given = self.cleaned_data
        areas, population = given["areas"], given["population"]
        before = {item["dataset"]: item for item in self.settings.get("sources", ())}
        pair = {"recorded": given["recorded"], "felt": given["felt"]}
        return {
            **self.settings,
            "period": [given["first"].isoformat(), given["last"].isoformat()],
            "sources": [self._source(slug, areas, before.get(slug)) for slug in given["sources"]],
            "areas": [{"dataset": areas}] if areas else [],
            "population": [{"dataset": population, "areas": areas}] if population else [],
            "divergence": [pair] if pair["recorded"] else [],
            "streets": {"dataset": given["streets"]} if given["streets"] else None,
            "publish": {
                **self.settings.get("publish", {}),
                "minimum_count": given["minimum_count"],
            },
        }

    def _source(self, slug: str, areas: str, before: Mapping[str, Any] | None) -> dict[str, Any]:
        kept = before or {"noun": self.datasets[slug].noun, "exclude_types": []}
        return {**kept, "dataset": slug, "areas": areas}


def _initial(settings: Mapping[str, Any]) -> dict[str, Any]:
    first, last = settings.get("period") or ("", "")
    pair: dict[str, str] = next(iter(settings.get("divergence") or []), {})
    return {
        "first": first,
        "last": last,
        "sources": [item["dataset"] for item in settings.get("sources", ())],
        "areas": _named(settings.get("areas")),
        "population": _named(settings.get("population")),
        "streets": (settings.get("streets") or {}).get("dataset", ""),
        "recorded": pair.get("recorded", ""),
        "felt": pair.get("felt", ""),
        "minimum_count": (settings.get("publish") or {}).get("minimum_count", 5),
    }


def _named(items: Any) -> str:
    first: dict[str, Any] = next(iter(items or []), {})
    return str(first.get("dataset", ""))
