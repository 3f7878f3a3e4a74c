"""What the simulated survey asks, and what moves the answers: `feelings.toml` as objects."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "ADULT_AGES",
    "SEXES",
    "AskedVictim",
    "Harm",
    "Item",
    "Questionnaire",
    "Scale",
    "TakingPart",
    "load_questionnaire",
]

ADULT_AGES = ("18-24", "25-44", "45-64", "65+")
SEXES = ("women", "men")


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Codes of an answer in order, with labels (none for 0 to 10), and those of concern."""

    name: str
    text: str
    codes: tuple[int, ...]
    labels: tuple[str, ...]
    concern: tuple[int, ...]
    high_is: str

    @property
    def unknown(self) -> int:
        """Code of "does not know"; the next one is "no answer", the one before "not asked"."""
        return 98 if len(self.codes) > 8 else 8


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question: its words, scale, and the effects planted in its answers.

    `title` is what a report calls it.
    `base` are the shares of the scale's codes in a middling place. `effects` moves answers
    along the codes, in standard deviations. `old_wording` is that of the wave before and
    `old_shift` by how much its words alone move the answers.
    """

    column: str
    title: str
    construct: str
    wording: str
    scale: Scale
    base: tuple[float, ...]
    theme: str
    harmed: str
    effects: dict[str, float]
    age: tuple[float, ...]
    unknown: float
    silent: float
    place: str | None = None
    time: str | None = None
    item_id: str | None = None
    asked_of: float = 1.0
    old_wording: str | None = None
    old_shift: float = 0.0

    @property
    def thresholds(self) -> NDArray[np.float64]:
        """Limits between the codes on the standard normal scale."""
        from scipy.special import ndtri

        base = np.array(self.base)
        return np.asarray(ndtri(np.cumsum(base / base.sum())[:-1]))

    @property
    def fear(self) -> bool:
        """Whether the item is one of safety, worry, risk or behaviour."""
        return self.construct in ("safety", "worry", "perceived_risk", "behaviour")


@dataclass(frozen=True, kw_only=True)
class AskedVictim:
    """A yes-or-no question on one kind of harm in the last 12 months."""

    column: str
    title: str
    kind: str
    wording: str


@dataclass(frozen=True, kw_only=True)
class Harm:
    """Whom an offence harms: shares of residents, and of those who live where it happened."""

    kind: str
    residents: float
    local: float


@dataclass(frozen=True, kw_only=True)
class TakingPart:
    """Household size and mode by age group, and the logit of taking part."""

    adults: NDArray[np.float64]
    telephone: NDArray[np.float64]
    base: float
    age: NDArray[np.float64]
    trust: float
    deprivation: float


@dataclass(frozen=True, kw_only=True)
class Questionnaire:
    """Everything in `feelings.toml`.

    `harm` maps offence labels to whom they harm; `risk` maps kinds of harm to relative risks
    (2 sexes, 4 age groups).
    """

    items: tuple[Item, ...]
    victims: tuple[AskedVictim, ...]
    harm: dict[str, Harm]
    risk: dict[str, NDArray[np.float64]] = field(repr=False)
    taking_part: TakingPart = field(repr=False)

    def item(self, column: str) -> Item:
        """The item with this column name."""
        for item in self.items:
            if item.column == column:
                return item
        known = ", ".join(item.column for item in self.items)
        raise ValueError(f"there is no item {column!r}; items are {known}")


@cache
def load_questionnaire() -> Questionnaire:
    """The questionnaire that ships with the simulation.

    Returns
    -------
    Questionnaire

    Examples
    --------
    >>> load_questionnaire().item("safe_area_dark").scale.codes
    (1, 2, 3, 4)
    """
    text = (files("commonlight.simulate") / "feelings.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    scales = {name: _scale(name, value) for name, value in data["scale"].items()}
    part = data["taking_part"]
    arrays = {name: np.array(part[name]) for name in ("adults", "telephone", "age")}
    return Questionnaire(
        items=tuple(_item(dict(value), scales) for value in data["item"]),
        victims=tuple(AskedVictim(**value) for value in data["victim"]),
        harm={label: Harm(**value) for label, value in data["harm"].items()},
        risk={kind: _risk(value) for kind, value in data["risk"].items()},
        taking_part=TakingPart(**{**part, **arrays}),
    )


def _scale(name: str, value: dict[str, Any]) -> Scale:
    lists = {key: tuple(value[key]) for key in ("codes", "labels", "concern")}
    return Scale(name=name, text=value["text"], high_is=value["high_is"], **lists)


def _item(value: dict[str, Any], scales: dict[str, Scale]) -> Item:
    effects = dict(value.pop("effects"))
    age = tuple(effects.pop("age", (0.0,) * len(ADULT_AGES)))
    scale, base = scales[value.pop("scale")], tuple(value.pop("base"))
    return Item(scale=scale, base=base, effects=effects, age=age, **value)


def _risk(value: dict[str, Any]) -> NDArray[np.float64]:
    return np.outer([value["woman"], 1.0], value["age"])
