"""Drafts say what they leave open, and only drafts change."""

from datetime import timedelta

import pytest

from commonlight.web.agreements.domain import drafting
from commonlight.web.agreements.domain.coverage import today_in
from commonlight.web.agreements.domain.drafting import unanswered
from commonlight.web.agreements.models import Agreement


@pytest.fixture
def today(city):
    return today_in(city.workspace)


def test_a_new_draft_lists_every_open_part_and_clause(city, actor_of, today):
    made = drafting.create_draft(actor_of("analyst"), kind="one_way", title="Counts")
    found = unanswered(made, today)
    assert {one.part for one in found} == {
        "parties",
        "purpose",
        "data",
        "detail",
        "dates",
        "clauses",
    }
    assert "dispute" in {one.clause for one in found}
    assert "return_flow" not in {one.clause for one in found}


def test_a_full_draft_leaves_nothing_open(draft, today):
    assert unanswered(draft(), today) == []


def test_a_clause_that_is_emptied_is_open_again(draft, actor_of, today):
    made = draft()
    drafting.set_clause(actor_of("coordinator"), made, "dispute", "")
    assert [one.clause for one in unanswered(made, today)] == ["dispute"]


def test_a_data_set_of_nobody_who_gives_is_named(city, draft, dataset, today):
    made = draft()
    dataset("foreign-to-it", owner=city.university).agreements.add(made)
    made = Agreement.objects.of(city.workspace).get(pk=made.pk)
    (one,) = unanswered(made, today)
    assert "belongs to nobody who gives" in one.text


def test_a_last_day_in_the_past_is_open(draft, actor_of, today):
    made = draft()
    drafting.change(
        actor_of("coordinator"),
        made,
        "dates",
        starts_on=today - timedelta(days=9),
        expires_on=today - timedelta(days=1),
    )
    assert [one.part for one in unanswered(made, today)] == ["dates"]


def test_numbers_run_on_in_each_workspace(actor_of):
    first = drafting.create_draft(actor_of("analyst"), kind="one_way", title="A")
    second = drafting.create_draft(actor_of("analyst"), kind="one_way", title="B")
    other = drafting.create_draft(actor_of("stranger"), kind="one_way", title="C")
    assert (first.number, second.number, other.number) == (1, 2, 1)


def test_what_is_offered_cannot_be_changed(offered, actor_of):
    with pytest.raises(ValueError, match="Only a draft"):
        drafting.set_clause(actor_of("coordinator"), offered(), "dispute", "Other")
