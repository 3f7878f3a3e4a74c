"""Files of the other witnesses, and the audit's settings that name them."""

from __future__ import annotations

import csv
import json
import tomllib

import numpy as np
import pytest

from commonlight.simulate.city import simulate_city
from commonlight.simulate.files import write_city
from commonlight.sources.importing import check_source
from commonlight.sources.mapping_files import load_mapping
from commonlight.sources.population import read_population


@pytest.fixture(scope="module")
def small():
    return simulate_city(incidents=10_000, seed=3)


@pytest.fixture(scope="module")
def folder(small, tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    write_city(small, folder, answers=1_000, earlier_wave=True)
    return folder


def _rows(folder, name):
    with (folder / f"simulated_{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ["reports", "visits", "survey", "survey_2024"])
def test_every_row_is_accepted(small, folder, name):
    result = check_source(
        folder / f"simulated_{name}.csv", load_mapping(folder / f"{name}.toml"), crs=small.crs
    )
    assert result.read == result.accepted > 400
    assert result.rejected == 0


def test_the_audit_names_sources_that_are_there(folder):
    settings = tomllib.loads((folder / "audit.toml").read_text(encoding="utf-8"))
    assert [source["name"] for source in settings["source"]] == [
        "recorded-crime", "residents-survey", "residents-reports", "site-visits",
    ]  # fmt: skip
    for source in settings["source"]:
        assert (folder / source["path"]).is_file()
        assert load_mapping(folder / source["mapping"]).kind


def test_the_margins_and_streets_that_the_audit_names_are_there(folder):
    settings = tomllib.loads((folder / "audit.toml").read_text(encoding="utf-8"))
    header = next(iter(_rows(folder, "residents")))
    for groups in settings["residents"]["groups"].values():
        columns = [column for names in groups.values() for column in names]
        assert sorted(columns) == sorted(name for name in header if name.startswith(("wo", "men")))
    assert (folder / settings["streets"]["path"]).is_file()


def test_the_earlier_wave_is_written_only_when_asked_for(small, tmp_path):
    write_city(small, tmp_path, answers=500)
    assert not (tmp_path / "simulated_survey_2024.csv").exists()


def test_margins_are_read_as_groups_of_a_population(small, folder):
    path = folder / "simulated_residents.csv"
    header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    groups = [name for name in header if name.startswith(("women_", "men_"))]
    found = read_population(
        path, area="area_code", count="adults", groups={name: name for name in groups}
    )
    assert found.codes == small.areas.codes
    assert sum(found.groups.values()) == pytest.approx(found.counts)
    people = small.perceptions().adults.reshape(48, 8)
    assert np.column_stack(list(found.groups.values())) == pytest.approx(people)


def test_problems_that_nobody_reported_are_in_the_truth_only(small, folder):
    problems, reports = _rows(folder, "truth_problems"), _rows(folder, "reports")
    assert len(problems) == len(small.problems)
    assert sum(int(row["reports"]) for row in problems) == len(reports)
    assert sum(row["reports"] == "0" for row in problems) > 1_000
    assert not {"problem", "heavy"} & set(reports[0])


def test_light_and_news_cover_all_streets_areas_and_months(small, folder):
    light = _rows(folder, "street_lighting")
    assert len(light) == len(small.plan.length)
    assert {row["lit"] for row in light} == {"yes", "no"}
    news = _rows(folder, "news")
    assert len(news) == 3 * 48 * 36
    assert (news[0]["month"], news[-1]["month"]) == ("2023-01", "2025-12")


def test_truth_holds_feelings_victims_classes_and_propensity(folder):
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert len(truth["felt"]["means"]["safe_area_dark"]) == 48
    assert len(truth["felt"]["victims"]["any"]) == 48
    assert set(truth["divergence"]) <= {"both high", "felt only", "recorded only", "both low"}
    assert len(truth["divergence"]) == len(truth["reports_per_problem"]) == 48


def test_every_row_says_that_it_is_simulated(folder):
    for path in folder.glob("simulated_*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            assert {row["simulated"] for row in csv.DictReader(file)} == {"yes"}, path.name
