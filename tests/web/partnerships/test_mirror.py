"""Declared and done: counts beside the pulse, reasons beside numbers, no person anywhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from commonlight.web.content import read_content
from commonlight.web.partnerships.domain.actions import finish_action, give_action
from commonlight.web.partnerships.domain.facts import Count, Period, counts_of, fact, told_facts
from commonlight.web.partnerships.domain.mirror import give_reason, last_year, mirror_of
from commonlight.web.partnerships.domain.shared import PartnershipError
from commonlight.web.policy import Refused

PAGE = "/w/lakeside/partnership/mirror/"


@pytest.fixture
def ten_promised(dataset, signed_agreement, partners, city):
    """The police promised ten data sets in an agreement in force and delivered two."""
    found = [dataset(f"set-{number}", version=number < 2) for number in range(10)]
    signed_agreement(*found, receivers=(city.municipality,))
    return found


def fact_of(mirror, name):
    return next(one for side in mirror.sides for one in side.facts if one.id == name)


def rows_of(mirror, name):
    return {
        str(row.organisation): (row.count.done, row.count.declared)
        for row in fact_of(mirror, name).rows
    }


def test_who_promised_ten_and_delivered_two_shows_two_of_ten(
    ten_promised, actor_of, city, client_of
):
    mirror = mirror_of(actor_of("partner"), last_year(city.workspace))
    assert rows_of(mirror, "data_sets_delivered")["Lakeside Police"] == (2, 10)
    assert "2 of 10" in client_of("partner").get(PAGE).content.decode()


@pytest.mark.parametrize("state", ["draft", "offered", "ended"])
def test_an_agreement_that_is_not_in_force_promises_nothing(
    state, dataset, signed_agreement, actor_of, city, partners
):
    signed_agreement(dataset(), receivers=(city.municipality,), state=state)
    mirror = mirror_of(actor_of("partner"), last_year(city.workspace))
    assert rows_of(mirror, "data_sets_delivered")["Lakeside Police"] == (0, 0)


def test_the_number_stands_beside_the_self_rating(
    ten_promised, six, pulse, client_of, actor_of, city
):
    pulse([(one, "strongly_agree") for one in six])
    page = client_of("partner").get(PAGE).content.decode()
    side = page.split("Trust and information</h2>")[1].split("</section>")[0]
    assert "The middle answer is: Strongly agree." in side
    assert "2 of 10" in side
    told = mirror_of(actor_of("partner"), last_year(city.workspace)).round
    assert told.is_shown


def test_under_five_answers_the_pulse_is_hidden_and_the_number_stays(
    ten_promised, six, pulse, client_of
):
    pulse([(one, "strongly_agree") for one in six[:4]])
    page = client_of("partner").get(PAGE).content.decode()
    assert "Too few answers" in page
    assert "The middle answer" not in page
    assert "2 of 10" in page


def test_a_partner_adds_a_reason_that_stands_with_the_number(
    ten_promised, actor_of, client_of, city
):
    give_reason(actor_of("analyst"), "data_sets_delivered", "The old reason")
    give_reason(actor_of("analyst"), "data_sets_delivered", "Counters broke down")
    page = client_of("partner").get(PAGE).content.decode()
    row = page.split("2 of 10")[1].split("</li>")[0]
    assert "Lakeside Police" in row
    assert "Counters broke down" in row
    assert "The old reason" not in page
    with pytest.raises(PartnershipError):
        give_reason(actor_of("analyst"), "data_sets_delivered", " ")
    with pytest.raises(Refused):
        give_reason(actor_of("decision_maker"), "data_sets_delivered", "Mine")


def test_no_row_names_a_person(ten_promised, six, pulse, client_of):
    pulse([(one, "agree") for one in six])
    for one in six:
        give_reason(one, "attendance", "A strike")
        give_reason(one, "inputs_answered", "Too few hands")
    main = client_of("coordinator").get(PAGE).content.decode().split("<main")[1].split("</main>")[0]
    assert "A strike" in main
    assert not [one.name for one in six if one.name in main or str(one.user_id) + "@" in main]
    assert "@" not in main


def test_actions_on_time_are_counted_by_owner(actor_of, city, today, partners):
    coordinator = actor_of("coordinator")
    for days, is_done in ((-5, True), (-3, False), (0, True), (9, False)):
        action = give_action(
            coordinator,
            text="Walk",
            owner=city.youth_work,
            due_on=today + timedelta(days=days),
        )
        if is_done:
            at = timezone.now() - timedelta(days=5 if days < 0 else 0)
            finish_action(coordinator, action, at=at)
    mirror = mirror_of(coordinator, last_year(city.workspace))
    assert rows_of(mirror, "actions_on_time")["Youth Work Lakeside"] == (2, 3)


def test_deliveries_are_due_some_days_after_the_one_before(dataset, city, today):
    from commonlight.web.data.models import DataVersion

    made = dataset(delivery_every_days=30, next_delivery_on=today + timedelta(days=20))
    for number, age in ((1, 100), (2, 75), (3, 10)):
        DataVersion.objects.create(
            workspace=city.workspace,
            dataset=made,
            number=number,
            digest="a" * 64,
            created_at=timezone.now() - timedelta(days=age),
        )
    period = Period(today - timedelta(days=365), today)
    counts = counts_of(city.workspace, period)["deliveries_on_time"]
    assert counts == {city.police.pk: Count(2, 1)}
    made.next_delivery_on = today - timedelta(days=2)
    made.save()
    counts = counts_of(city.workspace, period)["deliveries_on_time"]
    assert counts == {city.police.pk: Count(3, 1)}


def test_every_fact_that_this_app_can_count_is_told_and_others_may_be():
    own = {
        "data_sets_delivered",
        "deliveries_on_time",
        "requests_answered",
        "actions_on_time",
        "actions_carried_over",
        "roles_confirmed",
        "decisions_with_decider",
        "deciders_spread",
        "attendance",
        "agenda_items_brought",
        "frames_given",
    }
    known = {one["id"] for one in read_content("commonlight.web.partnerships", "facts")["fact"]}
    assert own <= told_facts() <= known
    assert known - own == {"inputs_answered", "workshops_with_residents"}
    with pytest.raises(ValueError, match="no fact"):
        fact("nothing")


def test_the_stranger_sees_no_mirror(client_of, ten_promised):
    assert client_of("stranger").get(PAGE).status_code == 404
    assert client_of("stranger").get(f"{PAGE}attendance/reason/").status_code == 404
