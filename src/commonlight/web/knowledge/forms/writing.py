"""Gaps, local practices and local statements."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.knowledge.enums import EntryKind, EvidenceLevel
from commonlight.web.knowledge.forms.finding import areas, kinds
from commonlight.web.knowledge.labels import ENTRY_LANGUAGES, practice_name
from commonlight.web.knowledge.methods import evidence

__all__ = ["ENTRY_FORMS", "GapForm", "PracticeForm", "ReasonForm", "StatementForm"]


def _text(label: Any, help_text: Any = "", *, rows: int = 3, required: bool = False) -> Any:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=4000,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class Written(forms.Form):
    """What every text of a partnership says of itself."""

    def __init__(self, *given: Any, language: str = "en", **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["language"].initial = self.initial.get("language", language)
        self.fields["focus_area"].choices = areas()  # type: ignore[attr-defined]


class GapForm(Written):
    """What is not known, and why it matters."""

    title = forms.CharField(label=_("What is not known?"), max_length=150)
    question = _text(
        _("Question"),
        _("As you would ask a researcher: what, for whom, in which kind of place."),
        required=True,
    )
    why = _text(_("Why does it matter to you?"), rows=2)
    words = forms.CharField(label=_("Words that you looked for"), max_length=200, required=False)
    focus_area = forms.ChoiceField(label=_("Focus area"), required=False)
    problem = forms.ChoiceField(label=_("Problem for which it matters"), required=False)
    language = forms.ChoiceField(label=_("Language you write in"), choices=ENTRY_LANGUAGES)

    def __init__(self, *given: Any, problems: Any = (), **more: Any) -> None:
        super().__init__(*given, **more)
        offered = [(str(one.pk), one.title) for one in problems]
        self.fields["problem"].choices = [("", _("No single problem")), *offered]  # type: ignore[attr-defined]


class Entry(Written):
    """What both kinds of local entries have."""

    level = forms.ChoiceField(
        label=_("How do you know?"), choices=EvidenceLevel, widget=forms.RadioSelect
    )
    source = forms.CharField(
        label=_("Source"),
        help_text=_("A report, a meeting, your own work. No names of persons."),
        max_length=300,
        required=False,
    )
    country = forms.CharField(label=_("Country"), max_length=100, required=False)
    focus_area = forms.ChoiceField(label=_("Focus area"), required=False)
    language = forms.ChoiceField(label=_("Language you write in"), choices=ENTRY_LANGUAGES)


class PracticeForm(Entry):
    """What was done, and what came of it."""

    title = forms.CharField(label=_("Name of the practice"), max_length=150)
    practice = forms.ChoiceField(
        label=_("Published practice that it is about"),
        help_text=_("Your experience is shown on its page, apart from its effects."),
        required=False,
    )
    summary = _text(_("What was done?"), required=True)
    happened = _text(
        _("What happened?"), _("Also if nothing changed, or if it got worse. That helps most.")
    )
    mechanism = _text(_("Why do you think it happened?"), rows=2)
    implementation = _text(_("What did it take?"), _("People, time, rights, partners."), rows=2)
    economics = _text(_("What did it cost?"), rows=2)
    harms = _text(_("What went wrong, and for whom?"), rows=2)

    field_order = [
        "title", "practice", "summary", "happened", "mechanism", "implementation", "economics",
        "harms", "level", "source", "country", "focus_area", "language",
    ]  # fmt: skip

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        names = [(id, practice_name(id)) for id in evidence().practices.practices]
        self.fields["practice"].choices = [("", _("None")), *names]  # type: ignore[attr-defined]


class StatementForm(Entry):
    """A trend, tension, lesson or gap that a partner sees."""

    title = forms.CharField(label=_("Title"), max_length=150)
    statement_kind = forms.ChoiceField(label=_("Kind"))
    statement = _text(_("Statement"), required=True)
    implication = _text(_("What follows from it?"), rows=2)

    field_order = [
        "title", "statement_kind", "statement", "implication", "level", "source", "country",
        "focus_area", "language",
    ]  # fmt: skip

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["statement_kind"].choices = kinds()  # type: ignore[attr-defined]


ENTRY_FORMS: dict[str, type[Entry]] = {
    EntryKind.PRACTICE: PracticeForm,
    EntryKind.STATEMENT: StatementForm,
}


class ReasonForm(forms.Form):
    """Why a step is taken."""

    reason = _text(_("Reason"), rows=3)

    def __init__(self, *given: Any, required: bool = True, label: Any = None, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["reason"].required = required
        self.fields["reason"].label = label or self.fields["reason"].label
