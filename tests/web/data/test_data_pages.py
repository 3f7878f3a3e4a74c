"""The list, the page of a data set, its versions, its people and its trash."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commonlight.web.data.models import DataSet, DataSetRole, DataVersion
from commonlight.web.eventlog.models import Event

pytestmark = pytest.mark.django_db
PAGES = ("list", "new", "trash", "requests")


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_list_shows_what_is_open_and_names_what_is_missing(
    dataset: Any, client_of: Any, address: Any, signed_agreement: Any, city: Any
) -> None:
    signed_agreement(dataset("burglary"), receivers=(city.youth_work,))
    dataset("robbery")
    page = text(client_of("partner").get(address("list")))
    shown, hidden = page.split('id="not-open"')
    assert "Burglary" in shown
    assert "Agreement 1" in shown
    assert "Robbery" not in shown
    assert "Robbery" in hidden
    assert "No sharing agreement names" in hidden
    assert "Ask Lakeside Police" in hidden


def test_stale_data_are_marked(dataset: Any, client_of: Any, address: Any) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    dataset(next_delivery_on=yesterday)
    assert "overdue" in text(client_of("analyst").get(address("list")))


def test_the_stranger_sees_nothing(dataset: Any, client_of: Any, address: Any) -> None:
    burglary = dataset(version=True)
    client = client_of("stranger")
    pages = [address(name) for name in PAGES]
    pages += [
        address(name, burglary.slug)
        for name in ("dataset", "edit", "roles", "sharing", "delete", "compare", "bring", "export")
    ]
    pages += [address(name, burglary.slug, 1) for name in ("version", "rejected", "rejected-file")]
    assert {client.get(page).status_code for page in pages} == {404}


def test_a_partner_without_agreement_is_told_why(
    dataset: Any, client_of: Any, address: Any
) -> None:
    answer = client_of("partner").get(address("dataset", dataset(version=True).slug))
    assert answer.status_code == 403
    assert "No sharing agreement names" in text(answer)
    assert Event.objects.filter(kind="refusal", action="data.view").exists()


@pytest.mark.parametrize("page", ["list", "requests", "trash"])
def test_pages_ask_the_database_as_often_for_three_as_for_one(
    page: str, dataset: Any, client_of: Any, address: Any, signed_agreement: Any, city: Any
) -> None:
    client = client_of("analyst")
    client.get(address(page))

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address(page)).status_code == 200
        return len(seen)

    def more(slug: str) -> None:
        made = dataset(slug, version=True)
        signed_agreement(made, receivers=(city.youth_work,))
        dataset(f"{slug}-foreign", owner=city.municipality)
        dataset(f"{slug}-gone", deleted_at=timezone.now())

    more("one")
    first = queries()
    more("two")
    more("three")
    assert queries() == first


def test_the_page_of_a_data_set_asks_as_often_for_three_versions(
    dataset: Any, client_of: Any, address: Any, city: Any, actor_of: Any
) -> None:
    burglary, client = dataset(version=True, is_sensitive=False), client_of("analyst")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address("dataset", burglary.slug)).status_code == 200
        return len(seen)

    queries()
    first = queries()
    for number, role in ((2, "partner"), (3, "evaluator")):
        DataVersion.objects.create(
            workspace=city.workspace,
            dataset=burglary,
            number=number,
            digest="b" * 64,
            rows_read=1,
            rows_accepted=1,
            rows_rejected=0,
        )
        DataSetRole.objects.create(
            workspace=city.workspace,
            dataset=burglary,
            membership=actor_of(role).membership,
            role="reader",
        )
    assert queries() == first


@pytest.mark.parametrize("role", ["analyst", "partner"])
def test_the_page_of_a_data_set_asks_as_often_for_three_agreements(
    dataset: Any, client_of: Any, address: Any, city: Any, signed_agreement: Any, role: str
) -> None:
    """Also for drafts, of which it matters who drafts them."""
    burglary, client = dataset(version=True), client_of(role)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address("dataset", burglary.slug)).status_code == 200
        return len(seen)

    signed_agreement(burglary, receivers=(city.youth_work,))
    signed_agreement(burglary, receivers=(city.youth_work,), state="draft")
    queries()
    first = queries()
    for receiver in (city.university, city.municipality):
        signed_agreement(burglary, receivers=(receiver,))
        signed_agreement(burglary, receivers=(receiver,), state="draft")
    assert queries() == first


def test_reading_is_noted_once(dataset: Any, client_of: Any, address: Any) -> None:
    burglary, client = dataset(version=True), client_of("analyst")
    client.get(address("dataset", burglary.slug))
    client.get(address("dataset", burglary.slug))
    assert Event.objects.filter(kind="read", thing_id=str(burglary.pk)).count() == 1


def test_a_data_set_is_made_for_the_own_organisation(
    client_of: Any, address: Any, city: Any, people: Any
) -> None:
    client = client_of("partner")
    fields = {"name": "Street work visits", "kind": "visits", "witness": "site"}
    answer = client.post(address("new"), fields)
    assert answer.status_code == 302
    made = DataSet.objects.of(city.workspace).get()
    assert (made.slug, made.owner, made.kind) == ("street-work-visits", city.youth_work, "visits")
    assert made.steward.user == people["partner"]
    again = client.post(address("new"), fields)
    assert "There is a data set with this name" in text(again)
    assert 'value="Street work visits"' in text(again)


@pytest.mark.parametrize("name", ["new", "uploads", "requests", "trash", "12", "日本"])
def test_a_short_name_never_hides_a_page(
    client_of: Any, address: Any, city: Any, name: str
) -> None:
    client_of("partner").post(address("new"), {"name": name, "kind": "visits", "witness": "site"})
    made = DataSet.objects.of(city.workspace).get()
    assert client_of("partner").get(address("dataset", made.slug)).status_code == 200
    assert made.slug not in ("new", "uploads", "requests", "trash")


def test_scripts_in_text_stay_text(client_of: Any, address: Any, city: Any, dataset: Any) -> None:
    evil = "<script>alert(1)</script>"
    burglary = dataset(name=evil, description=evil, publisher=evil, licence=evil, version=True)
    for page in (address("list"), address("dataset", burglary.slug)):
        assert evil not in text(client_of("analyst").get(page))


def test_people_are_named_and_unnamed(
    dataset: Any, client_of: Any, address: Any, actor_of: Any, people: Any
) -> None:
    burglary = dataset(steward=actor_of("analyst").membership)
    client = client_of("analyst")
    member = actor_of("partner").membership.pk
    client.post(address("roles", burglary.slug), {"membership": member, "role": "contributor"})
    client.post(address("roles", burglary.slug), {"membership": member, "role": "reader"})
    role = burglary.roles.get()
    assert role.role == "reader"
    client.post(address("drop-role", burglary.slug, role.pk))
    assert not burglary.roles.exists()
    stranger = people["stranger"].memberships.get().pk
    refused = client.post(
        address("roles", burglary.slug), {"membership": stranger, "role": "reader"}
    )
    assert refused.status_code == 200
    assert not burglary.roles.exists()


def test_the_coordinator_names_people_and_opens_nothing(
    dataset: Any, client_of: Any, address: Any
) -> None:
    burglary, client = dataset(), client_of("coordinator")
    assert client.get(address("roles", burglary.slug)).status_code == 200
    refused = client.post(address("sharing", burglary.slug), {"is_public": "on"})
    assert refused.status_code == 403
    burglary.refresh_from_db()
    assert not burglary.is_public


def test_the_owner_shares_under_its_own_agreements_only(
    dataset: Any, client_of: Any, address: Any, actor_of: Any, signed_agreement: Any, city: Any
) -> None:
    burglary = dataset(steward=actor_of("analyst").membership)
    signed = signed_agreement(burglary, receivers=(city.youth_work,))
    agreement = signed_agreement(receivers=(city.youth_work,), state="draft")
    client_of("analyst").post(address("sharing", burglary.slug), {"agreements": [agreement.pk]})
    assert set(burglary.agreements.all()) == {signed, agreement}
    lamps = dataset("lamps", owner=city.municipality, steward=actor_of("coordinator").membership)
    client = client_of("coordinator")
    page = text(client.post(address("sharing", lamps.slug), {"agreements": [agreement.pk]}))
    assert "not one of the available choices" in page
    assert not lamps.agreements.exists()


def test_trash_and_back(dataset: Any, client_of: Any, address: Any, actor_of: Any) -> None:
    burglary = dataset(steward=actor_of("analyst").membership, version=True)
    client = client_of("analyst")
    assert "Move to the trash" in text(client.get(address("delete", burglary.slug)))
    client.post(address("delete", burglary.slug))
    assert client.get(address("dataset", burglary.slug)).status_code == 403
    assert "Burglary" in text(client.get(address("trash")))
    assert "Burglary" not in text(client_of("partner").get(address("trash")))
    client.post(address("restore", burglary.slug))
    assert client.get(address("dataset", burglary.slug)).status_code == 200


def test_a_version_tells_where_it_comes_from_and_how_good_it_is(
    dataset: Any, client_of: Any, address: Any, import_burglaries: Any
) -> None:
    burglary = dataset(licence="CC BY 4.0", publisher="Lakeside Police")
    version = import_burglaries(burglary)
    client = client_of("analyst")
    page = text(client.get(address("dataset", burglary.slug)))
    assert "CC BY 4.0" in page
    assert version.digest in page
    assert "392" in page
    assert "have a point" in page
    assert "Change of the recording rule" in page
    assert client.get(address("version", burglary.slug, 1)).status_code == 200
    mapping = client.get(address("version-mapping", burglary.slug, 1))
    assert b"kind = " in b"".join(mapping.streaming_content)


def test_rejected_rows_are_shown_and_fetched_without_formulas(
    dataset: Any, client_of: Any, address: Any, import_burglaries: Any, burglaries: bytes
) -> None:
    evil = b'F900,"=HYPERLINK(""http://x"")",13.4,52.5,Wohnungseinbruch,B1\n'
    burglary = dataset()
    import_burglaries(burglary, burglaries + evil)
    client = client_of("analyst")
    page = text(client.get(address("rejected", burglary.slug, 1)))
    assert "coordinates are (0, 0)" in page
    answer = client.get(address("rejected-file", burglary.slug, 1))
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert len(rows) == 9
    assert not any(row["value"].startswith(("=", "+", "@")) for row in rows)
    assert Event.objects.filter(kind="export", action="data.export").count() == 1
    assert client_of("coordinator").get(address("rejected", burglary.slug, 1)).status_code == 403


def test_two_versions_are_compared(
    dataset: Any, client_of: Any, address: Any, import_burglaries: Any, burglaries: bytes
) -> None:
    burglary = dataset()
    import_burglaries(burglary)
    import_burglaries(burglary, b"\n".join(burglaries.splitlines()[:301]) + b"\n")
    client = client_of("analyst")
    page = text(client.get(address("compare", burglary.slug)))
    assert "-100" in page
    odd = address("compare", burglary.slug) + "?before=x&after=99999999999"
    assert client.get(odd).status_code == 200


def test_links_lead_only_where_one_may_go(
    dataset: Any,
    client_of: Any,
    address: Any,
    signed_agreement: Any,
    import_burglaries: Any,
    city: Any,
) -> None:
    burglary = dataset()
    signed_agreement(burglary, receivers=(city.municipality, city.university))
    import_burglaries(burglary)
    leads = address("dataset", burglary.slug)
    deputy = text(client_of("decision_maker").get(address("list")))
    assert burglary.name in deputy
    assert leads not in deputy
    assert address("trash") not in deputy
    assert leads in text(client_of("evaluator").get(address("list")))
    run = f"/w/lakeside/runs/{burglary.versions.get().run_id}/"
    assert run in text(client_of("analyst").get(leads))
    assert run not in text(client_of("evaluator").get(leads))


def test_an_agreement_that_ended_shares_nothing_any_more(
    dataset: Any, client_of: Any, address: Any, signed_agreement: Any, city: Any
) -> None:
    burglary = dataset()
    agreement = signed_agreement(burglary, receivers=(city.youth_work,), place_detail="area")
    client = client_of("analyst")
    assert "Shared by area" in text(client.get(address("dataset", burglary.slug)))
    agreement.state = "ended"
    agreement.save()
    page = text(client.get(address("dataset", burglary.slug)))
    assert "Ended early" in page
    assert "Shared by area" not in page


def test_an_empty_workspace_says_where_to_begin(client_of: Any) -> None:
    page = text(client_of("stranger").get("/w/elsewhere/"))
    assert "No data set is open to you yet" in page
    assert "/w/elsewhere/data/new/" in page
