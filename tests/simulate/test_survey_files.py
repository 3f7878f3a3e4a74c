"""The survey's files: read by the same import as any city's, and the same answers after it."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from commonlight.simulate.survey_files import survey_codebook, survey_mapping, write_survey
from commonlight.sources.answers import read_answers
from commonlight.sources.codebook import Construct, load_codebook
from commonlight.sources.importing import import_source
from commonlight.sources.lake import Lake
from commonlight.sources.mapping_files import load_mapping


@pytest.fixture(scope="module")
def survey(city):
    return city.survey(answers=2_000, seed=2)


@pytest.fixture(scope="module")
def folder(city, survey, tmp_path_factory):
    folder = tmp_path_factory.mktemp("survey")
    write_survey(survey, city.areas.codes, folder, city=city.name)
    return folder


@pytest.fixture(scope="module")
def answers(folder, tmp_path_factory):
    lake = Lake(tmp_path_factory.mktemp("lake"))
    mapping = load_mapping(folder / "survey.toml")
    import_source(folder / "simulated_survey.csv", mapping, lake=lake, name="survey")
    return read_answers(lake.open("survey"))


def test_every_answer_comes_back(survey, answers):
    assert answers.n == len(survey)
    assert answers.weight == pytest.approx(survey.weight, abs=1e-4)
    for column, values in survey.values.items():
        item = answers.items[column]
        if item.item.construct == Construct.VICTIMISATION:
            assert np.array_equal(item.share(), values, equal_nan=True)
        else:
            assert np.array_equal(item.values, values, equal_nan=True)
        assert set(item.meanings) <= {"does not know", "no answer", "not asked", "empty"} | {
            "not in the codebook"
        }
        assert item.missing_counts.get("not in the codebook", 0) == 0


def test_design_comes_back(city, survey, answers):
    assert answers.weighted
    assert answers.stratum.labels == city.areas.codes
    assert answers.area.labels == city.areas.codes
    assert (answers.area.codes == survey.area).all()
    assert (answers.stratum.codes == survey.stratum).all()
    assert len(answers.cluster.labels) == len(np.unique(survey.cluster))
    # A correction for the streets alone would make standard errors too small.
    assert answers.stratum_population is None
    assert (answers.day == survey.day).all()


def test_groups_come_back(survey, answers):
    assert answers.groups["sex"].labels == ("women", "men")
    assert (answers.groups["sex"].codes == survey.sex).all()
    assert (answers.groups["age"].codes == survey.age).all()
    assert (answers.groups["mode"].codes == survey.telephone).all()


def test_shares_are_those_of_concern(city, survey, answers):
    for item in survey.perceptions.questionnaire.items:
        if item.scale.labels:
            share, values = answers.items[item.column].share(), survey.values[item.column]
            known = ~np.isnan(values)
            assert (share[known] == np.isin(values[known], item.scale.concern)).all()


def test_the_older_wave_has_other_words_for_one_item(city, survey):
    new = survey_codebook(survey, city.name)
    old = survey_codebook(city.survey(answers=500, year=2024, old_wording=True), city.name)
    assert (old.wave, new.wave) == ("2024", "2025")
    assert old.name == new.name
    changed = [a.name for a, b in zip(old.items, new.items, strict=True) if a.wording != b.wording]
    assert changed == ["safe_area_dark"]
    assert old.item("safe_area_dark").wording_version == "1"
    assert new.item("safe_area_dark").wording_version == "2"


def test_the_night_walk_keeps_the_name_under_which_evidence_criticises_it(folder):
    item = load_codebook(folder / "survey-codebook.toml").item("safe_area_dark")
    assert item.item_id == "safety_alone_dark"
    assert item.construct == Construct.SAFETY


def test_fears_are_asked_before_victimisation(folder):
    constructs = [item.construct for item in load_codebook(folder / "survey-codebook.toml").items]
    first = constructs.index(Construct.VICTIMISATION)
    assert set(constructs[first:]) == {Construct.VICTIMISATION}


def test_every_row_and_file_is_marked(folder):
    with (folder / "simulated_survey.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["simulated"] for row in rows} == {"yes"}
    assert all(row["answer_no"].startswith("SIM-") for row in rows)
    for name in ("survey.toml", "survey-codebook.toml"):
        assert (folder / name).read_text(encoding="utf-8").startswith("# SIMULATED")


def test_mapping_is_the_one_written(city, folder):
    written = load_mapping(folder / "survey.toml")
    made = survey_mapping(city.name, "survey-codebook.toml")
    assert (written.weight, written.stratum, written.cluster) == (
        made.weight,
        made.stratum,
        made.cluster,
    )
