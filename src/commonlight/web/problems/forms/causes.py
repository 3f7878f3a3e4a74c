"""A cause, and a group of the board."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.problems.domain.causing import families
from commonlight.web.problems.enums import CauseReach
from commonlight.web.problems.forms.problem import PlainForm
from commonlight.web.workspaces.models import Organisation

__all__ = ["CauseForm", "VoiceForm"]


class CauseForm(PlainForm):
    """One cause: its words, its kind, whether partners can reach it, and who sees it."""

    text = forms.CharField(
        label=_("What causes it?"),
        help_text=_("One cause in a few words. Name what happens or what is missing, no group."),
        max_length=300,
    )
    family = forms.ChoiceField(label=_("Family of causes"))
    reach = forms.ChoiceField(
        label=_("Can the partners change it?"),
        choices=CauseReach.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether the partners can change it.")},
    )
    seen_by: Any = forms.ModelMultipleChoiceField(
        label=_("Who sees this cause?"), queryset=None, widget=forms.CheckboxSelectMultiple
    )
    is_disputed = forms.BooleanField(label=_("Somebody disputes it"), required=False)
    is_presumed = forms.BooleanField(
        label=_("It is presumed: no source shows it yet"),
        help_text=_("A presumed cause counts, and everybody sees that it is presumed."),
        required=False,
    )

    def __init__(self, *given: Any, workspace: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        seen_by: Any = self.fields["seen_by"]
        seen_by.queryset = Organisation.objects.of(workspace).order_by("name")
        family: Any = self.fields["family"]
        family.choices = [("", _("Choose a family")), *families().items()]


class VoiceForm(PlainForm):
    """Through which source a group is heard, or why not."""

    sometimes_required = ("source", "reason")

    source = forms.ChoiceField(
        label=_("Heard through"),
        help_text=_("A source of this problem in which this group speaks for itself."),
        required=False,
    )
    reason = forms.CharField(
        label=_("Why is this group not heard yet, and what will you do?"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *given: Any, sources: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        source: Any = self.fields["source"]
        source.choices = [("", _("Not heard yet")), *sources]

    def clean(self) -> dict[str, Any]:
        """Either a source or a reason."""
        given = super().clean()
        if not given.get("source") and not (given.get("reason") or "").strip():
            self.add_error("reason", _("Choose a source, or say why this group is not heard yet."))
        return given
