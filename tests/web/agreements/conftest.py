"""A draft with all answers, and what a person sees of a page."""

from datetime import timedelta

import pytest
from django.utils.html import strip_tags

from commonlight.web.agreements.domain import drafting, signing
from commonlight.web.agreements.domain.clauses import clauses_for
from commonlight.web.agreements.domain.coverage import today_in
from commonlight.web.agreements.domain.finding import agreements_of


@pytest.fixture
def draft(city, actor_of, dataset):
    """A draft by which the police give to the youth workers; nothing is left open."""

    def make(*, kind="one_way", **given):
        actor = actor_of("coordinator")
        thing = given.get("thing") or dataset(f"set-{len(agreements_of(city.workspace))}")
        today = today_in(city.workspace)
        both = kind != "one_way"
        made = drafting.create_draft(actor, kind=kind, title="Counts for prevention")
        drafting.set_parties(
            actor,
            made,
            givers=[city.police, city.youth_work] if both else [city.police],
            receivers=[city.police, city.youth_work] if both else [city.youth_work],
        )
        drafting.change(actor, made, "purpose", purpose="Youth work", legal_basis="Act, section 4")
        drafting.set_datasets(actor, made, datasets=[thing], fields=[])
        drafting.change(actor, made, "detail", place_detail="area", time_detail="month")
        drafting.change(
            actor, made, "dates", starts_on=today, expires_on=today + timedelta(days=365)
        )
        for clause in clauses_for(kind):
            drafting.set_clause(actor, made, clause.id, clause.suggestion)
        return agreements_of(city.workspace).get(pk=made.pk)

    return make


@pytest.fixture
def offered(draft, actor_of):
    """A draft that was offered for signature."""

    def make(**given):
        made = draft(**given)
        signing.offer(actor_of("coordinator"), made)
        return made

    return make


@pytest.fixture
def read_all():
    """Open every part of an agreement as one person."""

    def read(actor, agreement):
        for part in signing.unopened_parts(actor.membership, agreement):
            signing.open_part(actor, agreement, part)

    return read


@pytest.fixture
def signed(offered, actor_of, read_all):
    """An agreement that both parties signed."""

    def make(**given):
        made = offered(**given)
        for role in ("analyst", "partner"):
            read_all(actor_of(role), made)
            signing.sign(actor_of(role), made)
        return made

    return make


@pytest.fixture
def text_of():
    """The words of the main part of a page."""

    def read(answer, status=200):
        assert answer.status_code == status, answer.content.decode()[:400]
        main = answer.content.decode().split("<main", 1)[1].split("</main>")[0]
        return " ".join(strip_tags(f"<main{main}".replace("<", " <")).split())

    return read
