"""The pages of the thread: around a thing, and where it is changed."""

from __future__ import annotations

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def page(name, thing, *more, kind="room"):
    return reverse(f"thread:{name}", args=["lakeside", kind, str(thing.pk), *more])


@pytest.fixture
def links(actor_of, room, city):
    """Above rests on Claim, which rests on what the police and the university say."""
    from commonlight.web.thread.domain import join

    actor = actor_of("coordinator")
    claim, above = room("Claim"), room("Above")
    link = join(actor, claim, city.police, note="Counts by street.")
    join(actor, claim, city.university)
    join(actor, above, claim)
    return claim, above, link


def test_one_walks_to_all_that_a_thing_rests_on_and_all_that_rests_on_it(
    links, client_of, city, django_assert_num_queries
):
    _claim, above, _link = links
    client = client_of("coordinator")
    top = client.get(page("thing", above)).content.decode()
    for name in ("Claim", "Lakeside Police", "Counts by street."):
        assert name in top
    assert "Everything it rests on stands." in top
    bottom = client.get(page("thing", city.police, kind="source")).content.decode()
    assert bottom.index("Claim") < bottom.index("Above")


def test_removing_a_link_asks_why_and_marks_what_is_above_at_once(links, client_of):
    claim, above, link = links
    client = client_of("coordinator")
    address = page("part", claim, link.pk)
    assert "marked “unsupported” at once" in client.get(address).content.decode()
    again = client.post(address, {"reason": " "})
    assert again.status_code == 200
    assert b"error-summary" in again.content
    answer = client.post(address, {"reason": "The count was wrong."}, follow=True)
    assert "Unsupported" in answer.content.decode()
    assert "The count was wrong." in client.get(page("thing", above)).content.decode()
    settled = client.post(page("settle", claim, link.pk), {"reason": "Surveys say the same."})
    assert settled.status_code == 302
    assert "Everything it rests on stands." in client.get(page("thing", above)).content.decode()


def test_a_claim_is_joined_to_what_the_kinds_offer(links, client_of, room, kinds):
    from dataclasses import replace

    from commonlight.web.thread import kinds as known
    from commonlight.web.thread.models import Link

    claim, other = links[0], room("Other")
    known._kinds["room"] = replace(
        known._kinds["room"], offer=lambda actor, words: [claim, links[1], other]
    )
    client = client_of("coordinator")
    address = page("join", claim)
    assert "Other" in client.get(address).content.decode()
    circle = client.post(address, {"ground": f"room:{links[1].pk}"})
    assert "circle" in circle.content.decode()
    assert client.post(address, {"ground": "room:999"}).status_code == 200
    done = client.post(address, {"ground": f"room:{other.pk}", "note": "Seen on site."})
    assert done.status_code == 302
    assert (
        Link.objects.of(claim.workspace).get(ground_kind="room", ground_key=str(other.pk)).note
        == "Seen on site."
    )


def test_a_claim_about_the_place_is_offered_what_is_counted_or_told_first(
    links, client_of, room, kinds
):
    from dataclasses import replace

    from commonlight.web.thread import kinds as known

    claim, counted, planned = links[0], room("Counted"), room("Planned")
    known._kinds["room"] = replace(
        known._kinds["room"],
        offer=lambda actor, words: [counted, planned],
        nature=lambda one: "quantitative" if one == counted else "",
        rests_on_sources=True,
    )
    client = client_of("coordinator")
    address = page("join", claim)
    first = client.get(address).content.decode()
    assert "Counted" in first
    assert "Planned" not in first
    assert "Search to see the others" in first
    assert "Planned" in client.get(f"{address}?kind=room").content.decode()
    told = client.get(f"{address}?nature=qualitative").content.decode()
    assert "Counted" not in told


def test_what_is_closed_is_named_nowhere_not_even_in_a_reason(links, client_of, kinds, city):
    claim, above, _link = links
    kinds.hidden.add(str(city.police.pk))
    kinds.gone.add(str(city.police.pk))
    client = client_of("coordinator")
    for thing in (claim, above):
        text = client.get(page("thing", thing)).content.decode()
        assert "Lakeside Police" not in text
        assert "It was withdrawn." in text
        assert "It is closed to you." in text
    assert client.get(page("thing", city.police, kind="source")).status_code == 403


@pytest.mark.parametrize("kind", ["nothing", "room"])
def test_what_is_not_there_is_not_found(kind, client_of, kinds):
    answer = client_of("coordinator").get(reverse("thread:thing", args=["lakeside", kind, "999"]))
    assert answer.status_code == 404


def test_the_stranger_finds_nothing(links, client_of):
    claim, _above, link = links
    client = client_of("stranger")
    for address in (page("thing", claim), page("join", claim), page("part", claim, link.pk)):
        assert client.get(address).status_code == 404
        assert client.post(address, {"reason": "x"}).status_code in (404, 405)
    link.refresh_from_db()
    assert link.is_live


@pytest.mark.usefixtures("nothing_kept")
def test_many_links_cost_as_many_queries_as_few(room, city, client_of, actor_of, kinds):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from commonlight.web.thread.domain import join

    claim = room("Claim")
    client = client_of("coordinator")
    counts = []
    for number in range(3):
        join(actor_of("coordinator"), claim, room(f"Room {number}"))
        client.get(page("thing", claim))
        with CaptureQueriesContext(connection) as asked:
            client.get(page("thing", claim))
        counts.append(len(asked))
    assert counts[1] == counts[2]


def test_the_way_back_survives_the_search(room, client_of):
    """What was chosen on another page leads back to it, by every button of the page."""
    claim = room("Claim")
    here = page("join", claim)
    shown = client_of("coordinator").get(f"{here}?next=/w/lakeside/problems/&q=police")
    text = shown.content.decode()
    assert '<input type="hidden" name="next" value="/w/lakeside/problems/"' in text
    assert '<a href="/w/lakeside/problems/">Claim</a>' in text
    assert f'<a href="{here}?next=%2Fw%2Flakeside%2Fproblems%2F">Remove all filters</a>' in text
    assert text.count("Remove the filter") == 1
    foreign = client_of("coordinator").get(f"{here}?next=//evil.example/").content.decode()
    assert 'href="//evil' not in foreign
