"""The files agree with the material that they were made from, but for what is listed here."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import yaml

from commonlight.evidence.room import load_room

FIGURES = ("value", "ci_low", "ci_high", "n_studies")

#: Rows whose printed ends stand in the note of the material, or that were read in the abstract.
READ_SINCE = {
    "community_policing__perceived_disorder",
    "cardiff_model__recorded_woundings",
    "becoming_a_man__arrests",
    "becoming_a_man__violent_arrests",
    "becoming_a_man__graduation",
    "anti_bullying__perpetration",
    "anti_bullying__victimisation",
    "anti_bullying__perpetration_2011",
    "anti_bullying__victimisation_2011",
    "restorative_conferencing__bc_uk",
}
#: Rows where the material counted the studies of the whole review, not of the row.
COUNT_TAKEN_OUT = {
    "hot_spots_policing__displacement",
    "disorder_policing_problem_solving__crime_problem_solving",
    "aggressive_order_maintenance__crime",
    "aggressive_order_maintenance__crime_2015",
    "fear_of_crime_environment__home_security",
    "fear_of_crime_environment__lighting_cctv_regeneration",
}


@pytest.fixture(scope="module")
def compiled(shared_data: Path) -> Any:
    """Read one of the files of the material."""

    def read(name: str) -> Any:
        path = shared_data.parent / "knowledge" / f"{name}.yaml"
        if not path.is_file():
            pytest.skip(f"needs {path.name}, which is not there")
        return yaml.safe_load(path.read_text(encoding="utf-8"))

    return read


def test_every_figure_and_mark_is_the_given_one_or_listed(compiled: Any) -> None:
    practices = load_room().practices.practices
    rows = compiled("interventions")["interventions"]
    assert {one["id"] for one in rows} == set(practices)
    added, taken = set(), set()
    for given in rows:
        for before, effect in zip(given["effect"], practices[given["id"]].effects, strict=False):
            assert (before["source"], before["confidence"]) == (effect.source, effect.confidence)
            for name in FIGURES:
                old, new = before[name], getattr(effect, name)
                if old is None and new is not None:
                    added.add(effect.id)
                elif old is not None and new is None:
                    taken.add(effect.id)
                    assert name == "n_studies"
                else:
                    assert old == new, (effect.id, name)
    assert added == READ_SINCE
    assert taken == COUNT_TAKEN_OUT


def test_no_source_lost_its_mark(compiled: Any) -> None:
    sources = load_room().practices.sources
    for ref, given in compiled("interventions")["source_registry"].items():
        assert sources[ref].confidence == given["confidence"]
        assert (sources[ref].title, sources[ref].year) == (given["title"], given["year"])


def test_every_statement_is_the_given_one(compiled: Any) -> None:
    found = load_room().statements.statements
    rows = compiled("statements")
    assert {one["id"] for one in rows} == set(found)
    for given in rows:
        one = found[given["id"]]
        assert one.statement == given["statement"]
        assert one.title == given["title"]
        assert one.kind == given["kind"]
        assert list(one.focus_areas) == given["focus_areas"]
        assert one.implication == given["implication_for_practice"]
        assert (one.source_url, one.year) == (given["source_url"], given["year"])


def test_every_unit_cost_is_the_given_one(compiled: Any) -> None:
    room = load_room().unit_costs
    shipped = [(one.amount, one.component) for one in room.costs.values()]
    shipped += [(one.amount, None) for one in room.measure_costs.values()]
    given = [
        (row.get("unit_cost", row.get("cost")), row.get("component"))
        for each in compiled("unit_costs")["unit_costs"]
        for row in [*each.get("costs", ()), *each.get("components", ())]
    ]
    for amount, component in given:
        assert amount is None or (amount, component) in shipped


def test_pooled_sizes_agree_with_the_counts_of_the_trials(compiled: Any) -> None:
    """Scared Straight: 1.68 (1.20 to 2.36), fixed effect, as the review of 2013 prints it.

    The one on therapy is our own computation from published counts, by restricted likelihood.
    """
    cases = {one["id"]: one for one in compiled("metaanalysis_cases")["cases"]}
    effects = {
        effect.id: effect
        for one in load_room().practices.practices.values()
        for effect in one.effects
    }
    printed = cases["scared_straight_2013"]["published"]
    found = effects["scared_straight__reoffending_fixed"]
    ends = (printed["estimate"], printed["ci_low"], printed["ci_high"])
    assert (found.value, found.ci_low, found.ci_high) == ends
    fits = cases["landenberger_lipsey_2005_cbt"]["computed_reference"]["fits"]
    pooled = math.exp(fits["REML"]["estimate"])
    assert effects["cbt_offenders__non_recidivism"].value == round(pooled, 2)
