"""Shares with their range: of a total, or of those who were asked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

__all__ = ["Share", "percent", "wilson"]

Z = 1.959964
"""The half width of a 95 % interval in standard errors."""


@dataclass(frozen=True)
class Share:
    """A part of one whole, between 0 and 1, with its lowest and highest value where known."""

    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def has_range(self) -> bool:
        """Whether the ends differ."""
        return self.low is not None and self.high is not None and self.low != self.high

    @property
    def words(self) -> str:
        """The value, and the range where there is one."""
        if self.value is None:
            return ""
        if not self.has_range:
            return percent(self.value)
        return _("%(value)s (between %(low)s and %(high)s)") % {
            "value": percent(self.value),
            "low": percent(self.low),
            "high": percent(self.high),
        }


def percent(share: Decimal | None) -> str:
    """A share in per cent, with one decimal where it is no whole number."""
    if share is None:
        return _("not known")
    value = round(share * 100, 1)
    shown = number_format(value, decimal_pos=0 if value == value.to_integral_value() else 1)
    return _("%(number)s %%") % {"number": shown}


def wilson(named: int, asked: int) -> tuple[Decimal, Decimal, Decimal]:
    """The share of those who named something, in per cent, with its 95 % interval.

    The interval is that of Wilson (1927). It tells the chance of a random draw; where everybody
    could take part, it tells nothing of those who did not.

    Raises
    ------
    ValueError
        If more named it than were asked, or nobody was.
    """
    if not 0 <= named <= asked or asked < 1:
        raise ValueError(
            _("%(named)d of %(asked)d is no share: name at least one who was asked.")
            % {"named": named, "asked": asked}
        )
    share, square = named / asked, Z * Z / asked
    middle = (share + square / 2) / (1 + square)
    half = Z / (1 + square) * ((share * (1 - share) / asked + square / (4 * asked)) ** 0.5)
    ends = (share, max(0.0, middle - half), min(1.0, middle + half))
    value, low, high = (Decimal(str(round(100 * one, 1))) for one in ends)
    return value, low, high
