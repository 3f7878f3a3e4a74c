"""Forms: what was typed is kept, and every error is named on top and at its field."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from django.forms import BaseForm, Field
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.utils.translation import gettext as _

__all__ = [
    "ErrorLink",
    "error_links",
    "field_context",
    "has_errors",
    "is_optional",
]


@dataclass(frozen=True)
class ErrorLink:
    """One line of the error summary; `target` is the id of the field, or empty."""

    text: str
    target: str


def error_links(*forms: Any) -> list[ErrorLink]:
    """All errors of forms and form sets, in the order of the page."""
    return [link for form in forms for link in _links(form)]


def has_errors(values: Any) -> bool:
    """Whether a form among these values was sent and has errors."""
    return any(_sent_with_errors(value) for value in values)


def _sent_with_errors(value: Any) -> bool:
    if not isinstance(value, BaseForm | BaseFormSet) or not value.is_bound:
        return False
    return not value.is_valid()


def _links(form: Any) -> Iterator[ErrorLink]:
    if isinstance(form, BaseFormSet):
        yield from (ErrorLink(str(text), "") for text in form.non_form_errors())
        for one in form.forms:
            yield from _links(one)
    elif isinstance(form, BaseForm):
        yield from (ErrorLink(str(text), "") for text in form.non_field_errors())
        for bound in form:
            yield from (ErrorLink(_named(bound, text), _target(bound)) for text in bound.errors)


def _named(bound: BoundField, text: Any) -> str:
    """In the summary, “this field” has no meaning: an empty one is called by its name."""
    if str(text) != str(Field.default_error_messages["required"]):
        return str(text)
    return _("“%(field)s” is empty.") % {"field": bound.label}


def _target(bound: BoundField) -> str:
    """The first control of the field, so that the link lands where one types."""
    if bound.is_hidden:
        return ""
    choices = isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple)
    return f"{bound.auto_id}_0" if choices else bound.id_for_label or bound.auto_id


def is_optional(bound: BoundField) -> bool:
    """Whether a field may be left empty whatever else is given.

    A form whose fields depend on each other names in `sometimes_required` those that it asks for
    in some cases; `*` stands for any letters.
    """
    if bound.field.required or isinstance(bound.field.widget, CheckboxInput):
        return False
    names = getattr(bound.form, "sometimes_required", ())
    return not any(fnmatchcase(bound.name, one) for one in names)


FEW = 4
"""So many choices behind a heading would save no reading."""


def _split(bound: BoundField) -> tuple[list[Any], list[Any]]:
    """The boxes of a long list that are shown, and those behind a heading.

    A form names in `likely_choices`, by field, the choices that come first. What is chosen is
    always shown; where nothing is likely, the whole list is.
    """
    by_field: Mapping[str, Collection[str]] = getattr(bound.form, "likely_choices", {})
    likely = by_field.get(bound.name)
    if not likely:
        return [], []
    boxes = list(bound.subwidgets)
    shown = [one for one in boxes if one.data["selected"] or str(one.data["value"]) in likely]
    rest = [one for one in boxes if one not in shown]
    return (shown, rest) if shown and len(rest) > FEW else (boxes, [])


def field_context(bound: BoundField, **options: Any) -> dict[str, Any]:
    """What the template of one field needs."""
    widget = bound.field.widget
    is_list = isinstance(widget, CheckboxSelectMultiple)
    shown, rest = _split(bound) if is_list else ([], [])
    return {
        "shown_boxes": shown,
        "rest_boxes": rest,
        "field": bound,
        "is_tick": isinstance(widget, CheckboxInput),
        "is_choices": isinstance(widget, RadioSelect | CheckboxSelectMultiple),
        "optional": is_optional(bound),
        **options,
    }
