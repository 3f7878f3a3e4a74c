"""A city's own colours, checked: a colour that cannot be read is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

__all__ = ["TOKENS", "ThemeError", "check_theme", "theme_query", "theme_style"]

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
LEAST = 4.5
"""The least contrast of text and ground (WCAG 2.2, 1.4.3)."""

TOKENS: dict[str, tuple[tuple[str, ...], str]] = {
    "brand": (("--brand",), "#ffffff"),
    "link": (("--link", "--action"), "#ffffff"),
    "link_dark": (("--link", "--action"), "#14181b"),
}
"""What a city may set, the tokens it sets, and the colour it is read against."""

LOGO = re.compile(r"data:image/(png|svg\+xml|webp);base64,[A-Za-z0-9+/=]{1,200000}")


class ThemeError(ValueError):
    """A colour or a logo cannot be used."""


def check_theme(theme: Mapping[str, Any]) -> None:
    """Stop at what cannot be used, with the sentence that the person reads.

    Raises
    ------
    ThemeError
        If an entry is unknown, not a colour, or too weak against its ground.
    """
    for name, value in theme.items():
        if name == "logo":
            _check_logo(str(value))
        elif name not in TOKENS:
            raise ThemeError(_("There is no colour named “%(name)s”.") % {"name": name})
        else:
            _check_colour(name, str(value))


def _check_colour(name: str, value: str) -> None:
    if not COLOUR.fullmatch(value):
        raise ThemeError(
            _("“%(value)s” is not a colour. Write it as #12436d.") % {"value": value[:20]}
        )
    reached = contrast(value, TOKENS[name][1])
    if reached < LEAST:
        raise ThemeError(
            _("%(value)s has a contrast of %(reached).1f to 1; text needs 4.5 to 1.")
            % {"value": value, "reached": reached}
        )


def _check_logo(value: str) -> None:
    if value and not LOGO.fullmatch(value):
        raise ThemeError(_("The logo must be a PNG, WebP or SVG picture of at most 150 kB."))


def theme_query(theme: Mapping[str, Any]) -> str:
    """The colours as the query of the style sheet's address."""
    return urlencode({name: theme[name] for name in TOKENS if theme.get(name)})


def theme_style(theme: Mapping[str, Any]) -> str:
    """The style sheet for these colours.

    Raises
    ------
    ThemeError
        As `check_theme`.
    """
    check_theme(theme)
    lines = [f"  --brand: {theme['brand']};"] if "brand" in theme else []
    light = theme.get("link", "#1a4f80")
    dark = theme.get("link_dark", "#8fc1ec")
    if "link" in theme or "link_dark" in theme:
        lines += [f"  {token}: light-dark({light}, {dark});" for token in TOKENS["link"][0]]
    return ":root {\n" + "\n".join(lines) + "\n}\n"


def contrast(first: str, second: str) -> float:
    """The contrast of two colours (WCAG 2.2, definition of contrast ratio)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
