"""A person's own page."""

import pytest
from django.test import Client

from commonlight.web.workspaces.models import Membership, Organisation, Workspace


def test_it_is_for_signed_in_people(people):
    assert Client().get("/me/")["Location"] == "/accounts/login/?next=/me/"


def test_it_shows_own_memberships_only(client_of):
    page = client_of("stranger").get("/me/").content.decode()
    assert "Elsewhere" in page
    assert "Lakeside" not in page


def test_name_and_language_are_changed_and_seen_at_once(client_of, people):
    client = client_of("partner")
    client.post("/me/", {"name": "Ayşe Ünal", "language": "de"})
    people["partner"].refresh_from_db()
    assert (people["partner"].name, people["partner"].language) == ("Ayşe Ünal", "de")
    assert '<html lang="de"' in client.get("/me/").content.decode()


def test_a_kept_language_is_used_in_a_new_browser(client_of, people):
    people["partner"].language = "fr"
    people["partner"].save()
    assert '<html lang="fr"' in client_of("partner").get("/me/").content.decode()


@pytest.mark.parametrize("name", ["", "   ", "---"])
def test_an_empty_name_is_refused(client_of, people, name):
    page = client_of("partner").post("/me/", {"name": name, "language": ""}).content.decode()
    assert "There is a problem" in page
    people["partner"].refresh_from_db()
    assert people["partner"].name == "Partner"


def test_a_script_as_name_is_text(client_of):
    client = client_of("partner")
    client.post("/me/", {"name": "<script>alert(1)</script>", "language": ""})
    assert "<script>alert" not in client.get("/me/").content.decode()


def test_nothing_else_of_an_account_can_be_set(client_of, people):
    given = {"name": "P", "language": "", "email": "x@example.org", "is_operator": "on"}
    client_of("partner").post("/me/", given)
    people["partner"].refresh_from_db()
    assert people["partner"].email == "partner@example.org"
    assert not people["partner"].is_operator


def test_queries_do_not_grow_with_workspaces(client_of, people, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of("partner")
    with CaptureQueriesContext(
        connection,
    ) as once:
        client.get("/me/")
    for number in (2, 3):
        place = Workspace.objects.create(slug=f"w{number}", name=f"W{number}", city="X")
        home = Organisation.objects.create(workspace=place, name="O", kind="ngo")
        Membership.objects.create(
            workspace=place, user=people["partner"], organisation=home, role="guest"
        )
    with django_assert_num_queries(len(once)):
        client.get("/me/")
