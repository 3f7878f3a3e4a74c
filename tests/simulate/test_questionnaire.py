"""The planted file of feelings is whole, and its constructs and evidence exist."""

from __future__ import annotations

import numpy as np
import pytest

from commonlight.simulate.questionnaire import ADULT_AGES, load_questionnaire
from commonlight.simulate.surroundings import THEMES
from commonlight.sources.codebook import HIGH_IS, Construct

QUESTIONNAIRE = load_questionnaire()


@pytest.mark.parametrize("item", QUESTIONNAIRE.items, ids=lambda item: item.column)
def test_every_item_is_whole(item):
    scale = item.scale
    assert sum(item.base) == pytest.approx(1)
    assert len(item.base) == len(scale.codes) == len(item.thresholds) + 1
    assert (np.diff(item.thresholds) > 0).all()
    assert len(item.age) == len(ADULT_AGES)
    assert item.theme in (*THEMES, "all")
    assert item.harmed in (*QUESTIONNAIRE.risk, "any")
    assert item.construct in [str(name) for name in Construct]
    assert scale.high_is in HIGH_IS
    assert not {scale.unknown - 1, scale.unknown, scale.unknown + 1} & set(scale.codes)
    fear, trust = (item.effects.get(name, 0.0) for name in ("fear", "trust"))
    assert fear**2 + trust**2 - 0.6 * fear * trust < 1
    known = {"crime", "news", "dark", "litter", "vandalism", "deprivation", "woman", "victim"}
    assert set(item.effects) <= known | {"area", "fear", "trust"}


def test_constructs_are_kept_apart_and_all_are_asked():
    asked = {item.construct for item in QUESTIONNAIRE.items}
    assert asked == {
        "safety", "worry", "perceived_risk", "behaviour", "perceived_disorder", "trust_police",
        "collective_efficacy",
    }  # fmt: skip
    safety = {(i.place, i.time) for i in QUESTIONNAIRE.items if i.construct == "safety"}
    places, times = ("home", "neighbourhood", "city"), ("day", "night")
    assert {(p, t) for p in places for t in times} <= safety


def test_every_kind_of_harm_is_asked_for_and_comes_from_offences():
    kinds = set(QUESTIONNAIRE.risk)
    assert {item.kind for item in QUESTIONNAIRE.victims} == kinds | {"any"}
    assert {harm.kind for harm in QUESTIONNAIRE.harm.values()} == kinds
    for harm in QUESTIONNAIRE.harm.values():
        assert 0 < harm.residents <= 1
        assert 0 < harm.local <= 1


def test_exactly_one_item_had_other_words_before():
    changed = [item for item in QUESTIONNAIRE.items if item.old_wording]
    assert [item.column for item in changed] == ["safe_area_dark"]
    assert changed[0].old_wording != changed[0].wording
    assert changed[0].old_shift != 0


def test_an_unknown_item_is_named():
    with pytest.raises(ValueError, match="there is no item 'fear'; items are safe_home_day"):
        QUESTIONNAIRE.item("fear")
