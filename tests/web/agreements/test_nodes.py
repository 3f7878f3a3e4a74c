"""Agreements, findings and data sets as grounds: they stand as long as the record does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

pytestmark = pytest.mark.django_db


def live(kind, thing):
    from commonlight.web.thread.kinds import kind_named

    node = kind_named(kind)
    found = node.find(thing.workspace, [str(thing.pk)])
    told = node.live(found).get(str(thing.pk))
    return told is None or bool(told)


def test_an_agreement_stands_while_it_is_in_force(dataset, signed_agreement, city):
    agreement = signed_agreement(dataset(), receivers=(city.university,))
    assert live("agreement", agreement)
    type(agreement).objects.of(city.workspace).filter(pk=agreement.pk).update(
        expires_on=timezone.localdate() - timedelta(days=1)
    )
    assert not live("agreement", agreement)


def test_who_may_not_read_a_draft_may_not_cite_it(dataset, signed_agreement, city, actor_of):
    from commonlight.web.thread.kinds import kind_named

    draft = signed_agreement(dataset(), receivers=(city.university,), state="offered")
    node = kind_named("agreement")
    for role, may in (("coordinator", True), ("evaluator", True), ("partner", False)):
        seen = node.see(actor_of(role), {"1": draft})["1"]
        assert bool(seen) is may, role
        assert (draft in list(node.offer(actor_of(role), "counts"))) is may
