"""The interface answers what pages show, and refuses what they refuse."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from commonlight.web.api import rates
from commonlight.web.api.service import api
from commonlight.web.eventlog.models import Event
from commonlight.web.runs.models import Run

BASE = "/api/v1/workspaces/lakeside"
LISTS = [
    "organisations",
    "members",
    "spaces",
    "datasets",
    "runs",
    "audits",
    "findings",
    "divergence",
    "releases",
    "agreements",
]


def keys(answer):
    return [one["key"] for one in answer.json()["items"]]


@pytest.mark.parametrize("name", [*LISTS, "events"])
def test_the_coordinator_reads_every_list(program, audited, name):
    answer = program("coordinator").get(f"{BASE}/{name}")
    assert answer.status_code == 200
    assert isinstance(answer.json()["items"], list)
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", [*LISTS, "events", ""])
@pytest.mark.parametrize("asker", ["token", "session"])
def test_for_the_stranger_there_is_no_such_workspace(program, client_of, audited, name, asker):
    client = program("stranger") if asker == "token" else client_of("stranger")
    answer = client.get(f"{BASE}/{name}" if name else BASE)
    assert answer.status_code == 404
    assert "Lakeside" not in answer.content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_who_is_not_signed_in_is_told_how(db, city, name):
    answer = Client().get(f"{BASE}/{name}")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_a_session_works_as_well(client_of, audited):
    assert client_of("analyst").get(f"{BASE}/findings").json()["count"] == 2


def test_a_session_needs_the_csrf_token_to_change_something(people, audited):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["analyst"], "allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(f"{BASE}/runs/{audited.run.pk}/cancel")
    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"


def test_findings_are_those_that_the_agreement_allows(program, audited):
    answer = program("partner").get(f"{BASE}/findings")
    assert keys(answer) == ["north"]
    hidden = answer.json()["hidden"]
    assert hidden[0]["count"] == 1
    assert "Lakeside Police" in hidden[0]["ask"]


def test_after_the_agreement_ends_they_are_gone(program, audited):
    audited.agreement.expires_on = timezone.now().date() - timedelta(days=1)
    audited.agreement.save()
    client = program("partner")
    assert keys(client.get(f"{BASE}/findings")) == []
    found = client.get(f"{BASE}/findings/{audited.run.pk}/north")
    assert found.status_code == 403
    assert "burglary" in found.json()["detail"].lower()
    assert client.get(f"{BASE}/findings/{audited.run.pk}/north/files/table.csv").status_code == 403
    closed = client.get(f"{BASE}/datasets").json()["items"][0]
    assert closed["coverage"]["allowed"] is False
    assert closed["kind"] is None


def test_filters_narrow_the_findings(program, audited):
    client = program("analyst")
    assert keys(client.get(f"{BASE}/findings?source=burglary&block=problems")) == [
        "north",
        "streets",
    ]
    assert keys(client.get(f"{BASE}/findings?block=causes")) == []
    assert client.get(f"{BASE}/findings?block=nonsense").status_code == 422


def test_a_finding_and_its_table(program, audited):
    client = program("analyst")
    found = client.get(f"{BASE}/findings/{audited.run.pk}/north").json()
    assert found["content"]["table"]["rows"] == [["north", 12]]
    file = client.get(f"{BASE}/findings/{audited.run.pk}/north/files/table.csv")
    assert file.status_code == 200
    assert file["Content-Type"].startswith("text/csv")
    assert Event.objects.filter(action="finding.download", kind="export").count() == 1


def test_reading_sensitive_data_is_kept(program, audited):
    program("partner").get(f"{BASE}/datasets/burglary")
    assert Event.objects.filter(chain="lakeside", kind="read", action="data.view").count() == 1


def test_a_refusal_is_kept(program, audited):
    program("partner").get(f"{BASE}/findings/{audited.run.pk}/streets")
    assert Event.objects.filter(chain="lakeside", kind="refusal", action="finding.view").exists()


def test_a_version_with_its_quality(program, audited):
    found = program("analyst").get(f"{BASE}/datasets/burglary/versions/1").json()
    assert (found["rows_read"], found["quality"]) == (10, {})


def test_a_run_is_cancelled(program, audited, city, people):
    run = Run.objects.create(
        workspace=city.workspace,
        kind="audits.audit",
        title="Audit",
        library_version="0",
        fingerprint="0" * 64,
        requested_by=people["analyst"],
        organisation=city.police,
    )
    assert program("partner").post(f"{BASE}/runs/{run.pk}/cancel").status_code == 403
    answer = program("analyst").post(f"{BASE}/runs/{run.pk}/cancel")
    assert answer.json()["state"] == "cancelled"


def test_members_have_no_addresses(program, audited):
    text = program("coordinator").get(f"{BASE}/members").content.decode()
    assert "@example.org" not in text


def test_only_the_coordinator_reads_the_log_and_that_is_kept(program, audited):
    assert program("analyst", "run.view").get(f"{BASE}/events").status_code == 403
    assert program("coordinator").get(f"{BASE}/events?kind=refusal").json()["count"] >= 1
    assert Event.objects.filter(action="log.export").count() == 1


def test_lists_come_in_pages(program, audited):
    client = program("analyst")
    answer = client.get(f"{BASE}/findings?limit=1&offset=1").json()
    assert (answer["count"], len(answer["items"]), answer["items"][0]["key"]) == (2, 1, "streets")
    assert client.get(f"{BASE}/findings?limit=0").status_code == 422
    assert client.get(f"{BASE}/findings?limit=201").status_code == 422


class TestPublic:
    base = "/api/v1/public/lakeside"

    def test_released_findings_need_no_token_and_leave_no_trace(self, audited):
        before = Event.objects.count()
        found = Client().get(f"{self.base}/releases").json()["items"][0]
        assert [one["key"] for one in found["findings"]] == ["north"]
        detail = Client().get(f"{self.base}/releases/1/findings/north")
        assert detail.json()["content"]["table"]["rows"] == [["north", 12]]
        assert Event.objects.count() == before
        assert not detail.cookies

    def test_what_was_not_released_is_not_there(self, audited):
        assert Client().get(f"{self.base}/releases/1/findings/streets").status_code == 404

    def test_the_register_names_nobody(self, audited, people):
        text = Client().get(f"{self.base}/agreements").content.decode()
        assert "Counts for prevention" in text
        assert not any(user.name in text for user in people.values())

    def test_a_workspace_that_is_not_there(self, audited):
        assert Client().get("/api/v1/public/nowhere/releases").status_code == 404


class TestRates:
    def test_too_many_are_told_when_to_come_back(self, audited, monkeypatch):
        monkeypatch.setattr(rates, "hits", lambda asker, minute: 121)
        answer = Client().get("/api/v1/public/lakeside/releases")
        assert answer.status_code == 429
        assert 1 <= int(answer["Retry-After"]) <= 60
        assert answer.json()["status"] == 429

    def test_counts_are_shared_and_old_ones_go(self, db):
        assert [rates.hits("a", 5), rates.hits("a", 5), rates.hits("b", 5)] == [1, 2, 1]
        assert rates.hits("a", 9) == 1
        from commonlight.web.api.models import RateWindow

        assert set(RateWindow.objects.values_list("minute", flat=True)) == {9}

    def test_no_address_is_kept(self, audited):
        Client(REMOTE_ADDR="192.0.2.7").get("/api/v1/public/lakeside/releases")
        from commonlight.web.api.models import RateWindow

        assert "192.0.2.7" not in str(list(RateWindow.objects.values()))


class TestMistakes:
    @pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v2/runs", "/api/v1/workspaces/x/y"])
    def test_a_wrong_address_is_a_problem_document(self, db, path):
        answer = Client().get(path)
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"

    @pytest.mark.parametrize("run", ["0", "-1", "9" * 30, "1.5", "x"])
    def test_a_strange_number_is_no_fault_of_ours(self, program, audited, run):
        assert program("analyst").get(f"{BASE}/runs/{run}").status_code in (404, 422)

    def test_a_fault_of_ours_carries_a_number_and_nothing_else(self, program, audited, monkeypatch):
        from commonlight.web.api.operations import runs

        def fail(actor):
            raise RuntimeError("secret detail")

        monkeypatch.setattr(runs, "visible_runs", fail)
        answer = program("analyst").get(f"{BASE}/runs")
        assert answer.status_code == 500
        assert "secret" not in answer.content.decode()


@pytest.mark.parametrize("name", ["findings", "datasets", "agreements", "releases", "members"])
def test_the_number_of_queries_does_not_grow(
    program, audited, name, django_assert_num_queries, dataset, signed_agreement, city
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = program("coordinator")

    def count():
        client.get(f"{BASE}/{name}")
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get(f"{BASE}/{name}")
        return len(caught)

    before = count()
    more(city, audited, dataset, signed_agreement)
    assert count() == before


def more(city, audited, dataset, signed_agreement):
    from commonlight.web.accounts.models import User
    from commonlight.web.audits.models import Release
    from commonlight.web.workspaces.models import Membership

    for number in (2, 3):
        other = dataset(f"other{number}", version=True)
        signed_agreement(other, receivers=(city.youth_work, city.university))
        finding = audited.findings[0]
        finding.pk, finding.key, finding.sources = None, f"more{number}", [other.slug]
        finding._state.adding = True
        finding.save()
        release = Release.objects.of(city.workspace).order_by("number").first()
        release.pk, release.number, release.state = None, number, "proposed"
        release._state.adding = True
        release.save()
        release.findings.add(finding)
        user = User.objects.create_user(f"more{number}@example.org", name="More")
        Membership.objects.create(
            workspace=city.workspace, user=user, organisation=city.police, role="analyst"
        )


@pytest.mark.parametrize("state", ["proposed", "returned", "released", "withdrawn"])
@pytest.mark.parametrize("role", ["coordinator", "analyst", "partner", "evaluator"])
def test_the_list_of_releases_agrees_with_the_policy(program, audited, actor_of, city, state, role):
    from commonlight.web.audits.models import Release
    from commonlight.web.policy import decide

    Release.objects.of(city.workspace).update(state=state)
    release = Release.objects.of(city.workspace).get()
    listed = program(role).get(f"{BASE}/releases").json()["count"] == 1
    assert listed == bool(decide(actor_of(role), "release.view", release))


def test_the_description_lists_every_operation(db):
    text = Client().get("/api/v1/").content.decode()
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in text
    assert "<script>" not in text


def test_the_document_is_valid_and_its_errors_are_problems(db):
    document = json.loads(Client().get("/api/v1/openapi.json").content)
    assert document["openapi"].startswith("3.1")
    for path in document["paths"].values():
        for operation in path.values():
            assert "application/problem+json" in operation["responses"]["404"]["content"]
