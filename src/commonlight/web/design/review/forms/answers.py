"""Answer tension cards and impact questions; the fields that all forms of the review share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commonlight.web.design.review.domain import impact, noticing
from commonlight.web.design.review.domain.guards import answer_words
from commonlight.web.design.review.domain.tensions import NOT_RELEVANT
from commonlight.web.ui.punctuation import named

__all__ = ["ImpactForm", "TensionForm", "choices_of", "kind_of", "text_area"]


def text_area(label: Any, help_text: Any = "", *, rows: int = 3, required: bool = False) -> Any:
    """A field for some sentences."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class TensionForm(forms.Form):
    """Four questions; “not relevant” needs its reason alone."""

    sometimes_required = ("who_may_lose", "watch")

    side = forms.ChoiceField(widget=forms.RadioSelect)
    why = text_area(_("Why?"), required=True)
    who_may_lose = text_area(_("Who may lose by it?"))
    watch = text_area(_("What will you watch?"))

    def __init__(self, *given: Any, card: dict[str, Any], **more: Any) -> None:
        super().__init__(*given, **more)
        for name, question in noticing.content()["questions"].items():
            self.fields[name].label = question  # the content may ask in other words
        side: Any = self.fields["side"]
        sides = {"first_side": card["side_a"], "second_side": card["side_b"]}
        side.choices = [
            (
                one["id"],
                named(one["title"], sides[one["id"]]) if one["id"] in sides else one["title"],
            )
            for one in noticing.content()["answer"]
        ]
        self.fields["who_may_lose"].help_text = card["lose_hint"]
        self.fields["watch"].help_text = card["indicator"]["how"]

    def clean(self) -> dict[str, Any]:
        """A side needs who may lose and what is watched."""
        given = super().clean() or {}
        if given.get("side") == NOT_RELEVANT:
            return given
        for name, message in (
            ("who_may_lose", _("Say who may lose by it.")),
            ("watch", _("Say what you will watch.")),
        ):
            if not given.get(name):
                self.add_error(name, message)
        return given


class ImpactForm(forms.Form):
    """All aspects on one page; each can be answered now or later."""

    sometimes_required = ("text_*", "answer_*")

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        answers = [("", _("No answer yet"))]
        answers += [(one["id"], one["title"]) for one in impact.content()["answer"]]
        for row in impact.content()["aspect"]:
            questions = " ".join(str(one) for one in row["questions"])
            self.fields[f"answer_{row['id']}"] = forms.ChoiceField(
                label=format_html('<span class="for-ears">{}</span>', gettext("Answer")),
                help_text=questions,
                required=False,
                choices=answers,
            )
            self.fields[f"text_{row['id']}"] = text_area(_("In words"), rows=2)

    def clean(self) -> dict[str, Any]:
        """An answer comes with words, unless it is not known yet; and words with an answer."""
        given = super().clean() or {}
        for row in impact.content()["aspect"]:
            answer, text = given.get(f"answer_{row['id']}"), given.get(f"text_{row['id']}")
            told = {"title": row["title"]}
            if answer and answer != impact.UNKNOWN and not text:
                self.add_error(
                    f"text_{row['id']}", gettext("Say it in a sentence: %(title)s") % told
                )
            if text and not answer:
                self.add_error(f"answer_{row['id']}", gettext("Choose an answer: %(title)s") % told)
        return given

    def told(self, *, rest_is_unknown: bool = False) -> dict[str, dict[str, str]]:
        """The aspects that were answered; the others stay open, or are told to be unknown."""
        given = self.cleaned_data
        rest = impact.UNKNOWN if rest_is_unknown else ""
        found = {
            row["id"]: {
                "answer": given.get(f"answer_{row['id']}") or rest,
                "text": given.get(f"text_{row['id']}") or "",
            }
            for row in impact.content()["aspect"]
        }
        return {name: one for name, one in found.items() if one["answer"]}

    def pairs(self) -> list[tuple[dict[str, Any], Any, Any]]:
        """The fields of each aspect, for the page."""
        return [
            (row, self[f"answer_{row['id']}"], self[f"text_{row['id']}"])
            for row in impact.content()["aspect"]
        ]


def kind_of(row: dict[str, Any], *, is_parameter: bool) -> str:
    """How a guard, or a question on which guards depend, is answered."""
    if is_parameter:
        return "choice" if row.get("answers") else "text"
    return str(row["kind"])


def choices_of(row: dict[str, Any], *, is_many: bool) -> forms.Field:
    """The answers from which one or several are chosen."""
    names = row["answers"]
    pairs = list(zip(names, answer_words(names), strict=True))
    label = row.get("question") or row["title"]
    if is_many:
        return forms.MultipleChoiceField(
            label=label, choices=pairs, widget=forms.CheckboxSelectMultiple
        )
    return forms.ChoiceField(label=label, choices=pairs, widget=forms.RadioSelect)
