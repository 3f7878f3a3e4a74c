"""Row 84: a recommendation becomes an action; closing asks for a record and updates the matrix."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from commonlight.web.assessment.domain import recommending
from commonlight.web.assessment.domain.documents_elsewhere import withdraw_document
from commonlight.web.assessment.domain.judging import Given, give_verdicts
from commonlight.web.assessment.domain.matrix import read_assessment
from commonlight.web.assessment.domain.recommending import recommendations_of
from commonlight.web.assessment.domain.starting import StrategyError
from commonlight.web.assessment.models import Recommendation
from commonlight.web.partnerships.domain.actions import actions_for, finish_action
from commonlight.web.partnerships.enums import ActionState
from commonlight.web.policy import Refused
from commonlight.web.states import NotNow

SOON = timezone.localdate() + timedelta(days=14)


@pytest.fixture
def accepted(judged, actor_of, city):
    """A recommendation on a claim that is only claimed, accepted by the city."""
    evaluator = actor_of("evaluator")
    claim = next(
        one.claim
        for one in read_assessment(evaluator, judged.assessment).tagged
        if one.now == "claimed" and "citizen_centred" in one.claim.principles
    )
    made = recommending.write_recommendation(
        evaluator,
        judged.assessment,
        text="Ask residents before the next budget.",
        answers="claimed",
        addressee=city.municipality,
        claims=[claim],
    )
    recommending.send(evaluator, made)
    recommending.accept(actor_of("coordinator"), made, accountable=city.municipality, due_on=SOON)
    return made, claim


def test_an_accepted_recommendation_is_an_action_that_a_tick_does_not_close(accepted, actor_of):
    made, _claim = accepted
    action = actions_for(made)[0]
    assert action.due_on == SOON
    assert action.owner.name == "City of Lakeside"
    with pytest.raises(Refused, match="record shows it"):
        finish_action(actor_of("coordinator"), action)


def test_closing_asks_for_a_record_and_updates_the_matrix(accepted, judged, actor_of, document):
    made, claim = accepted
    actor, assessment = actor_of("coordinator"), judged.assessment
    given = {"what_changed": "Residents were asked.", "side_effect": "None that we saw."}
    for ground in (None, actions_for(made)[0]):
        with pytest.raises(StrategyError, match="link a record"):
            recommending.close(actor, made, ground=ground, opens_claims=True, **given)
    paper = document(assessment, title="Reply register")
    with pytest.raises(StrategyError):
        recommending.close(
            actor, made, ground=paper, opens_claims=True, what_changed="X", side_effect=" "
        )
    recommending.close(actor, made, ground=paper, opens_claims=True, **given)
    assert actions_for(made)[0].state == ActionState.DONE
    before = read_assessment(actor, assessment)
    assert [one.claim.pk for one in before.opened_again] == [claim.pk]
    for role in ("evaluator", "partner"):
        give_verdicts(actor_of(role), assessment, {claim.pk: Given("shown", "The register.")})
    after = read_assessment(actor, assessment)
    count = {
        name: next(row for row in one.matrix.principles if row.item.id == "citizen_centred").counts[
            "shown"
        ]
        for name, one in (("before", before), ("after", after))
    }
    assert count["after"] == count["before"] + 1
    assert after.opened_again == ()
    shown = recommendations_of(actor, assessment)[0]
    assert shown.state == "closed"
    assert "from “Claimed” to “Shown”" in shown.sentence
    withdraw_document(actor_of("evaluator"), paper, reason="It was not true.")
    again = recommendations_of(actor, assessment)[0]
    assert (again.state, again.is_reopened) == ("accepted", True)


def test_it_is_declined_with_a_reason_only(accepted, actor_of):
    made, _claim = accepted
    with pytest.raises(StrategyError):
        recommending.decline(actor_of("coordinator"), made, reason=" ")
    recommending.decline(actor_of("coordinator"), made, reason="No money this year.")
    assert actions_for(made)[0].state == ActionState.DROPPED


def test_accepting_needs_one_organisation_and_a_day_to_come(judged, actor_of, city):
    evaluator = actor_of("evaluator")
    made = recommending.write_recommendation(
        evaluator, judged.assessment, text="Do.", answers="flag", addressee=city.municipality
    )
    with pytest.raises(NotNow):
        recommending.accept(
            actor_of("coordinator"), made, accountable=city.municipality, due_on=SOON
        )
    recommending.send(evaluator, made)
    for who, day in ((None, SOON), (city.municipality, timezone.localdate())):
        with pytest.raises(StrategyError, match="date in the future"):
            recommending.accept(actor_of("coordinator"), made, accountable=who, due_on=day)
    with pytest.raises(Refused):
        recommending.accept(actor_of("partner"), made, accountable=city.youth_work, due_on=SOON)
    with pytest.raises(Refused):
        recommending.decline(actor_of("stranger"), made, reason="No.")


def test_a_recommendation_on_a_claim_names_the_claim(judged, actor_of, city):
    with pytest.raises(StrategyError, match="claim"):
        recommending.write_recommendation(
            actor_of("evaluator"),
            judged.assessment,
            text="Do.",
            answers="claimed",
            addressee=city.municipality,
        )


HERE = "/w/lakeside/strategies/1/assessments/1/"


def test_what_is_for_the_own_organisation_is_sent_and_accepted_with_one_button(
    judged, actor_of, client_of, city
):
    made = recommending.write_recommendation(
        actor_of("coordinator"),
        judged.assessment,
        text="Do.",
        answers="gap",
        principle="liberty",
        addressee=city.municipality,
    )
    client, page = client_of("coordinator"), f"{HERE}recommendations/{made.number}/"
    assert "Send and accept" in client.get(page).content.decode()
    form = client.get(f"{page}accept/").content.decode()
    assert f'value="{city.municipality.pk}" selected' in form
    given = {"accountable": city.municipality.pk, "due_on": timezone.localdate().isoformat()}
    assert "date in the future" in client.post(f"{page}accept/", given).content.decode()
    made.refresh_from_db()
    assert made.state == "draft"
    client.post(f"{page}accept/", {**given, "due_on": SOON.isoformat()})
    made.refresh_from_db()
    assert made.state == "accepted"
    assert actions_for(made)[0].due_on == SOON


def test_a_draft_for_others_is_only_sent(judged, actor_of, client_of, city):
    made = recommending.write_recommendation(
        actor_of("coordinator"),
        judged.assessment,
        text="Do.",
        answers="gap",
        addressee=city.youth_work,
    )
    client, page = client_of("coordinator"), f"{HERE}recommendations/{made.number}/"
    assert "Send and accept" not in client.get(page).content.decode()
    given = {"accountable": city.youth_work.pk, "due_on": SOON.isoformat()}
    client.post(f"{page}accept/", given)
    made.refresh_from_db()
    assert made.state == "draft"


def test_flags_and_differences_are_asked_for_where_there_are_some(begun, client_of):
    begun()
    address = f"{HERE}recommendations/new/?answers=gap&principle=liberty"
    page = client_of("evaluator").get(address).content.decode()
    assert "Which flag or difference?" not in page
    assert "A flag of the mirror" not in page
    assert "Liberty – Gap: no claim" in page


def test_a_difference_can_be_answered_where_there_is_one(judged, client_of):
    page = client_of("evaluator").get(f"{HERE}recommendations/new/").content.decode()
    assert "Which flag or difference?" in page
    assert "A flag of the mirror" not in page


def test_a_recommendation_is_written_and_sent_with_one_button(judged, client_of, city):
    client, page = client_of("evaluator"), f"{HERE}recommendations/new/"
    given = {
        "text": "Ask residents.",
        "answers": "gap",
        "principle": "liberty",
        "addressee": city.youth_work.pk,
    }
    client.post(page, given)
    client.post(page, given | {"then": "send"})
    states = Recommendation.objects.of(city.workspace).order_by("number")
    assert list(states.values_list("state", flat=True)) == ["draft", "open"]


def test_the_claims_that_touch_the_gap_come_first(judged, client_of):
    address = "/w/lakeside/strategies/1/assessments/1/recommendations/new/"
    reading = client_of("evaluator").get(f"{address}?principle=collaborative")
    offered = [one.pk for one in reading.context["form"].fields["claims"].queryset]
    touching = [
        one.pk
        for one in judged.assessment.claims.filter(state="tagged").order_by("number")
        if "collaborative" in one.principles
    ]
    others = [one for one in offered if one not in touching]
    assert touching
    assert offered == [*touching, *others]
