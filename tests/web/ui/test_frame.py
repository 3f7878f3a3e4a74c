"""The frame of every page: choices without script, navigation by role, the end of a session."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection
from django.shortcuts import render
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commonlight.web.ui.context import frame
from commonlight.web.ui.navigation import MORE, NavigationItem, entries
from commonlight.web.ui.theme_style import ThemeError, check_theme, theme_query, theme_style


def test_the_frame_has_a_skip_link_landmarks_and_one_heading(client):
    text = client.get("/help/").content.decode()
    assert text.index('class="skip" href="#main"') < text.index("<header")
    for part in ("<header", '<main id="main"', "<footer"):
        assert text.count(part) == 1
    assert text.count("<h1") == 1
    assert '<html lang="en" dir="ltr">' in text
    assert re.search(r'<meta name="htmx-config" content=\'(.+?)\'>', text)
    config = json.loads(re.search(r"content='(\{.+?\})'", text)[1])
    assert config["allowEval"] is False
    assert config["includeIndicatorStyles"] is False
    assert config["selfRequestsOnly"] is True


def test_the_language_is_chosen_by_a_form_and_kept(client):
    answer = client.post("/language-choice/", {"language": "fr", "next": "/help/terms/"})
    assert (answer.status_code, answer["Location"]) == (302, "/help/terms/")
    assert '<html lang="fr"' in client.get("/help/").content.decode()


def test_the_colours_are_chosen_by_a_form_and_kept(client):
    assert "data-theme" not in client.get("/help/").content.decode()
    answer = client.post("/theme-choice/", {"theme": "dark", "next": "/help/"})
    assert (answer.status_code, answer["Location"]) == (302, "/help/")
    assert 'data-theme="dark"' in client.get("/help/").content.decode()
    client.post("/theme-choice/", {"theme": "device", "next": "/help/"})
    assert "data-theme" not in client.get("/help/").content.decode()


@pytest.mark.parametrize("address", ["/theme-choice/", "/language-choice/", "/session/extend/"])
def test_a_choice_never_leads_to_another_site(client, address):
    for evil in ("https://example.org/", "//example.org/", "javascript:alert(1)"):
        answer = client.post(address, {"theme": "dark", "language": "de", "next": evil})
        assert "example.org" not in answer.get("Location", "")
        assert "javascript" not in answer.get("Location", "")


def test_a_session_is_extended_by_a_form_of_ours_only():
    careful = Client(enforce_csrf_checks=True)
    assert careful.post("/session/extend/", {}).status_code == 403
    assert careful.get("/session/extend/").status_code == 405


@pytest.mark.parametrize("address", ["/theme-choice/", "/language-choice/"])
def test_a_choice_needs_no_token_so_that_public_pages_set_no_cookie(address):
    careful = Client(enforce_csrf_checks=True)
    assert careful.post(address, {"theme": "dark", "language": "de"}).status_code == 302
    assert careful.get(address).status_code == 405


def test_a_page_for_everybody_sets_no_cookie(client):
    assert not client.get("/help/").cookies


def test_a_theme_in_the_cookie_that_does_not_exist_is_left_aside(client):
    client.cookies["theme"] = '"><script>'
    text = client.get("/help/").content.decode()
    assert "data-theme" not in text


def test_navigation_shows_what_the_role_may_open(client_of, monkeypatch, city):
    items = (
        NavigationItem("Overview here", "workspaces:overview", "workspace.view"),
        NavigationItem("Log here", "workspaces:overview", "log.view"),
        NavigationItem("Not built", "nowhere:yet", "workspace.view"),
    )
    monkeypatch.setattr("commonlight.web.ui.context.items", lambda: items)
    seen = {}
    for role in ("coordinator", "partner"):
        text = client_of(role).get("/w/lakeside/").content.decode()
        seen[role] = text
        assert "Not built" not in text
        assert text.count("Overview here") == 2  # once for wide, once for narrow screens
    assert "Log here" in seen["coordinator"]
    assert "Log here" not in seen["partner"]
    assert 'aria-current="page">Overview here' in seen["partner"]


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/w/lakeside/", {"Overview": "page"}),
        ("/w/lakeside/people/", {"People": "page"}),
        ("/w/lakeside/people/1/", {"People": "true"}),
        ("/w/lakeside/elsewhere/", {}),
    ],
)
def test_one_entry_is_current_the_nearest_above_the_page(path, current):
    chosen = (
        NavigationItem("Overview", "workspaces:overview", "workspace.view"),
        NavigationItem("People", "workspaces:people", "people.view"),
        NavigationItem("Not built", "nowhere:yet", "workspace.view"),
    )
    found = entries(chosen, "lakeside", path)
    assert {one.item.label: one.current for one in found if one.current} == current
    assert [one.item.label for one in found] == ["Overview", "People"]


def test_rarer_entries_stand_together_where_somebody_may_open_one(client_of, monkeypatch, city):
    items = (
        NavigationItem("Overview", "workspaces:overview", "workspace.view"),
        NavigationItem("Log", "workspaces:people", "log.view", MORE),
    )
    monkeypatch.setattr("commonlight.web.ui.context.items", lambda: items)
    assert ">More<" in client_of("coordinator").get("/w/lakeside/").content.decode()
    assert ">More<" not in client_of("partner").get("/w/lakeside/").content.decode()


def test_the_switch_lists_the_workspaces_of_the_person_and_no_others(client_of, city):
    text = client_of("analyst").get("/w/lakeside/").content.decode()
    assert 'href="/w/lakeside/" aria-current="true"' in text
    assert "/w/elsewhere/" not in text
    assert "Elsewhere" not in text
    assert client_of("stranger").get("/w/lakeside/").status_code == 404


def test_a_simulated_city_says_so_on_every_page(client_of, city):
    assert "invented" not in client_of("analyst").get("/w/lakeside/").content.decode()
    city.workspace.is_simulated = True
    city.workspace.save()
    assert "these data are invented" in client_of("analyst").get("/w/lakeside/").content.decode()


def test_the_citys_colours_come_with_its_pages(client_of, city):
    city.workspace.theme = {"brand": "#224466", "logo": "data:image/png;base64,AAAA"}
    city.workspace.save()
    text = client_of("analyst").get("/w/lakeside/").content.decode()
    assert '<link rel="stylesheet" href="/theme.css?brand=%23224466">' in text
    assert '<img class="logo" src="data:image/png;base64,AAAA" alt="">' in text


def test_the_style_of_a_city_sets_its_tokens(client):
    answer = client.get("/theme.css?brand=%23224466&link_dark=%23aaccee")
    assert answer["Content-Type"].startswith("text/css")
    assert "--brand: #224466;" in answer.content.decode()
    assert "--link: light-dark(#1a4f80, #aaccee);" in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["brand=red", "brand=%23fff", "brand=%23ffff00", "x=%23224466", "brand=%23224466;}a{"]
)
def test_a_colour_that_cannot_be_used_is_refused_with_a_sentence(client, query):
    answer = client.get(f"/theme.css?{query}")
    assert answer.status_code == 400
    assert answer.content.decode().endswith(".")
    assert answer["Content-Type"].startswith("text/plain")


def test_a_theme_is_checked_before_it_is_kept():
    check_theme({"brand": "#224466", "logo": "data:image/png;base64,AAAA"})
    assert theme_query({"brand": "#224466", "logo": "data:image/png;base64,AAAA"}) == (
        "brand=%23224466"
    )
    assert theme_style({}) == ":root {\n\n}\n"
    for wrong in (
        {"logo": "https://example.org/logo.png"},
        {"logo": "data:text/html;base64,AAAA"},
        {"link": "#99bbff"},
    ):
        with pytest.raises(ThemeError):
            check_theme(wrong)


def test_the_page_says_when_the_session_ends_and_the_script_can_read_it(client_of):
    text = client_of("analyst").get("/w/lakeside/").content.decode()
    ends = datetime.fromisoformat(re.search(r'data-session-ends="([^"]+)"', text)[1])
    assert timedelta(hours=7, minutes=59) < ends - timezone.now() <= timedelta(hours=8)
    assert "You are signed in until" in text


def test_a_session_is_extended_with_and_without_script(client_of):
    client = client_of("analyst")
    answer = client.post("/session/extend/", headers={"Accept": "application/json"})
    assert datetime.fromisoformat(answer.json()["ends"]) > timezone.now()
    plain = client.post("/session/extend/", {"next": "/help/"})
    assert (plain.status_code, plain["Location"]) == (302, "/help/")


def test_nobody_extends_a_session_that_is_not_there(client):
    assert client.post("/session/extend/").status_code == 401
    assert "data-session-ends" not in client.get("/help/").content.decode()


def test_messages_are_said_in_a_status_region(rf):
    request = rf.get("/help/")
    request.session = {}
    request._messages = CookieStorage(request)
    messages.success(request, "<b>Saved</b>")
    text = render(request, "ui/help/help.html").content.decode()
    assert "&lt;b&gt;Saved" in text[text.index('role="status"') :]


def test_the_frame_asks_for_nothing_that_is_not_drawn(rf, django_assert_num_queries, db):
    request = rf.get("/")
    with django_assert_num_queries(0):
        frame(request)


def test_the_number_of_queries_does_not_grow_with_the_workspaces(client_of, people, city):
    from commonlight.web.workspaces.models import Membership, Organisation, Workspace

    client = client_of("analyst")
    client.get("/w/lakeside/")
    with CaptureQueriesContext(connection) as one:
        client.get("/w/lakeside/")
    for number in range(2):
        other = Workspace.objects.create(slug=f"w{number}", name=f"W {number}", city="X")
        organisation = Organisation.objects.create(workspace=other, name="O", kind="ngo")
        Membership.objects.create(
            workspace=other, user=people["analyst"], organisation=organisation, role="analyst"
        )
    with CaptureQueriesContext(connection) as three:
        text = client.get("/w/lakeside/").content.decode()
    assert "/w/w1/" in text
    assert len(three) == len(one)


@pytest.fixture
def tile_file(tmp_path, settings):
    path = tmp_path / "city.pmtiles"
    path.write_bytes(bytes(range(256)) * 4)
    settings.COMMONLIGHT_TILES = str(path)
    return path


def test_tiles_are_read_in_parts(client, tile_file):
    answer = client.get("/tiles.pmtiles", headers={"Range": "bytes=16-31"})
    assert answer.status_code == 206
    assert answer.content == bytes(range(16, 32))
    assert answer["Content-Range"] == "bytes 16-31/1024"
    last = client.get("/tiles.pmtiles", headers={"Range": "bytes=1000-9999"})
    assert last["Content-Range"] == "bytes 1000-1023/1024"


@pytest.mark.parametrize("asked", ["", "bytes=5-2", "bytes=2000-2001", "lines=1-2", "bytes=-5"])
def test_a_part_that_does_not_exist_is_refused(client, tile_file, asked):
    answer = client.get("/tiles.pmtiles", headers={"Range": asked} if asked else {})
    assert answer.status_code == 416
    assert answer["Content-Range"] == "bytes */1024"


def test_without_tiles_there_is_nothing_to_read(client, settings):
    settings.COMMONLIGHT_TILES = ""
    assert client.get("/tiles.pmtiles").status_code == 404


def test_a_confirmation_names_what_will_happen_and_has_the_verb_on_its_button(rf):
    request = rf.get("/x/")
    text = render(
        request,
        "ui/confirm.html",
        {
            "title": "Delete the data set?",
            "consequences": ["Nobody can read it.", "<b>Reports stay.</b>"],
            "rows": [("Name", "Burglary")],
            "button": "Delete",
            "is_dangerous": True,
            "back_url": "/back/",
        },
    ).content.decode()
    assert "<h1>Delete the data set?</h1>" in text
    assert "&lt;b&gt;Reports stay." in text
    assert '<button class="button danger">Delete</button>' in text
    assert '<a href="/back/">Cancel</a>' in text
    assert "csrfmiddlewaretoken" in text


def test_a_public_page_has_no_navigation_and_no_sign_out(rf):
    request = rf.get("/public/lakeside/")
    text = render(request, "ui/public_base.html", {"workspace": {"name": "Safer Lakeside"}})
    shown = text.content.decode()
    assert "Safer Lakeside" in shown
    assert '<nav class="nav"' not in shown
    assert "Sign out" not in shown
    assert "data-session-ends" not in shown
