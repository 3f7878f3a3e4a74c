"""What others see of an organisation's data stands on its own page, and on nobody else's."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from commonlight.web.agreements.models import Agreement
from commonlight.web.data.domain.outlook import seen_by_others

ADDRESS = "/w/lakeside/data/"


def outlook_of(actor):
    """Per data set: whether it is closed, and who receives it."""
    return {
        one.dataset.slug: (one.is_closed, [names for _agreement, names in one.agreements])
        for one in seen_by_others(actor)
    }


def test_nobody_some_and_everybody(actor_of, city, dataset, signed_agreement):
    signed_agreement(dataset("shared"), receivers=(city.youth_work, city.municipality))
    dataset("closed")
    dataset("open", is_public=True)
    dataset("theirs", owner=city.youth_work)
    assert outlook_of(actor_of("analyst")) == {
        "closed": (True, []),
        "open": (False, []),
        "shared": (False, [["City of Lakeside", "Youth Work Lakeside"]]),
    }
    assert outlook_of(actor_of("partner")) == {"theirs": (True, [])}
    assert outlook_of(actor_of("stranger")) == {}


def test_the_day_after_its_end_an_agreement_opens_nothing(
    actor_of, city, dataset, signed_agreement
):
    made = signed_agreement(dataset("shared"), receivers=(city.youth_work,))
    yesterday = timezone.localdate() - timedelta(days=1)
    Agreement.objects.of(city.workspace).filter(pk=made.pk).update(expires_on=yesterday)
    assert outlook_of(actor_of("analyst")) == {"shared": (True, [])}


def test_the_page_says_so(client_of, city, dataset, signed_agreement):
    signed_agreement(dataset("shared", name="Thefts"), receivers=(city.youth_work,))
    told = client_of("analyst").get(ADDRESS).content.decode()
    assert "Youth Work Lakeside, area and month" in told or "Youth Work Lakeside, " in told
    assert "nobody outside your organisation" not in told
    assert "Nothing: your organisation has brought no data." in (
        client_of("partner").get(ADDRESS).content.decode()
    )


def test_three_data_sets_ask_no_more_than_one(
    actor_of, city, dataset, signed_agreement, django_assert_num_queries
):
    actor = actor_of("analyst")
    signed_agreement(dataset("first"), receivers=(city.youth_work,))
    with django_assert_num_queries(3):
        seen_by_others(actor)
    for slug in ("second", "third"):
        signed_agreement(dataset(slug), receivers=(city.youth_work,))
    with django_assert_num_queries(3):
        seen_by_others(actor)
