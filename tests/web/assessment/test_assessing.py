"""Rows 78 to 81: tags and coverage, verdicts with evidence, the matrix, several assessors."""

from __future__ import annotations

import pytest

from commonlight.web.assessment.domain.documents_elsewhere import withdraw_document
from commonlight.web.assessment.domain.evidence import (
    link_evidence,
    remove_evidence,
    remove_itself,
)
from commonlight.web.assessment.domain.finding import claims_of
from commonlight.web.assessment.domain.joining import join_to_those_before
from commonlight.web.assessment.domain.judging import (
    Given,
    VerdictsError,
    give_absence,
    give_verdicts,
    history_of,
    send_in,
    visible_verdicts,
)
from commonlight.web.assessment.domain.matrix import read_assessment
from commonlight.web.assessment.domain.starting import StrategyError, name_assessors
from commonlight.web.assessment.domain.tagging import (
    Tags,
    coverage,
    divide_claim,
    tag_claims,
)
from commonlight.web.eventlog.models import Event
from commonlight.web.policy import Refused, decide
from commonlight.web.states import NotNow
from commonlight.web.thread.models import Link


def test_every_sentence_is_tagged_or_no_principle_or_unread(begun, actor_of, fresh):
    assessment = begun()
    first, second, *_rest = claims_of(assessment)
    assert coverage(claims_of(assessment)).unread == 4
    given = {first.pk: Tags(("citizen_centred",), ("democracy",)), second.pk: Tags(is_none=True)}
    assert tag_claims(actor_of("evaluator"), assessment, given) == 2
    found = read_assessment(actor_of("evaluator"), fresh(assessment)).coverage
    assert (found.total, found.tagged, found.none, found.unread) == (4, 1, 1, 2)
    assert tag_claims(actor_of("evaluator"), assessment, given) == 0


def test_a_value_alone_is_a_tag_and_the_claim_is_judged(begun, actor_of, fresh):
    assessment, actor = begun(), actor_of("evaluator")
    first, second, *_rest = claims_of(assessment)
    given = {first.pk: Tags((), ("rule_of_law",)), second.pk: Tags((), ("liberty",), is_none=True)}
    assert tag_claims(actor, assessment, given) == 2
    assert give_verdicts(actor, fresh(assessment), {first.pk: Given("claimed")}) == 1
    found = read_assessment(actor, fresh(assessment))
    assert [one.claim.pk for one in found.tagged] == [first.pk, second.pk]
    assert (found.coverage.tagged, found.coverage.none) == (2, 0)
    row = next(one for one in found.matrix.values if one.item.id == "rule_of_law")
    assert (row.counts["claimed"], row.counts["open"]) == (1, 0)
    send_in(actor, fresh(assessment))
    found = read_assessment(actor, fresh(assessment))
    assert sum(row.counts["open"] for row in found.matrix.values) == 0


def test_a_principle_of_another_model_is_refused(begun, actor_of):
    assessment = begun()
    claim = claims_of(assessment)[0]
    for tags in (Tags(("thrifty",)), Tags(("collaborative",), is_none=True)):
        with pytest.raises(StrategyError):
            tag_claims(actor_of("evaluator"), assessment, {claim.pk: tags})


def test_claims_are_joined_and_divided_before_anybody_reads(begun, actor_of):
    assessment = begun(reading=False)
    actor, text = actor_of("coordinator"), assessment.text.text
    second = claims_of(assessment)[1]
    assert join_to_those_before(actor, assessment, {second.pk}) == 1
    joined = claims_of(assessment)[0]
    assert joined.text.endswith("Prevention comes before repression.")
    assert [one.number for one in claims_of(assessment)] == [1, 2, 3]
    one, two = divide_claim(actor, claims_of(assessment)[0], first="We put people at the heart")
    assert two.text == "of all we do. Prevention comes before repression."
    assert text[two.start : two.end] == two.text
    assert text[one.start : one.end].strip() == one.text
    with pytest.raises(StrategyError):
        divide_claim(actor, one, first="Something else")
    first = claims_of(assessment)[0].pk
    assert join_to_those_before(actor, assessment, {first}) == 0
    with pytest.raises(Refused):
        join_to_those_before(actor_of("partner"), assessment, {two.pk})


def test_a_verdict_needs_a_record_that_points_the_right_way(begun, actor_of, document):
    assessment, actor = begun(), actor_of("evaluator")
    claim = claims_of(assessment)[0]
    tag_claims(actor, assessment, {claim.pk: Tags(("citizen_centred",))})
    for given in (Given("shown"), Given("contradicted", "So."), Given("absent")):
        with pytest.raises(VerdictsError) as caught:
            give_verdicts(actor, assessment, {claim.pk: given})
        assert claim.pk in caught.value.faults
    assert give_verdicts(actor, assessment, {claim.pk: Given("claimed")}) == 1
    assert give_verdicts(actor, assessment, {claim.pk: Given("absent", "", "Chapter 2")}) == 1
    link_evidence(actor, claim, document(assessment), direction="for")
    assert give_verdicts(actor, assessment, {claim.pk: Given("shown")}) == 1
    with pytest.raises(VerdictsError):
        give_verdicts(actor, assessment, {claim.pk: Given("contradicted", "No.")})


def test_a_sentence_can_itself_work_against_what_it_touches(begun, actor_of, fresh):
    assessment, actor = begun(), actor_of("evaluator")
    claim = claims_of(assessment)[0]
    tag_claims(actor, assessment, {claim.pk: Tags((), ("rule_of_law",))})
    for given in (
        Given("contradicted", "It names people to all partners."),
        Given("contradicted", " ", by_itself=True),
        Given("shown", "So.", by_itself=True),
    ):
        with pytest.raises(VerdictsError):
            give_verdicts(actor, fresh(assessment), {claim.pk: given})
        assert not read_assessment(actor, fresh(assessment)).tagged[0].evidence
    given = Given("contradicted", "It names people to all partners.", by_itself=True)
    assert give_verdicts(actor, fresh(assessment), {claim.pk: given}) == 1
    found = read_assessment(actor, fresh(assessment)).tagged[0]
    assert (found.now, found.by_itself) == ("contradicted", True)
    assert [(one.title, one.direction) for one in found.evidence] == [
        ("The text itself", "against")
    ]
    assert remove_itself(actor, claim, reason="I read it again.")
    found = read_assessment(actor, fresh(assessment)).tagged[0]
    assert (found.now, found.is_dropped) == ("claimed", True)
    assert not remove_itself(actor, claim, reason="Twice.")


@pytest.mark.parametrize("way", ["withdrawn", "removed"])
def test_a_withdrawn_record_drops_the_verdict_at_once(judged, actor_of, way):
    actor, assessment = actor_of("evaluator"), judged.assessment
    before = read_assessment(actor, assessment)
    claim = next(one for one in before.tagged if one.now == "shown").claim
    if way == "withdrawn":
        withdraw_document(actor, judged.paper, reason="It was wrong.")
    else:
        link = Link.objects.of(actor.workspace).get(claim_key=str(claim.pk), removed_at=None)
        remove_evidence(actor, claim, link, reason="It speaks of another year.")
    after = {one.claim.pk: one for one in read_assessment(actor, assessment).claims}[claim.pk]
    assert after.now == "claimed"
    assert after.is_dropped
    assert all(one.verdict.verdict == "shown" for one in after.verdicts)
    assert "claimed" in after.verdicts[0].sentence


def test_another_record_of_the_same_direction_keeps_the_verdict(judged, actor_of, document):
    actor, assessment = actor_of("evaluator"), judged.assessment
    claim = next(one for one in read_assessment(actor, assessment).tagged if one.now == "shown")
    link_evidence(actor, claim.claim, document(assessment, title="More"), direction="for")
    withdraw_document(actor, judged.paper, reason="It was wrong.")
    found = {one.claim.pk: one.now for one in read_assessment(actor, assessment).claims}
    assert found[claim.claim.pk] == "shown"


def test_nobody_sees_the_verdicts_of_another_before_all_have_sent(
    begun, actor_of, fresh, client_of, document
):
    assessment = begun()
    evaluator, partner = actor_of("evaluator"), actor_of("partner")
    claim = claims_of(assessment)[0]
    tag_claims(evaluator, assessment, {claim.pk: Tags(("citizen_centred",))})
    give_verdicts(evaluator, assessment, {claim.pk: Given("absent", "SECRET NOTE", "Here")})
    assert send_in(evaluator, fresh(assessment)) is False
    for role in ("partner", "coordinator", "analyst"):
        assert visible_verdicts(actor_of(role), fresh(assessment)) == []
        assert read_assessment(actor_of(role), fresh(assessment)).matrix.columns
    assert not any("SECRET" in str(one.detail) for one in Event.objects.all())
    with pytest.raises(NotNow):
        give_verdicts(evaluator, fresh(assessment), {claim.pk: Given("claimed")})
    assert send_in(partner, fresh(assessment)) is True
    assert len(visible_verdicts(actor_of("coordinator"), fresh(assessment))) == 2


def test_three_differences_stand_before_anything_is_counted(judged, actor_of, demo):
    found = read_assessment(actor_of("coordinator"), judged.assessment)
    assert [one.claim.number for one in found.differences] == demo["differences"]
    assert found.coverage.tagged == 44
    assert found.coverage.none == 15
    differing = sum(row.counts["differ"] for row in found.matrix.principles)
    assert differing == 3


def test_ten_claims_two_assessors_three_differences(begun, actor_of, fresh, document):
    text = " ".join(f"We do thing number {number}." for number in range(10))
    assessment = begun(text)
    claims = claims_of(assessment)
    tag_claims(
        actor_of("evaluator"), assessment, {one.pk: Tags(("collaborative",)) for one in claims}
    )
    for role, special in (("evaluator", ()), ("partner", (2, 5, 7))):
        given = {
            one.pk: Given("absent", "", "All chapters") if place in special else Given("claimed")
            for place, one in enumerate(claims)
        }
        give_verdicts(actor_of(role), fresh(assessment), given)
        send_in(actor_of(role), fresh(assessment))
    found = read_assessment(actor_of("coordinator"), fresh(assessment))
    assert [one.claim.number for one in found.differences] == [3, 6, 8]


def test_an_untagged_principle_is_a_gap(begun, actor_of, fresh):
    assessment = begun()
    claim = claims_of(assessment)[0]
    tag_claims(actor_of("evaluator"), assessment, {claim.pk: Tags(("citizen_centred",))})
    rows = read_assessment(actor_of("evaluator"), fresh(assessment)).matrix
    gaps = {row.item.id: row.gap for row in rows.principles}
    assert gaps == {
        "citizen_centred": "thin",
        "transdisciplinary": "gap",
        "preventative": "gap",
        "collaborative": "gap",
        "demonstrable_impact": "gap",
    }
    assert [row.gap for row in rows.gaps] == ["gap"] * 8 + ["thin"]


def test_a_verdict_that_all_have_seen_is_replaced_with_a_reason_and_stays(judged, actor_of):
    actor, assessment = actor_of("partner"), judged.assessment
    claim = read_assessment(actor, assessment).differences[0].claim
    with pytest.raises(VerdictsError):
        give_verdicts(actor, assessment, {claim.pk: Given("contradicted")})
    give_verdicts(actor, assessment, {claim.pk: Given("contradicted", "I was convinced.")})
    assert len(read_assessment(actor, assessment).differences) == 2
    assert [one.verdict for one in history_of(actor, assessment, claim)] == ["claimed"]


def test_a_tag_that_all_have_judged_by_changes_with_a_reason_only(judged, actor_of, fresh):
    actor, assessment = actor_of("evaluator"), judged.assessment
    claim = next(one for one in judged.claims if one.state == "tagged")
    given = {claim.pk: Tags(is_none=True)}
    with pytest.raises(StrategyError, match=f"of claim {claim.number}\\."):
        tag_claims(actor, assessment, given)
    assert tag_claims(actor, assessment, given, reason="It speaks of the past only.") == 1
    event = Event.objects.filter(action="assessment.tag").latest("pk")
    assert event.detail["reason"] == "It speaks of the past only."


def test_a_principle_can_be_absent_only_with_where_you_looked(begun, actor_of, fresh):
    assessment, actor = begun(), actor_of("evaluator")
    with pytest.raises(StrategyError):
        give_absence(actor, assessment, "preventative", where_looked=" ")
    give_absence(actor, assessment, "preventative", where_looked="In all four sentences.")
    rows = read_assessment(actor, fresh(assessment)).matrix.principles
    assert len(next(one for one in rows if one.item.id == "preventative").absences) == 1


def test_who_wrote_the_strategy_links_evidence_and_gives_no_verdict(
    begun, actor_of, membership_of, document
):
    assessment, author = begun(), actor_of("coordinator")
    claim = claims_of(assessment)[0]
    decision = decide(author, "assessment.assess", assessment)
    assert not decision
    assert "wrote this strategy" in str(decision.reason)
    assert link_evidence(author, claim, document(assessment), direction="for")
    with pytest.raises(StrategyError, match="wrote this strategy"):
        name_assessors(author, assessment, [membership_of("decision_maker")])
    with pytest.raises(Refused):
        tag_claims(author, assessment, {claim.pk: Tags(is_none=True)})
    assert not decide(actor_of("analyst"), "assessment.assess", assessment)


def test_the_stranger_does_nothing(begun, actor_of):
    assessment, stranger = begun(), actor_of("stranger")
    claim = claims_of(assessment)[0]
    assert not decide(stranger, "assessment.view", assessment)
    with pytest.raises(Refused):
        tag_claims(stranger, assessment, {claim.pk: Tags(is_none=True)})


def test_who_decides_reads_no_draft(begun, judged, actor_of):
    reader = actor_of("decision_maker")
    assert not decide(reader, "assessment.view", begun())
    assert decide(reader, "assessment.view", judged.assessment)
