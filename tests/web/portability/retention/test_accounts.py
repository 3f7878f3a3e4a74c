"""Taking name and address from an account."""

from datetime import timedelta

import pytest
from django.utils import timezone

from commonlight.web.accounts.models import User
from commonlight.web.eventlog.models import Event
from commonlight.web.eventlog.record import record
from commonlight.web.eventlog.verify import verify_chain
from commonlight.web.portability.retention.accounts import LastCoordinatorError, anonymise
from commonlight.web.portability.retention.due import due_of
from commonlight.web.portability.retention.removal import remove_due
from commonlight.web.workspaces.models import Invitation, Membership


def test_name_and_address_go_and_events_keep_the_number(city, people, actor_of):
    user = people["partner"]
    record(actor_of("partner"), "data.view", kind="read")
    anonymise(user)
    kept = User.objects.get(pk=user.pk)
    assert "partner" not in f"{kept.email} {kept.name}".lower()
    assert (kept.name, kept.is_active, kept.has_usable_password()) == ("", False, False)
    assert not Membership.objects.of(city.workspace).filter(user=user, ended_at=None).exists()
    assert Event.objects.get(kind="read").actor_id == user.pk
    assert Event.objects.filter(action="account.anonymise", chain="lakeside").count() == 1
    assert verify_chain("lakeside").is_whole


def test_the_person_is_signed_out_everywhere(client_of, people):
    client = client_of("partner")
    assert client.get("/w/lakeside/agreements/").status_code == 200
    anonymise(people["partner"])
    assert client.get("/w/lakeside/agreements/").status_code in (302, 404)


def test_signatures_stay_by_office(people, signed_agreement, city):
    made = signed_agreement(receivers=(city.youth_work,))
    party = made.parties.get(organisation=city.youth_work)
    party.signed_by = Membership.objects.of(city.workspace).get(user=people["partner"])
    party.save()
    anonymise(people["partner"])
    party.refresh_from_db()
    assert str(party.organisation) == "Youth Work Lakeside"
    assert party.signed_by.user.name == ""


def test_addresses_in_invitations_go(city, people):
    coordinator = Membership.objects.of(city.workspace).get(role="coordinator")
    for email, accepted in (("partner@example.org", None), ("x@example.org", people["partner"])):
        Invitation.objects.create(
            workspace=city.workspace,
            email=email,
            organisation=city.police,
            role="partner",
            code_digest=email,
            invited_by=coordinator,
            expires_at=timezone.now(),
            accepted_by=accepted,
        )
    anonymise(people["partner"])
    assert not Invitation.objects.of(city.workspace).exists()


def test_the_only_coordinator_stays(people):
    with pytest.raises(LastCoordinatorError, match="only coordinator of Safer Lakeside"):
        anonymise(people["coordinator"])
    assert User.objects.get(pk=people["coordinator"].pk).is_active


def test_former_members_are_due_only_if_they_belong_nowhere(city, people):
    long_ago = timezone.now() - timedelta(days=366)
    here = Membership.objects.of(city.workspace)
    here.filter(user__in=[people["partner"], people["analyst"]]).update(ended_at=long_ago)
    Membership.objects.create(
        workspace=city.elsewhere,
        user=people["analyst"],
        organisation=city.foreign,
        role="partner",
    )
    items = due_of(city.workspace, "accounts").items
    assert [item.thing for item in items] == [people["partner"]]
    assert items[0].name == str(people["partner"].pk)
    remove_due(None, city.workspace)
    assert due_of(city.workspace, "accounts").items == ()
    assert User.objects.get(pk=people["analyst"].pk).is_active


def test_a_former_member_stays_until_the_days_are_over(city, people):
    lately = timezone.now() - timedelta(days=364)
    Membership.objects.of(city.workspace).filter(user=people["partner"]).update(ended_at=lately)
    assert due_of(city.workspace, "accounts").items == ()
