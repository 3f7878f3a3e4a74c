"""The catalogue of methods, the questions and the words of engagement, as content tells them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from commonlight.web.content import read_content

__all__ = [
    "contents",
    "filled",
    "gates",
    "group_titles",
    "listing",
    "methods",
    "phases",
    "replies",
    "rules",
    "short",
    "stage_titles",
    "titles",
]

HERE = "commonlight.web.design.engagement"
SMALL_INSIDE = ("en", "fr")
"""Languages that begin a word inside a sentence with a small letter."""
Text = str | Promise


def contents() -> dict[str, Any]:
    """The catalogue of methods with its purposes, costs, skills and needs."""
    return read_content(HERE, "engagement_methods")


def rules() -> dict[str, Any]:
    """The questions of the planner and the rules by which it ranks."""
    return read_content(HERE, "engagement_rules")


def gates() -> dict[str, Any]:
    """The gates, their needs and the three rationales."""
    return read_content(HERE, "stage_gates")


def replies() -> dict[str, Any]:
    """The states, reasons and words of the reply register."""
    return read_content(HERE, "replies")


def methods() -> dict[str, dict[str, Any]]:
    """The methods by id."""
    return {one["id"]: one for one in contents()["method"]}


def titles(kind: str) -> dict[str, Text]:
    """The titles of the purposes, costs, skills, needs or methods, by id."""
    return {one["id"]: one["title"] for one in contents()[kind]}


def phases() -> dict[str, Text]:
    """The phases of the workshops, and the decision that follows them."""
    found = read_content("commonlight.web.design", "workshop_phases")["phase"]
    return {**{one["id"]: one["title"] for one in found}, "decide": gettext_lazy("Decide")}


def stage_titles() -> dict[str, Text]:
    """The stages between which the gates stand."""
    known = phases()
    return {
        "signal": gettext_lazy("Signal"),
        **{one: known[one] for one in ("frame", "define", "ideate", "prototype", "decide")},
    }


def group_titles() -> dict[str, Text]:
    """The categories of participants, by id."""
    found = read_content("commonlight.web.design", "groups")["group"]
    return {one["id"]: one["title"] for one in found}


def short(title: Text) -> str:
    """A title inside a sentence: “Residents: women” is “women”, “Facilitation” is small.

    German writes its nouns as they stand alone.
    """
    text = str(title).rpartition(": ")[2]
    is_small = (get_language() or "en").startswith(SMALL_INSIDE) and text[1:2].islower()
    return text[:1].lower() + text[1:] if is_small else text


def listing(ids: Iterable[str], known: dict[str, Text], *, in_sentence: bool = True) -> str:
    """Titles in a row, as a sentence lists them."""
    found = [known.get(one, one) for one in ids]
    words = [short(one) if in_sentence else str(one) for one in found]
    return get_text_list(words, _("and"))


def filled(sentence: Text, **values: Any) -> str:
    """A sentence of the content with its places filled."""
    text = str(sentence)
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text
