"""The forms of the pulse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.partnerships.domain.words import rows
from commonlight.web.partnerships.forms.fields import DayField

__all__ = ["AnswerForm", "OpenForm"]


class OpenForm(forms.Form):
    """Until when the round takes answers."""

    closes_on = DayField(
        label=_("Last day to answer"),
        help_text=_("The round closes by itself after this day. Nobody can close it earlier."),
    )


class AnswerForm(forms.Form):
    """One answer to each statement."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        choices = [(one["id"], one["title"]) for one in rows("pulse", "answer")]
        for row in rows("pulse", "condition"):
            for one in row["statements"]:
                self.fields[one["id"]] = forms.ChoiceField(
                    label=one["text"],
                    choices=choices,
                    widget=forms.RadioSelect,
                )

    def conditions(self) -> Iterator[tuple[Any, Any, list[Any]]]:
        """Each condition with its meaning and its fields."""
        for row in rows("pulse", "condition"):
            yield row["title"], row["meaning"], [self[one["id"]] for one in row["statements"]]
