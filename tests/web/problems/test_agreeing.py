"""A joint statement takes each named cause up, or says for ever why not."""

from __future__ import annotations

import pytest

from commonlight.web.policy import Refused
from commonlight.web.problems.domain.agreeing import CauseChoice, JointError, agree
from commonlight.web.problems.models import Cause

pytestmark = pytest.mark.django_db
TAKEN = {
    "lighting": CauseChoice(text="Lamps are broken since autumn", reach="inside"),
    "policing": CauseChoice(text="Few rounds after six", reach="inside"),
}


def test_nothing_is_agreed_before_two_have_answered(asked, problem, actor_of, whole):
    with pytest.raises(Refused):
        agree(actor_of("coordinator"), problem, reason="x", causes=TAKEN, **whole)


def test_a_cause_that_is_ignored_asks_for_a_reason(opened, problem, actor_of, whole):
    problem.refresh_from_db()
    with pytest.raises(JointError) as refused:
        agree(actor_of("coordinator"), problem, reason="We met.", causes=TAKEN, **whole)
    assert refused.value.family == "school_family"
    assert "Training ends too late" in str(refused.value)
    assert not Cause.objects.of(problem.workspace).exists()
    assert problem.statements.count() == 1


def test_a_minority_cause_stays_with_its_reason_and_who_named_it(
    opened, problem, actor_of, whole, city
):
    problem.refresh_from_db()
    left = CauseChoice(left_out_reason="The club ends at six from March.")
    made = agree(
        actor_of("coordinator"),
        problem,
        reason="We met on Monday.",
        causes={**TAKEN, "school_family": left},
        **whole,
    )
    assert made.is_joint
    found = {one.family: one for one in Cause.objects.of(problem.workspace)}
    assert found["school_family"].left_out_reason == "The club ends at six from March."
    assert list(found["school_family"].seen_by.all()) == [city.youth_work]
    assert set(found["lighting"].seen_by.all()) == {city.police, city.youth_work}
    assert found["lighting"].text == "Lamps are broken since autumn"
    assert {one["family"] for one in made.causes} == set(found)
    assert not any(one.is_presumed for one in found.values())


def test_agreeing_again_takes_up_what_was_left_out(opened, problem, actor_of, whole):
    problem.refresh_from_db()
    actor, left = actor_of("coordinator"), CauseChoice(left_out_reason="Not now.")
    agree(actor, problem, reason="Once", causes={**TAKEN, "school_family": left}, **whole)
    kept = CauseChoice(text="Training ends after dark", reach="outside")
    made = agree(actor, problem, reason="Twice", causes={**TAKEN, "school_family": kept}, **whole)
    cause = Cause.objects.of(problem.workspace).get(family="school_family")
    assert (cause.text, cause.reach, cause.left_out_reason) == (kept.text, "outside", "")
    assert made.number == 3


def test_only_the_owner_and_the_coordinator_agree_for_all(opened, problem, actor_of, whole, city):
    problem.refresh_from_db()
    problem.owner = city.municipality
    problem.save()
    with pytest.raises(Refused):
        agree(actor_of("partner"), problem, reason="x", causes=TAKEN, **whole)
