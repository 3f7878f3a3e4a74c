"""A workspace arrives whole, or not at all."""

import json
import shutil
import stat
import zipfile

import pytest
from django.test import Client

from commonlight.web.accounts.models import User
from commonlight.web.eventlog.models import ChainHead, Event
from commonlight.web.eventlog.record import event_digest, record
from commonlight.web.portability.archive import write_zip
from commonlight.web.portability.errors import PackageError
from commonlight.web.portability.export import export_workspace
from commonlight.web.portability.importing import import_workspace
from commonlight.web.portability.manifest import files_below, write_manifest
from commonlight.web.workspaces.actors import actor_for
from commonlight.web.workspaces.models import Membership, Workspace

FORMAT = "commonlight.workspace/1"


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def content(folder):
    return {name: (folder / name).read_bytes() for name in files_below(folder)}


def changed(folder, name, change):
    """The export with one file changed and the manifest made to fit, as a forger would."""
    path = folder / name
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    (folder / "manifest.json").unlink()
    write_manifest(folder, FORMAT)


def nothing_kept(home):
    assert not Workspace.objects.filter(slug="lakeside").exists()
    assert not Event.objects.filter(chain="lakeside").exists()
    left = list((home / "workspaces").rglob("*")) if home.exists() else []
    assert left == []


def refuse(source, home, match, **limits):
    with pytest.raises(PackageError, match=match):
        import_workspace(source, **limits)
    nothing_kept(home)


def test_export_import_export_is_identical(exported, other_place, tmp_path):
    import_workspace(exported)
    export_workspace(Workspace.objects.get(slug="lakeside"), tmp_path / "again")
    assert content(tmp_path / "again") == content(exported)


def test_a_second_move_keeps_who_the_numbers_in_the_log_mean(
    exported, other_place, empty_again, tmp_path
):
    first = import_workspace(exported).workspace
    analyst = User.objects.get(email="analyst@example.org")
    record(actor_for(analyst, first), "data.view", first, kind="read")
    export_workspace(first, tmp_path / "second")
    empty_again()
    export_workspace(import_workspace(tmp_path / "second").workspace, tmp_path / "third")
    assert content(tmp_path / "third") == content(tmp_path / "second")
    uid = {row["email"]: row["uid"] for row in lines(tmp_path / "third/tables/people.jsonl")}
    names = lines(tmp_path / "third/log/names.jsonl")
    meant = [one["first"] for one in names if one["person"] == uid["analyst@example.org"]]
    assert meant == [1, 4]


def test_people_come_without_a_password_and_are_named(exported, other_place):
    found = import_workspace(exported)
    assert "analyst@example.org" in [one.email for one in found.without_password]
    assert not User.objects.get(email="analyst@example.org").has_usable_password()
    assert Membership.objects.of(found.workspace).count() == 5


def test_the_chain_goes_on(exported, other_place):
    found = import_workspace(exported)
    event = record(None, "data.view", workspace=found.workspace, kind="read")
    before = Event.objects.get(chain="lakeside", number=event.number - 1)
    assert event.previous == before.digest
    assert ChainHead.objects.get(chain="lakeside").number == event.number
    assert event_digest(event) == event.digest


def test_the_import_stands_in_the_log_of_the_installation(exported, other_place):
    import_workspace(exported)
    assert Event.objects.get(chain="", action="workspace.import").detail["slug"] == "lakeside"


def test_a_zip_file_does_as_well(exported, other_place, tmp_path):
    write_zip(exported, tmp_path / "out.zip")
    assert import_workspace(tmp_path / "out.zip").workspace.slug == "lakeside"


def test_a_workspace_of_that_name_is_in_the_way(exported):
    with pytest.raises(PackageError, match="already"):
        import_workspace(exported)


@pytest.mark.parametrize("name", ["tables/runs.jsonl", "lake/burglary/register.json"])
def test_a_changed_file_is_refused(exported, other_place, name):
    with (exported / name).open("a") as file:
        file.write("\n")
    refuse(exported, other_place, "was changed")


def test_a_missing_file_is_refused(exported, other_place):
    (exported / "files/areas/districts.geojson").unlink()
    refuse(exported, other_place, "not in")


def test_an_added_file_is_refused(exported, other_place):
    (exported / "lake" / "extra.txt").write_text("x")
    refuse(exported, other_place, "is in")


def test_a_link_is_refused(exported, other_place):
    (exported / "files" / "link").symlink_to("/etc/hostname")
    refuse(exported, other_place, "link")


def test_a_version_without_its_files_is_refused(exported, other_place):
    shutil.rmtree(exported / "lake" / "burglary" / "versions")
    (exported / "manifest.json").unlink()
    write_manifest(exported, FORMAT)
    refuse(exported, other_place, "its files are not")


@pytest.mark.parametrize(
    "file", ["files/../../../secret.key", "/etc/passwd", "lake/burglary/register.json", "files"]
)
def test_a_path_that_leads_out_is_refused(exported, other_place, file):
    changed(
        exported,
        "tables/data_versions.jsonl",
        lambda text: text.replace("files/areas/districts.geojson", file),
    )
    refuse(exported, other_place, "data_versions.jsonl")


@pytest.mark.parametrize("slug", ["../evil", "a/b", "", "x" * 60, 7, None])
def test_a_short_name_that_is_none_is_refused(exported, other_place, slug):
    def change(text):
        given = json.loads(text)
        given["workspace"]["slug"] = slug
        return json.dumps(given)

    changed(exported, "workspace.json", change)
    refuse(exported, other_place, "workspace.json")


def test_a_role_that_does_not_exist_is_refused(exported, other_place):
    changed(exported, "tables/memberships.jsonl", lambda text: text.replace("analyst", "emperor"))
    refuse(exported, other_place, "not one of its choices")


def test_a_reference_to_nobody_is_refused(exported, other_place):
    changed(exported, "tables/organisations.jsonl", lambda text: text.replace("Police", "Army"))
    refuse(exported, other_place, "which is not there")


def test_an_unknown_member_is_refused(exported, other_place):
    changed(
        exported,
        "tables/people.jsonl",
        lambda text: text.replace('{"created_at"', '{"is_operator":true,"created_at"'),
    )
    refuse(exported, other_place, "is_operator")


def test_a_changed_event_is_found_even_when_the_manifest_fits(exported, other_place):
    changed(exported, "log/events.jsonl", lambda text: text.replace('"partner"', '"nobody"'))
    refuse(exported, other_place, "event log is broken at event 2")


def test_an_event_that_was_left_out_is_found(exported, other_place):
    changed(exported, "log/events.jsonl", lambda text: "\n".join(text.splitlines()[1:]) + "\n")
    refuse(exported, other_place, "broken at event 1")


def test_a_failure_at_the_last_step_keeps_nothing(exported, other_place, monkeypatch):
    from commonlight.web.portability import importing

    def fail(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(importing, "record", fail)
    with pytest.raises(OSError, match="disk full"):
        import_workspace(exported)
    nothing_kept(other_place)


def test_what_a_killed_import_left_is_in_nobodys_way(exported, other_place):
    left = other_place / "workspaces" / "lakeside"
    left.mkdir(parents=True)
    (left / ".import-unfinished").touch()
    (left / "half").write_text("x")
    import_workspace(exported)
    assert not (left / "half").exists()


class TestZip:
    def test_a_bomb_is_refused_by_its_listed_size(self, exported, other_place, tmp_path):
        write_zip(exported, tmp_path / "out.zip")
        refuse(tmp_path / "out.zip", other_place, "at most 1000", largest=1000)

    def test_a_bomb_that_lies_about_its_size_is_stopped(self, exported, other_place, tmp_path):
        manifest = json.loads((exported / "manifest.json").read_text())
        name = "files/areas/districts.geojson"
        (exported / name).write_bytes(b"0" * 50_000_000)
        (exported / "manifest.json").write_text(json.dumps(manifest))
        write_zip(exported, tmp_path / "bomb.zip")
        assert (tmp_path / "bomb.zip").stat().st_size < 200_000
        refuse(tmp_path / "bomb.zip", other_place, "larger than manifest.json says")

    @pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil", "a\\..\\evil"])
    def test_a_name_that_leads_out_is_refused(self, exported, other_place, tmp_path, name):
        write_zip(exported, tmp_path / "out.zip")
        with zipfile.ZipFile(tmp_path / "out.zip", "a") as archive:
            archive.writestr(zipfile.ZipInfo(name), "x")
        refuse(tmp_path / "out.zip", other_place, "refused")

    def test_a_link_is_refused(self, exported, other_place, tmp_path):
        write_zip(exported, tmp_path / "out.zip")
        entry = zipfile.ZipInfo("files/link")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        with zipfile.ZipFile(tmp_path / "out.zip", "a") as archive:
            archive.writestr(entry, "/etc/passwd")
        refuse(tmp_path / "out.zip", other_place, "link")

    def test_something_else_is_refused(self, tmp_path, db, home):
        (tmp_path / "x.zip").write_bytes(b"PK\x03\x04 nothing")
        refuse(tmp_path / "x.zip", home, "neither a folder nor a zip")


class TestCommands:
    def test_out_and_in(self, full_city, tmp_path, empty_again, capsys):
        from commonlight.web.portability.commands import export_workspace as write
        from commonlight.web.portability.commands import import_workspace as read

        write("lakeside", to=tmp_path / "out")
        empty_again()
        read(tmp_path / "out", largest=1)
        said = capsys.readouterr().out
        assert "Imported the workspace “lakeside”" in said
        link = next(line for line in said.splitlines() if "analyst@example.org" in line)
        address = "/" + link.split("//", 1)[1].split("/", 1)[1]
        assert Client().get(address, follow=True).status_code == 200

    def test_an_unknown_workspace(self, full_city, tmp_path):
        from commonlight.web.portability.commands import export_workspace as write

        with pytest.raises(ValueError, match="lakeside"):
            write("nowhere", to=tmp_path / "out")
