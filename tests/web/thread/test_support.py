"""A claim holds as long as every thread below it does."""

from __future__ import annotations

import random

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor(actor_of, kinds):
    return actor_of("coordinator")


def support(actor, *claims):
    from commonlight.web.thread.domain import supports
    from commonlight.web.thread.kinds import key_of

    found = supports(actor.workspace, [key_of(one) for one in claims], actor=actor)
    return [found[key_of(one)] for one in claims]


def test_a_claim_without_a_ground_does_not_hold(actor, room):
    (found,) = support(actor, room("Claim"))
    assert not found
    assert found.reason == "It rests on nothing yet."


def test_a_removed_link_marks_every_claim_above_it_at_once(actor, room, city):
    from commonlight.web.thread.domain import join, part, settle

    claims = [room(f"Claim {number}") for number in range(5)]
    bottom = join(actor, claims[0], city.police)
    for above, below in zip(claims[1:], claims, strict=False):
        join(actor, above, below)
    join(actor, claims[4], city.university)
    assert all(support(actor, *claims))

    part(actor, claims[0], bottom, reason="The figure was wrong.")
    found = support(actor, *claims)
    assert [one.holds for one in found] == [False] * 5
    assert found[0].reason == "The link to “Lakeside Police” was removed: The figure was wrong."
    assert "“Claim 3” gives no support" in found[4].reason

    join(actor, claims[0], city.university)
    assert not any(support(actor, *claims)), "another ground does not say why the first one went"
    settle(actor, claims[0], bottom, reason="The university counted again.")
    assert all(support(actor, *claims))


def test_joining_again_heals(actor, room, city):
    from commonlight.web.thread.domain import join, part

    claim = room("Claim")
    link = join(actor, claim, city.police)
    part(actor, claim, link, reason="A mistake.")
    assert not support(actor, claim)[0]
    join(actor, claim, city.police)
    assert support(actor, claim)[0]


def test_a_source_that_is_withdrawn_or_deleted_takes_its_claims_with_it(actor, room, city, kinds):
    from commonlight.web.thread.domain import join
    from commonlight.web.workspaces.models import Organisation

    claim, above = room("Claim"), room("Above")
    join(actor, claim, city.police)
    passing = Organisation.objects.create(workspace=city.workspace, name="Passing", kind="ngo")
    join(actor, claim, passing)
    join(actor, above, claim)
    kinds.gone.add(str(city.police.pk))
    assert [one.holds for one in support(actor, claim, above)] == [False, False]
    assert support(actor, claim)[0].reason == (
        "“Lakeside Police” gives no support: It was withdrawn."
    )
    kinds.gone.clear()
    assert all(support(actor, claim, above))
    passing.delete()
    assert support(actor, claim)[0].reason == (
        "“something removed” gives no support: It is not there any more."
    )


def test_no_circle(actor, room, city):
    from commonlight.web.thread.domain import LinkError, join

    one, two, three = room("One"), room("Two"), room("Three")
    join(actor, one, two)
    join(actor, two, three)
    for claim, ground in ((three, one), (two, one), (one, one)):
        with pytest.raises(LinkError, match="circle"):
            join(actor, claim, ground)


def test_a_reason_is_asked_for(actor, room, city):
    from commonlight.web.thread.domain import LinkError, join, part

    claim = room("Claim")
    link = join(actor, claim, city.police)
    with pytest.raises(LinkError, match="Say why"):
        part(actor, claim, link, reason="  ")
    assert support(actor, claim)[0]


def test_nobody_cites_what_she_may_not_see(actor, room, city, kinds):
    from commonlight.web.policy import Refused
    from commonlight.web.thread.domain import join
    from commonlight.web.thread.models import Link

    kinds.hidden.add(str(city.police.pk))
    with pytest.raises(Refused, match="closed to you"):
        join(actor, room("Claim"), city.police)
    assert not Link.objects.of(city.workspace).exists()


def test_a_stranger_joins_nothing(actor_of, room, city):
    from commonlight.web.policy import Refused
    from commonlight.web.thread.domain import join

    with pytest.raises(Refused):
        join(actor_of("stranger"), room("Claim"), city.police)


@pytest.mark.usefixtures("nothing_kept")
def test_as_many_queries_for_many_as_for_one(actor, room, city, django_assert_num_queries):
    from commonlight.web.thread.domain import join

    claims = [room(f"Claim {number}") for number in range(6)]
    for claim in claims:
        join(actor, claim, city.police)
    for count in (1, 3, 6):
        with django_assert_num_queries(3):
            support(actor, *claims[:count])


def slow_support(key, grounds, live, wounds):
    """The rule as it is told, without haste; the threads have no circles."""
    if key not in live:
        return False
    if key[0] == "source":
        return True
    if wounds.get(key) or not grounds.get(key):
        return False
    return all(slow_support(one, grounds, live, wounds) for one in grounds[key])


def test_random_threads_agree_with_the_slow_rule():
    expected, found = zip(*(random_thread(seed) for seed in range(40)), strict=True)
    assert found == expected
    held = [one for thread in expected for one in thread.values()]
    assert 0.2 < sum(held) / len(held) < 0.8


def random_thread(seed):
    """What the slow rule says of a random thread, and what ours says."""
    from types import SimpleNamespace

    from commonlight.web.policy import allowed
    from commonlight.web.thread import kinds as known
    from commonlight.web.thread.domain.support import supports
    from commonlight.web.thread.domain.web import Web
    from commonlight.web.thread.models import Link

    rng = random.Random(seed)
    rooms = [("room", str(number)) for number in range(12)]
    sources = [("source", str(number)) for number in range(6)]
    live = {key for key in rooms + sources if rng.random() < 0.93}
    web, grounds, wounds = Web(), {}, {}
    for index, claim in enumerate(rooms):
        for ground in rng.sample(rooms[:index] + sources, k=rng.choice([0, 1, 1, 2, 3])):
            link = Link(
                claim_kind=claim[0],
                claim_key=claim[1],
                ground_kind=ground[0],
                ground_key=ground[1],
            )
            if rng.random() < 0.05:
                link.removed_at = "yesterday"
                wounds.setdefault(claim, []).append(link)
            else:
                grounds.setdefault(claim, []).append(ground)
            web.add(link)
    kept = dict(known._kinds)
    known._kinds.clear()
    for name, must_rest in (("room", True), ("source", False)):
        known._kinds[name] = SimpleNamespace(
            name=name,
            must_rest=must_rest,
            title=str,
            label=name,
            live=lambda things: {},
            see=lambda actor, things: dict.fromkeys(things, allowed),
            find=lambda place, keys, name=name: {key: key for key in keys if (name, key) in live},
        )
    try:
        found = supports(None, rooms, web=web)
    finally:
        known._kinds.clear()
        known._kinds.update(kept)
    expected = {key: slow_support(key, grounds, live, wounds) for key in rooms}
    return expected, {key: one.holds for key, one in found.items()}
