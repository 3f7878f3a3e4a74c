"""Words for numbers, by rule, so that the same number always reads the same.

The words of change ("fell", "may have fallen", "no clear change", "cannot tell") follow fixed
rules on an interval; see the page *wording* among the methods. Every sentence about a change
carries its interval in words. All texts are templates at the top of this module, so that
another language is another set of templates.

These functions describe. They never say why something changed.
"""

from __future__ import annotations

from enum import StrEnum
from math import exp, isfinite, log

from commonlight.findings.amounts import (
    about_one_in,
    age,
    capital,
    count,
    counted,
    day,
    estimate,
    hours,
    listing,
    month_name,
    number,
    percent,
    period,
    rate,
    rounded,
    weekday_name,
)
from commonlight.findings.model import Certainty

__all__ = [
    "FEWER_MORE",
    "FEWEST_EVENTS",
    "LOWER_HIGHER",
    "SMALLEST_CHANGE",
    "WIDEST_INTERVAL",
    "ChangeWord",
    "LevelWord",
    "about_one_in",
    "age",
    "capital",
    "certainty_meaning",
    "certainty_of",
    "certainty_tag",
    "change_interval",
    "change_sentence",
    "change_size",
    "change_word",
    "count",
    "counted",
    "day",
    "estimate",
    "hours",
    "level_word",
    "listing",
    "month_name",
    "number",
    "percent",
    "period",
    "rate",
    "rounded",
    "weekday_name",
]

SMALLEST_CHANGE = 0.05
"""A change of less than this share is too small to be called a rise or a fall."""

WIDEST_INTERVAL = 3.0
"""An interval whose upper end is more than this many times its lower end says too little."""

FEWEST_EVENTS = 10
"""With fewer events than this in both periods together, no word of change is used."""

FEWER_MORE = ("fewer", "more")
LOWER_HIGHER = ("lower", "higher")

# From 95 % to 80 %: the ratio of the two-sided normal quantiles, 1.2816 / 1.9600.
_EIGHTY_OF_NINETY_FIVE = 1.2815515655446004 / 1.959963984540054


class ChangeWord(StrEnum):
    """What may be said about a change."""

    FELL = "fell"
    MAY_HAVE_FALLEN = "may have fallen"
    NO_CLEAR_CHANGE = "no clear change"
    MAY_HAVE_RISEN = "may have risen"
    ROSE = "rose"
    CANNOT_TELL = "cannot tell"


class LevelWord(StrEnum):
    """What may be said about a value beside a reference."""

    BELOW = "below"
    NOT_CLEARLY_DIFFERENT = "not clearly different"
    ABOVE = "above"
    CANNOT_TELL = "cannot tell"


_CHANGE_SENTENCES = {
    ChangeWord.FELL: "{Subject} fell {span}: {size} ({interval}).",
    ChangeWord.ROSE: "{Subject} rose {span}: {size} ({interval}).",
    ChangeWord.MAY_HAVE_FALLEN: (
        "{Subject} may have fallen {span}: {size} is the best estimate, "
        "but anything {interval} would fit."
    ),
    ChangeWord.MAY_HAVE_RISEN: (
        "{Subject} may have risen {span}: {size} is the best estimate, "
        "but anything {interval} would fit."
    ),
    ChangeWord.NO_CLEAR_CHANGE: "There was no clear change in {subject} {span} ({interval}).",
    ChangeWord.CANNOT_TELL: (
        "We cannot tell whether {subject} rose or fell {span}: anything {interval} would fit."
    ),
}
_TOO_FEW = (
    "We cannot tell whether {subject} rose or fell {span}: there were too few, "
    "{events} in both periods together."
)
_NO_INTERVAL = (
    "We cannot tell whether {subject} rose or fell {span}: "
    "the figures do not allow an interval to be worked out."
)

_TAGS = {
    Certainty.CLEAR: "Clear",
    Certainty.TENTATIVE: "Tentative",
    Certainty.NO_CLEAR_CHANGE: "No clear change",
    Certainty.NOT_SHOWN: "Not shown",
    Certainty.CANNOT_TELL: "Cannot tell",
    Certainty.DESCRIPTIVE: "A description",
}
_MEANINGS = {
    Certainty.CLEAR: "The figures would hardly look like this by chance alone.",
    Certainty.TENTATIVE: "The figures point this way, but chance could still explain them.",
    Certainty.NO_CLEAR_CHANGE: (
        "A rise and a fall would both fit the figures, or the change is too small to matter."
    ),
    Certainty.NOT_SHOWN: "The figures do not show it. That is no proof that it is not there.",
    Certainty.CANNOT_TELL: "The figures are too few or too uncertain to say.",
    Certainty.DESCRIPTIVE: "This describes the records. It was not tested against chance.",
}


def change_word(
    ratio: float,
    lower: float,
    upper: float,
    *,
    inner: tuple[float, float] | None = None,
    events: int | None = None,
) -> ChangeWord:
    """Choose the word for a change, by rule.

    Parameters
    ----------
    ratio : float
        After divided by before.
    lower, upper : float
        95 % interval of the ratio.
    inner : tuple of float, optional
        80 % interval of the ratio. Without it, it is taken from the 95 % interval, each side
        shortened on the logarithmic scale by 1.2816 / 1.9600.
    events : int, optional
        Events in both periods together.

    Returns
    -------
    ChangeWord
        The word.

    Notes
    -----
    In this order:

    1. *cannot tell* with fewer than `FEWEST_EVENTS` events, or without finite limits above 0;
    2. *fell* (*rose*) when the 95 % interval lies wholly below (above) 1 and the change is at
       least `SMALLEST_CHANGE`;
    3. *no clear change* when the 95 % interval excludes 1 and the change is smaller than that;
    4. *cannot tell* when the upper limit is more than `WIDEST_INTERVAL` times the lower;
    5. *may have fallen* (*may have risen*) when only the 80 % interval lies wholly below
       (above) 1 and the change is at least `SMALLEST_CHANGE`;
    6. *no clear change* otherwise.

    A limit that is exactly 1 does not exclude 1.

    Examples
    --------
    >>> change_word(0.9, 0.85, 0.95).value, change_word(0.9, 0.79, 1.02).value
    ('fell', 'may have fallen')
    """
    if not _usable(ratio, lower, upper) or (events is not None and events < FEWEST_EVENTS):
        return ChangeWord.CANNOT_TELL
    if upper < 1 or lower > 1:
        return _direction(ratio, ChangeWord.FELL, ChangeWord.ROSE)
    if upper > WIDEST_INTERVAL * lower:
        return ChangeWord.CANNOT_TELL
    inner_lower, inner_upper = inner if inner is not None else _eighty(ratio, lower, upper)
    if inner_upper < 1 or inner_lower > 1:
        return _direction(ratio, ChangeWord.MAY_HAVE_FALLEN, ChangeWord.MAY_HAVE_RISEN)
    return ChangeWord.NO_CLEAR_CHANGE


def _usable(ratio: float, lower: float, upper: float) -> bool:
    return all(isfinite(v) and v > 0 for v in (ratio, lower, upper)) and lower <= ratio <= upper


def _direction(ratio: float, down: ChangeWord, up: ChangeWord) -> ChangeWord:
    if ratio <= 1 - SMALLEST_CHANGE:
        return down
    if ratio >= 1 + SMALLEST_CHANGE:
        return up
    return ChangeWord.NO_CLEAR_CHANGE


def _eighty(ratio: float, lower: float, upper: float) -> tuple[float, float]:
    middle = log(ratio)
    return (
        exp(middle + (log(lower) - middle) * _EIGHTY_OF_NINETY_FIVE),
        exp(middle + (log(upper) - middle) * _EIGHTY_OF_NINETY_FIVE),
    )


def change_size(ratio: float, *, pair: tuple[str, str] = FEWER_MORE) -> str:
    """Write a ratio as a change.

    Examples
    --------
    >>> change_size(0.88), change_size(1.03), change_size(2.5)
    ('12\u202f% fewer', '3\u202f% more', '2.5 times as many')
    """
    return " ".join(part for part in _size_parts(ratio, pair) if part)


def _size_parts(ratio: float, pair: tuple[str, str]) -> tuple[str, str]:
    if not (isfinite(ratio) and ratio >= 0):
        return "not known", ""
    if ratio == 1:
        return "no change", ""
    many = "as many" if pair == FEWER_MORE else "as high"
    if ratio >= 1.995:
        return f"{_times(ratio)} {many}", ""
    return percent(abs(ratio - 1)), pair[0] if ratio < 1 else pair[1]


def _times(ratio: float) -> str:
    if ratio < 2.05:
        return "twice" if ratio == 2 else "about twice"
    decimals = 0 if ratio >= 10 or ratio == int(ratio) else 1
    return f"{number(ratio, decimals=decimals)} times"


def change_interval(lower: float, upper: float, *, pair: tuple[str, str] = FEWER_MORE) -> str:
    """Write the interval of a ratio, the smaller change first where both lie on one side.

    Examples
    --------
    >>> change_interval(0.91, 0.97), change_interval(0.92, 1.06)
    ('between 3\u202f% and 9\u202f% fewer', 'between 8\u202f% fewer and 6\u202f% more')
    """
    first, second = _size_parts(lower, pair), _size_parts(upper, pair)
    if lower < 1 and upper < 1:
        first, second = second, first
    if first == second:
        return " ".join(part for part in ("about", *first) if part)
    if first[1] and first[1] == second[1]:
        return f"between {first[0]} and {second[0]} {second[1]}"
    return f"between {' '.join(filter(None, first))} and {' '.join(filter(None, second))}"


def change_sentence(
    subject: str,
    span: str,
    ratio: float,
    lower: float,
    upper: float,
    *,
    inner: tuple[float, float] | None = None,
    events: int | None = None,
    pair: tuple[str, str] = FEWER_MORE,
) -> str:
    """Write a sentence about a change with its interval in words.

    Parameters
    ----------
    subject : str
        What changed, in the plural and in lower case: ``"recorded burglaries"``.
    span : str
        From when to when: ``"from 2021 to 2022"``.
    ratio, lower, upper, inner, events
        As in :func:`change_word`.
    pair : tuple of str, optional
        ``FEWER_MORE`` for things that are counted, ``LOWER_HIGHER`` for rates.

    Returns
    -------
    str
        One sentence.

    Examples
    --------
    >>> change_sentence("burglaries", "from 2021 to 2022", 0.94, 0.91, 0.97)
    'Burglaries fell from 2021 to 2022: 6\u202f% fewer (between 3\u202f% and 9\u202f% fewer).'
    """
    word = change_word(ratio, lower, upper, inner=inner, events=events)
    template = _CHANGE_SENTENCES[word]
    if events is not None and events < FEWEST_EVENTS:
        template = _TOO_FEW
    elif not _usable(ratio, lower, upper):
        template = _NO_INTERVAL
    return template.format(
        Subject=capital(subject),
        subject=subject,
        span=span,
        size=change_size(ratio, pair=pair),
        interval=change_interval(lower, upper, pair=pair),
        events=count(events) if events is not None else "",
    )


def level_word(
    lower: float | None, upper: float | None, reference: float, *, events: int | None = None
) -> LevelWord:
    """Choose the word for a value beside a reference, from the value's interval.

    Examples
    --------
    >>> level_word(11.0, 14.0, 10.0).value, level_word(9.0, 14.0, 10.0).value
    ('above', 'not clearly different')
    """
    if events is not None and events < FEWEST_EVENTS:
        return LevelWord.CANNOT_TELL
    if lower is None or upper is None or not (lower <= upper and isfinite(reference)):
        return LevelWord.CANNOT_TELL
    if lower > reference:
        return LevelWord.ABOVE
    return LevelWord.BELOW if upper < reference else LevelWord.NOT_CLEARLY_DIFFERENT


def certainty_of(word: ChangeWord | LevelWord) -> Certainty:
    """Return how firmly a word may be read."""
    if word in (ChangeWord.FELL, ChangeWord.ROSE, LevelWord.ABOVE, LevelWord.BELOW):
        return Certainty.CLEAR
    if word in (ChangeWord.MAY_HAVE_FALLEN, ChangeWord.MAY_HAVE_RISEN):
        return Certainty.TENTATIVE
    if word is ChangeWord.NO_CLEAR_CHANGE:
        return Certainty.NO_CLEAR_CHANGE
    if word is LevelWord.NOT_CLEARLY_DIFFERENT:
        return Certainty.NOT_SHOWN
    return Certainty.CANNOT_TELL


def certainty_tag(certainty: Certainty) -> str:
    """Return the short tag that stands beside a sentence."""
    return _TAGS[certainty]


def certainty_meaning(certainty: Certainty) -> str:
    """Return what the tag means, in one sentence."""
    return _MEANINGS[certainty]
