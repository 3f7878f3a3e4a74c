from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commonlight.cli.analyse import METHODS
from commonlight.sources.lake import Lake

Cli = Callable[..., Any]


def test_every_method_of_the_room_can_be_called() -> None:
    from commonlight.audit.single.run import METHODS as OF_THE_ROOM

    assert set(METHODS) == {*OF_THE_ROOM, "survey"}


@pytest.mark.parametrize("method", METHODS)
def test_every_method_answers_in_words_and_as_json(
    method: str, cli: Cli, lake: Path, city: Path
) -> None:
    table = "survey" if method == "survey" else "crime"
    more = {
        "segments": ("--streets", city / "simulated_streets.geojson"),
        "survey": ("--item", "safety_area", "--by", "age"),
    }.get(method, ())
    asked = ("analyse", method, table, "--lake", lake, "--permutations", 99, *more)
    said = cli(*asked)
    assert said.code == 0
    assert said.err == ""
    assert said.out.strip()
    first, second = cli(*asked, "--json"), cli(*asked, "--json")
    assert first.code == 0
    assert first.json
    assert first.out == second.out  # same seed, same result


def test_a_parquet_file_gives_the_same_as_the_lake(cli: Cli, lake: Path, tmp_path: Path) -> None:
    path = tmp_path / "crime.parquet"
    pq.write_table(Lake(lake).open("crime").table(), path)
    from_file = cli("analyse", "trend", path, "--json")
    assert from_file.code == 0
    assert from_file.json == cli("analyse", "trend", "crime", "--lake", lake, "--json").json


def test_one_kind_alone(cli: Cli, lake: Path) -> None:
    table = Lake(lake).open("crime").table(columns=["type"])
    wanted = table.column("type").cast(pa.string()).to_pylist().count("Dwelling burglary")
    said = cli(
        "analyse", "near-repeat", "crime", "--lake", lake, "--kind", "Dwelling burglary",
        "--permutations", 99, "--json",
    )  # fmt: skip
    assert said.json["n_points"] == wanted
    gone = cli("analyse", "trend", "crime", "--lake", lake, "--kind", "Piracy")
    assert gone.code == 7
    assert "Dwelling burglary" in gone.line


def test_the_bands_of_a_table_may_be_chosen(cli: Cli, lake: Path) -> None:
    said = cli(
        "analyse", "near-repeat", "crime", "--lake", lake, "--distance", "0,250,500",
        "--days", "0,10,20", "--permutations", 19, "--json",
    )  # fmt: skip
    assert said.json["distance_edges"][:3] == [0, 250, 500]
    assert said.json["permutations"] == 19
    wrong = cli("analyse", "near-repeat", "crime", "--lake", lake, "--distance", "near")
    assert wrong.code == 2
    assert "--distance takes numbers" in wrong.line


def test_an_unknown_method_is_a_wrong_command(cli: Cli, lake: Path) -> None:
    said = cli("analyse", "astrology", "crime", "--lake", lake)
    assert said.code == 2
    assert "near-repeat" in said.line


def test_an_unknown_name_in_the_lake(cli: Cli, lake: Path) -> None:
    said = cli("analyse", "trend", "gone", "--lake", lake)
    assert said.code == 6
    assert "'gone'" in said.line


def test_a_parquet_file_that_is_not_there_or_of_another_kind(cli: Cli, tmp_path: Path) -> None:
    said = cli("analyse", "trend", tmp_path / "gone.parquet")
    assert said.code == 5
    path = tmp_path / "other.parquet"
    pq.write_table(pa.table({"a": [1, 2]}), path)
    said = cli("analyse", "trend", path)
    assert said.code == 7
    assert "not in the incidents schema" in said.line
    (tmp_path / "bad.parquet").write_text("no parquet")
    said = cli("analyse", "trend", tmp_path / "bad.parquet")
    assert said.code == 5
    assert "bad.parquet" in said.line


def test_data_that_do_not_allow_the_method(cli: Cli, lake: Path, tmp_path: Path) -> None:
    table = Lake(lake).open("crime").table()
    path = tmp_path / "few.parquet"
    pq.write_table(table.slice(0, 5), path)
    for method in ("trend", "season", "exceptions", "near-repeat", "hot-spots"):
        said = cli("analyse", method, path)
        assert said.code == 7, method
        assert said.line
    empty = tmp_path / "empty.parquet"
    pq.write_table(table.slice(0, 0), empty)
    assert cli("analyse", "trend", empty).code == 7


def test_near_repeats_along_streets_are_no_more_than_in_a_straight_line(
    cli: Cli, lake: Path, city: Path
) -> None:
    asked = ("analyse", "near-repeat", "crime", "--lake", lake, "--permutations", 19, "--json")
    asked = (*asked, "--distance", "0,200,400")
    straight = cli(*asked).json
    along = cli(*asked, "--streets", city / "simulated_streets.geojson").json
    assert along["metric"] == "network"
    assert 0 < sum(along["n_pairs"]) < sum(straight["n_pairs"])


def test_segments_need_streets_and_count_every_incident(cli: Cli, lake: Path, city: Path) -> None:
    without = cli("analyse", "segments", "crime", "--lake", lake)
    assert (without.code, "--streets FILE" in without.line) == (7, True)
    said = cli(
        "analyse", "segments", "crime", "--lake", lake, "--json",
        "--streets", city / "simulated_streets.geojson",
    )  # fmt: skip
    n = cli("analyse", "near-repeat", "crime", "--lake", lake, "--json").json["n_points"]
    assert sum(said.json["count"]) + said.json["on_no_street"] == n


def test_an_unknown_question_or_group_lists_those_there_are(cli: Cli, lake: Path) -> None:
    said = cli("analyse", "survey", "survey", "--lake", lake, "--item", "happiness")
    assert (said.code, "safety_area" in said.line) == (7, True)
    said = cli("analyse", "survey", "survey", "--lake", lake, "--item", "safety_area", "--by", "x")
    assert (said.code, "age" in said.line) == (7, True)
    said = cli("analyse", "survey", "poll", "--lake", lake, "--item", "safety_area")
    assert (said.code, "no data set 'poll'" in said.line) == (6, True)
