"""Every page of a design opens for those who may."""

from __future__ import annotations

from typing import Any

import pytest

BASE = "/w/lakeside/problems/1/design/"
PAGES = [
    "", "workshops/", "workshops/new/", "workshops/1/", "workshops/1/change/", "workshops/1/parts/",
    "workshops/1/agenda/", "workshops/1/cards/", "workshops/1/room/", "workshops/1/notes/",
    "workshops/1/notes/enter/", "workshops/1/steps/hold/", "workshops/1/steps/cancel/",
    "ideas/", "ideas/new/", "ideas/1/", "ideas/1/keep/", "votes/", "votes/new/", "concepts/",
    "concepts/new/", "concepts/new/?idea=1",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_partner_opens_it_and_a_stranger_does_not(
    path: str, workshop: Any, ideas: Any, client_of: Any
) -> None:
    ideas(2)
    answer = client_of("partner").get(BASE + path)
    assert answer.status_code == 200
    assert client_of("stranger").get(BASE + path).status_code == 404
