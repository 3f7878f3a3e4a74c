"""The first run, and workspaces made from a terminal."""

import re

import pytest
from django.test import Client

from commonlight.web.accounts.models import User
from commonlight.web.eventlog.models import Event
from commonlight.web.workspaces import first_run
from commonlight.web.workspaces.commands import add_user, create
from commonlight.web.workspaces.models import Membership, Workspace

GIVEN = {
    "name": "Ida Brandt",
    "email": "Ida@City.example",
    "password": "seven geese on a roof",
    "workspace": "Safer Lakeside",
    "city": "Lakeside am See",
    "country": "de",
    "language": "de",
    "time_zone": "Europe/Berlin",
    "organisation": "City of Lakeside",
    "kind": "municipality",
}


def test_the_link_makes_the_first_coordinator_and_workspace_once(
    db, home, django_capture_on_commit_callbacks
):
    path = first_run.set_up_path()
    assert (home / "set-up.code").stat().st_mode & 0o077 == 0
    assert path == first_run.set_up_path()
    assert first_run.set_up_address(8001) == f"http://localhost:8001{path}"
    client = Client()
    assert client.get(path).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(path, GIVEN)
    assert answer["Location"] == "/w/lakeside-am-see/"
    user = User.objects.get()
    assert (user.email, user.is_operator) == ("ida@city.example", True)
    place = Workspace.objects.get()
    assert place.second_factor_roles == ["coordinator", "analyst"]
    assert place.folder.is_dir()
    member = Membership.objects.of(place).get()
    assert (member.role, member.is_signatory) == ("coordinator", True)
    assert first_run.set_up_path() is None
    assert Client().get(path).status_code == 404
    assert Client().post(path, GIVEN).status_code == 404
    assert Event.objects.filter(chain=place.slug, action="workspace.create").exists()


def test_a_new_coordinator_is_led_to_the_second_factor(db, home):
    client = Client()
    client.post(first_run.set_up_path(), GIVEN)
    answer = client.get("/w/lakeside-am-see/", follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/2fa/"


def test_who_has_just_chosen_a_password_is_not_asked_for_it_again(db, home):
    client = Client()
    client.post(first_run.set_up_path(), GIVEN)
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


def test_a_wrong_code_is_no_page(db, home):
    first_run.set_up_path()
    assert Client().get("/setup/wrong/").status_code == 404


def test_there_is_no_such_page_once_somebody_has_an_account(people, home):
    assert first_run.set_up_path() is None
    assert Client().get("/setup/anything/").status_code == 404


def test_an_error_keeps_what_was_typed(db, home):
    page = Client().post(first_run.set_up_path(), {**GIVEN, "password": "x"}).content.decode()
    assert "There is a problem" in page
    assert 'value="Lakeside am See"' in page
    assert not User.objects.exists()


def test_a_workspace_and_its_coordinator_are_made_by_command(db, home, capsys):
    create("lakeside", name="Safer Lakeside", city="Lakeside", time_zone="Europe/Berlin")
    add_user("lakeside", "Ida@city.example", name="Ida", organisation="City of Lakeside")
    said = capsys.readouterr().out
    path = re.search(r"http://\S+?(/accounts/\S+)", said)[1]
    client = Client()
    form = client.get(path, follow=True)
    new = "seven geese on a roof"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    answer = client.post("/accounts/login/", {"login": "ida@city.example", "password": new})
    assert answer.status_code == 302
    place = Workspace.objects.get()
    assert place.second_factor_roles == ["coordinator", "analyst"]
    assert Membership.objects.of(place).get().role == "coordinator"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"slug": "Lake Side"}, "short name"),
        ({"language": "xx"}, "give one of"),
        ({"time_zone": "Nowhere"}, "time zone"),
        ({"country": "Germany"}, "two letters"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(db, home, given, words):
    whole = {"slug": "lakeside", "name": "L", "city": "L", **given}
    with pytest.raises(ValueError, match=words):
        create(whole.pop("slug"), **whole)
    assert not Workspace.objects.exists()


def test_a_command_refuses_unknown_workspaces_roles_and_members(people, city):
    for given, words in (
        (("nowhere", "a@x.example"), "no workspace"),
        (("lakeside", "no address"), "not an e-mail"),
        (("lakeside", "partner@example.org"), "member of lakeside already"),
    ):
        with pytest.raises(ValueError, match=words):
            add_user(*given, name="A", organisation="City of Lakeside")
    with pytest.raises(ValueError, match="no role"):
        add_user("lakeside", "a@x.example", name="A", organisation="O", role="boss")
    with pytest.raises(ValueError, match="already"):
        create("lakeside", name="L", city="L")
    assert not User.objects.filter(email="a@x.example").exists()
