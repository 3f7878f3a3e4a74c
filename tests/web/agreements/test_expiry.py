"""The agreement controls the data: the day after it ends, the data set is gone everywhere."""

from datetime import timedelta

import pytest

from commonlight.web.agreements.domain.coverage import today_in
from commonlight.web.policy import Refused, decide, require


@pytest.fixture
def shared(city, dataset, signed_agreement):
    """A data set that the youth workers may see until some days from now."""

    def make(days):
        thing = dataset("burglary", name="Burglary", version=True)
        last = today_in(city.workspace) + timedelta(days=days)
        signed_agreement(thing, receivers=(city.youth_work,), expires_on=last)
        return thing

    return make


def seen(actor):
    from commonlight.web.data.coverage import visible_datasets

    return [one.dataset.slug for one in visible_datasets(actor)]


def test_on_the_last_day_the_partner_sees_the_data(shared, actor_of):
    thing = shared(0)
    assert decide(actor_of("partner"), "data.view", thing)
    assert seen(actor_of("partner")) == ["burglary"]


def test_on_the_day_after_the_data_are_gone_and_the_reason_names_the_date(shared, actor_of):
    thing = shared(-1)
    decision = decide(actor_of("partner"), "data.view", thing)
    assert not decision
    assert "expired on" in str(decision.reason)
    assert "signatory of Lakeside Police" in str(decision.ask)
    assert seen(actor_of("partner")) == []
    assert decide(actor_of("analyst"), "data.view", thing)


def test_an_export_is_refused_and_kept(shared, actor_of):
    from commonlight.web.eventlog.models import Event

    thing = shared(-1)
    with pytest.raises(Refused, match="expired on"):
        require(actor_of("partner"), "data.export", thing)
    assert Event.objects.filter(kind="refusal", action="data.export").count() == 1


@pytest.mark.parametrize("page", ["", "export/"])
def test_the_pages_say_why_they_are_closed(shared, client_of, page):
    shared(-1)
    answer = client_of("partner").get(f"/w/lakeside/data/burglary/{page}")
    assert answer.status_code == 403
    assert "expired on" in answer.content.decode()


def test_the_list_names_it_with_the_reason_and_without_a_link(shared, client_of):
    shared(-1)
    text = client_of("partner").get("/w/lakeside/data/").content.decode()
    assert "expired on" in text


def test_the_interface_for_programs_answers_alike(shared, client_of):
    shared(-1)
    client = client_of("partner")
    listed = client.get("/api/v1/workspaces/lakeside/datasets")
    if listed.status_code == 404:
        pytest.skip("the list of data sets has no address here")
    assert "burglary" not in [one.get("slug") for one in _items(listed.json()) if one.get("may")]
    assert client.get("/api/v1/workspaces/lakeside/datasets/burglary").status_code == 403


def test_a_stored_finding_is_gone_with_its_data(city, shared, actor_of):
    from commonlight.web.audits.models import AuditPlan, StoredFinding
    from commonlight.web.audits.visibility import visible_findings
    from commonlight.web.runs.models import Run

    shared(-1)
    run = Run.objects.create(workspace=city.workspace, kind="audits.audit", library_version="1")
    plan = AuditPlan.objects.create(workspace=city.workspace, slug="plan", title="Plan")
    finding = StoredFinding.objects.create(
        workspace=city.workspace,
        plan=plan,
        run=run,
        key="where",
        order=1,
        sources=["burglary"],
        place_detail="area",
        time_detail="month",
    )
    shown, hidden = visible_findings(actor_of("partner"), run)
    assert list(shown) == []
    assert hidden[0].count == 1
    assert "expired on" in str(hidden[0].reason)
    shown, _ = visible_findings(actor_of("analyst"), run)
    assert list(shown) == [finding]
    assert not decide(actor_of("partner"), "finding.view", finding)


def test_a_stranger_never_saw_it(shared, actor_of):
    thing = shared(10)
    assert not decide(actor_of("stranger"), "data.view", thing)
    assert seen(actor_of("stranger")) == []


def _items(answer):
    return answer if isinstance(answer, list) else answer.get("items", [])
