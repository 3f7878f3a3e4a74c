"""Members, their roles, and what is left when one goes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commonlight.web.accounts.models import User
from commonlight.web.data.models import DataSetRole
from commonlight.web.eventlog.models import Event
from commonlight.web.policy import decide
from commonlight.web.workspaces.models import Membership, Organisation, Space, SpaceRole
from commonlight.web.workspaces.people.members import (
    MemberError,
    change_member,
    end_membership,
)

PASSWORD = "a long enough passphrase"


def membership(people, role):
    return people[role].memberships.get(ended_at=None)


def page_of(client):
    return client.get("/w/lakeside/people/")


def test_members_see_members_and_the_stranger_nothing(client_of):
    for role in ("coordinator", "analyst", "partner", "evaluator", "decision_maker"):
        page = page_of(client_of(role)).content.decode()
        assert all(name in page for name in ("Coordinator", "Analyst", "Evaluator"))
        assert "Stranger" not in page
        assert "@example.org" not in page.split("<main")[1]
    assert page_of(client_of("stranger")).status_code == 404
    assert page_of(Client()).status_code == 302


def test_only_the_coordinator_gets_to_the_forms(client_of, people):
    pk = membership(people, "partner").pk
    for role in ("analyst", "partner", "evaluator", "decision_maker"):
        for path in (f"people/{pk}/", f"people/{pk}/end/", "people/organisations/add/"):
            assert client_of(role).get(f"/w/lakeside/{path}").status_code == 403
    assert client_of("coordinator").get(f"/w/lakeside/people/{pk}/").status_code == 200


def test_a_role_is_changed_and_both_are_kept(client_of, people, city):
    found = membership(people, "partner")
    given = {"role": "evaluator", "organisation": city.youth_work.pk, "is_signatory": ""}
    client_of("coordinator").post(f"/w/lakeside/people/{found.pk}/", given)
    found.refresh_from_db()
    assert (found.role, found.is_signatory) == ("evaluator", False)
    event = Event.objects.get(action="people.change")
    assert event.detail["before"]["role"] == "partner"
    assert event.detail["after"]["role"] == "evaluator"
    assert event.actor_id == people["coordinator"].pk


def test_a_change_takes_effect_at_the_next_request(client_of, people, city):
    analyst = client_of("analyst")
    assert page_of(analyst).status_code == 200
    found = membership(people, "analyst")
    given = {"role": "guest", "organisation": city.police.pk}
    client_of("coordinator").post(f"/w/lakeside/people/{found.pk}/", given)
    assert page_of(analyst).status_code == 403


def test_nobody_changes_her_own_role(client_of, people, actor_of, city):
    found = membership(people, "coordinator")
    client_of("coordinator").post(
        f"/w/lakeside/people/{found.pk}/",
        {"role": "analyst", "organisation": city.municipality.pk},
    )
    found.refresh_from_db()
    assert found.role == "coordinator"
    with pytest.raises(MemberError, match="your own role"):
        change_member(
            actor_of("coordinator"),
            found,
            role="analyst",
            organisation=city.municipality,
            is_signatory=True,
        )


def test_a_coordinator_does_not_make_herself_a_member_of_the_police(
    client_of, people, actor_of, city, dataset
):
    """Whoever acts for the police sees the points of the police."""
    from commonlight.web.data.coverage import detail_for

    found = membership(people, "coordinator")
    given = {"role": "coordinator", "organisation": city.police.pk, "is_signatory": "on"}
    client_of("coordinator").post(f"/w/lakeside/people/{found.pk}/", given)
    found.refresh_from_db()
    assert found.organisation == city.municipality
    with pytest.raises(MemberError, match="organisation"):
        change_member(
            actor_of("coordinator"),
            found,
            role="coordinator",
            organisation=city.police,
            is_signatory=True,
        )
    assert not detail_for(actor_of("coordinator"), dataset()).allowed


def test_whoever_goes_to_another_organisation_begins_anew_there(client_of, people, city, dataset):
    found = membership(people, "partner")
    space = Space.objects.create(workspace=city.workspace, slug="room", name="Room", is_open=False)
    for model, thing in ((SpaceRole, {"space": space}), (DataSetRole, {"dataset": dataset()})):
        model.objects.create(workspace=city.workspace, membership=found, role="reader", **thing)
    given = {"role": "evaluator", "organisation": city.university.pk, "is_signatory": "on"}
    client_of("coordinator").post(f"/w/lakeside/people/{found.pk}/", given)
    found.refresh_from_db()
    assert found.ended_at is not None
    assert found.organisation == city.youth_work
    new = membership(people, "partner")
    assert (new.organisation, new.role, new.is_signatory) == (city.university, "evaluator", True)
    assert not SpaceRole.objects.of(city.workspace).exists()
    assert not DataSetRole.objects.of(city.workspace).filter(membership=new).exists()


def test_the_signatory_is_told_who_came_to_the_organisation(client_of, people, city):
    """A coordinator could invite a friend as police: the police must see it."""
    Membership.objects.of(city.workspace).update(started_at=timezone.now() - timedelta(days=90))
    friend = User.objects.create_user("friend@example.org", PASSWORD, name="A Friend")
    Membership.objects.create(
        workspace=city.workspace, user=friend, organisation=city.police, role="analyst"
    )
    told = "A Friend acts for your organisation since"
    assert told in client_of("analyst").get("/w/lakeside/").content.decode()
    assert told not in client_of("partner").get("/w/lakeside/").content.decode()
    Membership.objects.of(city.workspace).filter(user=people["analyst"]).update(is_signatory=False)
    assert told not in client_of("analyst").get("/w/lakeside/").content.decode()


def test_the_last_coordinator_stays(client_of, people, actor_of):
    found = membership(people, "coordinator")
    answer = client_of("coordinator").post(f"/w/lakeside/people/{found.pk}/end/")
    assert answer.status_code == 403
    assert "last coordinator" in answer.content.decode()
    with pytest.raises(MemberError, match="last coordinator"):
        end_membership(actor_of("coordinator"), found)
    assert not decide(actor_of("coordinator"), "people.manage", found)


def test_two_coordinators_cannot_both_go(people, actor_of, city):
    second = membership(people, "analyst")
    change_member(
        actor_of("coordinator"),
        second,
        role="coordinator",
        organisation=city.police,
        is_signatory=False,
    )
    first = membership(people, "coordinator")
    end_membership(actor_of("analyst"), first)
    with pytest.raises(MemberError, match="last coordinator"):
        end_membership(actor_of("analyst"), second)


def test_whoever_leaves_reads_nothing_and_is_signed_out(people, city, client_of):
    partner = Client()
    partner.post("/accounts/login/", {"login": "partner@example.org", "password": PASSWORD})
    assert partner.get("/w/lakeside/").status_code == 200
    found = membership(people, "partner")
    confirm = client_of("coordinator").get(f"/w/lakeside/people/{found.pk}/end/")
    assert "signed out everywhere" in confirm.content.decode()
    client_of("coordinator").post(f"/w/lakeside/people/{found.pk}/end/")
    assert partner.get("/w/lakeside/").status_code == 302
    assert partner.get("/me/").status_code == 302
    again = Client()
    again.post("/accounts/login/", {"login": "partner@example.org", "password": PASSWORD})
    assert again.get("/w/lakeside/").status_code == 404
    found.refresh_from_db()
    assert found.ended_at is not None
    assert not found.is_signatory
    assert Event.objects.filter(action="people.end", chain="lakeside").exists()


def test_with_another_workspace_the_session_stays(people, city, actor_of):
    Membership.objects.create(
        workspace=city.elsewhere, user=people["partner"], organisation=city.foreign, role="guest"
    )
    client = Client()
    client.post("/accounts/login/", {"login": "partner@example.org", "password": PASSWORD})
    found = Membership.objects.of(city.workspace).get(user=people["partner"])
    end_membership(actor_of("coordinator"), found)
    assert client.get("/w/lakeside/").status_code == 404
    assert client.get("/w/elsewhere/").status_code == 200


def test_roles_in_spaces_end_with_the_membership(people, city, actor_of):
    space = Space.objects.create(workspace=city.workspace, slug="s", name="S", is_open=False)
    found = membership(people, "partner")
    SpaceRole.objects.create(workspace=city.workspace, space=space, membership=found, role="owner")
    end_membership(actor_of("coordinator"), found)
    assert not SpaceRole.objects.of(city.workspace).exists()


def test_an_ended_membership_cannot_be_changed(people, city, actor_of, client_of):
    found = membership(people, "partner")
    end_membership(actor_of("coordinator"), found)
    with pytest.raises(MemberError, match="ended already"):
        end_membership(actor_of("coordinator"), found)
    given = {"role": "coordinator", "organisation": city.police.pk}
    answer = client_of("coordinator").post(f"/w/lakeside/people/{found.pk}/", given)
    assert answer.status_code == 403


def test_a_member_of_another_city_is_not_there(client_of, people):
    pk = membership(people, "stranger").pk
    assert client_of("coordinator").get(f"/w/lakeside/people/{pk}/").status_code == 404
    own = membership(people, "partner").pk
    assert client_of("stranger").get(f"/w/elsewhere/people/{own}/").status_code == 404


def test_an_organisation_is_added_and_changed(client_of, city):
    client = client_of("coordinator")
    given = {"name": "School Board", "kind": "school", "public_contact": ""}
    client.post("/w/lakeside/people/organisations/add/", given)
    made = Organisation.objects.of(city.workspace).get(name="School Board")
    client.post(f"/w/lakeside/people/organisations/{made.pk}/", {**given, "name": "Schools"})
    made.refresh_from_db()
    assert made.name == "Schools"
    page = client.post(
        "/w/lakeside/people/organisations/add/", {**given, "name": "lakeside POLICE"}
    )
    assert "of this name already" in page.content.decode()
    foreign = client.post(f"/w/lakeside/people/organisations/{city.foreign.pk}/", given)
    assert foreign.status_code == 404


def test_a_script_as_name_is_text(client_of, city):
    given = {"name": "<script>alert(1)</script>", "kind": "ngo", "public_contact": "<img src=x>"}
    client = client_of("coordinator")
    client.post("/w/lakeside/people/organisations/add/", given)
    page = page_of(client).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_queries_do_not_grow_with_members(client_of, city):
    client = client_of("coordinator")
    page_of(client)
    counts = []
    for number in range(3):
        user = User.objects.create_user(f"n{number}@example.org", PASSWORD, name=f"N{number}")
        Membership.objects.create(
            workspace=city.workspace, user=user, organisation=city.police, role="guest"
        )
        with CaptureQueriesContext(connection) as queries:
            page_of(client)
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_the_last_coordinator_is_told_why_there_is_nothing_to_change(client_of, people):
    page = page_of(client_of("coordinator")).content.decode()
    assert f"/people/{membership(people, 'partner').pk}/" in page
    assert f"/people/{membership(people, 'coordinator').pk}/" not in page
    assert "You are the last coordinator of this workspace." in page
