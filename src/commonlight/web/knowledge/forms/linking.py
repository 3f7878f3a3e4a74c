"""What a problem makes of the evidence: stance, city profile, passport."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.knowledge.domain.passports import Face, FaceField
from commonlight.web.knowledge.domain.profile import transfer_content, transfer_fields
from commonlight.web.knowledge.enums import Adapted, CoreKept, ExpectedEffect, Position, Verdict

__all__ = ["AdaptForm", "PassportForm", "PracticeChoice", "ProfileForm", "StanceForm"]

AREA = {"rows": 2}


class StanceForm(forms.Form):
    """Which problem, which stance, and why."""

    sometimes_required = ("reason",)

    problem = forms.ChoiceField(label=_("Problem"))
    position = forms.ChoiceField(
        label=_("What do you make of it?"),
        choices=Position,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you make of it.")},
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("Needed if you reject it. It is read by partners and by the next city."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *given: Any, problems: Iterable[Any], **more: Any) -> None:
        super().__init__(*given, **more)
        offered = [(str(one.number), one.title) for one in problems]
        self.fields["problem"].choices = offered  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A rejection needs its reason."""
        given = super().clean() or {}
        if given.get("position") == Position.REJECTED and not (given.get("reason") or "").strip():
            self.add_error(
                "reason",
                _("Say why it is rejected. The next partnership will want to know."),
            )
        return given


class ProfileForm(forms.Form):
    """How it is in this city; what nobody knows stays empty."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for one in transfer_fields():
            self.fields[one.id] = forms.CharField(
                label=one.label,
                help_text=one.help,
                max_length=2000,
                required=False,
                widget=forms.Textarea(attrs=AREA),
            )


class PracticeChoice(forms.Form):
    """The practice that the passport is about."""

    practice = forms.ChoiceField(
        label=_("Practice"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a practice.")},
    )

    def __init__(self, *given: Any, offered: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["practice"].choices = offered  # type: ignore[attr-defined]


class ExpectedForm(forms.Form):
    """The effect that is expected here, and why."""

    sometimes_required: tuple[str, ...] = ("expected_reason",)

    expected = forms.ChoiceField(
        label=transfer_content()["words"]["expected_effect"],
        choices=ExpectedEffect,
        widget=forms.RadioSelect,
    )
    expected_reason = forms.CharField(
        label=_("Why do you expect this?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs=AREA),
    )


class PassportForm(ExpectedForm):
    """Field by field: there, here, verdict; then the core, then what is expected."""

    sometimes_required = ("*_note", *ExpectedForm.sometimes_required)

    filled_with = forms.CharField(
        label=_("Filled in together with"),
        help_text=_("Organisations and functions, such as “school officer”. No names."),
        max_length=200,
        required=False,
    )

    def __init__(self, *given: Any, face: Face, **more: Any) -> None:
        self.face = face
        super().__init__(*given, **more)
        for one in face.fields:
            self._add_field(one)
        for element in face.core:
            self.fields[f"core_{element.index}"] = forms.ChoiceField(
                label=element.text,
                choices=CoreKept,
                initial=element.kept,
                widget=forms.RadioSelect,
            )

    def _add_field(self, one: FaceField) -> None:
        name = one.field.id
        if not one.there or one.is_own_reading:
            self.fields[f"{name}_there"] = forms.CharField(
                label=_("What you found out yourself"),
                initial=one.there,
                max_length=2000,
                required=False,
                widget=forms.Textarea(attrs=AREA),
            )
        self.fields[f"{name}_here"] = forms.CharField(
            label=one.field.question,
            help_text=one.field.help,
            initial=one.here,
            max_length=2000,
            required=False,
            widget=forms.Textarea(attrs=AREA),
        )
        self.fields[f"{name}_verdict"] = forms.ChoiceField(
            label=_("How do the two compare?"),
            choices=Verdict,
            initial=one.verdict,
            widget=forms.RadioSelect,
        )
        self.fields[f"{name}_note"] = forms.CharField(
            label=_("If they differ: what may that do to the effect?"),
            initial=one.note,
            max_length=2000,
            required=False,
            widget=forms.Textarea(attrs=AREA),
        )

    def parts(self) -> Iterator[dict[str, Any]]:
        """Each field of the passport with its inputs."""
        for one in self.face.fields:
            name = one.field.id
            wanted = [f"{name}_{part}" for part in ("there", "here", "verdict", "note")]
            yield {"face": one, "inputs": [self[part] for part in wanted if part in self.fields]}

    def core(self) -> list[Any]:
        """The inputs of the core elements."""
        return [self[f"core_{one.index}"] for one in self.face.core]

    def given(self) -> dict[str, Any]:
        """What was typed, as the domain takes it."""
        data = self.cleaned_data
        return {
            "fields": {
                one.field.id: {
                    part: data.get(f"{one.field.id}_{part}", "")
                    for part in ("there", "here", "verdict", "note")
                }
                for one in self.face.fields
            },
            "core": {one.index: data[f"core_{one.index}"] for one in self.face.core},
            "expected": data["expected"],
            "expected_reason": data["expected_reason"],
            "filled_with": data["filled_with"],
        }


def _adapted() -> list[tuple[str, Any]]:
    return [(one["id"], one["title"]) for one in transfer_content()["adaptation"]]


class AdaptForm(ExpectedForm):
    """A planned change, and what it does to the expected effect."""

    field_order = ("kind", "text", "reason")

    kind = forms.ChoiceField(
        label=_("What does the change touch?"), choices=Adapted, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("What do you plan to change?"),
        max_length=2000,
        widget=forms.Textarea(attrs=AREA),
    )
    reason = forms.CharField(label=_("Why?"), max_length=2000, widget=forms.Textarea(attrs=AREA))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["kind"].choices = _adapted()  # type: ignore[attr-defined]
