"""The joint statement: its parts, and what becomes of each cause that a partner named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from commonlight.web.content import read_content
from commonlight.web.problems.domain.agreeing import LONGEST, CauseChoice
from commonlight.web.problems.domain.differences import CauseRow, Difference
from commonlight.web.problems.domain.sentences import bare, in_a_row, mended
from commonlight.web.problems.enums import CauseReach
from commonlight.web.problems.forms.problem import StatementForm
from commonlight.web.problems.models import Cause

__all__ = ["CauseGroup", "JointForm"]

TAKE, LEAVE = "take", "leave"
ANSWERED = {"period": "when", "groups_harmed": "who_is_harmed"}
"""Parts of the statement, and the question of the frame that asks for the same."""
CHOICES = [(TAKE, _("Take it up")), (LEAVE, _("Leave it out, with a reason"))]


@dataclass(frozen=True)
class CauseGroup:
    """One family of causes with who named it, and the fields that decide about it."""

    row: CauseRow
    title: Any
    named: list[tuple[str, str]]
    fields: list[Any]


class JointForm(StatementForm):
    """The statement, and a choice for each family of causes that somebody named."""

    sometimes_required = (*StatementForm.sometimes_required, "text_*", "reach_*", "why_*")

    def __init__(
        self,
        *given: Any,
        table: Difference,
        titles: dict[str, Any],
        causes: Iterable[Cause] = (),
        agreed_before: bool = False,
        **more: Any,
    ) -> None:
        """`causes` stand on record; `agreed_before` says that partners decided about them."""
        super().__init__(*given, **more)
        self.table, self.titles = table, titles
        self._begin_with_the_answers()
        if not agreed_before:
            self.initial["reason"] = _("The partners read what each had answered apart.")
        for one in reversed([*causes]):
            self.initial.update(_on_record(one, agreed_before=agreed_before))
        self.fields["reason"].label = _("What moved the partners?")
        self.fields["reason"].help_text = _(
            "For example what you learned from the answers of the others."
        )
        for row in table.causes:
            for name, field in _fields(row, self._title(row)).items():
                self.fields[f"{name}_{row.family}"] = field

    def _begin_with_the_answers(self) -> None:
        """Where nothing stands yet, the form begins with what the partners answered."""
        for part, question in ANSWERED.items():
            cells = next((one.cells for one in self.table.rows if one.question == question), ())
            field = self.fields[part]
            told = _together(cells, is_one_line=not isinstance(field.widget, forms.Textarea))
            longest = getattr(field, "max_length", None) or len(told)
            if not self.initial.get(part) and len(told) <= longest:
                self.initial[part] = told

    @property
    def statement_fields(self) -> list[Any]:
        """The parts of the statement, the reason left out."""
        return [self[name] for name in StatementForm.base_fields if name != "reason"]

    @property
    def groups(self) -> list[CauseGroup]:
        """The families, with what each partner said."""
        return [
            CauseGroup(
                row,
                self._title(row),
                [pair for pair in zip(self.table.organisations, row.cells, strict=True) if pair[1]],
                [self[f"{name}_{row.family}"] for name in ("choice", "text", "reach", "why")],
            )
            for row in self.table.causes
        ]

    def clean(self) -> dict[str, Any]:
        """A cause that is taken up has words and a reach; one that is left out has a reason."""
        given = super().clean()
        for row in self.table.causes:
            choice, named = given.get(f"choice_{row.family}"), {"cause": self._title(row)}
            if choice == TAKE and not given.get(f"text_{row.family}"):
                told = _("Say this cause in a few words: %(cause)s")
                self.add_error(f"text_{row.family}", told % named)
            if choice == TAKE and not given.get(f"reach_{row.family}"):
                told = _("Choose whether the partners can change this cause: %(cause)s")
                self.add_error(f"reach_{row.family}", told % named)
            if choice == LEAVE and not given.get(f"why_{row.family}"):
                self.add_error(f"why_{row.family}", _reason_is_due(row))
        return given

    @property
    def causes(self) -> dict[str, CauseChoice]:
        """What becomes of each family."""
        return {row.family: self._choice(row.family) for row in self.table.causes}

    def _title(self, row: CauseRow) -> Any:
        return self.titles.get(row.family, row.family)

    def _choice(self, family: str) -> CauseChoice:
        given = self.cleaned_data
        if given[f"choice_{family}"] == LEAVE:
            return CauseChoice(left_out_reason=given[f"why_{family}"])
        return CauseChoice(text=given[f"text_{family}"], reach=given[f"reach_{family}"])


def _on_record(cause: Cause, *, agreed_before: bool) -> dict[str, str]:
    """What the record says of a cause, as the form asks for it."""
    family = cause.family
    found = {f"text_{family}": cause.text, f"reach_{family}": cause.reach}
    if cause.left_out_reason:
        return found | {f"choice_{family}": LEAVE, f"why_{family}": cause.left_out_reason}
    return found | ({f"choice_{family}": TAKE} if agreed_before else {})


def _reason_is_due(row: CauseRow) -> str:
    words = read_content("commonlight.web.problems", "frames")["words"]
    return str(words["minority_reason"]).replace("{cause}", in_a_row(row.texts))


def _together(cells: Iterable[str], *, is_one_line: bool) -> str:
    """What several answered, each once; a field of one line keeps no line breaks."""
    told = list(dict.fromkeys(one.strip() for one in cells if one.strip()))
    if not is_one_line:
        return "\n".join(told)
    return " ".join(one if one.endswith(("!", "?")) else f"{bare(one)}." for one in told)


def _fields(row: CauseRow, title: Any) -> dict[str, forms.Field]:
    return {
        "choice": forms.ChoiceField(
            label=_("What becomes of it?"),
            choices=CHOICES,
            widget=forms.RadioSelect,
            error_messages={
                "required": format_lazy(
                    _("Take this cause up, or say why you leave it out: {cause}"), cause=title
                )
            },
        ),
        "text": forms.CharField(
            label=_("In the words of the joint statement"),
            initial=mended(row.texts[0]),
            required=False,
            max_length=LONGEST,
        ),
        "reach": forms.ChoiceField(
            label=_("Can the partners change it?"),
            choices=[("", _("Choose")), *CauseReach.choices],
            required=False,
        ),
        "why": forms.CharField(
            label=_("If you leave it out: why?"),
            required=False,
            max_length=600,
            widget=forms.Textarea(attrs={"rows": 2}),
        ),
    }
