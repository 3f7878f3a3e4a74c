"""The form of a task: who does it, who answers for it, who is asked, who is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.partnerships.domain.raci import check_letters, choosable
from commonlight.web.partnerships.domain.words import rows, words
from commonlight.web.partnerships.enums import Letter
from commonlight.web.partnerships.forms.fields import BoxesField, DayField, ProblemField
from commonlight.web.partnerships.models import Partner, Task

__all__ = ["TaskForm"]


class TaskForm(forms.Form):
    """A task with its partners; with strands, also its place in the matrix."""

    activity = forms.CharField(
        label=_("Task"), max_length=300, help_text=_("Begin with a verb: Check the lights.")
    )
    due_on = DayField(label=_("Due on"), required=False)

    def __init__(
        self,
        *given: Any,
        workspace: Any,
        matrix: Any = None,
        problem: Any = None,
        task: Task | None = None,
        likely: Iterable[int] = (),
        **more: Any,
    ) -> None:
        """`problem` is the one for which a task is added; `task` the one that is changed.

        Partners that are `likely` come first in long lists.
        """
        super().__init__(*given, **more)
        for row in _in_order():
            self.fields[row["id"]] = BoxesField(
                label=row["title"],
                help_text=row["meaning"],
                queryset=choosable(workspace, row["id"], problem=problem, task=task),
                required=row["minimum"] > 0,
                error_messages={"required": _said(row["id"])},
            )
        first = [str(one) for one in likely]
        self.likely_choices = {row["id"]: first for row in _in_order()}
        if problem is None:
            self.fields["problem"] = ProblemField.of(workspace)
        if matrix is not None:
            self.fields["strand"] = _choice(_("Strand"), [row for row, _cells in matrix["rows"]])
            self.fields["approach"] = _choice(_("Approach"), matrix["approaches"])

    def clean(self) -> dict[str, Any]:
        """Exactly one partner answers for a task, and somebody does it."""
        given = super().clean() or {}
        for letter, sentence in check_letters({one: given.get(one) or () for one in Letter.values}):
            if letter not in self.errors:
                self.add_error(letter, sentence)
        return given

    def parts(self) -> dict[str, list[Partner]]:
        """The partners by letter."""
        return {one: list(self.cleaned_data.get(one) or ()) for one in Letter.values}

    def rest(self) -> dict[str, Any]:
        """Everything but the partners."""
        names = ("activity", "due_on", "strand", "approach", "problem")
        return {one: self.cleaned_data[one] for one in names if one in self.cleaned_data}


def _in_order() -> list[dict[str, Any]]:
    """The one that answers comes first: it is the choice that matters."""
    return sorted(rows("raci", "part"), key=lambda row: row["id"] != Letter.ACCOUNTABLE)


def _said(letter: str) -> Any:
    """What is read when nobody is chosen."""
    names = {Letter.ACCOUNTABLE: "none_accountable", Letter.RESPONSIBLE: "nobody_does_it"}
    return words("raci").get(names.get(Letter(letter), ""), "")


def _choice(label: Any, found: list[dict[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", _("Not placed")), *((one["id"], one["title"]) for one in found)],
    )
