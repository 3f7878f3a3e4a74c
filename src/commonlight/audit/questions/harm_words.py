"""Words, columns and limits that both questions about harm use."""

from __future__ import annotations

from collections.abc import Iterable

from commonlight.audit.harm_layer import LayerWeights
from commonlight.findings import words
from commonlight.findings.model import Column

__all__ = [
    "compared_sets",
    "harm_columns",
    "per_cent",
    "quoted",
    "share_range",
    "weight_limits",
]


def quoted(kind: str) -> str:
    """A kind in quotation marks, since it is the publisher's word."""
    return f"\u2018{kind}\u2019"


def per_cent(share: float) -> float:
    """A share in per cent with one decimal: with more, weights would give counts away."""
    return round(100 * float(share), 1)


def share_range(lower: float, upper: float) -> str:
    """A range of shares in words.

    Examples
    --------
    >>> share_range(0.31, 0.52).replace(chr(0x202F), " "), share_range(0.31, 0.312)[:2]
    ('between 31 % and 52 %', '31')
    """
    low, high = words.percent(float(lower)), words.percent(float(upper))
    return low if low == high else f"between {low} and {high}"


def compared_sets(weights: LayerWeights) -> str:
    """The sets by their short titles."""
    return words.listing([item.short for item in weights.compared], limit=len(weights.sets))


def harm_columns(weights: LayerWeights) -> tuple[Column, ...]:
    """Columns for the range over the sets, and for each set."""

    def column(name: str, label: str) -> Column:
        return Column(name=name, label=label, unit="%", numeric=True, decimals=1)

    return (
        column("middle", "Middle of the range"),
        column("lower", "at least"),
        column("upper", "at most"),
        *(column(item.name, item.short) for item in weights.compared),
    )


def weight_limits(weights: LayerWeights) -> list[str]:
    """What holds for every statement that rests on these weights."""
    countries = _countries(item.country for item in weights.compared)
    used = [w for s in weights.chosen for w in weights.found[s] if w is not None]
    second = sum(w.confidence == "secondary" for w in used)
    limits = [
        f"The weights come from courts and studies in {countries}. Elsewhere other weights would "
        "hold.",
        "A sentence or a price is not what a victim went through. The range shows how much depends "
        "on the choice of weights; the truth may lie outside.",
    ]
    if second:
        limits.append(
            f"{words.number(second)} of {words.number(len(used))} weights were read in a text that "
            "quotes the publisher, not in the publication."
        )
    if any(w.low < w.high for w in used):
        limits.append(
            "Where a local kind mixes offences, its weight is a range, the same in every area."
        )
    return limits


def _countries(names: Iterable[str]) -> str:
    spoken = {"United States": "the United States"}
    return words.listing([spoken.get(n, n) for n in dict.fromkeys(names)], limit=9)
