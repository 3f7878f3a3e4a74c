"""All checks of a concept, and all its guards, each on one page with one button."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from commonlight.web.design.review.domain import principles
from commonlight.web.design.review.domain.guards import Guard
from commonlight.web.design.review.forms.answers import choices_of, kind_of, text_area
from commonlight.web.workspaces.models import Organisation

__all__ = ["ChecksForm", "GuardsForm"]

WORDS_OF = {"met": "where", "will_do": "what", "not_applicable": "reason"}
"""Under which name the sentence of an answer is kept."""


class ChecksForm(forms.Form):
    """Each check with an answer; what will be done also has an owner and a date.

    Where nobody says in words of their own what will be done, the words of the content stand.
    """

    sometimes_required = ("answer_*", "text_*", "owner_*", "due_*")

    def __init__(
        self,
        *given: Any,
        checks: list[principles.Check],
        shown: Mapping[str, str],
        workspace: Any,
        owner: int | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*given, **more)
        self.checks, self.shown = checks, shown
        self.initial["owner_all"] = str(owner or "")
        self._owners = {
            str(one.pk): one for one in Organisation.objects.of(workspace).order_by("name")
        }
        owners = [("", _("Choose")), *((key, one.name) for key, one in self._owners.items())]
        self._add_owner("all", owners, _("By whom, where a check does not say otherwise?"))
        self._add_date("all", _("Until when, where a check does not say otherwise?"))
        for place, one in enumerate(checks, start=1):
            self._add(place, one, owners)

    def _add(self, place: int, check: principles.Check, owners: list[Any]) -> None:
        name = check.row["id"]
        answers = [(one["id"], one["title"]) for one in principles.content()["answer"]]
        self.fields[f"answer_{name}"] = forms.ChoiceField(
            label=f"{place}. {check.row['question']}",
            choices=answers,
            required=False,
            widget=forms.RadioSelect,
        )
        self.fields[f"text_{name}"] = text_area(_("In a sentence"), rows=2)
        self._add_owner(name, owners, _("By whom?"))
        self._add_date(name, _("Until when?"))
        self.initial.update(_stored(check) or _suggested(name, self.shown))

    def _add_owner(self, name: str, owners: list[Any], label: str) -> None:
        self.fields[f"owner_{name}"] = forms.ChoiceField(
            label=label, choices=owners, required=False
        )

    def _add_date(self, name: str, label: str) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        self.fields[f"due_{name}"] = forms.DateField(label=label, required=False, widget=widget)

    def clean(self) -> dict[str, Any]:
        """What each answer needs is there; a check without an answer can wait."""
        given = super().clean() or {}
        open_parts = {one.row["id"]: self._undated(one.row["id"], given) for one in self.checks}
        undated = [name for name, parts in open_parts.items() if parts]
        missing = principles.content()["words"]["date_missing"]
        if len(undated) > 1:
            for part in dict.fromkeys(part for name in undated for part in open_parts[name]):
                self.add_error(f"{part}_all", missing)
        for place, one in enumerate(self.checks, start=1):
            name = one.row["id"]
            lacking = [*self._lacks(name, given)]
            if undated == [name]:
                lacking += [(f"{part}_{name}", missing) for part in open_parts[name]]
            for field, message in lacking:
                told = _("Check %(place)s: %(message)s")
                self.add_error(field, told % {"place": place, "message": message})
        return given

    def _undated(self, name: str, given: Mapping[str, Any]) -> list[str]:
        """What is missing of what will be done: who, until when, or both."""
        if given.get(f"answer_{name}") != "will_do":
            return []
        return [
            part
            for part in ("owner", "due")
            if not (given.get(f"{part}_{name}") or given.get(f"{part}_all"))
            and not self.has_error(f"{part}_{name}")
        ]

    def _lacks(self, name: str, given: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
        words, answer = principles.content()["words"], given.get(f"answer_{name}")
        text = given.get(f"text_{name}")
        if not answer:
            if text and not self.has_error(f"answer_{name}"):
                yield f"answer_{name}", _("Choose an answer to your sentence.")
            return
        lacking = {"met": words["show_where"], "not_applicable": words["reason_missing"]}
        is_asked = answer != "will_do" and WORDS_OF[answer] in principles.needs_of(name, answer)
        if is_asked and not text and not self.has_error(f"text_{name}"):
            yield f"text_{name}", lacking[answer]

    def told(self) -> dict[str, dict[str, Any]]:
        """The answers that differ from those that stand, for the domain."""
        given = {one.row["id"]: self._told(one.row["id"]) for one in self.checks}
        stands = {one.row["id"]: _standing(one) for one in self.checks}
        return {name: one for name, one in given.items() if one and one != stands[name]}

    def _told(self, name: str) -> dict[str, Any]:
        given = self.cleaned_data
        answer = given[f"answer_{name}"]
        if not answer:
            return {}
        found = {"answer": answer, WORDS_OF[answer]: given[f"text_{name}"]}
        if answer == "will_do":
            rows = {one.row["id"]: one.row for one in self.checks}
            found["what"] = found["what"] or str(rows[name]["to_do"])
            owner = given[f"owner_{name}"] or given["owner_all"]
            due = given[f"due_{name}"] or given["due_all"]
            found |= {"owner": self._owners[owner], "due": due}
        return found

    def rows(self) -> dict[str, dict[str, Any]]:
        """Each check with its fields, for the page."""
        return {
            one.row["id"]: {
                "check": one,
                "shown": self.shown.get(one.row["id"], ""),
                "place": place,
                "is_proposed": one.answer is None and one.row["id"] in self.shown,
                "is_changing": self._is_changing(one.row["id"]),
                **{
                    part: self[f"{part}_{one.row['id']}"]
                    for part in ("answer", "text", "owner", "due")
                },
            }
            for place, one in enumerate(self.checks, start=1)
        }

    def _is_changing(self, name: str) -> bool:
        """Whether what was sent for a finished check differs, or has an error."""
        names = [f"{part}_{name}" for part in ("answer", "text", "owner", "due")]
        return self.is_bound and any(
            self.has_error(one) or one in self.changed_data for one in names
        )


class GuardsForm(forms.Form):
    """Each question of the focus area, as far as nothing stands in the design against it."""

    sometimes_required = ("choices_*", "text_*")

    def __init__(
        self,
        *given: Any,
        parameters: list[tuple[dict[str, Any], dict[str, Any], Any]],
        guards: list[Guard],
        shown: Mapping[str, str],
        may_confirm: bool,
        **more: Any,
    ) -> None:
        super().__init__(*given, **more)
        self.may_confirm, self.shown = may_confirm, shown
        self.asked: dict[str, tuple[dict[str, Any], dict[str, Any], Any, bool]] = {}
        for area, row, answer in parameters:
            self._add(f"parameter_{area['id']}_{row['id']}", (area, row, answer, True))
        for one in guards:
            if not one.hits:
                self._add(
                    f"guard_{one.area['id']}_{one.row['id']}",
                    (one.area, one.row, one.answer, False),
                )

    def _add(self, key: str, asked: tuple[dict[str, Any], dict[str, Any], Any, bool]) -> None:
        _area, row, answer, is_parameter = asked
        self.asked[key] = asked
        kind = kind_of(row, is_parameter=is_parameter)
        if kind == "absence":
            self.fields[f"confirm_{key}"] = forms.BooleanField(
                label=row["satisfied_by"], required=False, disabled=not self.may_confirm
            )
            self.initial[f"confirm_{key}"] = answer is not None and answer.is_confirmed
            return
        if kind != "text":
            field = choices_of(row, is_many=kind == "choices")
            field.required = False
            self.fields[f"choices_{key}"] = field
            chosen = answer.choices if answer is not None else []
            self.initial[f"choices_{key}"] = chosen if kind == "choices" else next(iter(chosen), "")
        help_text = row["help"] if is_parameter else row["satisfied_by"]
        label = _("In a sentence") if kind != "text" else row.get("question") or row["title"]
        self.fields[f"text_{key}"] = text_area(label, help_text, rows=3)
        shown = self.shown.get(row["id"], "") if kind == "text" and not is_parameter else ""
        self.initial[f"text_{key}"] = answer.text if answer is not None else shown

    def clean(self) -> dict[str, Any]:
        """A guard with a choice also has a sentence, and the other way round."""
        given = super().clean() or {}
        for key, (_area, row, _answer, is_parameter) in self.asked.items():
            choice, text = f"choices_{key}", f"text_{key}"
            if choice not in self.fields or self.has_error(choice) or self.has_error(text):
                continue
            is_chosen, is_said = given.get(choice), given.get(text)
            told = {"title": row.get("question") or row["title"]}
            if is_chosen and not is_said and not is_parameter:
                self.add_error(text, _("Say it in a sentence: %(title)s") % told)
            if is_said and not is_chosen:
                self.add_error(choice, _("Choose an answer: %(title)s") % told)
        return given

    def told(self) -> list[dict[str, Any]]:
        """The answers that differ from those that stand, for the domain."""
        found = []
        for key, (area, row, answer, is_parameter) in self.asked.items():
            said = self._said(key)
            stands = {
                "choices": list(answer.choices) if answer is not None else [],
                "text": answer.text if answer is not None else "",
                "is_confirmed": answer is not None and answer.is_confirmed,
            }
            if said != stands:
                names = {"area": area["id"], "name": row["id"], "is_parameter": is_parameter}
                found.append({**names, **said})
        return found

    def _said(self, key: str) -> dict[str, Any]:
        chosen = self.cleaned_data.get(f"choices_{key}") or []
        return {
            "choices": chosen if isinstance(chosen, list) else [chosen],
            "text": self.cleaned_data.get(f"text_{key}", "").strip(),
            "is_confirmed": self.cleaned_data.get(f"confirm_{key}", False),
        }

    def fields_of(self, key: str) -> list[Any]:
        """The fields of one question, for the page."""
        names = (f"{part}_{key}" for part in ("choices", "text", "confirm"))
        return [self[name] for name in names if name in self.fields]


def _standing(check: principles.Check) -> dict[str, Any]:
    now = check.answer
    if now is None:
        return {}
    found = {"answer": now.answer, WORDS_OF[now.answer]: getattr(now, WORDS_OF[now.answer])}
    if now.answer == "will_do":
        found |= {"owner": now.owner, "due": now.due}
    # An answer to an older version is given anew when it is saved again.
    return {} if check.is_older else found


def _stored(check: principles.Check) -> dict[str, Any]:
    now, name = check.answer, check.row["id"]
    if now is None:
        return {}
    return {
        f"answer_{name}": now.answer,
        f"text_{name}": getattr(now, WORDS_OF[now.answer]),
        f"owner_{name}": str(now.owner_id or ""),
        f"due_{name}": now.due,
    }


def _suggested(name: str, shown: Mapping[str, str]) -> dict[str, Any]:
    if name not in shown:
        return {}
    return {f"answer_{name}": "met", f"text_{name}": shown[name]}
