"""A disk that is full: each thing that needs room says so, what was there stays, and all goes on
once there is room again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from commonlight.web.portability.backup.making import make_backup
from commonlight.web.portability.backup.verifying import verify_backup
from commonlight.web.portability.errors import PackageError
from commonlight.web.runs.domain import run_again
from commonlight.web.runs.worker import work_off

pytestmark = pytest.mark.django_db(transaction=True)

Fill = Callable[..., Path]
DATA = "/w/lakeside/data"


@pytest.fixture
def home(small_disk: Path, settings: Any) -> Path:
    """The home folder on a disk that is soon full."""
    settings.COMMONLIGHT_HOME = small_disk / "home"
    return small_disk / "home"


def test_an_upload(place: Any, dataset: Any, client_of: Any, small_disk: Path, fill: Fill) -> None:
    burglary, client = dataset(), client_of("analyst")
    content = b"x" * 3_000_000
    begin = {"name": "a.csv", "size": len(content), "first": "f" * 64}
    told = client.post(f"{DATA}/burglary/upload/start/", begin).json()
    filling = fill(small_disk, leave=1_000_000)
    send = send_piece(client, told, content)
    assert send.status_code == 507
    assert "The disk has no room for this file" in send.json()["problem"]
    assert send.json()["received"] == 0
    form = {"drop": "", "file": SimpleUploadedFile("b.csv", content)}
    sent = client.post(f"{DATA}/burglary/upload/", form)
    assert sent.status_code == 507
    assert "The disk has no room for this file" in sent.content.decode()
    more = client.post(f"{DATA}/burglary/upload/start/", {**begin, "name": "c.csv"})
    assert "The disk has no room for this file" in more.json()["problem"]
    assert client.get("/health/ready").json()["disk"] is False
    assert client.get(f"{DATA}/burglary/").status_code == 200
    uploads = place.workspace.uploads_folder
    assert [one.name for one in uploads.iterdir()] == [str(burglary.uploads.get().pk)]
    filling.unlink()
    assert send_piece(client, told, content).json()["received"] == len(content)
    assert client.post(told["finish_url"], {"digest": ""}).status_code == 200
    assert client.get("/health/ready").json()["disk"] is True


def send_piece(client: Any, told: dict[str, Any], content: bytes) -> Any:
    return client.post(
        told["piece_url"],
        data=content,
        content_type="application/octet-stream",
        headers={"Upload-Offset": "0"},
    )


def test_an_import(place: Any, dataset: Any, client_of: Any, small_disk: Path, fill: Fill) -> None:
    burglary = dataset()
    first = place.ask_for_import(burglary)
    work_off()
    place.check_import(first, burglary)
    lake = place.workspace.lake_folder
    before, size = place.digests(lake), sum(p.stat().st_size for p in lake.rglob("*.parquet"))
    runs = [place.ask_for_import(burglary, without=number) for number in (1, 2, 3)]
    filling = None
    for run, room in zip(runs, (0, size // 4, size // 2), strict=True):
        filling = fill(small_disk)
        leave(filling, room)
        work_off(most=1)
        found = place.stored(run)
        assert found.state == "failed", (room, found.result)
        assert "The disk is full. Nothing was lost" in found.failure_text
        assert place.digests(lake) == before
    burglary.refresh_from_db()
    assert burglary.current.run == first
    page = client_of("analyst").get(f"{DATA}/uploads/{burglary.uploads.latest('pk').pk}/")
    assert "The disk is full" in page.content.decode()
    assert filling is not None
    filling.unlink()
    again = run_again(place.actor_of("analyst"), runs[-1])
    work_off()
    assert place.stored(again).state == "done"
    burglary.refresh_from_db()
    assert burglary.current.run == again


def leave(filling: Path, room: int) -> None:
    """Give some bytes back, so that the work fails in its middle."""
    with filling.open("r+b") as file:
        file.truncate(filling.stat().st_size - room)


def test_an_audit(place: Any, client_of: Any, small_disk: Path, fill: Fill) -> None:
    from commonlight.web.audits.models import StoredFinding

    run = place.ask_for_audit()
    leave(filling := fill(small_disk), 500_000)
    work_off()
    found = place.stored(run)
    assert found.state == "failed"
    assert "The disk is full" in found.failure_text
    assert not StoredFinding.objects.of(place.workspace).filter(run=run).exists()
    assert place.result_folders() == []
    page = client_of("analyst").get(f"/w/lakeside/runs/{run.pk}/")
    assert "The disk is full" in page.content.decode()
    filling.unlink()
    again = run_again(place.actor_of("analyst"), run)
    work_off()
    place.check_audit(again)


def test_a_backup(place: Any, dataset: Any, small_disk: Path, tmp_path: Path, fill: Fill) -> None:
    place.ask_for_import(dataset())
    work_off()
    other = tmp_path / "elsewhere"
    shutil.move(place.home, other)
    place.home.symlink_to(other)
    target = small_disk / "backup"
    leave(filling := fill(small_disk), 60_000)
    with pytest.raises(PackageError, match="is full; nothing was kept there"):
        make_backup(target)
    assert list(target.iterdir()) == []
    filling.unlink()
    make_backup(target)
    assert verify_backup(target).versions == 1
