"""Who sees which data set, how fine, and why not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commonlight.web.data.coverage import detail_for, visible_datasets
from commonlight.web.data.models import DataSetRole
from commonlight.web.data.rules import ExportOrder, may_open
from commonlight.web.policy import decide
from commonlight.web.workspaces.models import Space, SpaceRole

pytestmark = pytest.mark.django_db
EVERYBODY = ("coordinator", "analyst", "partner", "evaluator", "decision_maker", "stranger")


def seeing(actor_of: Any, dataset: Any) -> set[str]:
    return {role for role in EVERYBODY if detail_for(actor_of(role), dataset)}


def test_own_organisation_sees_all(dataset: Any, actor_of: Any) -> None:
    found = detail_for(actor_of("analyst"), dataset())
    assert (found.place_detail, found.time_detail, found.fields) == ("point", "hour", None)


def test_nobody_else_sees_it_without_an_agreement(dataset: Any, actor_of: Any) -> None:
    burglary = dataset()
    assert seeing(actor_of, burglary) == {"analyst"}
    refusal = decide(actor_of("partner"), "data.view", burglary)
    assert "Burglary" in str(refusal.reason)
    assert "Lakeside Police" in str(refusal.ask)


def test_an_agreement_lets_its_receivers_see_as_fine_as_agreed(
    dataset: Any, actor_of: Any, signed_agreement: Any, city: Any
) -> None:
    burglary = dataset()
    signed_agreement(burglary, receivers=(city.youth_work,))
    assert seeing(actor_of, burglary) == {"analyst", "partner"}
    found = detail_for(actor_of("partner"), burglary)
    assert (found.place_detail, found.time_detail) == ("area", "month")


def test_it_is_gone_the_day_after_expiry(
    dataset: Any, actor_of: Any, signed_agreement: Any, city: Any
) -> None:
    burglary = dataset()
    last = timezone.localdate() + timedelta(days=5)
    signed_agreement(burglary, receivers=(city.youth_work,), expires_on=last)
    partner = actor_of("partner")
    assert detail_for(partner, burglary, on=last)
    gone = detail_for(partner, burglary, on=last + timedelta(days=1))
    assert not gone
    assert "expired" in str(gone.reason)
    assert visible_datasets(partner, on=last)
    assert not visible_datasets(partner, on=last + timedelta(days=1))


def test_an_ended_agreement_ends_at_once(
    dataset: Any, actor_of: Any, signed_agreement: Any, city: Any
) -> None:
    burglary = dataset()
    agreement = signed_agreement(burglary, receivers=(city.youth_work,))
    assert detail_for(actor_of("partner"), burglary)
    agreement.state = "ended"
    agreement.save()
    assert not detail_for(actor_of("partner"), burglary)


def test_an_agreement_of_others_gives_nothing_away(
    dataset: Any, actor_of: Any, signed_agreement: Any, city: Any
) -> None:
    """The police give by it, so it cannot open what the municipality owns."""
    lamps = dataset("lamps", owner=city.municipality)
    signed_agreement(lamps, receivers=(city.youth_work,))
    assert seeing(actor_of, lamps) == {"coordinator", "decision_maker"}


def test_public_data_are_open_to_members_only(dataset: Any, actor_of: Any) -> None:
    assert seeing(actor_of, dataset(is_public=True)) == set(EVERYBODY) - {"stranger"}


def test_a_closed_space_is_closed_to_its_own_organisation_too(
    dataset: Any, actor_of: Any, city: Any
) -> None:
    space = Space.objects.create(workspace=city.workspace, slug="s", name="S", is_open=False)
    burglary = dataset(space=space)
    assert not detail_for(actor_of("analyst"), burglary)
    SpaceRole.objects.create(
        workspace=city.workspace,
        space=space,
        membership=actor_of("analyst").membership,
        role="reader",
    )
    assert detail_for(actor_of("analyst"), burglary)
    assert not decide(actor_of("analyst"), "data.upload", burglary)


def test_only_people_named(dataset: Any, actor_of: Any, city: Any) -> None:
    burglary = dataset(settings={"named_only": True})
    assert not detail_for(actor_of("analyst"), burglary)
    DataSetRole.objects.create(
        workspace=city.workspace,
        dataset=burglary,
        membership=actor_of("analyst").membership,
        role="reader",
    )
    assert detail_for(actor_of("analyst"), burglary)


def test_trash_hides_from_everybody(dataset: Any, actor_of: Any) -> None:
    assert seeing(actor_of, dataset(deleted_at=timezone.now())) == set()


def test_who_brings_looks_after_and_deletes(dataset: Any, actor_of: Any) -> None:
    burglary = dataset(steward=actor_of("analyst").membership)
    answers = {
        action: {role for role in EVERYBODY if decide(actor_of(role), action, burglary)}
        for action in ("data.upload", "data.steward", "data.delete", "data.export")
    }
    assert answers == {
        "data.upload": {"analyst"},
        "data.steward": {"coordinator", "analyst"},
        "data.delete": {"analyst"},
        "data.export": {"analyst"},
    }
    assert not may_open(actor_of("coordinator"), burglary)


def test_a_contributor_of_another_organisation_brings_data_in(
    dataset: Any, actor_of: Any, city: Any
) -> None:
    burglary = dataset()
    DataSetRole.objects.create(
        workspace=city.workspace,
        dataset=burglary,
        membership=actor_of("partner").membership,
        role="contributor",
    )
    assert decide(actor_of("partner"), "data.upload", burglary)
    assert not decide(actor_of("partner"), "data.view", burglary)


@pytest.mark.parametrize(
    ("place", "time", "fields", "fits"),
    [
        ("area", "month", (), True),
        ("city", "year", (), True),
        ("cell", "month", (), False),
        ("area", "week", (), False),
        ("area", "month", ("type",), True),
        ("area", "month", ("outcome",), False),
    ],
)
def test_never_finer_than_agreed(
    dataset: Any,
    actor_of: Any,
    signed_agreement: Any,
    city: Any,
    place: str,
    time: str,
    fields: tuple[str, ...],
    fits: bool,
) -> None:
    burglary = dataset()
    signed_agreement(burglary, receivers=(city.youth_work,), fields=["type"])
    order = ExportOrder(dataset=burglary, place_detail=place, time_detail=time, fields=fields)
    assert bool(decide(actor_of("partner"), "data.export", order)) is fits
    assert not decide(actor_of("stranger"), "data.export", order)
    assert decide(actor_of("analyst"), "data.export", order)


def test_a_purpose_outside_the_agreement_is_refused(
    dataset: Any, actor_of: Any, signed_agreement: Any, city: Any
) -> None:
    burglary = dataset()
    signed_agreement(burglary, receivers=(city.youth_work,))
    order = ExportOrder(
        dataset=burglary, place_detail="area", time_detail="month", purpose="Insurance"
    )
    assert not decide(actor_of("partner"), "data.export", order)


def test_the_number_of_queries_does_not_grow(
    dataset: Any, actor_of: Any, signed_agreement: Any, city: Any
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            visible_datasets(partner)
        return len(seen)

    partner = actor_of("partner")
    signed_agreement(dataset("one"), receivers=(city.youth_work,))
    first = queries()
    signed_agreement(dataset("two"), receivers=(city.youth_work,))
    signed_agreement(dataset("three"), receivers=(city.youth_work,))
    assert queries() == first
    assert len(visible_datasets(partner)) == 3
