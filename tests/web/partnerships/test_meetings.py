"""Meetings: what is not done comes back by itself; decisions name who took them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from commonlight.web.partnerships.domain.actions import (
    action_closed,
    actions_for,
    closing_asks,
    confirm_action,
    drop_action,
    finish_action,
    give_action,
    open_for,
    reopen_action,
)
from commonlight.web.partnerships.domain.decisions import take_decision
from commonlight.web.partnerships.domain.meetings import (
    add_item,
    add_series,
    call_off_meeting,
    hold_meeting,
    plan_meeting,
    plan_next,
    remove_item,
)
from commonlight.web.partnerships.domain.shared import PartnershipError
from commonlight.web.partnerships.models import Action
from commonlight.web.policy import Refused, allowed, refused
from commonlight.web.thread.domain import supports
from commonlight.web.thread.kinds import key_of

HOME = "/w/lakeside/partnership/meetings/"


@pytest.fixture
def series(actor_of, city):
    """Meetings of city, police and youth work, each month."""
    return add_series(
        actor_of("coordinator"),
        title="Steering group",
        every_days=30,
        minutes=90,
        invited=[city.municipality, city.police, city.youth_work],
        items=[
            {"kind": "carried_over", "title": "Last time", "minutes": 10},
            {"kind": "finding", "title": "One finding", "minutes": 20},
        ],
    )


@pytest.fixture
def held(series, actor_of, city):
    """The first meeting: city and police were there."""
    made = plan_next(actor_of("coordinator"), series)
    presence = {city.municipality.pk: "present", city.police.pk: "deputy"}
    hold_meeting(actor_of("coordinator"), made, presence, at=made.starts_at)
    return made


def give(actor, meeting, owner, today, **more):
    return give_action(
        actor, text="Bring counts", owner=owner, due_on=today, meeting=meeting, **more
    )


def test_an_undone_action_stands_on_the_next_agenda_without_retyping(
    held, series, actor_of, city, today, client_of
):
    action = give(actor_of("coordinator"), held, city.police, today)
    following = plan_next(actor_of("coordinator"), series)
    assert open_for(following) == [action]
    page = client_of("partner").get(f"{HOME}{following.number}/").content.decode()
    assert "Bring counts" in page
    assert "It stands on this agenda again." in page
    hold_meeting(actor_of("coordinator"), following, {}, at=following.starts_at)
    third = plan_next(actor_of("coordinator"), series)
    assert open_for(third) == [action]
    hold_meeting(actor_of("coordinator"), third, {}, at=third.starts_at)
    assert action.carried.count() == 2
    finish_action(actor_of("analyst"), action)
    assert open_for(plan_next(actor_of("coordinator"), series)) == []
    assert "Bring counts" in client_of("partner").get(f"{HOME}{third.number}/").content.decode()


def test_it_stands_on_the_next_agenda_only_and_moves_on_when_a_meeting_is_called_off(
    held, series, actor_of, city, today
):
    action = give(actor_of("coordinator"), held, city.police, today)
    second = plan_next(actor_of("coordinator"), series)
    third = plan_next(actor_of("coordinator"), series)
    assert (open_for(second), open_for(third)) == ([action], [])
    call_off_meeting(actor_of("coordinator"), second, reason="Storm")
    third.next_ones = None
    assert open_for(third) == [action]


def test_an_action_of_another_app_goes_to_the_next_meeting_of_all(
    actor_of, city, today, series, held
):
    asked_for_by = held
    action = give_action(
        actor_of("coordinator"),
        text="Close the gap",
        owner=city.youth_work,
        due_on=today,
        source=asked_for_by,
    )
    following = plan_meeting(
        actor_of("coordinator"), title="Soon", starts_at=timezone.now() + timedelta(days=1)
    )
    assert open_for(following) == [action]
    assert actions_for(asked_for_by) == [action]


def test_who_gave_an_action_may_ask_for_evidence_before_it_is_closed(
    actor_of, city, today, held, monkeypatch
):
    from commonlight.web.partnerships.domain import actions

    monkeypatch.setattr(actions, "_checks", {})
    is_there: list[int] = []
    closing_asks("meeting")(
        lambda actor, action: allowed if is_there else refused("Link the evidence first.")
    )
    heard: list[Action] = []

    def hear(sender, *, actor, action, **more):
        heard.append(action)

    action_closed.connect(hear)
    action = give_action(
        actor_of("coordinator"), text="Gap", owner=city.municipality, due_on=today, source=held
    )
    with pytest.raises(Refused) as stopped:
        finish_action(actor_of("coordinator"), action)
    assert "evidence" in str(stopped.value)
    is_there.append(1)
    finish_action(actor_of("coordinator"), action)
    assert heard == [action]
    action_closed.disconnect(hear)


def test_an_action_for_who_was_not_there_is_a_request_until_it_confirms(
    held, actor_of, city, today
):
    coordinator = actor_of("coordinator")
    assert give(coordinator, held, city.police, today).is_confirmed
    assert give(coordinator, held, city.municipality, today).is_confirmed
    asked = give(coordinator, held, city.youth_work, today)
    assert not asked.is_confirmed
    with pytest.raises(PartnershipError):
        confirm_action(coordinator, asked)
    confirm_action(actor_of("partner"), asked)
    assert asked.is_confirmed


def test_an_action_is_closed_by_its_owner_or_the_coordinator_with_a_reason_to_drop(
    held, actor_of, city, today
):
    action = give(actor_of("coordinator"), held, city.police, today)
    with pytest.raises(Refused):
        finish_action(actor_of("partner"), action)
    with pytest.raises(PartnershipError):
        drop_action(actor_of("analyst"), action, reason=" ")
    drop_action(actor_of("analyst"), action, reason="Not wanted")
    assert (action.state, action.outcome) == ("dropped", "Not wanted")
    reopen_action(actor_of("analyst"), action)
    finish_action(actor_of("analyst"), action, outcome="Two lines counted")
    assert action.was_on_time
    with pytest.raises(PartnershipError):
        finish_action(actor_of("analyst"), action)


def test_attendance_is_kept_by_organisation_only(held, city):
    found = {one.organisation.name: one.presence for one in held.attendance.all()}
    assert found == {
        "City of Lakeside": "present",
        "Lakeside Police": "deputy",
        "Youth Work Lakeside": "absent",
    }
    names = {field.name for field in type(held.attendance.first())._meta.fields}
    assert names == {"id", "workspace", "meeting", "organisation", "presence"}


def test_the_agenda_begins_as_the_series_says(series, actor_of):
    made = plan_next(actor_of("coordinator"), series)
    assert [one.title for one in made.items.all()] == ["One finding"]
    item = add_item(
        actor_of("partner"), made, kind="voice_of_those_concerned", title="Girls speak", minutes=20
    )
    assert item.brought_by.name == "Youth Work Lakeside"
    remove_item(actor_of("partner"), item)
    with pytest.raises(PartnershipError):
        add_item(actor_of("partner"), made, kind="nothing", title="?", minutes=1)


def test_a_decision_rests_on_findings_or_is_marked(held, actor_of, client_of):
    bare = take_decision(actor_of("coordinator"), held, text="Start with lights", is_joint=True)
    founded = take_decision(
        actor_of("coordinator"), held, text="Go on", is_joint=True, grounds=[held]
    )
    found = supports(held.workspace, [key_of(bare), key_of(founded)])
    assert [bool(found[key_of(one)]) for one in (bare, founded)] == [False, True]
    page = client_of("partner").get(f"{HOME}{held.number}/").content.decode()
    assert page.count("Unsupported") == 1


def test_a_decision_without_its_body_is_kept_and_marked(held, actor_of, client_of):
    made = take_decision(actor_of("coordinator"), held, text="Something", how="somehow")
    assert not made.names_decider
    page = client_of("partner").get(f"{HOME}{held.number}/minutes/").content.decode()
    assert "A decision needs the body that took it." in page


def test_minutes_name_organisations_and_no_person(held, actor_of, city, today, client_of, people):
    give(actor_of("coordinator"), held, city.police, today)
    take_decision(actor_of("coordinator"), held, text="Lights first", decided_by=city.municipality)
    page = client_of("analyst").get(f"{HOME}{held.number}/minutes/").content.decode()
    main = page.split("<main")[1].split("</main>")[0]
    assert "Decided by City of Lakeside" in main
    for user in people.values():
        assert user.name not in main


def test_a_meeting_is_held_once_and_called_off_with_a_reason(held, actor_of):
    with pytest.raises(PartnershipError):
        hold_meeting(actor_of("coordinator"), held, {}, at=held.starts_at)
    with pytest.raises(PartnershipError):
        call_off_meeting(actor_of("coordinator"), held, reason="Storm")


def test_a_meeting_that_is_still_to_come_was_not_held(series, actor_of):
    made = plan_next(actor_of("coordinator"), series, starts_at=timezone.now() + timedelta(days=3))
    with pytest.raises(PartnershipError):
        hold_meeting(actor_of("coordinator"), made, {})


def test_the_next_meeting_has_the_day_that_the_rhythm_gives(held, series, client_of):
    page = client_of("partner").get(f"{HOME}series/{series.pk}/next/").content.decode()
    day = timezone.localtime(held.starts_at + timedelta(days=30)).date()
    assert f'value="{day.isoformat()}"' in page


def test_the_whole_way_on_pages(client_of, city, partners, today):
    client = client_of("coordinator")
    planned = client.post(
        f"{HOME}plan/",
        {
            "title": "First",
            "day": today.isoformat(),
            "time": "14:30",
            "minutes": 60,
            "invited": [city.municipality.pk, city.police.pk],
        },
    )
    assert planned.url == f"{HOME}1/"
    answers = {
        f"presence-{city.municipality.pk}": "present",
        f"presence-{city.police.pk}": "absent",
    }
    assert client.post(f"{HOME}1/hold/", {}).status_code == 200
    assert client.post(f"{HOME}1/hold/", answers).status_code == 302
    action = {
        "text": "Check lamps",
        "owner": city.police.pk,
        "due_on": (today + timedelta(days=20)).isoformat(),
    }
    assert client.post(f"{HOME}1/actions/add/", action).status_code == 302
    decision = {"text": "Lamps first", "decider": "together"}
    assert client.post(f"{HOME}1/decisions/add/", decision).status_code == 302
    page = client.get(f"{HOME}1/").content.decode()
    assert "Check lamps" in page
    assert "Decided by the members together" in page
    assert client_of("stranger").get(f"{HOME}1/").status_code == 404
    assert client_of("decision_maker").post(f"{HOME}1/actions/add/", action).status_code == 403
