"""The filters of the list of runs."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commonlight.web.policy import Actor
from commonlight.web.runs.models import RunState
from commonlight.web.runs.registry import UnknownJobError, find_job

__all__ = ["RunFilters", "kind_in_words"]


class RunFilters(forms.Form):
    """What to look for; anything unknown is left out of account."""

    state = forms.ChoiceField(label=_("State"), required=False)
    kind = forms.ChoiceField(label=_("What"), required=False)
    by = forms.ChoiceField(label=_("Asked for by"), required=False)

    def __init__(self, *args: Any, kinds: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self._choices("state", RunState.choices)
        self._choices("kind", [(kind, kind_in_words(kind)) for kind in kinds])
        self._choices("by", [("me", _("Me")), ("others", _("Others"))])

    def narrowed(self, runs: Any, actor: Actor) -> Any:
        """The runs that fit."""
        self.is_valid()
        given = self.cleaned_data
        for name in ("state", "kind"):
            if given.get(name):
                runs = runs.filter(**{name: given[name]})
        if given.get("by") == "me":
            return runs.filter(requested_by_id=actor.user_id)
        if given.get("by") == "others":
            return runs.exclude(requested_by_id=actor.user_id)
        return runs

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All")), *choices]


def kind_in_words(kind: str) -> str:
    """The title of a kind of job, with dots where the names stand."""
    try:
        return gettext(find_job(kind).title).format_map(defaultdict(lambda: "…"))
    except UnknownJobError:
        return kind
