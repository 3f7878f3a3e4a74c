from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from commonlight.audit.config import (
    AreasConfig,
    AuditConfig,
    PopulationConfig,
    ResidentsConfig,
    SimilarConfig,
    SourceConfig,
)
from commonlight.audit.errors import AuditConfigError
from commonlight.audit.gaps import one_sided
from commonlight.audit.intake import MARGIN, Intake, take_in
from commonlight.findings.model import SourceNote
from commonlight.sources.errors import MappingError

MAPPING = """
kind = "incidents"
name = "Thefts"
publisher = "Police of Testham"
time = { start = "at", formats = ["%Y-%m-%d %H:%M"] }
place = { x = "lon", y = "lat", crs = "EPSG:4326" }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two areas beside each other at 10 degrees east, 50 degrees north."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": name},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[w, 50.0], [w + 0.1, 50.0], [w + 0.1, 50.1], [w, 50.1], [w, 50.0]]
                ],
            },
        }
        for code, name, w in (("A", "Alder", 10.0), ("B", "Birch", 10.1))
    ]
    (tmp_path / "areas.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features})
    )
    rows = ["2023-05-01 10:00,10.05,50.05"] * 3 + ["2023-06-30 23:00,10.15,50.05"]
    (tmp_path / "a.csv").write_text("at,lon,lat\n" + "\n".join(rows) + "\n")
    (tmp_path / "b.csv").write_text("at,lon,lat\n2023-07-01 10:00,10.05,50.05\n")
    (tmp_path / "m.toml").write_text(MAPPING)
    (tmp_path / "people.csv").write_text("code,name,n\nA,Alder,1000\nB,Birch,-\nC,Cedar,5\n")
    return tmp_path


def taken(folder: Path, **changes: Any) -> Intake:
    values: dict[str, Any] = {
        "city": "Testham",
        "period": (date(2023, 1, 1), date(2023, 12, 31)),
        "made_on": date(2024, 1, 31),
        "sources": (
            SourceConfig(
                name="thefts",
                paths=(folder / "a.csv",),
                mapping=str(folder / "m.toml"),
                areas="areas",
            ),
        ),
        "areas": (
            AreasConfig(name="areas", path=folder / "areas.geojson", code="code", label="name"),
        ),
    }
    config = AuditConfig(**(values | changes))
    return take_in(config, lake=folder / "lake", progress=lambda *_: None)


def people(folder: Path, **changes: Any) -> PopulationConfig:
    values: dict[str, Any] = {
        "areas": "areas",
        "path": folder / "people.csv",
        "area": "code",
        "count": "n",
    }
    return PopulationConfig(**(values | changes))


def note(intake: Intake, kind: str) -> SourceNote:
    return next(item for item in intake.sources if item.kind == kind)


def test_points_fall_into_their_areas(folder: Path) -> None:
    layer = taken(folder).layers[0]
    assert layer.area_counts().tolist() == [3, 1]
    assert layer.areas is not None
    assert layer.areas.labels == ("Alder", "Birch")


def test_a_projected_system_is_chosen_from_the_areas(folder: Path) -> None:
    """10 degrees east in Europe lies in zone 32 (6 to 12 degrees)."""
    intake = taken(folder)
    assert intake.crs == "EPSG:25832"
    # 0.1 by 0.1 degrees at 50 N: about 7.17 by 11.12 km.
    assert intake.areas[0].polygons[0].area == pytest.approx(7_168 * 11_123, rel=0.005)
    x = intake.layers[0].x
    assert np.ptp(x) == pytest.approx(7_165, rel=0.005)


def test_points_far_outside_all_areas_are_rejected_those_near_are_kept(folder: Path) -> None:
    near = 10.0 - 0.8 * MARGIN / 71_700  # west of Alder; a degree is 71.7 km here
    far = 10.0 - 1.2 * MARGIN / 71_700
    with (folder / "a.csv").open("a") as file:
        file.write(f"2023-05-02 10:00,{near},50.05\n2023-05-03 10:00,{far},50.05\n")
    intake = taken(folder)
    assert intake.sources[0].rejected_reasons == {"outside the study area": 1}
    assert intake.layers[0].outside_areas == 1


def test_the_age_of_a_source_is_that_of_its_last_record(folder: Path) -> None:
    thefts = note(taken(folder), "incidents")
    assert (thefts.first_day, thefts.last_day) == (date(2023, 5, 1), date(2023, 6, 30))
    assert thefts.age_days == 215
    assert thefts.rows_read == 4


def test_several_files_are_one_source(folder: Path) -> None:
    source = SourceConfig(
        name="thefts", paths=(folder / "a.csv", folder / "b.csv"), mapping=str(folder / "m.toml")
    )
    thefts = note(taken(folder, sources=(source,)), "incidents")
    assert thefts.rows_read == 5
    assert thefts.digest.startswith("2 files, first sha256 ")
    alone = note(taken(folder), "incidents")
    assert alone.digest.startswith("sha256 ")
    assert alone.digest[7:] in thefts.digest


def test_every_row_of_the_residents_is_accounted_for(folder: Path) -> None:
    intake = taken(folder, population=(people(folder, year=2022),))
    table = note(intake, "population")
    assert (table.rows_read, table.rows_accepted, table.rows_rejected) == (3, 1, 2)
    assert table.rejected_reasons == {
        "no area has this code": 1,
        "no count of residents is given": 1,
    }
    assert table.last_day == date(2022, 12, 31)
    assert table.age_days == 396
    assert table.witness == "statistics"
    assert intake.areas[0].unmatched_population == ("C",)
    assert np.isnan(intake.areas[0].population[1])


def test_areas_without_a_map_take_their_names_from_the_table(folder: Path) -> None:
    intake = taken(folder, areas=(), crs="EPSG:25832", population=(people(folder, label="name"),))
    areas = intake.areas[0]
    assert not areas.mapped
    assert areas.labels == ("Alder", "Birch", "Cedar")
    assert note(intake, "population").rows_read == 3


def test_a_column_of_names_that_is_not_there_is_said(folder: Path) -> None:
    with pytest.raises(AuditConfigError, match="has no column 'title'; it has code, name and n"):
        taken(folder, areas=(), crs="EPSG:25832", population=(people(folder, label="title"),))


def test_a_column_of_counts_that_is_not_there_is_said(folder: Path) -> None:
    with pytest.raises(MappingError, match="no column 'persons'"):
        taken(folder, population=(people(folder, count="persons"),))


def test_the_lake_keeps_what_was_read(folder: Path) -> None:
    from commonlight.sources.lake import Lake

    taken(folder)
    taken(folder)
    lake = Lake(folder / "lake")
    assert lake.names() == ["thefts"] or tuple(lake.names()) == ("thefts",)
    assert lake.open("thefts").table().num_rows == 4
    assert len(lake.versions("thefts")) == 1


# Other witnesses

CODEBOOK = """
name = "Survey of Testham"
wave = "2023"
[groups.sex]
column = "sex"
labels = { 1 = "women", 2 = "men" }
[[item]]
name = "near"
column = "near"
construct = "safety"
wording = "How safe do you feel here?"
scale = "0 to 10"
lowest = 0
highest = 10
high_is = "safe"
[item.missing]
99 = "no answer"
"""
SURVEY = """
kind = "answers"
name = "Survey of Testham"
publisher = "Testham"
witness = "survey"
weight = "w"
codebook = "codebook.toml"
[time]
start = "day"
formats = ["%Y-%m-%d"]
[place]
area = "code"
"""


@pytest.fixture
def asked(folder: Path) -> Path:
    (folder / "codebook.toml").write_text(CODEBOOK)
    (folder / "survey.toml").write_text(SURVEY)
    rows = [f"2023-05-0{1 + k % 9},{'AB'[k % 2]},{k % 11},{1 + k % 2},1.5" for k in range(80)]
    (folder / "answers.csv").write_text("day,code,near,sex,w\n" + "\n".join(rows) + "\n")
    (folder / "groups.csv").write_text("code,f,m_young,m_old\nA,10,4,5\nC,1,1,1\n")
    return folder


def survey_source(folder: Path, **more: Any) -> SourceConfig:
    return SourceConfig(
        name="survey",
        paths=(folder / "answers.csv",),
        mapping=str(folder / "survey.toml"),
        areas="areas",
        **more,
    )


def test_a_survey_becomes_answers_with_areas_and_weights(asked: Path) -> None:
    intake = taken(asked, sources=(survey_source(asked),))
    (survey,) = intake.surveys
    assert intake.layers == ()
    assert survey.n == 80
    assert survey.noun == "residents"
    assert survey.answers.weighted
    assert np.bincount(survey.area).tolist() == [40, 40]
    assert survey.areas is intake.areas[0]
    assert survey.compared == ("sex", "gender", "age", "age_group")
    assert survey.source.witness == "survey"
    (named,) = taken(
        asked, sources=(survey_source(asked, groups=("tenure",), noun="tenants"),)
    ).surveys
    assert (named.compared, named.noun) == (("tenure",), "tenants")


def test_residents_by_group_are_added_up_in_the_order_of_the_areas(asked: Path) -> None:
    residents = ResidentsConfig(
        areas="areas",
        path=asked / "groups.csv",
        area="code",
        groups={"sex": {"women": ("f",), "men": ("m_young", "m_old")}},
        year=2022,
    )
    intake = taken(asked, sources=(survey_source(asked),), residents=(residents,))
    groups = intake.areas[0].groups["sex"]
    assert groups["women"][0] == 10
    assert groups["men"][0] == 9
    assert np.isnan(groups["men"][1])
    assert intake.surveys[0].areas is intake.areas[0]
    note = next(note for note in intake.sources if note.id == "residents-areas")
    assert (note.kind, note.witness) == ("residents", "statistics")


def test_a_survey_without_a_usable_answer_is_a_source_and_no_layer(asked: Path) -> None:
    (asked / "answers.csv").write_text("day,code,near,sex,w\nnever,A,5,1,1\n")
    intake = taken(asked, sources=(survey_source(asked),))
    assert intake.surveys == ()
    note = next(note for note in intake.sources if note.id == "survey")
    assert (note.rows_read, note.rows_accepted) == (1, 0)
    assert one_sided(intake)


def test_variables_that_areas_are_compared_by_follow_the_areas(asked: Path) -> None:
    (asked / "vars.csv").write_text("code,flats,bars\nB,0.5,3\nZ,9,9\n")
    similar = SimilarConfig(
        areas="areas", path=asked / "vars.csv", area="code", variables=("flats", "bars")
    )
    found = taken(asked, similar=(similar,)).variables["areas"]
    assert found.names == ("flats", "bars")
    assert np.isnan(found.values[0]).all()
    assert found.values[1].tolist() == [0.5, 3.0]
    assert found.source == "variables-areas"
