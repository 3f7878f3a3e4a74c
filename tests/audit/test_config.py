from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from commonlight.audit.config import OUTPUT_FORMATS, load_config
from commonlight.audit.errors import AuditConfigError

GOOD = """
[audit]
city = "Testham"
period = ["2023-01-01", "2023-12-31"]
made_on = "2024-02-01"
crs = "EPSG:25832"

[[source]]
name = "thefts"
noun = "thefts"
path = "thefts.csv"
mapping = "thefts.toml"

[areas]
path = "areas.geojson"
code = "code"

[population]
path = "people.csv"
area = "code"
count = "n"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("thefts.csv", "thefts.toml", "areas.geojson", "people.csv"):
        (tmp_path / name).write_text("x\n")
    return tmp_path


def write(folder: Path, text: str) -> Path:
    path = folder / "audit.toml"
    path.write_text(text)
    return path


def test_a_complete_file_is_read_with_paths_beside_it(folder: Path) -> None:
    config = load_config(write(folder, GOOD))
    assert config.city == "Testham"
    assert config.period == (date(2023, 1, 1), date(2023, 12, 31))
    assert config.made_on == date(2024, 2, 1)
    assert config.sources[0].paths == (folder / "thefts.csv",)
    assert config.sources[0].areas == "areas"
    assert config.population[0].areas == "areas"
    assert config.formats == OUTPUT_FORMATS
    assert not config.simulated


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('city = "Testham"', "", "city must be a text"),
        ('city = "Testham"', 'citty = "Testham"', "did you mean 'city'"),
        ('["2023-01-01", "2023-12-31"]', '["2023-12-31", "2023-01-01"]', "before it starts"),
        ('["2023-01-01", "2023-12-31"]', '["2023-13-01", "2023-12-31"]', "must be a day"),
        ('["2023-01-01", "2023-12-31"]', '"2023"', "period is missing"),
        ('path = "thefts.csv"', 'path = "gone.csv"', "gone.csv is not there"),
        ('mapping = "thefts.toml"', "", "either mapping"),
        ('mapping = "thefts.toml"', 'mapping = "thefts.toml"\npreset = "x"', "either mapping"),
        ('noun = "thefts"', 'areas = "wards"', "'wards' is not one of areas"),
        ("[areas]", '[output]\nformats = ["docx"]\n\n[areas]', "choose from html, pdf, data"),
        ("[areas]", "[aereas]", "unknown key 'aereas'; did you mean 'areas'"),
    ],
)
def test_what_is_wrong_is_named_with_the_file(
    folder: Path, old: str, new: str, expected: str
) -> None:
    path = write(folder, GOOD.replace(old, new))
    with pytest.raises(AuditConfigError, match=expected) as caught:
        load_config(path)
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AuditConfigError, match="no such file"):
        load_config(tmp_path / "gone.toml")


def test_a_file_that_is_not_toml(tmp_path: Path) -> None:
    with pytest.raises(AuditConfigError, match="not a TOML file"):
        load_config(write(tmp_path, "city: Testham"))


def test_sources_need_names_of_their_own(folder: Path) -> None:
    second = '\n[[source]]\nname = "thefts"\npath = "thefts.csv"\nmapping = "thefts.toml"\n'
    with pytest.raises(AuditConfigError, match="two sections are called 'thefts'"):
        load_config(write(folder, GOOD + second))


@pytest.mark.parametrize("path", sorted(Path(__file__).parents[2].glob("examples/*.toml")))
def test_every_example_is_a_valid_configuration(path: Path, shared_data: Path) -> None:
    assert load_config(path).sources


PUBLISH = """
[publish]
minimum_count = 10
reason = "Decided by the steering group."
smallest_cell = 500
blocks = ["context", "problems"]
allow = ["Campo del Ghetto"]
key_file = "secret.txt"
"""


def test_what_may_be_published_is_read(tmp_path: Path) -> None:
    rules = load_config(minimal(tmp_path, PUBLISH)).publish
    assert (rules.minimum_count, rules.smallest_cell) == (10, 500)
    assert rules.reason == "Decided by the steering group."
    assert [block.value for block in rules.blocks] == ["context", "problems"]
    assert rules.allow == ("Campo del Ghetto",)
    assert rules.key_file == tmp_path / "secret.txt"
    assert load_config(minimal(tmp_path, "")).publish.minimum_count == 5


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("minimum_count = 1", "from 2 to 1000; got 1"),
        ('minimum_count = "5"', "minimum_count must be a number; got '5'"),
        ('key = "0123456789abcdef"', "the secret of rounding must not stand in a configuration"),
        ('blocks = ["crime"]', "blocks holds 'crime'; choose from context"),
        ("minimum = 5", "unknown key 'minimum'; did you mean 'minimum_count'?"),
    ],
)
def test_rules_of_publishing_that_cannot_be_used(tmp_path: Path, given: str, said: str) -> None:
    with pytest.raises(AuditConfigError, match=re.escape(said)):
        load_config(minimal(tmp_path, f"[publish]\n{given}\n"))


def minimal(folder: Path, more: str) -> Path:
    (folder / "thefts.csv").write_text("x\n")
    path = folder / "audit.toml"
    path.write_text(
        '[audit]\ncity = "Testham"\nperiod = ["2024-01-01", "2024-12-31"]\n'
        '[[source]]\nname = "thefts"\npath = "thefts.csv"\npreset = "police-uk"\n' + more
    )
    return path


WITNESSES = """
[[residents]]
path = "people.csv"
area = "code"
year = 2023
[residents.groups.sex]
women = "females"
men = ["males_young", "males_old"]

[[divergence]]
recorded = "thefts"
felt = "survey.near"

[[divergence]]
recorded = "survey.victim"
felt = "survey.near"

[similar]
path = "people.csv"
area = "code"
variables = ["flats", "bars"]

[streets]
path = "streets.geojson"
id = "segment"
noun = "streets"
"""


def test_witnesses_beside_the_records_are_read(folder: Path) -> None:
    (folder / "streets.geojson").write_text("x\n")
    text = GOOD.replace('noun = "thefts"', 'noun = "thefts"\ngroups = ["sex", "tenure"]')
    config = load_config(write(folder, text + WITNESSES))
    assert config.sources[0].groups == ("sex", "tenure")
    (residents,) = config.residents
    assert residents.areas == "areas"
    assert residents.groups == {"sex": {"women": ("females",), "men": ("males_young", "males_old")}}
    assert [(pair.recorded, pair.felt) for pair in config.divergence] == [
        ("thefts", "survey.near"),
        ("survey.victim", "survey.near"),
    ]
    (similar,) = config.similar
    assert (similar.areas, similar.variables) == ("areas", ("flats", "bars"))
    assert config.streets is not None
    assert (config.streets.path, config.streets.id, config.streets.noun) == (
        folder / "streets.geojson",
        "segment",
        "streets",
    )


def test_without_them_there_are_none(folder: Path) -> None:
    config = load_config(write(folder, GOOD))
    assert config.sources[0].groups == ()
    assert (config.residents, config.divergence, config.similar) == ((), (), ())
    assert config.streets is None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('[residents.groups.sex]\nwomen = "females"', "[other]", "unknown key 'other'"),
        ('women = "females"\nmen = ["males_young", "males_old"]', "", "groups is missing"),
        ("[residents.groups.sex]", "[residents.gruops.sex]", "did you mean 'groups'"),
        ("[residents.groups.sex]", "[residents.groups]", "groups is missing; write one table"),
        ('felt = "survey.near"\n\n[[divergence]]', "[[divergence]]", "felt must be a text"),
        ('recorded = "thefts"\n', "", "recorded must be a text"),
        ('variables = ["flats", "bars"]', 'variables = ["flats"]', "two or more columns"),
        ('variables = ["flats", "bars"]', 'variables = "flats"', "two or more columns"),
        ('variables = ["flats", "bars"]', "", "two or more columns; got None"),
        ('path = "streets.geojson"', 'path = "gone.geojson"', "gone.geojson is not there"),
        ('path = "streets.geojson"\n', "", "path must be a text"),
        ('noun = "streets"', 'nuon = "streets"', "did you mean 'noun'"),
        ("[similar]", '[similar]\nareas = "wards"', "'wards' is not one of areas"),
    ],
)
def test_what_is_wrong_with_a_witness_is_named(
    folder: Path, old: str, new: str, expected: str
) -> None:
    (folder / "streets.geojson").write_text("x\n")
    assert old in WITNESSES
    path = write(folder, GOOD + WITNESSES.replace(old, new))
    with pytest.raises(AuditConfigError, match=expected) as caught:
        load_config(path)
    assert str(path) in str(caught.value)
