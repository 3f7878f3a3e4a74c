"""What is looked for, and how lists are narrowed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.knowledge.enums import EntryState, GapState
from commonlight.web.knowledge.labels import choices_of, language_of
from commonlight.web.knowledge.methods import KINDS

__all__ = ["EntryFilter", "GapFilter", "PracticeFilter", "SearchForm", "StatementFilter"]

AREAS = ("juvenile_delinquency", "radicalisation", "organised_crime", "public_spaces")
RESULTS = (
    ("", _("Everything, also what did not work")),
    ("did_not_work", _("Only what did not work for some outcome")),
    ("improves", _("Only what improved some outcome")),
    ("untested", _("Only what nobody has evaluated")),
)


def _choice(label: Any, all_of_them: Any, **more: Any) -> Any:
    field = forms.ChoiceField(label=label, required=False, **more)
    field.all_of_them = all_of_them  # type: ignore[attr-defined]
    return field


class Filter(forms.Form):
    """Lists of the evidence room as choices."""

    lists: dict[str, str] = {}

    def __init__(self, *given: Any, occurring: dict[str, set[str]], **more: Any) -> None:
        super().__init__(*given, **more)
        for name, list_name in self.lists.items():
            field: Any = self.fields[name]
            words = choices_of(list_name, occurring.get(name))
            field.choices = [("", field.all_of_them), *words]

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen; nothing where the address holds nonsense."""
        return dict(self.cleaned_data) if self.is_valid() else {}


class PracticeFilter(Filter):
    """Which practices are listed."""

    lists = {
        "focus_area": "focus_areas",
        "problem_type": "problem_types",
        "outcome_group": "outcome_groups",
        "direction": "directions",
        "strength": "ratings",
    }

    focus_area = _choice(_("Focus area"), _("All focus areas"))
    problem_type = _choice(_("Kind of problem"), _("All kinds of problems"))
    outcome_group = _choice(_("What was measured"), _("All outcomes"))
    direction = _choice(_("What it did to that"), _("All directions"))
    strength = _choice(_("Strength of evidence for that"), _("Any strength"))
    results = forms.ChoiceField(label=_("Results"), required=False, choices=RESULTS)


class StatementFilter(Filter):
    """Which statements are listed."""

    lists = {"kind": "kinds", "focus_area": "focus_areas"}

    kind = _choice(_("Kind"), _("All kinds"))
    focus_area = _choice(_("Focus area"), _("All focus areas"))


class SearchForm(forms.Form):
    """Words of a problem, in any language."""

    q = forms.CharField(
        label=_("Words of your problem"),
        help_text=_("In any of ten languages, such as “burglary”, “Einbruch” or “cambriolage”."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    problem = forms.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False, widget=forms.HiddenInput
    )


class GapFilter(forms.Form):
    """Which gaps are listed."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *GapState.choices]
    )


class EntryFilter(forms.Form):
    """Which local entries are listed."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *EntryState.choices]
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *given: Any, entries: Iterable[Any], **more: Any) -> None:
        super().__init__(*given, **more)
        known = list(entries)
        countries = sorted({one.country for one in known if one.country})
        languages = sorted({one.language for one in known})
        field: Any = self.fields["country"]
        field.choices = [("", _("All countries")), *((one, one) for one in countries)]
        field = self.fields["language"]
        field.choices = [("", _("All languages")), *((one, language_of(one)) for one in languages)]

    def keeps(self, entry: Any) -> bool:
        """Whether an entry fits everything that was chosen."""
        chosen = self.cleaned_data if self.is_valid() else {}
        return all(getattr(entry, name) == value for name, value in chosen.items() if value)


def areas() -> list[tuple[str, Any]]:
    """The four focus areas as choices, or none."""
    return [("", _("None of these")), *choices_of("focus_areas", AREAS)]


def kinds() -> list[tuple[str, Any]]:
    """Kinds of statements as choices."""
    return choices_of("kinds", KINDS)
