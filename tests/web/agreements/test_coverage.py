"""What an agreement lets an organisation see, and why not."""

from datetime import timedelta

import pytest

from commonlight.web.agreements.domain import FULL, covering
from commonlight.web.agreements.domain.coverage import same_purpose, today_in
from commonlight.web.agreements.models import Agreement


@pytest.fixture
def asked(city):
    def ask(dataset, organisation, *, on=None, purpose=None):
        day = on or today_in(city.workspace)
        return covering(dataset.agreements.all(), organisation, on=day, purpose=purpose)

    return ask


def test_without_an_agreement_nothing_is_seen_and_the_coordinator_is_named(city, dataset, asked):
    answer = asked(dataset(), city.youth_work)
    assert not answer
    assert "No sharing agreement" in answer.reason
    assert "coordinator" in answer.ask


def test_an_agreement_in_force_gives_its_own_detail_and_fields(
    city, dataset, signed_agreement, asked
):
    thing = dataset()
    signed_agreement(thing, receivers=(city.youth_work,), fields=["type"])
    answer = asked(thing, city.youth_work)
    assert (answer.place_detail, answer.time_detail) == ("area", "month")
    assert answer.fields == ("type",)
    assert answer.reaches("area", "month")
    assert answer.reaches("city", "year")
    assert not answer.reaches("street", "month")
    assert not answer.reaches("area", "day")


def test_the_last_day_is_covered_and_the_day_after_is_not(city, dataset, signed_agreement, asked):
    thing = dataset()
    made = signed_agreement(thing, receivers=(city.youth_work,))
    assert asked(thing, city.youth_work, on=made.expires_on)
    answer = asked(thing, city.youth_work, on=made.expires_on + timedelta(days=1))
    assert not answer
    assert "expired on" in answer.reason
    assert str(made.expires_on.year) in answer.reason
    assert "signatory of Lakeside Police" in answer.ask
    assert "Analyst" not in answer.ask


def test_before_the_first_day_nothing_is_seen(city, dataset, signed_agreement, asked):
    thing = dataset()
    made = signed_agreement(thing, receivers=(city.youth_work,))
    answer = asked(thing, city.youth_work, on=made.starts_on - timedelta(days=1))
    assert not answer
    assert "starts on" in answer.reason


@pytest.mark.parametrize("state", ["draft", "offered"])
def test_what_is_not_signed_gives_nothing(city, dataset, signed_agreement, asked, state):
    thing = dataset()
    signed_agreement(thing, receivers=(city.youth_work,), state=state)
    answer = asked(thing, city.youth_work)
    assert not answer
    assert "not signed" in answer.reason


def test_a_giver_and_a_stranger_receive_nothing(city, dataset, signed_agreement, asked):
    thing = dataset()
    signed_agreement(thing, receivers=(city.youth_work,))
    assert not asked(thing, city.police)
    assert not asked(thing, city.university)
    assert not asked(thing, city.foreign)


def test_another_purpose_is_refused_and_the_agreed_one_is_named(
    city, dataset, signed_agreement, asked
):
    thing = dataset()
    signed_agreement(thing, receivers=(city.youth_work,))
    assert asked(thing, city.youth_work, purpose="planning of  Prevention")
    answer = asked(thing, city.youth_work, purpose="Press work")
    assert not answer
    assert "Planning of prevention" in answer.reason


def test_of_several_the_finest_place_counts(city, dataset, signed_agreement, asked):
    thing = dataset()
    signed_agreement(thing, receivers=(city.youth_work,))
    finer = signed_agreement(thing, receivers=(city.youth_work,), place_detail="street")
    assert asked(thing, city.youth_work).agreement == finer


def test_own_data_are_seen_in_full():
    assert FULL.reaches("point", "hour")
    assert FULL.decision


def test_purposes_differ_by_words_only():
    assert same_purpose("Planning  of prevention", "planning of Prevention ")
    assert not same_purpose("Planning", "Press")


def test_the_number_of_queries_does_not_grow(
    city, dataset, signed_agreement, asked, django_assert_num_queries
):
    thing = dataset()
    day = today_in(city.workspace)
    for count in (1, 3):
        while Agreement.objects.of(city.workspace).count() < count:
            signed_agreement(thing, receivers=(city.youth_work,))
        with django_assert_num_queries(3):
            given = thing.agreements.prefetch_related("parties__organisation")
            assert covering(given, city.youth_work, on=day)
