"""Odd values in forms and addresses get a sentence or nothing, never a fault of ours."""

from __future__ import annotations

import pytest

HOME = "/w/lakeside/partnership/"


@pytest.mark.parametrize("value", ["1" * 30, "9" * 5000, "²", "-1", "x"])
def test_odd_keys_and_numbers_come_back_with_the_form(value, client_of, partners):
    client = client_of("coordinator")
    sent = {
        "tasks/add/": {
            "activity": "Lights",
            "accountable": [value],
            "responsible": [value],
            "problem": value,
        },
        "meetings/plan/": {"title": "A", "time": value, "minutes": value, "invited": [value]},
        "templates/port_partnership/choose/": {"starts_on": "9999-12-31", "seat-police": value},
    }
    for address, fields in sent.items():
        assert client.post(f"{HOME}{address}", fields).status_code == 200, address
    assert client.get(f"{HOME}actions/", {"owner": value, "state": value}).status_code == 200


def test_no_number_of_an_address_is_too_long(client_of, partners):
    client, number = client_of("coordinator"), "1" * 30
    for part in ("register", "tasks", "pulse", "meetings", "packs", "agreement", "actions"):
        assert client.get(f"{HOME}{part}/{number}/").status_code == 404, part
