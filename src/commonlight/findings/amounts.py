"""Numbers, shares, rates, lists, days and periods as a reader sees them.

The same value is always written in the same way. Nothing here judges a value; the words of
change are in :mod:`commonlight.findings.words`, which offers these functions too.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from math import floor, isfinite, log10

__all__ = [
    "about_one_in",
    "age",
    "capital",
    "count",
    "counted",
    "day",
    "estimate",
    "hours",
    "listing",
    "month_name",
    "number",
    "percent",
    "period",
    "rate",
    "rounded",
    "weekday_name",
]

_SPACE = "\u202f"  # narrow no-break space: between thousands, and before the percent sign
_MINUS = "\u2212"

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


# Numbers


def number(value: float | None, *, decimals: int = 0) -> str:
    """Write a number with narrow spaces between thousands; a missing one is "not known".

    Examples
    --------
    >>> number(1234567).replace("\u202f", " "), number(-2.5, decimals=1), number(None)
    ('1 234 567', '−2.5', 'not known')
    """
    if value is None or not isfinite(value):
        return "not known"
    text = f"{abs(value):,.{decimals}f}".replace(",", _SPACE)
    negative = value < 0 and any(digit in "123456789" for digit in text)
    return _MINUS + text if negative else text


def rounded(value: float | None, *, digits: int = 2) -> str:
    """Write a number to so many leading digits, with "about" where that changed it.

    Examples
    --------
    >>> rounded(1234).replace("\u202f", " "), rounded(12)
    ('about 1 200', '12')
    """
    if value is None or not isfinite(value) or value == 0:
        return number(value)
    place = digits - 1 - floor(log10(abs(value)))
    near = round(value, place)
    text = number(near, decimals=max(place, 0) if near % 1 else 0)
    return text if near == value else f"about {text}"


def percent(share: float | None, *, decimals: int = 0) -> str:
    """Write a share (0.034) as a percentage; a small one is never written as nothing.

    Examples
    --------
    >>> percent(0.034), percent(0.002), percent(0.999)
    ('3\u202f%', 'less than 1\u202f%', 'more than 99\u202f%')
    """
    if share is None or not isfinite(share):
        return "not known"
    step = 10.0**-decimals
    nearest = round(share * 100, decimals)
    if nearest == 0 and share > 0:
        return f"less than {number(step, decimals=decimals)}{_SPACE}%"
    if nearest == 100 and share < 1:
        return f"more than {number(100 - step, decimals=decimals)}{_SPACE}%"
    return f"{number(nearest, decimals=decimals)}{_SPACE}%"


def about_one_in(share: float | None) -> str:
    """Write a share as "about 1 in 5" or "about 3 in 4" where that is close, else in percent.

    A simple fraction is used when it is within 4 % of the share; below 1 in 10 the number is
    rounded to two digits.

    Examples
    --------
    >>> about_one_in(0.198), about_one_in(0.75), about_one_in(1 / 83)
    ('about 1 in 5', '3 in 4', 'about 1 in 83')
    """
    if share is None or not isfinite(share) or not 0 < share < 1:
        return percent(share)
    if share < 0.095:
        whole = 1 / share
        place = max(0, floor(log10(whole)) - 1)
        return f"about 1 in {number(round(whole, -place))}"
    for bottom in (2, 3, 4, 5, 10, 6, 7, 8, 9):
        top = round(share * bottom)
        if 0 < top < bottom and abs(top / bottom - share) <= 0.04 * share:
            about = "" if abs(top / bottom - share) < 1e-9 else "about "
            return f"{about}{top} in {bottom}"
    return percent(share)


def rate(value: float | None, *, per: float = 1000, unit: str = "residents") -> str:
    """Write a rate with its base.

    Examples
    --------
    >>> rate(12.34).replace("\u202f", " ")
    '12.3 per 1 000 residents'
    """
    if value is None or not isfinite(value):
        return "not known"
    decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 1 else 2
    return f"{number(value, decimals=decimals)} per {number(per)} {unit}"


def estimate(
    value: float | None, lower: float | None, upper: float | None, *, decimals: int = 0
) -> str:
    """Write an estimate with its interval in words.

    Examples
    --------
    >>> estimate(12.3, 10.1, 14.8, decimals=1)
    '12.3 (between 10.1 and 14.8)'
    """
    text = number(value, decimals=decimals)
    if value is None or not isfinite(value):
        return text
    if lower is None or upper is None or not (isfinite(lower) and isfinite(upper)):
        return f"{text} (interval not known)"
    low, high = number(lower, decimals=decimals), number(upper, decimals=decimals)
    return f"{text} (between {low} and {high})"


def count(value: int | None, *, threshold: int = 5) -> str:
    """Write a count for publication: a small one is "under 5", never its value and never blank.

    Examples
    --------
    >>> count(3), count(0), count(12)
    ('under 5', 'none', '12')
    """
    if value is None:
        return "not known"
    if value < 0:
        raise ValueError(f"a count cannot be negative; got {value}")
    if value == 0:
        return "none"
    return f"under {threshold}" if value < threshold else number(value)


def counted(value: int | None, singular: str, plural: str | None = None) -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> counted(1, "incident"), counted(2, "robbery", "robberies")
    ('1 incident', '2 robberies')
    """
    return f"{number(value)} {singular if value == 1 else plural or singular + 's'}"


# Lists and letters


def listing(items: Sequence[str], *, limit: int = 3) -> str:
    """Write a list, cut to `limit` names and the number of the others.

    Examples
    --------
    >>> listing(["A", "B"]), listing(["A", "B", "C", "D", "E"], limit=2)
    ('A and B', 'A, B and 3 others')
    """
    if limit < 1:
        raise ValueError(f"a list shows at least 1 name; got a limit of {limit}")
    if not items:
        return "none"
    if len(items) > limit + 1:
        return f"{', '.join(items[:limit])} and {number(len(items) - limit)} others"
    if len(items) == 1:
        return items[0]
    return f"{', '.join(items[:-1])} and {items[-1]}"


def capital(text: str) -> str:
    """Write the first letter as a capital and leave the rest alone."""
    return text[:1].upper() + text[1:]


# Days and hours


def month_name(month: int) -> str:
    """Return the name of a month, 1 to 12."""
    if not 1 <= month <= 12:
        raise ValueError(f"a month is 1 to 12; got {month}")
    return _MONTHS[month - 1]


def weekday_name(weekday: int) -> str:
    """Return the name of a weekday, 0 (Monday) to 6 (Sunday)."""
    if not 0 <= weekday <= 6:
        raise ValueError(f"a weekday is 0 (Monday) to 6 (Sunday); got {weekday}")
    return _WEEKDAYS[weekday]


def hours(first: int, last: int | None = None) -> str:
    """Write the hours from the start of `first` to the end of `last`.

    Examples
    --------
    >>> hours(22), hours(18, 23)
    ('between 22:00 and 23:00', 'between 18:00 and midnight')
    """
    end = (first if last is None else last) + 1
    if not 0 <= first <= 23 or not 1 <= end <= 24:
        raise ValueError(f"an hour is 0 to 23; got {first} to {end - 1}")
    return f"between {_clock(first)} and {_clock(end)}"


def _clock(hour: int) -> str:
    return "midnight" if hour in (0, 24) else f"{hour:02d}:00"


def day(value: date | None) -> str:
    """Write a day.

    Examples
    --------
    >>> day(date(2022, 3, 7))
    '7 March 2022'
    """
    if value is None:
        return "not known"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def period(first: date | None, last: date | None) -> str:
    """Write a period by its first and last day, by months or years where they are whole.

    Examples
    --------
    >>> period(date(2019, 1, 1), date(2022, 12, 31))
    '2019 to 2022'
    >>> period(date(2022, 3, 1), date(2022, 6, 30)), period(date(2022, 3, 2), date(2022, 6, 5))
    ('March to June 2022', '2 March to 5 June 2022')
    """
    if first is None or last is None:
        return "not known"
    if last < first:
        raise ValueError(f"a period must not end before it begins; got {first} to {last}")
    if first == last:
        return day(first)
    whole = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
    if whole and first.month == 1 and last.month == 12:
        return _span(str(first.year), str(last.year))
    start, end = (_MONTHS[d.month - 1] for d in (first, last))
    if not whole:
        start, end = f"{first.day} {start}", f"{last.day} {end}"
    if first.year == last.year:
        return f"{_span(start, end)} {last.year}"
    return f"{start} {first.year} to {end} {last.year}"


def _span(start: str, end: str) -> str:
    return start if start == end else f"{start} to {end}"


def age(days: int | None) -> str:
    """Write how old a source was on the day of the report.

    Examples
    --------
    >>> age(243)
    '8 months old on the day of this report'
    """
    if days is None:
        return "of unknown age"
    if days < 0:
        return "reaches beyond the day of this report"
    return f"{_length(days)} old on the day of this report"


def _length(days: int) -> str:
    if days < 60:
        return counted(days, "day")
    months = round(days / 30.4375)
    if months < 24:
        return counted(months, "month")
    return counted(floor(days / 365.25 + 1e-9), "year")
