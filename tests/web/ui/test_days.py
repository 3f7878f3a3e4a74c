"""A day that is known is shown again in the field, whatever the language of the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.urls import get_resolver


def every_form(parent: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[Any]]:
    for one in parent.__subclasses__():
        yield one
        yield from every_form(one)


def test_fields_of_days_write_what_browsers_read():
    assert get_resolver().url_patterns
    days = [
        (one, name, field.widget)
        for one in every_form()
        if one.__module__.startswith("commonlight")
        for name, field in getattr(one, "base_fields", {}).items()
        if field.widget.attrs.get("type") == "date"
        or getattr(field.widget, "input_type", "") == "date"
    ]
    assert len(days) > 10
    wrong = [f"{one.__name__}.{name}" for one, name, box in days if box.format != "%Y-%m-%d"]
    assert not wrong
