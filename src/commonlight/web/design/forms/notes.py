"""Forms of paper notes: one, or ten at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.design.enums import NoteKind
from commonlight.web.design.forms.contacts import RefusesContacts

__all__ = ["NoteForm", "NoteRowFormSet", "filled_rows"]

LONGEST = 500
ROWS = 10


class NoteRowForm(RefusesContacts):
    """A row for one note; an empty row is left out."""

    kind = forms.ChoiceField(label=_("Kind"), choices=NoteKind.choices, required=False)
    text = forms.CharField(label=_("What it says"), max_length=LONGEST, required=False)


NoteRowFormSet = forms.formset_factory(NoteRowForm, extra=ROWS, max_num=ROWS)


def filled_rows(rows: Any) -> list[tuple[str, str]]:
    """Kind and text of the rows in which somebody wrote."""
    return [
        (one.cleaned_data.get("kind") or NoteKind.IDEA, one.cleaned_data["text"])
        for one in rows.forms
        if one.cleaned_data.get("text")
    ]


class NoteForm(RefusesContacts):
    """One note, to be mended."""

    kind = forms.ChoiceField(label=_("Kind"), choices=NoteKind.choices, widget=forms.RadioSelect)
    text = forms.CharField(label=_("What it says"), max_length=LONGEST)
