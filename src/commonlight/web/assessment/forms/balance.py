"""The figures of one row of the mirror, and the totals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from commonlight.web.assessment.domain.harm import HarmFinding, sum_of_kinds
from commonlight.web.assessment.domain.mirror import KINDS, MEASURES, RESOURCES
from commonlight.web.assessment.domain.shares import wilson
from commonlight.web.assessment.models import BalanceRow, Total
from commonlight.web.assessment.words import balance_words
from commonlight.web.problems.models import Problem

__all__ = ["RowForm", "TotalsForm", "WeightsForm"]


def _titles() -> dict[str, dict[str, Any]]:
    words = balance_words()
    return {one["id"]: one for one in (*words["resource"], *words["measure"])}


def _plain(value: Any) -> Any:
    """A number without the zeros after its last digit."""
    return Decimal(format(value.normalize(), "f")) if isinstance(value, Decimal) else value


class AmountField(forms.DecimalField):
    """A number as people and budgets write it, with or without signs between its thousands."""

    default_error_messages = {
        "invalid": _("“%(value)s” is no number. Write it like 1200000, or like %(example)s.")
    }

    def to_python(self, value: Any) -> Any:
        """The number, read as the language of the page writes it."""
        typed = str("" if value is None else value).strip()
        point = formats.get_format("DECIMAL_SEPARATOR")
        between = rf"[\s'’{'.' if point == ',' else ','}]"
        grouped = rf"\d{{1,3}}(?:{between}\d{{3}})+(?:{re.escape(point)}\d+)?"
        plain = re.sub(between, "", typed) if re.fullmatch(grouped, typed) else typed
        try:
            return super().to_python(plain.replace(point, "."))
        except forms.ValidationError as error:
            if error.code != "invalid":
                raise
            example = formats.number_format(1_200_000, force_grouping=True)
            raise forms.ValidationError(
                self.error_messages["invalid"],
                code="invalid",
                params={"value": typed[:40], "example": example},
            ) from None


def _amount(label: Any, help_text: Any = "") -> AmountField:
    return AmountField(
        label=label,
        help_text=help_text,
        required=False,
        max_digits=16,
        decimal_places=4,
        min_value=Decimal(0),
        localize=True,
    )


class RowForm(forms.Form):
    """A problem, what goes to it, what harm it does, and how many name it."""

    title = forms.CharField(label=_("Problem"), max_length=200)
    problem = forms.ModelChoiceField(
        label=_("The same problem in this workbench"),
        queryset=Problem.objects.none(),
        required=False,
        empty_label=_("None"),
    )
    profile = forms.ChoiceField(label=_("Profile"), widget=forms.RadioSelect)

    def __init__(
        self,
        *given: Any,
        workspace: Any,
        harm: Iterable[HarmFinding],
        row: BalanceRow | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*given, **more)
        self.harm = list(harm)
        self.fields["problem"].queryset = Problem.objects.of(workspace)  # type: ignore[attr-defined]
        rows = balance_words()["profile"]
        self.fields["profile"].choices = [(one["id"], one["title"]) for one in rows]  # type: ignore[attr-defined]
        self.fields["profile"].initial = "neither"
        for what in (*RESOURCES, *MEASURES):
            self._add_figure(what)
        if row is not None:
            self._fill(row)

    def _add_figure(self, what: str) -> None:
        words = _titles()[what]
        self.fields[f"{what}_value"] = _amount(words["unit"], words["help"])
        if what == "money":
            titles = {one["id"]: one["title"] for one in balance_words()["prevention"]["kinds"]}
            for kind in KINDS:
                self.fields[f"money_{kind}"] = _amount(titles[kind])
        if what == "harm" and self.harm:
            self.fields["harm_kinds"] = forms.MultipleChoiceField(
                label=_("Kinds of incidents in a finding"),
                help_text=_("The shares under each set of weights come from the finding."),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[
                    (f"{number}:{kind}", kind)
                    for number, one in enumerate(self.harm)
                    for kind in one.kinds
                ],
            )
        if what == "priorities":
            self.fields["priorities_named"] = forms.IntegerField(
                label=_("How many named it"), required=False, min_value=0, max_value=10**8
            )
            self.fields["priorities_asked"] = forms.IntegerField(
                label=_("How many were asked"), required=False, min_value=1, max_value=10**8
            )
        self.fields[f"{what}_low"] = _amount(_("Lowest"))
        self.fields[f"{what}_high"] = _amount(_("Highest"))
        self.fields[f"{what}_source"] = forms.CharField(
            label=_("Source"),
            help_text=words.get("source_hint", ""),
            required=False,
            max_length=500,
        )
        self.fields[f"{what}_missing"] = forms.CharField(
            label=_("No figure? Say why"), required=False, max_length=300
        )

    def _fill(self, row: BalanceRow) -> None:
        self.initial.update(title=row.title, problem=row.problem_id, profile=row.profile)
        for one in row.figures.all():
            for name in ("value", "low", "high", "source", "missing"):
                self.initial[f"{one.what}_{name}"] = _plain(getattr(one, name))
            if one.what == "money":
                self.initial.update({f"money_{kind}": one.parts.get(kind) for kind in KINDS})
            if one.what == "priorities":
                for name in ("named", "asked"):
                    self.initial[f"priorities_{name}"] = one.parts.get(name)
            if one.what == "harm":
                self.initial["harm_kinds"] = one.parts.get("kinds", [])

    def groups(self) -> Iterator[tuple[Any, list[Any], bool]]:
        """The fields of each figure under its title, and whether they are shown at once."""
        for number, what in enumerate((*RESOURCES, *MEASURES)):
            fields = [self[name] for name in self.fields if name.startswith(f"{what}_")]
            is_open = not number or any(one.errors for one in fields)
            yield _titles()[what]["title"], fields, is_open

    def first_fields(self) -> list[Any]:
        """What the row is about."""
        return [self[name] for name in ("title", "problem", "profile")]

    def clean(self) -> dict[str, Any]:
        """Work out what follows from counts and from a finding; a figure needs its source."""
        given = super().clean() or {}
        if not self.errors:
            self._take_counts(given)
            self._take_finding(given)
        for what in (*RESOURCES, *MEASURES):
            named = (given.get(f"{what}_source") or "").strip()
            if given.get(f"{what}_value") is not None and not named:
                self.add_error(f"{what}_source", _("Name the source of this figure."))
        return given

    def _take_counts(self, given: dict[str, Any]) -> None:
        named, asked = given.get("priorities_named"), given.get("priorities_asked")
        if named is None or asked is None:
            return
        try:
            value, low, high = wilson(named, asked)
        except ValueError as error:
            self.add_error("priorities_named", str(error))
            return
        given |= {"priorities_value": value, "priorities_low": low, "priorities_high": high}

    def _take_finding(self, given: dict[str, Any]) -> None:
        chosen = given.get("harm_kinds") or []
        numbers = {int(one.partition(":")[0]) for one in chosen}
        if not chosen:
            return
        if len(numbers) > 1:
            self.add_error("harm_kinds", _("Choose kinds of one finding only."))
            return
        found = self.harm[numbers.pop()]
        by_set = sum_of_kinds(found, [one.partition(":")[2] for one in chosen])
        if not by_set:
            self.add_error("harm_kinds", _("No set of weights knows all of these kinds."))
            return
        titles = {name: found.sets[name] for name in by_set}
        given["harm_by_set"] = {titles[name]: str(one) for name, one in by_set.items()}
        given["harm_value"] = next(iter(by_set.values()))
        given["harm_low"], given["harm_high"] = min(by_set.values()), max(by_set.values())
        given["harm_source"] = given.get("harm_source") or str(found.finding.sentence)

    def figures(self) -> dict[str, dict[str, Any]]:
        """What the domain is given: a figure where there is a value or a reason."""
        given, found = self.cleaned_data, {}
        for what in (*RESOURCES, *MEASURES):
            one = {name: given.get(f"{what}_{name}") for name in ("value", "low", "high")}
            one |= {name: given.get(f"{what}_{name}") or "" for name in ("source", "missing")}
            one["parts"] = self._parts(what)
            if what == "harm":
                one["by_set"] = given.get("harm_by_set", {})
            if one["value"] is not None or one["missing"]:
                found[what] = one
        return found

    def _parts(self, what: str) -> dict[str, Any]:
        given = self.cleaned_data
        if what == "money":
            named = {kind: given.get(f"money_{kind}") for kind in KINDS}
            return {kind: str(one) for kind, one in named.items() if one}
        if what == "priorities" and given.get("priorities_asked"):
            return {name: given.get(f"priorities_{name}") for name in ("named", "asked")}
        return {"kinds": given["harm_kinds"]} if what == "harm" and given.get("harm_kinds") else {}


class TotalsForm(forms.Form):
    """The whole of each resource."""

    def __init__(self, *given: Any, totals: Iterable[Total], **more: Any) -> None:
        super().__init__(*given, **more)
        known = {one.what: one for one in totals}
        for what in RESOURCES:
            words = _titles()[what]
            self.fields[what] = _amount(
                _("%(what)s in all (%(unit)s)") % {"what": words["title"], "unit": words["unit"]}
            )
            self.fields[f"{what}_source"] = forms.CharField(
                label=_("Source"), required=False, max_length=500
            )
            if what in known:
                self.initial[what] = _plain(known[what].value)
                self.initial[f"{what}_source"] = known[what].source

    def totals(self) -> dict[str, tuple[Decimal | None, str]]:
        """The value and source of each."""
        given = self.cleaned_data
        return {what: (given.get(what), given.get(f"{what}_source") or "") for what in RESOURCES}


class WeightsForm(forms.Form):
    """Under which set of weights harm is shown."""

    weights = forms.ChoiceField(label=_("Set of harm weights"))

    def __init__(self, *given: Any, sets: Iterable[str], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["weights"].choices = [(one, one) for one in sets]  # type: ignore[attr-defined]
