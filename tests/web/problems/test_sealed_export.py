"""Sealed frames stay where they were sealed: no export, no import, no interface tells of them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from commonlight.web.portability.export import write_workspace
from commonlight.web.portability.shapes import shapes
from commonlight.web.problems.models import FrameRound

pytestmark = pytest.mark.django_db
SECRETS = (b"Lamps are broken", b"Training ends too late", b"Girls are followed and called after")


def lines(folder, name):
    text = (folder / "tables" / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def everything(folder):
    return b"".join(one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file())


def test_an_export_before_the_closing_time_says_only_how_many_are_sealed(
    answered, city, tmp_path, full_export
):
    folder = full_export(tmp_path / "before")
    assert lines(folder, "frames") == []
    assert [one["answered"] for one in lines(folder, "frame_rounds")] == [2]
    text = everything(folder)
    assert not any(secret in text for secret in SECRETS)
    assert b"gAAAA" not in text


def test_an_export_after_the_closing_time_carries_the_answers(
    answered, city, tmp_path, full_export
):
    FrameRound.objects.of(city.workspace).update(closes_at=timezone.now() - timedelta(minutes=1))
    folder = full_export(tmp_path / "after")
    assert sorted(one["answers"]["organisation"] for one in lines(folder, "frames")) == [
        "Lakeside Police",
        "Youth Work Lakeside",
    ]
    assert all(secret in everything(folder) for secret in SECRETS)


def test_no_shape_of_the_export_names_what_is_sealed():
    frames = next(one for one in shapes() if one.name == "frames")
    assert not {"sealed", "draft"} & set(frames.fields)


def test_the_interface_tells_how_many_have_answered_and_nothing_else(answered, client_of):
    answer = client_of("coordinator").get("/api/v1/workspaces/lakeside/problems/1/rounds/1")
    told = answer.json()
    assert (told["answered"], told["is_open"]) == (2, False)
    assert (told["rows"], told["causes"], told["digest"]) == ([], [], "")
    assert not any(secret in answer.content for secret in SECRETS)


def test_the_interface_tells_the_table_once_the_answers_are_open(opened, client_of):
    client = client_of("evaluator")
    told = client.get("/api/v1/workspaces/lakeside/problems/1/rounds/1").json()
    assert told["digest"] == opened.digest
    lighting = next(one for one in told["causes"] if one["family"] == "lighting")
    assert lighting["cells"] == {
        "Lakeside Police": "Lamps are broken",
        "Youth Work Lakeside": "It is dark",
    }
    assert lighting["is_agreed"]


@pytest.fixture
def full_export(city, people):
    """Write the workspace; what other apps keep is not looked at."""

    def write(folder):
        write_workspace(city.workspace, folder)
        return folder

    return write
