"""What leaves a data set, what does not, and how more is asked for."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone

from commonlight.web.data.models import DataRequest
from commonlight.web.eventlog.models import Event
from commonlight.web.runs.models import Run
from commonlight.web.runs.worker import work_off

pytestmark = pytest.mark.django_db
ALLOWED = {"purpose": "Planning of prevention", "place_detail": "area", "time_detail": "month"}


@pytest.fixture
def shared(dataset: Any, import_burglaries: Any, signed_agreement: Any, city: Any) -> Any:
    """Burglaries with a version, shared with youth work by area and month."""
    burglary = dataset(licence="CC BY 4.0")
    import_burglaries(burglary, place_area="Bezirk")
    burglary.agreement = signed_agreement(burglary, receivers=(city.youth_work,), fields=["type"])
    return burglary


def test_counts_leave_as_agreed(shared: Any, client_of: Any, address: Any, city: Any) -> None:
    client = client_of("partner")
    answer = client.post(address("export", shared.slug), {**ALLOWED, "fields_wanted": ["type"]})
    assert answer.status_code == 302
    work_off()
    run = Run.objects.of(city.workspace).get(kind="data.export")
    assert run.state == "done", run.failure_text
    assert "burglary.zip" in client.get(answer["Location"]).content.decode()
    fetched = client.get(address("export-file", shared.slug, run.pk, "burglary.zip"))
    archive = zipfile.ZipFile(BytesIO(b"".join(fetched.streaming_content)))
    assert set(archive.namelist()) == {"burglary.csv", "README.md", "LICENCE.txt"}
    head = archive.read("burglary.csv").decode("utf-8-sig").splitlines()[0]
    assert head == "area,period,type,count"
    assert b"CC BY 4.0" in archive.read("LICENCE.txt")
    assert b"Planning of prevention" in archive.read("README.md")
    kinds = Event.objects.filter(action="data.export", kind="export").values_list("actor_id")
    assert len(kinds) == 2


def test_points_are_refused_with_an_offer_and_a_form(
    shared: Any, client_of: Any, address: Any, city: Any
) -> None:
    client = client_of("partner")
    answer = client.post(address("export", shared.slug), {**ALLOWED, "place_detail": "point"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "nothing finer than “Areas”" in page
    assert "Make this export instead" in page
    assert "Send the request" in page
    assert not Run.objects.of(city.workspace).filter(kind="data.export").exists()
    event = Event.objects.get(action="data.export", kind="refusal")
    assert event.detail["place"] == "point"


def test_a_request_is_sent_and_answered(
    shared: Any, client_of: Any, address: Any, actor_of: Any
) -> None:
    partner, analyst = client_of("partner"), client_of("analyst")
    wanted = {"ask": "1", "place_detail": "point", "time_detail": "day", "fields_wanted": "type"}
    empty = partner.post(address("export", shared.slug), wanted)
    assert "There is a problem" in empty.content.decode()
    reason = {"purpose": "Walks", "reason": "We plan walks at night."}
    assert partner.post(address("export", shared.slug), {**wanted, **reason}).status_code == 302
    asked = DataRequest.objects.everywhere("test").get()
    assert asked.answer_by == timezone.localdate() + timedelta(days=14)
    where = address("request", asked.pk)
    assert "We plan walks" in analyst.get(where).content.decode()
    assert "We plan walks" in partner.get(where).content.decode()
    for role in ("coordinator", "evaluator", "stranger"):
        assert client_of(role).get(where).status_code == 404
    answer = {"state": "refused", "answer": "Points are too close to homes."}
    assert partner.post(where, answer).status_code == 403
    assert analyst.post(where, answer).status_code == 403
    shared.steward = actor_of("analyst").membership
    shared.save()
    assert analyst.post(where, answer).status_code == 302
    asked.refresh_from_db()
    assert asked.state == "refused"
    assert "too close to homes" in partner.get(where).content.decode()


def test_a_request_is_withdrawn_by_who_asked(
    shared: Any, client_of: Any, address: Any, actor_of: Any
) -> None:
    partner = client_of("partner")
    fields = {"ask": "1", "place_detail": "point", "time_detail": "day", "purpose": "x"}
    partner.post(address("export", shared.slug), {**fields, "reason": "y"})
    asked = DataRequest.objects.everywhere("test").get()
    assert client_of("analyst").post(address("withdraw", asked.pk)).status_code == 404
    assert partner.post(address("withdraw", asked.pk)).status_code == 302
    asked.refresh_from_db()
    assert asked.state == "withdrawn"


def test_the_download_asks_the_agreement_again(
    shared: Any, client_of: Any, address: Any, city: Any
) -> None:
    client = client_of("partner")
    client.post(address("export", shared.slug), ALLOWED)
    work_off()
    run = Run.objects.of(city.workspace).get(kind="data.export")
    where = address("export-file", shared.slug, run.pk, "burglary.csv")
    assert client.get(where).status_code == 200
    shared.agreement.expires_on = timezone.localdate() - timedelta(days=1)
    shared.agreement.save()
    gone = client.get(where)
    assert gone.status_code == 403
    assert "expired" in gone.content.decode()


def test_an_export_that_waits_is_refused_when_the_agreement_ends(
    shared: Any, client_of: Any, address: Any, city: Any
) -> None:
    client_of("partner").post(address("export", shared.slug), ALLOWED)
    shared.agreement.state = "ended"
    shared.agreement.save()
    work_off()
    run = Run.objects.of(city.workspace).get(kind="data.export")
    assert run.state == "failed"
    assert run.result_folder == ""


def test_nobody_fetches_the_export_of_others(
    shared: Any, client_of: Any, address: Any, city: Any
) -> None:
    client_of("partner").post(address("export", shared.slug), ALLOWED)
    work_off()
    run = Run.objects.of(city.workspace).get(kind="data.export")
    where = address("export-file", shared.slug, run.pk, "burglary.csv")
    answers = {
        role: client_of(role).get(where).status_code
        for role in ("analyst", "evaluator", "decision_maker", "coordinator", "stranger")
    }
    assert answers == {
        "analyst": 403,
        "evaluator": 403,
        "decision_maker": 403,
        "coordinator": 403,
        "stranger": 404,
    }
    for name in ("..%2F..%2Fx", "mapping.toml", "secret.key"):
        odd = address("export", shared.slug).replace("export/", f"exports/{run.pk}/{name}")
        assert client_of("partner").get(odd).status_code == 404


def test_the_owner_takes_records(shared: Any, client_of: Any, address: Any, city: Any) -> None:
    fields = {"place_detail": "cell", "time_detail": "day", "fields_wanted": ["type"]}
    client_of("analyst").post(address("export", shared.slug), fields)
    work_off()
    run = Run.objects.of(city.workspace).get(kind="data.export")
    assert run.state == "done", run.failure_text
    assert run.result["rows"] == 392


def test_answers_never_leave_one_by_one(dataset: Any, actor_of: Any) -> None:
    from commonlight.web.data.rules import ExportOrder
    from commonlight.web.policy import decide

    survey = dataset("survey", kind="answers")
    order = ExportOrder(dataset=survey, place_detail="point", time_detail="day")
    assert "by area only" in str(decide(actor_of("analyst"), "data.export", order).reason)


def test_without_agreed_fields_no_single_record_leaves(
    dataset: Any,
    import_burglaries: Any,
    signed_agreement: Any,
    client_of: Any,
    address: Any,
    city: Any,
) -> None:
    """The agreement says in its text that only counts are shared."""
    burglary = dataset()
    import_burglaries(burglary, place_area="Bezirk")
    signed_agreement(burglary, receivers=(city.youth_work,), place_detail="point", fields=[])
    client = client_of("partner")
    answer = client.post(address("export", burglary.slug), {**ALLOWED, "place_detail": "cell"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "The agreement shares counts only, never single records." in page
    assert 'value="area"' in page
    assert not Run.objects.of(city.workspace).filter(kind="data.export").exists()
    assert client.post(address("export", burglary.slug), ALLOWED).status_code == 302


def test_answers_are_offered_by_area_only(
    dataset: Any, client_of: Any, address: Any, signed_agreement: Any, city: Any
) -> None:
    survey = dataset("survey", kind="answers", version=True)
    signed_agreement(survey, receivers=(city.youth_work,), place_detail="cell")
    page = client_of("partner").get(address("export", survey.slug)).content.decode()
    assert '<option value="area" selected>' in page
    assert '<option value="cell"' not in page
