"""A survey from export to answers, as a newcomer types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from survey_export_files import kobo_head, kobo_rows, write_csv, xlsform

from commonlight.cli.app import app
from commonlight.cli.exits import run
from commonlight.sources.answers import read_answers
from commonlight.sources.lake import Lake


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "feelings.csv"
    return write_csv(path, [kobo_head(labels=False), *kobo_rows(labels=False)])


def test_guess_check_import_and_read(export: Path, tmp_path: Path, capsys) -> None:
    form, mapping = xlsform(tmp_path / "form.xlsx"), tmp_path / "feelings.toml"
    guess = ["sources", "guess", str(export), "--structure", str(form), "--write", str(mapping)]
    assert run(app, guess) == 0
    said = capsys.readouterr().out
    assert "export of KoboToolbox" in said
    assert f"Wrote {tmp_path}/feelings.codebook.toml" in said
    assert 'codebook = "feelings.codebook.toml"' in mapping.read_text()
    assert "[keep]" not in mapping.read_text()
    assert run(app, guess) == 2
    lake = str(tmp_path / "lake")
    assert run(app, ["sources", "import", str(export), "-m", str(mapping), "--lake", lake]) == 0
    answers = read_answers(Lake(lake).open("feelings"))
    assert answers.items["dark"].missing_counts == {"does not know": 10}


def test_guess_as_json_has_the_codebook(export: Path, capsys) -> None:
    assert run(app, ["sources", "guess", str(export), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert 'name = "dark"' in found["codebook"]
    assert "_submitted_by" in found["mapping"]
