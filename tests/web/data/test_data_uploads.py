"""A file comes in: whole by a form, in pieces, refused, or thrown away."""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from commonlight.web.data.domain import form_upload, receiving
from commonlight.web.data.models import DataSet, DataVersion, Upload
from commonlight.web.data.views import wizard
from commonlight.web.eventlog.models import Event
from commonlight.web.runs.models import Run
from commonlight.web.runs.worker import work_off

pytestmark = pytest.mark.django_db


def files_under(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def versions() -> int:
    return int(DataVersion.objects.everywhere("test").count())


def test_a_file_goes_through_all_steps(
    dataset: Any,
    send: Any,
    client_of: Any,
    address: Any,
    burglaries: bytes,
    city: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    burglary, client = dataset(), client_of("analyst")
    upload = send(burglary, burglaries)
    page = client.get(address("upload", upload.pk)).content.decode()
    assert "First look" in page
    assert "Wohnungseinbruch" in page
    form = client.get(address("mapping", upload.pk)).content.decode()
    assert 'value="Datum" selected' in form
    answers = {
        "time_start": "Datum",
        "time_formats": "%d.%m.%Y\n%Y-%m-%d",
        "place_x": "Laenge",
        "place_y": "Breite",
        "place_crs": "EPSG:4326",
        "place_required": "on",
        "type_column": "Delikt",
        "id": "Fall",
        "duplicates": "reject",
        "encoding": "utf-8",
        "decimal": ".",
    }
    assert client.post(address("mapping", upload.pk), answers).status_code == 302
    work_off()
    look = client.get(address("upload", upload.pk)).content.decode()
    assert "392 would be accepted and 8 rejected" in look
    assert "coordinates are (0, 0)" in look
    classes = client.get(address("classes", upload.pk)).content.decode()
    assert "Fahrraddiebstahl" in classes
    client.post(address("classes", upload.pk), {"type-0": "0501", "type-1": "none"})
    work_off()
    upload.refresh_from_db()
    assert '"0501"' in upload.settings["mapping"]
    check = client.get(address("check", upload.pk)).content.decode()
    assert "Import the file" in check
    assert versions() == 0
    client.post(address("check", upload.pk))
    client.post(address("check", upload.pk))
    assert Run.objects.of(city.workspace).filter(kind="data.import").count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        work_off()
    burglary.refresh_from_db()
    version = burglary.current
    assert (version.rows_read, version.rows_accepted, version.rows_rejected) == (400, 392, 8)
    assert files_under(city.workspace.uploads_folder) == []
    done = client.get(address("upload", upload.pk)).content.decode()
    assert "392 accepted + 8 rejected = 400 read" in done


def test_the_result_is_that_of_the_command_line(
    dataset: Any, import_burglaries: Any, burglaries: bytes, tmp_path: Path, city: Any
) -> None:
    from typer.testing import CliRunner

    from commonlight.cli.app import app
    from commonlight.sources.lake import Lake

    version = import_burglaries(dataset())
    mapping = version.run.result_path / "mapping.toml"
    source = tmp_path / "burglaries.csv"
    source.write_bytes(burglaries)
    lake = tmp_path / "lake"
    arguments = ["sources", "import", str(source), "-m", str(mapping), "--lake", str(lake)]
    answer = CliRunner().invoke(app, [*arguments, "--name", "burglary"])
    assert answer.exit_code == 0, answer.output
    told = Lake(lake).open("burglary")
    assert told.manifest["content_digest"] == version.digest
    ours = Lake(city.workspace.lake_folder).open("burglary", version.lake_version)
    assert told.manifest["input_digest"] == ours.manifest["input_digest"]


def test_the_same_file_again_is_the_same_version(dataset: Any, import_burglaries: Any) -> None:
    burglary = dataset()
    first = import_burglaries(burglary)
    second = import_burglaries(burglary)
    assert first == second
    assert burglary.versions.count() == 1


def test_columns_about_persons_stop_the_upload_and_nothing_is_kept(
    dataset: Any, send: Any, client_of: Any, address: Any, city: Any
) -> None:
    rows = "\n".join(f"2024-01-{k % 27 + 1:02d},Anna Meier,1.2.1980" for k in range(40))
    content = f"Datum,Name des Opfers,Geburtsdatum\n{rows}\n".encode()
    upload = send(dataset(), content)
    upload.refresh_from_db()
    assert upload.state == "refused"
    assert files_under(city.workspace.uploads_folder) == []
    page = client_of("analyst").get(address("upload", upload.pk)).content.decode()
    assert "Name des Opfers" in page
    assert "Nothing of it was kept" in page
    assert "Anna" not in page
    assert versions() == 0
    kept = [str(run.result) for run in Run.objects.of(city.workspace)]
    assert not any("Anna" in text for text in kept)
    event = Event.objects.filter(kind="refusal", action="data.upload").get()
    assert event.detail["columns"] == ["Name des Opfers", "Geburtsdatum"]


def test_columns_named_to_drop_are_not_read(dataset: Any, send: Any, city: Any) -> None:
    rows = "\n".join(f"2024-01-{k % 27 + 1:02d},Anna Meier,B{k % 3}" for k in range(40))
    content = f"Datum,Name des Opfers,Bezirk\n{rows}\n".encode()
    upload = send(dataset(), content, drop="Name des Opfers")
    upload.refresh_from_db()
    assert upload.state == "received"
    assert upload.preview_run.state == "done"
    assert "Anna" not in str(upload.preview_run.result)
    assert 'drop = ["Name des Opfers"]' in upload.settings["mapping"]


def test_a_failed_import_leaves_all_as_it_was(
    dataset: Any, import_burglaries: Any, client_of: Any, address: Any, send: Any
) -> None:
    burglary = dataset()
    first = import_burglaries(burglary)
    upload = send(burglary, b"Fall,Datum,Laenge,Breite,Delikt,Bezirk\n1,2024-01-01,13.4,52.5,a,b\n")
    client = client_of("analyst")
    upload.settings = {**upload.settings, "mapping": 'kind = "incidents"\nname = "x"\nid = "no"\n'}
    upload.save()
    assert client.post(address("check", upload.pk)).status_code == 302
    work_off()
    upload.refresh_from_db()
    assert upload.import_run.state == "failed"
    burglary.refresh_from_db()
    assert burglary.current == first
    page = client.get(address("upload", upload.pk)).content.decode()
    assert "no column" in page
    assert "The data set is as it was" in page


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("data.zip", "is an archive"),
        ("../../etc/passwd", "ends in nothing that can be read"),
        ("data.exe", "ends in nothing that can be read"),
        ("", "Choose a file"),
    ],
)
def test_names_that_cannot_be_taken(
    dataset: Any, client_of: Any, address: Any, city: Any, name: str, words: str
) -> None:
    sent = {"file": SimpleUploadedFile(name, b"a,b\n1,2\n")} if name else {}
    answer = client_of("analyst").post(address("bring", dataset().slug), sent)
    assert words in answer.content.decode()
    assert files_under(city.workspace.uploads_folder) == []


def test_a_name_cannot_lead_elsewhere(dataset: Any, send: Any, city: Any) -> None:
    upload = send(dataset(), b"a,b\n1,2\n", name="..\\..\\x/../..evil name?.csv", work=False)
    assert upload.file_name == "evil name-.csv"
    assert receiving.path_of(upload).is_relative_to(city.workspace.uploads_folder)


def test_an_empty_file_and_one_too_large(
    dataset: Any, client_of: Any, address: Any, settings: Any, city: Any
) -> None:
    client, where = client_of("analyst"), address("bring", dataset().slug)
    empty = client.post(where, {"file": SimpleUploadedFile("a.csv", b"")})
    assert "The file is empty" in empty.content.decode()
    settings.COMMONLIGHT_LARGEST_UPLOAD = 1000
    large = client.post(where, {"file": SimpleUploadedFile("a.csv", b"x" * 200_000)})
    assert large.status_code == 413
    assert "larger than" in large.content.decode()
    assert files_under(city.workspace.uploads_folder) == []


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00",
        b"\x00" * 500,
        b"a,b\n",
        b'"' * 5000,
        b"x" * 300_000 + b"\n1\n",
        b"\xfe,\xff\n1,2",
    ],
)
def test_rubbish_gets_a_sentence(
    dataset: Any, send: Any, client_of: Any, address: Any, content: bytes
) -> None:
    upload = send(dataset(), content)
    upload.refresh_from_db()
    run = upload.preview_run
    assert run.state in ("failed", "done")
    assert "fault of ours" not in run.failure_text
    assert client_of("analyst").get(address("upload", upload.pk)).status_code == 200


def test_a_bomb_is_not_unpacked(dataset: Any, send: Any) -> None:
    packed = gzip.compress(b"a,b\n" + b"0,0\n" * 20_000_000, 9)
    upload = send(dataset(), packed, name="bomb.csv.gz")
    upload.refresh_from_db()
    assert upload.preview_run.state == "failed"
    assert "unpacks to more than" in upload.preview_run.failure_text


def test_discarding_removes_the_file(
    dataset: Any, send: Any, client_of: Any, address: Any, burglaries: bytes, city: Any
) -> None:
    upload = send(dataset(), burglaries)
    client = client_of("analyst")
    assert "Throw" in client.get(address("discard", upload.pk)).content.decode()
    client.post(address("discard", upload.pk))
    upload.refresh_from_db()
    assert upload.state == "discarded"
    assert files_under(city.workspace.uploads_folder) == []
    assert "Wohnungseinbruch" not in str(Run.objects.of(city.workspace).get().result)


# --- in pieces


class Sender:
    """A browser that sends a file in pieces."""

    def __init__(self, client: Client, content: bytes, slug: str, name: str = "big.csv") -> None:
        self.client, self.content, self.name = client, content, name
        self.start_url = reverse("data:start-upload", args=["lakeside", slug])

    def begin(self) -> dict[str, Any]:
        first = hashlib.sha256(self.content[: receiving.PIECE]).hexdigest()
        fields = {"name": self.name, "size": len(self.content), "first": first}
        told: dict[str, Any] = self.client.post(self.start_url, fields).json()
        return told

    def piece(self, told: dict[str, Any], start: int, content: bytes | None = None) -> Any:
        found = self.content[start : start + receiving.PIECE] if content is None else content
        return self.client.post(
            told["piece_url"],
            data=found,
            content_type="application/octet-stream",
            headers={
                "Upload-Offset": str(start),
                "Upload-Digest": hashlib.sha256(found).hexdigest(),
            },
        )

    def finish(self, told: dict[str, Any], digest: str | None = None) -> Any:
        size = receiving.PIECE
        parts = [self.content[k : k + size] for k in range(0, len(self.content), size)]
        whole = b"".join(hashlib.sha256(part).digest() for part in parts)
        given = hashlib.sha256(whole).hexdigest() if digest is None else digest
        return self.client.post(told["finish_url"], {"digest": given})


@pytest.fixture
def sender(client_of: Any, dataset: Any, monkeypatch: Any) -> Sender:
    monkeypatch.setattr(receiving, "PIECE", 1000)
    return Sender(client_of("analyst"), b"a,b\n" + b"1,2\n" * 700, dataset().slug)


def test_pieces_make_the_file(sender: Sender) -> None:
    told = sender.begin()
    assert sender.finish(told).status_code == 409
    for start in range(0, len(sender.content), 1000):
        told = sender.piece(told, start).json()
    assert sender.finish(told).status_code == 200
    upload = Upload.objects.everywhere("test").get()
    assert upload.state == "received"
    assert upload.digest == hashlib.sha256(sender.content).hexdigest()
    assert receiving.path_of(upload).read_bytes() == sender.content


def test_it_goes_on_where_it_stopped_and_duplicates_do_no_harm(sender: Sender) -> None:
    told = sender.begin()
    sender.piece(told, 0)
    sender.piece(told, 1000)
    again = sender.begin()
    assert again["url"] == told["url"]
    assert again["received"] == 2000
    assert sender.piece(told, 0).json()["received"] == 2000
    assert sender.piece(told, 2000).json()["received"] == len(sender.content)
    assert sender.finish(told).status_code == 200
    assert sender.finish(told).status_code == 200
    assert Upload.objects.everywhere("test").count() == 1


def test_damage_and_disorder_are_refused(sender: Sender) -> None:
    told = sender.begin()
    assert sender.piece(told, 1000).status_code == 409
    broken = sender.client.post(
        told["piece_url"],
        data=b"x" * 1000,
        content_type="application/octet-stream",
        headers={"Upload-Offset": "0", "Upload-Digest": "0" * 64},
    )
    assert broken.status_code == 409
    assert "damaged" in broken.json()["problem"]
    assert sender.piece(told, 0, b"x" * 1001).status_code == 413
    assert sender.piece(told, -1).status_code == 400
    assert sender.client.post(told["piece_url"], data=b"", content_type="x/y").status_code == 400


def test_another_file_than_was_sent_starts_again(sender: Sender) -> None:
    told = sender.begin()
    for start in range(0, len(sender.content), 1000):
        sender.piece(told, start)
    answer = sender.finish(told, "0" * 64)
    assert answer.status_code == 409
    assert answer.json()["received"] == 0


@pytest.mark.parametrize("size", ["", "-1", "x", "9" * 40, "0", "²"])
def test_sizes_that_are_none(sender: Sender, size: str) -> None:
    answer = sender.client.post(sender.start_url, {"name": "a.csv", "size": size})
    assert answer.status_code == 400
    assert answer.json()["problem"]


def test_a_stranger_and_other_partners_cannot_send(
    sender: Sender, client_of: Any, address: Any
) -> None:
    told = sender.begin()
    for role, status in (("stranger", 404), ("partner", 403), ("decision_maker", 403)):
        other = Sender(client_of(role), sender.content, "burglary")
        answer = other.client.post(other.start_url, {"name": "a.csv", "size": 3})
        assert answer.status_code == status
        assert other.piece(told, 0).status_code == status
        assert other.client.get(told["url"]).status_code == status
    assert DataSet.objects.everywhere("test").get().current is None


def test_the_form_needs_its_secret(dataset: Any, people: Any, address: Any, city: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        people["analyst"], backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    sent = {"file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")}
    answer = client.post(address("bring", dataset().slug), sent)
    assert answer.status_code == 403
    assert files_under(city.workspace.uploads_folder) == []


# --- a disk that is full


def no_space(*_: object) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_piece_that_the_disk_takes_in_part_is_whole_in_the_end(
    sender: Sender, monkeypatch: Any
) -> None:
    pwrite = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda file, data, at: pwrite(file, data[:7], at))
    told = sender.begin()
    for start in range(0, len(sender.content), 1000):
        told = sender.piece(told, start).json()
    assert sender.finish(told).status_code == 200
    upload = Upload.objects.everywhere("test").get()
    assert receiving.path_of(upload).read_bytes() == sender.content


def test_a_piece_without_room_is_told_and_sent_again(sender: Sender, monkeypatch: Any) -> None:
    told = sender.begin()
    with monkeypatch.context() as full:
        full.setattr(os, "pwrite", no_space)
        answer = sender.piece(told, 0)
    assert answer.status_code == 507
    assert "no room" in answer.json()["problem"]
    assert answer.json()["received"] == 0
    assert sender.piece(told, 0).json()["received"] == 1000


def test_a_form_without_room_is_told_and_leaves_nothing(
    dataset: Any, client_of: Any, address: Any, monkeypatch: Any, city: Any
) -> None:
    class Full(io.BytesIO):
        write = no_space

    monkeypatch.setattr(form_upload, "open", lambda *_: Full(), raising=False)
    sent = {"drop": "", "file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")}
    answer = client_of("analyst").post(address("bring", dataset().slug), sent)
    assert answer.status_code == 507
    assert "The disk has no room" in answer.content.decode()
    assert files_under(city.workspace.uploads_folder) == []
    assert not Upload.objects.everywhere("test").exists()


@pytest.mark.parametrize(
    ("look", "words"),
    [
        (None, "Cannot start yet"),
        ({"unmapped_types": {}}, "Done"),
        ({"unmapped_types": {"Raub": 1}}, "1 type without a class"),
        ({"unmapped_types": {"Raub": 1, "Brand": 2}}, "2 types without a class"),
    ],
)
def test_the_classes_are_not_done_before_the_mapping_fits(look: Any, words: str) -> None:
    assert wizard._classes_state(look)[0] == words
