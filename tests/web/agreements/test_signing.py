"""Offer, read, sign, ask, take back, end, follow up."""

import pytest
from django.db import transaction

from commonlight.web.agreements.domain import covering, drafting, signing
from commonlight.web.agreements.domain.coverage import today_in
from commonlight.web.agreements.domain.finding import agreements_of
from commonlight.web.agreements.domain.signing import AgreementError
from commonlight.web.agreements.domain.terms import digest_of, is_untouched
from commonlight.web.agreements.enums import Part
from commonlight.web.agreements.models import Agreement, FrozenAgreementError
from commonlight.web.eventlog.models import Event
from commonlight.web.policy import decide


def now(agreement):
    return agreements_of(agreement.workspace).get(pk=agreement.pk)


def test_a_draft_with_an_open_point_is_not_offered(draft, actor_of):
    made = draft()
    drafting.set_clause(actor_of("coordinator"), made, "exit", "")
    with pytest.raises(AgreementError, match="Leaving"):
        signing.offer(actor_of("coordinator"), made)
    assert now(made).state == "draft"


def test_an_offer_freezes_the_text_with_its_digest(offered):
    made = now(offered())
    assert made.state == "offered"
    assert made.text_digest == digest_of(made.terms)
    assert is_untouched(made)


def test_nobody_signs_a_part_that_stayed_shut(offered, actor_of, read_all):
    made, partner = offered(), actor_of("partner")
    for part in Part.values[:-1]:
        signing.open_part(partner, made, part)
    decision = decide(partner, "agreement.sign", made)
    assert not decision
    assert "Clauses" in str(decision.reason)
    assert "Parties" not in str(decision.reason)
    read_all(partner, made)
    assert decide(partner, "agreement.sign", made)


def test_what_another_person_opened_does_not_count(offered, actor_of, read_all):
    made = offered()
    read_all(actor_of("analyst"), made)
    assert not decide(actor_of("partner"), "agreement.sign", made)


def test_only_the_registered_signatory_signs(offered, actor_of, read_all):
    made, partner = offered(), actor_of("partner")
    read_all(partner, made)
    partner.membership.is_signatory = False
    decision = decide(partner, "agreement.sign", made)
    assert "Only the registered signatory of Youth Work Lakeside" in str(decision.reason)


@pytest.mark.parametrize("role", ["coordinator", "evaluator", "decision_maker"])
def test_who_is_no_party_does_not_sign(offered, actor_of, role):
    assert "no party" in str(decide(actor_of(role), "agreement.sign", offered()).reason)


def test_the_last_signature_puts_the_agreement_in_force(offered, actor_of, read_all, city):
    made = offered()
    today = today_in(city.workspace)
    for role, state in (("analyst", "offered"), ("partner", "signed")):
        read_all(actor_of(role), made)
        assert not made.is_in_force(today)
        signing.sign(actor_of(role), made)
        assert now(made).state == state
    assert now(made).is_in_force(today)
    digests = {party.signed_digest for party in now(made).parties.all()}
    assert digests == {made.text_digest}


def test_nobody_signs_twice(offered, actor_of, read_all):
    made, partner = offered(), actor_of("partner")
    read_all(partner, made)
    signing.sign(partner, made)
    assert "signed already" in str(decide(partner, "agreement.sign", now(made)).reason)
    with pytest.raises(AgreementError):
        signing.sign(partner, made)


def test_a_text_that_was_altered_behind_the_back_is_not_signed(offered, actor_of, read_all, city):
    made, partner = offered(), actor_of("partner")
    read_all(partner, made)
    Agreement.objects.of(city.workspace).update(place_detail="point")
    assert not is_untouched(now(made))
    with pytest.raises(AgreementError, match="not the one that was offered"):
        signing.sign(partner, made)


@pytest.mark.parametrize("change", [{"title": "x"}, {"place_detail": "point"}, {"fields": ["a"]}])
def test_a_signed_text_cannot_be_saved_with_other_terms(signed, change):
    made = now(signed())
    for name, value in change.items():
        setattr(made, name, value)
    with pytest.raises(FrozenAgreementError, match="frozen"):
        made.save()
    with pytest.raises(FrozenAgreementError):
        made.save(update_fields=list(change))


def test_a_signed_agreement_keeps_its_data_sets(signed, dataset):
    made, more = signed(), dataset("more")
    for change in (
        lambda: more.agreements.add(made),
        lambda: made.datasets.add(more),
        lambda: made.datasets.clear(),
        lambda: made.datasets.first().agreements.remove(made),
        lambda: made.datasets.first().agreements.clear(),
    ):
        with pytest.raises(FrozenAgreementError), transaction.atomic():
            change()


def test_taking_back_drops_signatures_and_what_was_read(offered, actor_of, read_all):
    made, partner = offered(), actor_of("partner")
    read_all(partner, made)
    signing.sign(partner, made)
    signing.take_back(actor_of("coordinator"), made)
    assert [party.signed_at for party in now(made).parties.all()] == [None, None]
    drafting.set_clause(actor_of("coordinator"), made, "dispute", "We talk first.")
    signing.offer(actor_of("coordinator"), made)
    assert len(signing.unopened_parts(partner.membership, made)) == len(Part)


def test_a_party_asks_for_a_change(offered, actor_of):
    made = offered()
    asked = signing.ask_for_change(actor_of("partner"), made, "By quarter, please.")
    assert asked.organisation.name == "Youth Work Lakeside"
    event = Event.objects.filter(action="agreement.change_requested").get()
    assert "quarter" not in str(event.detail)


def test_an_end_takes_the_data_away_at_once(signed, actor_of, city):
    made = signed()
    today = today_in(city.workspace)
    assert covering([now(made)], city.youth_work, on=today)
    signing.end(actor_of("partner"), made, "The project is over.")
    answer = covering([now(made)], city.youth_work, on=today)
    assert not answer
    assert "was ended on" in answer.reason


@pytest.mark.parametrize(
    ("role", "may"),
    [("coordinator", True), ("analyst", True), ("partner", True), ("evaluator", False)],
)
def test_a_signatory_of_each_party_and_the_coordinator_may_end(signed, actor_of, role, may):
    assert bool(decide(actor_of(role), "agreement.end", signed())) is may


def test_a_new_agreement_follows_with_the_same_content(signed, actor_of):
    made = signed()
    after = now(signing.follow_up(actor_of("coordinator"), made))
    assert after.replaces == made
    assert after.state == "draft"
    assert after.clauses == made.clauses
    assert [str(one) for one in after.datasets.all()] == [str(one) for one in made.datasets.all()]
    assert after.starts_on is None
    assert now(made).state == "signed"


def test_every_step_is_an_event(signed, actor_of):
    made = signed()
    signing.end(actor_of("coordinator"), made, "Over.")
    actions = list(
        Event.objects.filter(thing_kind="agreements.agreement")
        .exclude(action__in=["agreement.draft", "agreement.changed"])
        .order_by("number")
        .values_list("action", flat=True)
    )
    assert actions == [
        "agreement.offered",
        "agreement.signed",
        "agreement.signed",
        "agreement.concluded",
        "agreement.end",
    ]


def test_a_stranger_does_nothing_with_it(offered, actor_of):
    made = offered()
    for action in ("view", "draft", "sign", "end"):
        assert not decide(actor_of("stranger"), f"agreement.{action}", made)


def test_a_draft_is_seen_by_its_own_side_only(draft, actor_of):
    made = draft()
    seen = {
        role: bool(decide(actor_of(role), "agreement.view", made))
        for role in ("coordinator", "analyst", "partner", "evaluator", "decision_maker")
    }
    assert seen == {
        "coordinator": True,
        "analyst": True,
        "partner": True,
        "evaluator": False,
        "decision_maker": False,
    }


def test_a_data_set_that_the_text_names_may_come_back(signed, dataset, city):
    made = signed(thing=dataset("burglary"))
    made.datasets.through.objects.all().delete()
    made.datasets.add(dataset_of(city, "burglary"))
    assert [one.slug for one in made.datasets.all()] == ["burglary"]


def dataset_of(city, slug):
    from commonlight.web.data.models import DataSet

    return DataSet.objects.of(city.workspace).get(slug=slug)
