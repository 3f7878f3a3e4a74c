"""From the settings of a plan to a configuration of the library."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from commonlight.web.audits.methods.configuring import (
    Pinned,
    Place,
    PlanSettingsError,
    is_main_view,
    library_settings,
    source_slugs,
)

SETTINGS: dict[str, Any] = {
    "period": ["2024-01-01", "2024-12-31"],
    "sources": [{"dataset": "crime", "noun": "thefts", "areas": "wards", "exclude_types": ["x"]}],
    "areas": [{"dataset": "wards"}],
    "population": [{"dataset": "people", "areas": "wards"}],
    "divergence": [],
    "streets": {"dataset": "roads"},
    "publish": {"minimum_count": 6, "key_file": "/etc/passwd"},
    "cell_size": None,
}
PARAMETERS = {"settings": SETTINGS, "period": SETTINGS["period"], "iccs": [], "areas": []}


def pinned(slug: str, **changes: Any) -> Pinned:
    given = {
        "slug": slug,
        "name": slug.title(),
        "noun": "",
        "publisher": "City",
        "licence": "CC0",
        "lake_version": "",
        "file": f"{slug}/file",
        **changes,
    }
    return Pinned(**given)


PINNED = {
    "crime": pinned("crime", lake_version="0001-aaaa", file="", keeps=("place_kind",)),
    "wards": pinned("wards", columns={"code": "CODE", "name": ""}, noun="wards", crs="EPSG:25832"),
    "people": pinned("people", columns={"area": "CODE", "count": "N"}, year=2023),
    "roads": pinned("roads", columns={"identifier": "seg"}),
}


def made(**changes: Any) -> dict[str, Any]:
    return library_settings(
        {**PARAMETERS, **changes},
        PINNED,
        Place(city="Lakeside", simulated=True),
        title="Audit",
        made_on=date(2025, 2, 1),
    )


def test_versions_of_the_lake_take_the_place_of_files() -> None:
    found = made()
    assert found["source"] == [
        {
            "name": "crime",
            "version": "0001-aaaa",
            "noun": "thefts",
            "areas": "wards",
            "place_kind": "place_kind",
            "exclude_types": ["x"],
        }
    ]
    assert found["areas"][0]["code"] == "CODE"
    assert "name" not in found["areas"][0]
    assert found["population"][0]["year"] == 2023
    assert found["streets"]["id"] == "seg"
    assert found["audit"]["simulated"] is True
    assert "crs" not in found["audit"]


def test_a_plan_cannot_name_a_file_of_the_computer() -> None:
    assert made()["publish"] == {"minimum_count": 6}


def test_a_view_cuts_and_only_the_whole_plan_is_the_main_view() -> None:
    assert made(iccs=["05"])["select"] == {"iccs": ["05"], "types": [], "areas": []}
    assert is_main_view(PARAMETERS)
    assert not is_main_view({**PARAMETERS, "iccs": ["05"]})
    assert not is_main_view({**PARAMETERS, "areas": ["W1"]})
    assert not is_main_view({**PARAMETERS, "period": ["2024-01-01", "2024-06-30"]})


def test_what_does_not_fit_is_said_with_the_next_step() -> None:
    with pytest.raises(PlanSettingsError, match="'gone', which is not among the inputs"):
        made(settings={**SETTINGS, "areas": [{"dataset": "gone"}]})
    with pytest.raises(PlanSettingsError, match="which column holds the code"):
        made(settings={**SETTINGS, "areas": [{"dataset": "people"}]})
    with pytest.raises(PlanSettingsError, match="holds no records"):
        made(settings={**SETTINGS, "sources": [{"dataset": "people"}]})


def test_each_source_of_the_library_is_a_data_set() -> None:
    assert source_slugs(SETTINGS) == {
        "crime": "crime",
        "boundaries-wards": "wards",
        "population-wards": "people",
        "streets": "roads",
    }
