"""The commands of ``commonlight sources``, as a newcomer types them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from commonlight.cli.app import app
from commonlight.cli.exits import run

MAPPING = """
kind = "incidents"
name = "thefts"
[time]
start = "date"
[place]
x = "lon"
y = "lat"
[type]
column = "type"
"""
BAD = ["never,theft,13.4,52.5", "2024-01-01,theft,0,0", "=cmd|x,theft,13.4,52.5"]


@pytest.fixture
def thefts(tmp_path: Path) -> Path:
    good = [f"2024-01-{1 + k % 28:02d},kind {k % 30},{13.4 + k / 1e4},52.5" for k in range(200)]
    (tmp_path / "thefts.csv").write_text("\n".join(["date,type,lon,lat", *good, *BAD]) + "\n")
    (tmp_path / "thefts.toml").write_text(MAPPING)
    return tmp_path


def imported(folder: Path, *more: str) -> int:
    return run(app, [
        "sources", "import", f"{folder}/thefts.csv", "-m", f"{folder}/thefts.toml",
        "--lake", f"{folder}/lake", *more,
    ])  # fmt: skip


def test_rejected_records_open_in_a_spreadsheet(thefts, capsys):
    assert imported(thefts) == 0
    said = capsys.readouterr().out
    assert f"commonlight sources rejected thefts --lake {thefts}/lake --out" in said
    out = thefts / "rejected.csv"
    arguments = ["sources", "rejected", "thefts", "--lake", f"{thefts}/lake", "--out", str(out)]
    assert run(app, arguments) == 0
    assert capsys.readouterr().out == f"Wrote 3 rejected records to {out}\n"
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    with out.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows == [
        ["file", "row", "column", "value", "reason"],
        [
            "thefts.csv",
            "202",
            "date",
            "(text of 5 characters, not kept)",
            "time in no known format",
        ],
        ["thefts.csv", "203", "lon, lat", "0, 0", "coordinates are (0, 0)"],
        [
            "thefts.csv",
            "204",
            "date",
            "(text of 6 characters, not kept)",
            "time in no known format",
        ],
    ]


def test_rejected_records_on_the_screen_and_as_json(thefts, capsys):
    assert imported(thefts, "--json") == 0
    capsys.readouterr()
    lake = ["--lake", f"{thefts}/lake"]
    assert run(app, ["sources", "rejected", "thefts", *lake]) == 0
    assert "thefts.csv  203  lon, lat  0, 0" in capsys.readouterr().out
    assert run(app, ["sources", "rejected", "thefts", *lake, "--json"]) == 0
    assert [row["row"] for row in json.loads(capsys.readouterr().out)] == [202, 203, 204]
    assert run(app, ["sources", "rejected", "burglaries", *lake]) == 6
    assert capsys.readouterr().err.count("\n") == 1


def test_a_check_can_write_the_rejected_records(thefts, capsys):
    out = thefts / "bad.csv"
    mapping = ["-m", f"{thefts}/thefts.toml"]
    arguments = ["sources", "check", f"{thefts}/thefts.csv", *mapping]
    assert run(app, arguments) == 0
    said = capsys.readouterr().out
    assert "200 accepted + 3 rejected" in said
    assert "--rejected rejected.csv" in said
    assert run(app, [*arguments, "--rejected", str(out)]) == 0
    assert out.read_text(encoding="utf-8-sig").count("\n") == 4
    assert sorted(path.name for path in thefts.iterdir()) == [
        "bad.csv",
        "thefts.csv",
        "thefts.toml",
    ]


def test_long_lists_of_types_are_cut(thefts, capsys):
    assert imported(thefts) == 0
    said = capsys.readouterr().out
    assert "and 10 more" in said
    assert said.count("kind ") == 20


def test_a_formula_stays_text(tmp_path):
    import pyarrow as pa

    from commonlight.sources.rejected_file import write_rejected

    values = ["=1+1", "-13.4", "@x", "+1", None, "plain"]
    write_rejected(pa.table({"value": pa.array(values, pa.string())}), tmp_path / "r.csv")
    lines = (tmp_path / "r.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines == ["value", "'=1+1", "-13.4", "'@x", "+1", '""', "plain"]


def test_a_guess_does_not_write_over_a_corrected_mapping(thefts, capsys):
    arguments = ["sources", "guess", f"{thefts}/thefts.csv", "--write"]
    assert run(app, [*arguments, f"{thefts}/thefts.toml"]) == 2
    assert "exists and may hold corrections" in capsys.readouterr().err
    assert (thefts / "thefts.toml").read_text() == MAPPING
    assert run(app, [*arguments, f"{thefts}/no/where.toml"]) == 5
    assert "name a file in a folder that exists" in capsys.readouterr().err
    assert run(app, [*arguments, f"{thefts}/new.toml"]) == 0
    command = f"commonlight sources check {thefts}/thefts.csv --mapping {thefts}/new.toml"
    assert command in capsys.readouterr().out
    assert run(app, command.split()[1:]) == 0


def test_a_file_with_a_strange_name_gets_a_name(thefts, capsys):
    (thefts / "thefts.csv").rename(thefts / "Diebstähle Straße (2024).csv")
    path = str(thefts / "Diebstähle Straße (2024).csv")
    mapping = ["-m", f"{thefts}/thefts.toml"]
    assert run(app, ["sources", "import", path, *mapping, "--lake", f"{thefts}/lake"]) == 0
    assert (thefts / "lake" / "Diebstahle-Strasse-2024" / "register.json").is_file()
    capsys.readouterr()


@pytest.mark.parametrize(
    "content",
    [
        "date,type,lon,lat,e-mail\n2024-01-01,theft,13.4,52.5,a@example.org\n",
        "date,type,lon\n2024-01-01,theft,13.4\n",
        "date,type,lon,lat\n2024-01-01,theft,391513,5820130\n",
        "",
    ],
)
def test_a_refused_import_leaves_no_trace(tmp_path, capsys, content):
    (tmp_path / "thefts.csv").write_text(content)
    (tmp_path / "thefts.toml").write_text(MAPPING)
    assert imported(tmp_path) in (3, 4, 5)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "thefts.csv" in said.err or "place.crs" in said.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["thefts.csv", "thefts.toml"]


def test_an_error_of_the_system_is_plain(thefts, capsys, monkeypatch):
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "/somewhere/x.csv")

    monkeypatch.setattr("commonlight.sources.guess.guess_mapping", refused)
    assert run(app, ["sources", "guess", "x.csv"]) == 5
    said = capsys.readouterr().err
    assert said == "commonlight: cannot use /somewhere/x.csv: Permission denied\n"


def test_the_list_names_the_last_day_itself(tmp_path, capsys):
    (tmp_path / "thefts.toml").write_text(MAPPING)
    lines = ["date,type,lon,lat", "2023-01,theft,13.4,52.5", "2023-12,theft,13.4,52.5"]
    (tmp_path / "thefts.csv").write_text("\n".join(lines) + "\n")
    assert imported(tmp_path) == 0
    capsys.readouterr()
    assert run(app, ["sources", "list", "--lake", f"{tmp_path}/lake", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["from"], row["to"]) == ("2023-01-01", "2023-12-31")
