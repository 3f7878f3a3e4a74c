"""Maps: the picture that moves, and everything it tells in words, for those who do not use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

__all__ = ["LegendEntry", "map_context"]

HATCHED, DOTTED = "hatched", "dotted"


@dataclass(frozen=True)
class LegendEntry:
    """A class of the map as legend, list and sentence name it."""

    name: str
    light: str = ""
    dark: str = ""
    pattern: str = ""


def map_context(data: Mapping[str, Any], **options: Any) -> dict[str, Any]:
    """What the template of a map needs; `data` is the map's file on the shelf."""
    return {
        "map": data,
        "legend": _legend(data),
        "rows": _rows(data),
        "marked": sorted(
            (place for place in data["places"] if place.get("number")),
            key=lambda place: place["number"],
        ),
        "tiles_url": reverse("ui-site:tiles") if _has_tiles() else "",
        "words": _words(),
        **options,
    }


def _legend(data: Mapping[str, Any]) -> list[LegendEntry]:
    entries = [LegendEntry(one["name"], one["light"], one["dark"]) for one in data["classes"]]
    withheld = set(data.get("withheld") or ())
    numbers = data["class"]
    if any(number is None and i not in withheld for i, number in enumerate(numbers)):
        entries.append(LegendEntry(data.get("no_value_label") or _("no value"), pattern=HATCHED))
    if withheld:
        entries.append(LegendEntry(data.get("withheld_label") or _("withheld"), pattern=DOTTED))
    return entries


def _rows(data: Mapping[str, Any]) -> SafeString:
    """The rows of the list; there may be thousands, so they are joined here."""
    values, marked = data["values"], f" ({escape(_('marked'))})"
    classes = {place["class"]: _text(place["class"]) for place in data["places"]}
    return SafeString(
        "\n".join(
            f'<tr data-index="{place["index"]:d}"><th scope="row">{_text(place["label"])}</th>'
            f'<td class="number" data-value="{_sorted_by(values[place["index"]])}">'
            f"{_text(place['value'])}</td>"
            f"<td>{classes[place['class']]}{marked if place['marked'] else ''}</td></tr>"
            for place in data["places"]
        )
    )


def _text(given: Any) -> str:
    return escape(str(given))


def _sorted_by(value: float | None) -> str:
    """What a sort of the list goes by."""
    return "" if value is None else escape(repr(value))


def _has_tiles() -> bool:
    path = getattr(settings, "COMMONLIGHT_TILES", "")
    return bool(path) and Path(path).is_file()


def _words() -> dict[str, str]:
    """What the script says, in the reader's language."""
    return {
        "chosen": _("{place}: {value}, {class}."),
        "chosen_kind": _("{place}: {class}."),
        "marked": _("Marked on the map."),
        "none": _("No place here is called “{text}”."),
        "found": _("{count} places found. Choose one."),
        "show": _("Show {place} on the map"),
        "failed": _(
            "The map cannot be drawn by this browser. The picture and the list say the same."
        ),
        "zoom_in": _("Nearer"),
        "zoom_out": _("Farther"),
        "whole": _("Show everything"),
        "scroll": _("Hold Ctrl and turn the wheel to bring the map nearer"),
        "scroll_mac": _("Hold ⌘ and turn the wheel to bring the map nearer"),
        "touch": _("Use two fingers to move the map"),
    }
