"""The lake: versions appear whole or not at all, and never change."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commonlight.sources.errors import LakeError
from commonlight.sources.lake import Lake
from commonlight.sources.rejects import REJECTED_SCHEMA
from processes import PATIENCE


def draft_version(lake, values, name="s", rejected=0, miscounted=0):
    with lake.draft(name) as draft:
        pq.write_table(pa.table({"v": values}), draft.folder / "observations-0.parquet")
        faults = [{"file": "f", "row": i, "reason": "no time"} for i in range(rejected)]
        table = pa.Table.from_pylist(faults, schema=REJECTED_SCHEMA)
        pq.write_table(table, draft.folder / "rejected.parquet")
        counts = {"observations": len(values) + miscounted, "rejected": rejected}
        return draft.register({**counts, "input_digest": str(values)})


def fail_half_way(lake):
    with lake.draft("s") as draft:
        (draft.folder / "observations-0.parquet").write_bytes(b"half")
        return 1 / 0


def test_versions_are_kept_in_order_and_open_by_name(tmp_path):
    lake = Lake(tmp_path)
    assert lake.names() == ()
    first, _ = draft_version(lake, [1, 2])
    second, _ = draft_version(lake, [1, 2, 3], rejected=2)
    assert lake.names() == ("s",)
    assert lake.versions("s") == (first.id, second.id)
    assert lake.open("s").id == second.id
    assert lake.open("s", first.id).table()["v"].to_pylist() == [1, 2]
    assert [b.num_rows for b in lake.open("s").batches(batch_size=2)] == [2, 1]
    assert lake.open("s").table(["v"]).num_rows == 3
    assert lake.open("s").rejected().num_rows == 2


def test_a_failed_import_leaves_no_trace(tmp_path):
    lake = Lake(tmp_path)
    first, _ = draft_version(lake, [1])
    with pytest.raises(ZeroDivisionError):
        fail_half_way(lake)
    assert lake.versions("s") == (first.id,)
    assert not list(tmp_path.rglob("*half*"))
    assert not (tmp_path / "s" / ".draft").exists()


def test_counts_that_do_not_agree_are_not_registered(tmp_path):
    lake = Lake(tmp_path)
    with pytest.raises(LakeError, match="nothing was registered"):
        draft_version(lake, [1], miscounted=1)
    assert lake.versions("s") == ()


def test_leftovers_go_and_registered_versions_stay(tmp_path):
    lake = Lake(tmp_path)
    first, _ = draft_version(lake, [1])
    (tmp_path / "s" / "versions" / "0002-unregistered").mkdir()
    (tmp_path / "s" / ".draft").mkdir()
    (tmp_path / "s" / "register.json.new").write_text("{")
    second, _ = draft_version(lake, [2])
    assert sorted(p.name for p in (tmp_path / "s" / "versions").iterdir()) == [first.id, second.id]
    assert not (tmp_path / "s" / "register.json.new").exists()


def test_two_imports_of_one_source_do_not_meet(tmp_path):
    lake = Lake(tmp_path)
    draft_version(lake, [1])
    with (tmp_path / "s" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(LakeError, match="is running"):
            draft_version(lake, [2])
    assert len(lake.versions("s")) == 1


def test_unknown_sources_and_versions(tmp_path):
    lake = Lake(tmp_path)
    with pytest.raises(LakeError, match="no version of 'x'; versions: none"):
        lake.open("x")
    draft_version(lake, [1])
    with pytest.raises(LakeError, match="no version 7 of 's'"):
        lake.open("s", "7")


def test_a_changed_file_is_found(tmp_path):
    version, _ = draft_version(Lake(tmp_path), [1])
    version.verify()
    with (version.path / "observations-0.parquet").open("ab") as file:
        file.write(b"x")
    with pytest.raises(LakeError, match="not the file that was registered"):
        version.verify()


def test_an_import_killed_at_any_moment_leaves_the_old_or_the_new_version(tmp_path):
    """50 random moments over the whole import, and each step of the registration."""
    script = Path(__file__).with_name("killed_imports.py")
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout)
    assert len(seen["random"]) == 50
    assert seen["random"].count("old") >= 10
    new = [step for *step, state in seen["steps"] if state == "new"]
    assert new == [["fsync", 7, False], ["fsync", 7, True], ["replace", 1, True]]
    assert len(seen["steps"]) == 18
    assert seen["left"] == [".lock", "register.json", "versions"]
    assert seen["only_registered"]


def test_an_old_version_is_forgotten_and_numbers_are_not_given_twice(tmp_path):
    lake = Lake(tmp_path)
    first, _ = draft_version(lake, [1])
    second, _ = draft_version(lake, [1, 2])
    assert lake.forget("s", first.id)
    assert not lake.forget("s", first.id)
    assert lake.versions("s") == (second.id,)
    assert not first.path.exists()
    third, _ = draft_version(lake, [1, 2, 3])
    assert third.id.startswith("0003-")
    assert lake.open("s", second.id).table().num_rows == 2


def test_the_current_version_is_not_forgotten(tmp_path):
    lake = Lake(tmp_path)
    first, _ = draft_version(lake, [1])
    with pytest.raises(LakeError, match="is the current one"):
        lake.forget("s", first.id)
    assert lake.open("s").id == first.id


def test_a_source_is_forgotten_with_all_its_versions(tmp_path):
    lake = Lake(tmp_path)
    draft_version(lake, [1])
    draft_version(lake, [1], name="t")
    assert lake.forget_source("s")
    assert not lake.forget_source("s")
    assert lake.names() == ("t",)
    with pytest.raises(LakeError, match="not the name"):
        lake.forget_source("../t")


def test_nothing_is_forgotten_while_an_import_runs(tmp_path):
    lake = Lake(tmp_path)
    first, _ = draft_version(lake, [1])
    draft_version(lake, [1, 2])
    with lake.draft("s"), pytest.raises(LakeError, match="is running"):
        lake.forget("s", first.id)
    with lake.draft("s"), pytest.raises(LakeError, match="is running"):
        lake.forget_source("s")
