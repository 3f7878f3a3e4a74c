"""A workspace leaves as a folder of open formats."""

import json

from commonlight.web.portability.export import export_workspace
from commonlight.web.portability.manifest import check_folder, files_below, read_manifest
from commonlight.web.portability.shapes import shapes, unknown_fields


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_field_of_every_model_travels_or_is_left_out_with_a_reason():
    assert unknown_fields() == []


def test_a_field_nobody_told_the_export_of_is_noticed(monkeypatch):
    shape = next(one for one in shapes() if one.name == "organisations")
    monkeypatch.delitem(shape.fields, "public_contact")
    assert unknown_fields() == ["workspaces.Organisation.public_contact"]


def test_every_table_has_rows_and_no_row_has_a_number_of_the_database(full_city, tmp_path):
    export_workspace(full_city, tmp_path / "out")
    for shape in shapes():
        rows = lines(tmp_path / "out" / "tables" / f"{shape.name}.jsonl")
        assert rows, shape.name
        assert not {"id", "pk", "workspace"} & set(rows[0])
        for name in shape.fields:
            if shape.field(name).many_to_one:
                given = [row[name] for row in rows if row[name] is not None]
                single = len(shape.field(name).related_model._meta.pk.name) and given
                assert all(isinstance(one, str | int | list) for one in single)


def test_the_manifest_lists_every_file(full_city, tmp_path):
    facts = export_workspace(full_city, tmp_path / "out")
    manifest = read_manifest(tmp_path / "out", "commonlight.workspace/1")
    check_folder(tmp_path / "out", manifest)
    assert facts["files"] == len(files_below(tmp_path / "out")) - 1
    assert {"lake/burglary/register.json", "files/areas/districts.geojson"} <= set(
        manifest["files"]
    )


def test_no_secret_travels(full_city, people, tmp_path):
    export_workspace(full_city, tmp_path / "out")
    text = "".join(
        (tmp_path / "out" / name).read_text("utf-8", "replace")
        for name in files_below(tmp_path / "out")
    )
    assert people["analyst"].password not in text
    assert "c" * 64 not in text


def test_the_stranger_and_the_other_city_stay_out(full_city, tmp_path):
    export_workspace(full_city, tmp_path / "out")
    text = "".join(
        (tmp_path / "out" / name).read_text("utf-8", "replace")
        for name in files_below(tmp_path / "out")
    )
    assert "stranger" not in text.lower()
    assert "Elsewhere" not in text


def test_the_export_is_logged_after_it_was_written(full_city, tmp_path, actor_of):
    from commonlight.web.eventlog.models import Event

    export_workspace(full_city, tmp_path / "out", actor=actor_of("coordinator"))
    event = Event.objects.filter(chain="lakeside").latest("number")
    assert (event.kind, event.action) == ("export", "workspace.export")
    assert len(lines(tmp_path / "out" / "log" / "events.jsonl")) == event.number - 1
