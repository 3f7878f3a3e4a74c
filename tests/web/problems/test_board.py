"""The board warns of one witness, names who is not heard, and shows who answered."""

from __future__ import annotations

import pytest

from commonlight.web.policy import Refused
from commonlight.web.problems.domain.answering import respondents
from commonlight.web.problems.domain.board import VoiceError, hear, not_heard, voices_of
from commonlight.web.problems.needs import Known
from commonlight.web.thread.domain import join
from commonlight.web.thread.models import Link

pytestmark = pytest.mark.django_db


def evidence(actor, problem):
    return Known(actor, [problem]).evidence[problem.pk]


def test_police_data_alone_show_the_warning_and_survey_and_walk_remove_it(
    problem, actor_of, dataset, city
):
    actor = actor_of("coordinator")
    join(actor, problem, dataset("thefts", is_public=True, version=True))
    join(actor, problem, dataset("robberies", is_public=True, version=True))
    alone = evidence(actor, problem)
    assert alone.is_police_only
    assert alone.single_organisation == city.police
    survey = dataset("survey", kind="answers", owner=city.municipality, is_public=True)
    walk = dataset("walk", kind="visits", owner=city.youth_work, is_public=True)
    join(actor, problem, survey)
    join(actor, problem, walk)
    found = evidence(actor, problem)
    assert not found.is_police_only
    assert found.single_organisation is None
    assert sorted(one.nature for one in found.sources) == [
        "qualitative",
        "quantitative",
        "quantitative",
        "quantitative",
    ]


def test_sources_of_causes_and_statements_are_sources_of_the_problem(problem, actor_of, dataset):
    from commonlight.web.problems.domain.causing import add_cause
    from commonlight.web.problems.domain.stating import current_statement

    actor = actor_of("coordinator")
    cause = add_cause(actor, problem, text="Dark", family="lighting", reach="inside")
    counted = dataset("thefts", is_public=True)
    join(actor, cause, counted)
    join(actor, current_statement(problem), counted)
    assert [one.title for one in evidence(actor, problem).sources] == ["Thefts"]


def test_a_source_that_is_closed_counts_and_is_not_named(problem, actor_of, dataset):
    secret = dataset("secret", version=True)
    join(actor_of("analyst"), problem, secret)
    found = evidence(actor_of("partner"), problem).sources[0]
    assert (found.title, found.address, found.is_closed, found.stands) == ("", "", True, True)


@pytest.mark.usefixtures("nothing_kept")
def test_a_group_is_heard_through_a_source_or_missing_with_a_reason(problem, actor_of, dataset):
    actor = actor_of("partner")
    walk = dataset("walk", kind="visits", is_public=True)
    join(actor, problem, walk)
    hear(actor, problem, "women_and_girls", walk)
    not_heard(actor, problem, "older_people", reason="We go to the day centre in March.")
    found = {one.id: one for one in voices_of(actor, [problem])[problem.pk]}
    assert found["women_and_girls"].through == ("Walk",)
    assert found["older_people"].reason
    assert not found["older_people"].is_heard
    assert sum(one.is_heard for one in found.values()) == 1
    Link.objects.of(problem.workspace).filter(claim_kind="voice").delete()
    assert not any(one.is_heard for one in voices_of(actor, [problem])[problem.pk])


def test_a_reason_and_a_known_group_are_needed(problem, actor_of):
    with pytest.raises(VoiceError):
        not_heard(actor_of("partner"), problem, "older_people", reason=" ")
    with pytest.raises(VoiceError):
        not_heard(actor_of("partner"), problem, "martians", reason="Far away")
    with pytest.raises(Refused):
        not_heard(actor_of("stranger"), problem, "older_people", reason="x")


def test_who_answered_is_set_against_residents(problem, actor_of, dataset, city, found):
    survey = dataset("survey", kind="answers", owner=city.municipality, is_public=True)
    found(
        "survey.respondents",
        block="feelings",
        question="Who answered?",
        sentence="Women answered as often as they live here; people under 25 less often.",
        method_name="Respondents",
        method_page="methods/respondents",
        sources=["survey"],
        content={"table": {"caption": "Age, sex, area", "columns": [], "rows": []}},
    )
    actor = actor_of("coordinator")
    assert respondents(actor, evidence(actor, problem)) == []
    join(actor, problem, survey)
    found = respondents(actor, evidence(actor, problem))
    assert [one.sentence[:14] for one in found] == ["Women answered"]
    assert found[0].address.endswith("/survey.respondents/")
