"""Who is in the room against who should be: a warning asks for a reason (row 28)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import FieldDoesNotExist

from commonlight.web.design.domain.room import (
    GroupSeats,
    RoomError,
    give_reason,
    groups_present,
    headcount,
    open_warnings,
    set_present,
    set_seats,
    warnings_of,
)
from commonlight.web.design.domain.workshops import move_workshop
from commonlight.web.design.models import Seats

SHOP = "/w/lakeside/problems/1/design/workshops/1/"


def seats(**planned: int) -> list[GroupSeats]:
    return [GroupSeats(group, number) for group, number in planned.items()]


@pytest.mark.parametrize(
    ("planned", "rules"),
    [
        ({"women": 6, "police": 3, "municipality": 3}, []),
        ({"police": 3, "municipality": 3, "ngo": 2}, ["no_residents"]),
        ({"women": 4, "police": 5}, ["one_agency_over_half"]),
        ({"women": 5, "police": 5}, []),
        ({"police": 4, "ngo": 1}, ["no_residents", "one_agency_over_half"]),
        ({"women": 9, "police": 1}, []),
        ({"not_stated": 9, "women": 1, "police": 1}, []),
    ],
)
def test_the_plan_warns_without_residents_or_with_one_agency_over_half(
    workshop: Any, actor_of: Any, planned: dict[str, int], rules: list[str]
) -> None:
    set_seats(actor_of("coordinator"), workshop, seats(**planned))
    assert [one.rule for one in warnings_of(workshop)] == rules


def test_a_list_that_nobody_wrote_warns_of_nothing(workshop: Any) -> None:
    assert warnings_of(workshop) == []


def test_a_harmed_group_that_is_missing_is_named(workshop: Any, actor_of: Any) -> None:
    rows = [*seats(men=3, police=2), GroupSeats("women", 0, is_harmed=True)]
    set_seats(actor_of("coordinator"), workshop, rows)
    (warning,) = warnings_of(workshop)
    assert "Residents: women" in warning.text


def test_what_counts_in_the_end_is_who_was_there(workshop: Any, actor_of: Any) -> None:
    actor = actor_of("coordinator")
    set_seats(actor, workshop, seats(women=6, police=3, municipality=3))
    set_present(actor, workshop, {"women": 0, "police": 4, "municipality": 3})
    assert [one.rule for one in warnings_of(workshop)] == [
        "no_residents",
        "one_agency_over_half",
        "planned_but_absent",
    ]
    assert headcount(workshop) == (12, 7)
    assert [str(one) for one in groups_present(workshop)] == ["Municipality", "Police"]


def test_a_reason_stands_beside_the_warning_until_the_warning_names_another_group(
    workshop: Any, actor_of: Any
) -> None:
    actor = actor_of("coordinator")
    set_seats(actor, workshop, seats(women=2, police=5))
    with pytest.raises(RoomError, match="Write the reason"):
        give_reason(actor, workshop, "one_agency_over_half", text=" ")
    give_reason(actor, workshop, "one_agency_over_half", text="They walk there at night.")
    assert open_warnings(workshop) == []
    set_seats(actor, workshop, seats(women=2, municipality=5))
    assert [one.rule for one in open_warnings(workshop)] == ["one_agency_over_half"]
    with pytest.raises(RoomError, match="no such warning"):
        give_reason(actor, workshop, "no_residents", text="None came.")


def test_the_page_shows_the_warning_and_takes_the_reason(
    workshop: Any, client_of: Any, actor_of: Any
) -> None:
    client = client_of("partner")
    client.post(f"{SHOP}room/", {"planned_police": 4, "planned_ngo": 3, "harmed_women": "on"})
    page = client.get(SHOP).content.decode()
    assert "No residents are planned" in page
    assert "A group that the problem names as harmed is not in the room" in page
    client.post(f"{SHOP}room/reasons/no_residents/", {"reason": "We meet them on Monday."})
    assert "Reason: We meet them on Monday." in client.get(SHOP).content.decode()
    assert client.get(f"{SHOP}room/reasons/planned_but_absent/").status_code == 404


def test_a_count_comes_after_the_workshop(workshop: Any, client_of: Any, actor_of: Any) -> None:
    client = client_of("partner")
    assert client.get(f"{SHOP}room/present/").status_code == 302
    move_workshop(actor_of("coordinator"), workshop, "hold")
    assert "No names, no list to sign" in client.get(f"{SHOP}room/present/").content.decode()
    wrong = client.post(f"{SHOP}room/present/", {"present_women": "-3"})
    assert wrong.status_code == 200
    client.post(f"{SHOP}room/present/", {"present_women": "3"})
    assert workshop.seats.get(group="women").present == 3


def test_nothing_about_the_room_can_hold_a_name() -> None:
    for name in ("name", "person", "member", "membership", "user", "email"):
        with pytest.raises(FieldDoesNotExist):
            Seats._meta.get_field(name)
