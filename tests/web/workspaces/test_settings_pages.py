"""Settings, colours and logo of a workspace."""

import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from commonlight.web.eventlog.models import Event
from commonlight.web.workspaces.logos import LogoError, as_data_address

SETTINGS = "/w/lakeside/settings/"
LOOK = "/w/lakeside/settings/look/"
GIVEN = {
    "name": "Safe Lakeside",
    "city": "Lakeside",
    "country": "de",
    "language": "de",
    "time_zone": "Europe/Berlin",
    "licence": "CC0 1.0",
    "second_factor_roles": ["coordinator"],
}


def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png(width=2, height=2, *, rows=None, extra=b""):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = rows if rows is not None else (b"\0" + b"\x12\x43\x6d" * width) * height
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + extra
        + chunk(b"IDAT", zlib.compress(pixels))
        + chunk(b"IEND", b"")
    )


def test_settings_are_saved_and_kept_in_the_log(client_of, city):
    answer = client_of("coordinator").post(SETTINGS, GIVEN)
    assert answer.status_code == 302
    city.workspace.refresh_from_db()
    assert (city.workspace.name, city.workspace.country) == ("Safe Lakeside", "DE")
    assert city.workspace.second_factor_roles == ["coordinator"]
    assert city.workspace.licence == "CC0 1.0"
    event = Event.objects.get(action="workspace.configure", chain="lakeside")
    assert "name" in event.detail["changed"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Mars/Base"),
        ("country", "Germany"),
        ("language", "xx"),
        ("name", ""),
        ("licence", "mine"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(client_of, city, field, value):
    page = client_of("coordinator").post(SETTINGS, {**GIVEN, field: value}).content.decode()
    assert "There is a problem" in page
    assert f'href="#id_{field}"' in page
    city.workspace.refresh_from_db()
    assert city.workspace.name == "Safer Lakeside"


@pytest.mark.parametrize("role", ["analyst", "partner", "evaluator", "decision_maker"])
def test_settings_are_for_the_coordinator(client_of, role):
    for address in (SETTINGS, LOOK):
        assert client_of(role).get(address).status_code == 403
        assert client_of(role).post(address, GIVEN).status_code == 403
    assert client_of("stranger").get(SETTINGS).status_code == 404


def test_a_colour_that_cannot_be_read_names_its_contrast(client_of, city):
    page = client_of("coordinator").post(LOOK, {"brand": "#cccccc"}).content.decode()
    assert "#cccccc has a contrast of 1.6 to 1" in page
    assert 'value="#cccccc"' in page
    city.workspace.refresh_from_db()
    assert city.workspace.theme == {}


def test_colours_are_kept_and_reach_the_page(client_of, city):
    client = client_of("coordinator")
    client.post(LOOK, {"brand": "#7A1F3D", "link": "", "link_dark": "#ffd0dd"})
    city.workspace.refresh_from_db()
    assert city.workspace.theme == {"brand": "#7a1f3d", "link_dark": "#ffd0dd"}
    assert "7a1f3d" in client.get("/w/lakeside/").content.decode()


@pytest.mark.parametrize("value", ["red", "#12436d;}", "url(x)", "#12436", "expression(1)"])
def test_nothing_but_a_colour_is_taken(client_of, city, value):
    page = client_of("coordinator").post(LOOK, {"brand": value}).content.decode()
    assert "is not a colour" in page
    city.workspace.refresh_from_db()
    assert city.workspace.theme == {}


def test_a_logo_is_kept_without_its_comments_and_can_be_removed(client_of, city):
    client = client_of("coordinator")
    content = png(extra=chunk(b"tEXt", b"Author\0Somebody"))
    client.post(LOOK, {"logo": SimpleUploadedFile("l.png", content, "image/png")})
    city.workspace.refresh_from_db()
    logo = city.workspace.theme["logo"]
    assert logo == as_data_address(png())
    client.post(LOOK, {"brand": ""})
    city.workspace.refresh_from_db()
    assert city.workspace.theme["logo"] == logo
    client.post(LOOK, {"remove_logo": "on"})
    city.workspace.refresh_from_db()
    assert city.workspace.theme == {}


def test_a_sent_file_that_is_no_picture_is_refused(client_of, city):
    file = SimpleUploadedFile("l.png", b"<svg onload=alert(1)>", "image/png")
    page = client_of("coordinator").post(LOOK, {"logo": file}).content.decode()
    assert "must be a PNG picture" in page


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"GIF89a", "must be a PNG"),
        (png()[:-6], "not a whole"),
        (png().replace(b"IEND", b"IENE"), "not a whole"),
        (png(5000, 2, rows=b""), "5000 by 2"),
        (png(1200, 400, rows=b"\0" * 10_000_000), "not a whole"),
        (png(rows=b"short"), "not a whole"),
        (b"\0" * 100_001, "at most 100 kB"),
        (b"\x89PNG\r\n\x1a\n", "not a whole"),
    ],
)
def test_what_is_not_a_whole_small_picture_is_refused(content, words):
    with pytest.raises(LogoError, match=words):
        as_data_address(content)
