"""Answer tension cards, principle checks, guards and impact questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.design.review.domain import impact, noticing, principles
from commonlight.web.design.review.domain.guards import answer_words
from commonlight.web.design.review.domain.tensions import NOT_RELEVANT
from commonlight.web.workspaces.models import Organisation

__all__ = ["GuardForm", "ImpactForm", "PrincipleForm", "TensionForm"]


def _text(label: Any, help_text: Any = "", *, rows: int = 3, required: bool = False) -> Any:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class TensionForm(forms.Form):
    """Four questions; “not relevant” needs its reason alone."""

    side = forms.ChoiceField(widget=forms.RadioSelect)
    why = _text(_("Why?"), required=True)
    who_may_lose = _text(_("Who may lose by it?"))
    watch = _text(_("What will you watch?"))

    def __init__(self, *given: Any, card: dict[str, Any], **more: Any) -> None:
        super().__init__(*given, **more)
        for name, question in noticing.content()["questions"].items():
            self.fields[name].label = question  # the content may ask in other words
        side: Any = self.fields["side"]
        sides = {"first_side": card["side_a"], "second_side": card["side_b"]}
        side.choices = [
            (
                one["id"],
                f"{one['title']}: {sides[one['id']]}" if one["id"] in sides else one["title"],
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


class PrincipleForm(forms.Form):
    """Met, will do, or not applicable, each with what it needs."""

    answer = forms.ChoiceField(widget=forms.RadioSelect)
    where = _text(_("Where does one see it?"), rows=2)
    what = _text(_("What will be done?"), rows=2)
    owner = forms.ModelChoiceField(
        label=_("By whom?"), required=False, queryset=Organisation.objects.none()
    )
    due = forms.DateField(
        label=_("Until when?"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    reason = _text(_("Why does it not apply?"), rows=2)

    def __init__(self, *given: Any, check: dict[str, Any], workspace: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        words = principles.content()["words"]
        answer: Any = self.fields["answer"]
        answer.label = check["question"]
        answer.help_text = check["help"]
        answer.choices = [(one["id"], one["title"]) for one in principles.content()["answer"]]
        for name, text in (
            ("where", _("If it is met.")),
            ("what", words["will_do_help"]),
            ("reason", words["not_applicable_help"]),
        ):
            self.fields[name].help_text = text
        owner: Any = self.fields["owner"]
        owner.queryset = Organisation.objects.of(workspace).order_by("name")

    def clean(self) -> dict[str, Any]:
        """What the chosen answer needs is there."""
        given = super().clean() or {}
        words = principles.content()["words"]
        wanted = {
            "met": (("where", words["show_where"]),),
            "will_do": (
                ("what", words["will_do_help"]),
                ("owner", words["date_missing"]),
                ("due", words["date_missing"]),
            ),
            "not_applicable": (("reason", words["reason_missing"]),),
        }
        for name, message in wanted.get(given.get("answer", ""), ()):
            if not given.get(name) and not self.has_error(name):
                self.add_error(name, message)
        return given


class GuardForm(forms.Form):
    """One guard, or one question on which guards depend."""

    def __init__(
        self,
        *given: Any,
        row: dict[str, Any],
        is_parameter: bool = False,
        may_confirm: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(*given, **more)
        self.kind = _kind(row, is_parameter=is_parameter)
        if self.kind == "absence":
            self.fields["is_confirmed"] = forms.BooleanField(
                label=row["satisfied_by"],
                disabled=not may_confirm,
                error_messages={"required": _("Confirm it, or change the design first.")},
            )
            return
        if self.kind != "text":
            self.fields["choices"] = _choices(row, is_many=self.kind == "choices")
        label = _("In a sentence") if self.kind != "text" else _("Your answer")
        text = row["help"] if is_parameter else row["satisfied_by"]
        self.fields["text"] = _text(label, text, rows=4, required=not is_parameter)

    def answer(self) -> dict[str, Any]:
        """What was answered, for the domain."""
        given = self.cleaned_data
        chosen = given.get("choices") or []
        return {
            "choices": chosen if isinstance(chosen, list) else [chosen],
            "text": given.get("text", ""),
            "is_confirmed": given.get("is_confirmed", False),
        }


class ImpactForm(forms.Form):
    """All aspects on one page; each can be answered now or later."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        answers = [("", _("No answer yet"))]
        answers += [(one["id"], one["title"]) for one in impact.content()["answer"]]
        for row in impact.content()["aspect"]:
            questions = " ".join(str(one) for one in row["questions"])
            self.fields[f"answer_{row['id']}"] = forms.ChoiceField(
                label=row["title"], help_text=questions, required=False, choices=answers
            )
            self.fields[f"text_{row['id']}"] = _text(_("In words"), rows=2)

    def clean(self) -> dict[str, Any]:
        """An answer comes with words, and words with an answer."""
        given = super().clean() or {}
        for row in impact.content()["aspect"]:
            answer, text = given.get(f"answer_{row['id']}"), given.get(f"text_{row['id']}")
            if answer and not text:
                self.add_error(f"text_{row['id']}", _("Say it in a sentence."))
            if text and not answer:
                self.add_error(f"answer_{row['id']}", _("Choose an answer to your sentence."))
        return given

    def told(self) -> dict[str, dict[str, str]]:
        """The aspects that were answered."""
        given = self.cleaned_data
        return {
            row["id"]: {"answer": given[f"answer_{row['id']}"], "text": given[f"text_{row['id']}"]}
            for row in impact.content()["aspect"]
            if given.get(f"answer_{row['id']}")
        }

    def pairs(self) -> list[tuple[dict[str, Any], Any, Any]]:
        """The fields of each aspect, for the page."""
        return [
            (row, self[f"answer_{row['id']}"], self[f"text_{row['id']}"])
            for row in impact.content()["aspect"]
        ]


def _kind(row: dict[str, Any], *, is_parameter: bool) -> str:
    if is_parameter:
        return "choice" if row.get("answers") else "text"
    return str(row["kind"])


def _choices(row: dict[str, Any], *, is_many: bool) -> forms.Field:
    names = row["answers"]
    pairs = list(zip(names, answer_words(names), strict=True))
    label = row.get("question") or row["title"]
    if is_many:
        return forms.MultipleChoiceField(
            label=label, choices=pairs, widget=forms.CheckboxSelectMultiple
        )
    return forms.ChoiceField(label=label, choices=pairs, widget=forms.RadioSelect)
