"""Unit costs: not found is not zero, and a secondary figure is marked."""

from __future__ import annotations

from commonlight.evidence.room import load_room


def test_a_cost_that_was_not_found_has_no_amount() -> None:
    costs = load_room().unit_costs.costs.values()
    missing = [one for one in costs if one.amount is None]
    assert len(missing) == 10
    assert {one.confidence for one in missing} == {"not_found"}
    assert all(one.amount is None or one.amount > 0 for one in costs)


def test_every_cost_has_prices_of_a_year_and_a_source() -> None:
    found = load_room().unit_costs
    for one in found.costs.values():
        assert one.price_year == found.sets[one.set].price_year
        assert one.currency == found.sets[one.set].currency
        assert one.source in found.sources


def test_the_think_tank_table_is_secondary() -> None:
    found = load_room().unit_costs
    assert found.of_set("home_office_2018")
    assert {one.confidence for one in found.of_set("home_office_2018")} == {
        "secondary",
        "not_found",
    }
