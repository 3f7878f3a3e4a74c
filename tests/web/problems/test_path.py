"""When a pillar of the path is done: something was begun, and nothing of it is missing."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string

from commonlight.web.problems.path import PartState, Pillar


def pillar(*states):
    """A pillar with these parts."""
    parts = tuple((f"Part {number}", state) for number, state in enumerate(states, start=1))
    return Pillar("design", "Design", "You design.", "collaborative", True, parts)


def part(*missing, begun=True):
    return PartState(address="/there/", missing=missing, is_begun=begun)


@pytest.mark.parametrize(
    ("states", "is_done"),
    [
        ([part(), part()], True),
        ([part(), part(begun=False)], True),
        ([part(), part("No brief has been begun.", begun=False)], False),
        ([part(), part("It waits for approval.")], False),
        ([part(begun=False)], False),
        ([], False),
    ],
)
def test_a_pillar_is_done_when_nothing_is_missing(states, is_done):
    assert pillar(*states).is_done is is_done


def test_a_part_that_was_not_needed_is_left_out_and_not_to_do():
    done = render_to_string("problems/path.html", {"path": [pillar(part(), part(begun=False))]})
    assert "Done" in done.split("</h3>")[0]
    assert "Left out" in done
    assert "To do" not in done
    begun = [pillar(part(), part(begun=False), part("No brief.", begun=False))]
    told = render_to_string("problems/path.html", {"path": begun})
    assert "Begun" in told.split("</h3>")[0]
    assert "Left out" not in told
