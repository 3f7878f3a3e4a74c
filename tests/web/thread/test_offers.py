"""What a claim is offered first: three of each kind, those that speak of the same things on top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest


@dataclass(frozen=True)
class Thing:
    """Something with a title."""

    pk: int
    title: str
    is_dull: bool = False

    def __str__(self) -> str:
        return self.title


TITLES = (
    "Burglary by month",
    "Noise at the market",
    "Lamps in the old town",
    "Evenings at the station square, counted by the bus drivers",
    "Litter at the station",
)


@pytest.fixture
def things(monkeypatch: pytest.MonkeyPatch) -> list[Thing]:
    """Five things of one kind, in the order in which their kind gives them."""
    from commonlight.web.thread.domain import offering
    from commonlight.web.thread.kinds import NodeKind

    found = [Thing(number, title) for number, title in enumerate(TITLES, start=1)]
    kind = NodeKind(
        name="thing",
        label="Thing",
        model=Thing,
        find=lambda place, keys: {},
        title=lambda one: one.title,
        address=lambda one: "/",
        see=lambda actor, some: {},
        offer=lambda actor, words: [one for one in found if words in one.title],
        says_little=lambda one: one.is_dull,
    )
    monkeypatch.setattr(offering, "kinds", lambda: (kind,))
    return found


def titles(claim: Thing, **search: str) -> list[str]:
    from commonlight.web.thread.offers import offers_for, search_form

    actor: Any = None
    offers = offers_for(actor, claim, search_form(search))
    return [title for _label, rows in offers.choices for _value, title in rows]


def test_those_that_share_words_with_the_claim_come_first(things):
    claim = Thing(9, "Quarrels in the evenings at the station square")
    assert titles(claim) == [TITLES[3], TITLES[4], TITLES[0]]


def test_a_claim_that_shares_nothing_leaves_the_order_of_the_kind(things):
    assert titles(Thing(9, "Theft")) == list(TITLES[:3])


def test_a_search_gives_all_that_fit(things):
    assert len(titles(Thing(9, "Theft"), q="t")) == len([one for one in TITLES if "t" in one])


def test_the_nearest_are_offered_though_many_stand_before_them(things):
    things[:0] = [Thing(number, f"Records of file {number}") for number in range(100, 140)]
    assert titles(Thing(9, "Litter at the station"))[0] == TITLES[4]


def test_what_says_little_comes_last_even_where_its_words_are_near(things):
    things[3] = Thing(4, TITLES[3], is_dull=True)
    claim = Thing(9, "Quarrels in the evenings at the station square")
    assert titles(claim) == [TITLES[4], TITLES[0], TITLES[1]]
