"""Members of other organisations try to take finer data than their agreement gives."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest

from commonlight.web.agreements.enums import TimeDetail
from commonlight.web.data.models import DataSetRole, Upload
from commonlight.web.policy import decide
from commonlight.web.runs.models import Run

OTHERS = ("coordinator", "partner", "evaluator", "decision_maker")
POINT = re.compile(rb"(?<![\d:])13\.3")
"""How the longitudes of the police's points begin, and no second of a time of day does."""


def named(dataset: Any, membership: Any, role: str) -> None:
    DataSetRole.objects.create(
        workspace=dataset.workspace, dataset=dataset, membership=membership, role=role
    )


def test_a_coordinator_cannot_name_herself_to_see_the_rows_of_the_police(
    dataset: Any, import_burglaries: Any, client_of: Any, actor_of: Any, address: Any
) -> None:
    """As a contributor she would see rejected rows and files on their way in."""
    crime = dataset()
    import_burglaries(crime)
    client = client_of("coordinator")
    own = actor_of("coordinator").membership.pk
    for role in ("contributor", "steward"):
        client.post(address("roles", crime.slug), {"membership": own, "role": role})
        assert not DataSetRole.objects.of(crime.workspace).exists()
    assert client.get(address("rejected", crime.slug, 1)).status_code == 403
    assert client.get(address("rejected-file", crime.slug, 1)).status_code == 403


def test_a_contributor_of_others_sees_the_rows_that_she_brought_and_no_others(
    dataset: Any,
    send: Any,
    import_burglaries: Any,
    client_of: Any,
    actor_of: Any,
    address: Any,
    burglaries: bytes,
) -> None:
    crime = dataset()
    import_burglaries(crime)
    theirs = send(crime, burglaries + b"\n", name="police.csv", work=False)
    named(crime, actor_of("partner").membership, "contributor")
    client = client_of("partner")
    assert client.get(address("rejected", crime.slug, 1)).status_code == 403
    assert client.get(address("rejected-file", crime.slug, 1)).status_code == 403
    for page in ("upload", "upload-state", "mapping", "classes", "check", "discard"):
        answer = client.get(address(page, theirs.pk))
        assert answer.status_code == 403, page
        assert not POINT.search(answer.content)
    for page in ("piece", "finish", "discard", "check", "mapping"):
        assert client.post(address(page, theirs.pk)).status_code == 403, page
    assert Upload.objects.of(crime.workspace).filter(pk=theirs.pk).exists()
    own = send(crime, burglaries, name="own.csv", role="partner", work=False)
    assert client.get(address("upload", own.pk)).status_code == 200


def test_a_coordinator_cannot_switch_off_that_reads_of_the_police_are_logged(
    dataset: Any, client_of: Any, address: Any, city: Any
) -> None:
    crime = dataset()
    assert crime.is_sensitive
    given = {"name": "Crime", "witness": "police", "publisher": "P"}
    answer = client_of("coordinator").post(address("edit", crime.slug), given)
    assert answer.status_code == 302
    crime.refresh_from_db()
    assert crime.name == "Crime"
    assert crime.is_sensitive


@pytest.mark.parametrize("role", OTHERS)
def test_points_of_the_police_stand_in_nothing_that_others_get(
    role: str,
    dataset: Any,
    import_burglaries: Any,
    burglaries: bytes,
    client_of: Any,
    address: Any,
    city: Any,
    signed_agreement: Any,
) -> None:
    """Every page and file of the data set, of its run, of its log and of the interface."""
    crime = dataset()
    import_burglaries(crime)
    assert len(POINT.findall(burglaries)) > 300
    signed_agreement(crime, receivers=(city.municipality, city.university, city.youth_work))
    client = client_of(role)
    runs = Run.objects.of(city.workspace).values_list("pk", flat=True)
    upload = Upload.objects.of(city.workspace).get()
    pages = [
        *(
            address(name, crime.slug)
            for name in ("dataset", "compare", "export", "edit", "roles", "bring")
        ),
        *(
            address(name, crime.slug, 1)
            for name in ("version", "rejected", "rejected-file", "version-mapping")
        ),
        *(address(name, upload.pk) for name in ("upload", "mapping", "check", "classes")),
        address("list"),
        "/w/lakeside/",
        "/w/lakeside/log/",
        "/w/lakeside/log/export.csv",
        *(f"/w/lakeside/runs/{pk}/" for pk in runs),
        *(f"/api/v1/workspaces/lakeside/runs/{pk}" for pk in runs),
        "/api/v1/workspaces/lakeside/events",
        "/api/v1/workspaces/lakeside/datasets/burglary",
        "/api/v1/workspaces/lakeside/datasets/burglary/versions/1",
        "/public/lakeside/catalogue.jsonld",
    ]
    opened = 0
    for page in pages:
        answer = client.get(page)
        assert answer.status_code < 500, page
        assert not POINT.search(answer.getvalue()), page
        opened += answer.status_code == 200
    assert opened > 2


def test_a_period_that_ends_inside_a_month_is_as_fine_as_a_day() -> None:
    """Two totals over periods that differ by a day tell what happened on that day."""
    from commonlight.web.audits.methods.stored import period_detail

    assert period_detail(date(2024, 1, 1), date(2025, 12, 31)) == TimeDetail.YEAR
    assert period_detail(date(2024, 2, 1), date(2024, 2, 29)) == TimeDetail.MONTH
    assert period_detail(date(2024, 7, 1), date(2025, 6, 30)) == TimeDetail.MONTH
    assert period_detail(date(2024, 1, 1), date(2024, 1, 14)) == TimeDetail.WEEK
    assert period_detail(date(2024, 1, 1), date(2025, 12, 30)) == TimeDetail.DAY
    assert period_detail(date(2024, 3, 5), date(2024, 3, 5)) == TimeDetail.DAY


def test_a_view_of_one_day_is_closed_to_those_who_may_see_months(
    tmp_path: Any,
) -> None:
    from commonlight.web.audits.methods.stored import stored_entries

    finding = {
        "id": "crime.count",
        "block": "problems",
        "question": "?",
        "sentence": "3 burglaries.",
        "certainty": "clear",
        "one_sided": True,
        "method": {"name": "Counting", "page": "m"},
        "sources": [],
        "detail": {"place": "city", "time": "year"},
        "chart": None,
        "map": None,
    }
    shelf = tmp_path / "internal" / "shelf"
    shelf.mkdir(parents=True)
    told = {"findings": [finding], "headline_findings": []}
    (shelf / "findings.json").write_text(json.dumps(told))
    settings = {"period": ["2024-01-01", "2024-12-31"], "sources": []}

    def detail(*period: str) -> str:
        return next(stored_entries(tmp_path, settings, period))["time_detail"]

    assert detail() == "year"
    assert detail("2024-03-01", "2024-03-31") == "month"
    assert detail("2024-03-05", "2024-03-05") == "day"


def test_shapes_of_another_finding_of_the_run_stay_closed(
    audit: Any, client_of: Any, signed_agreement: Any, city: Any
) -> None:
    """Cells of a map that looks closer cannot be had through a finding by area."""
    done = audit()
    signed_agreement(done.source, receivers=(city.municipality,))
    finer = done.run.result_path / "internal" / "shelf" / "geometry" / "beef99.geojson"
    finer.write_text('{"type": "FeatureCollection", "features": []}')
    client = client_of("coordinator")
    place = f"/w/lakeside/findings/{done.run.pk}/{done.keys[0]}/geometry"
    assert client.get(f"{place}/abc123.geojson").status_code == 200
    assert client.get(f"{place}/beef99.geojson").status_code == 404


@pytest.mark.parametrize("role", OTHERS)
def test_a_finding_finer_than_agreed_is_closed_by_every_way(
    role: str, audit: Any, client_of: Any, signed_agreement: Any, city: Any
) -> None:
    done = audit(place_detail="cell", time_detail="month")
    signed_agreement(done.source, receivers=(city.municipality, city.university, city.youth_work))
    client = client_of(role)
    place = f"/w/lakeside/findings/{done.run.pk}"
    key = f"{place}/{done.keys[0]}"
    face = f"/api/v1/workspaces/lakeside/findings/{done.run.pk}/{done.keys[0]}"
    names = ("table.csv", "finding.json", "chart.svg", "map.svg", "map.geojson", "finding.html")
    pages = [
        f"{key}/",
        f"{key}/map.json",
        f"{key}/geometry/abc123.geojson",
        f"{key}/map-wide.svg",
        f"{key}/chart-narrow.svg",
        *(f"{key}/files/{name}" for name in names),
        f"{place}/report.html",
        f"{place}/report.pdf",
        f"{place}/report.html?as=file",
        face,
        *(f"{face}/files/{name}" for name in names[:5]),
    ]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code in (403, 404), page
        assert b"Internal sentence" not in answer.content, page
        assert b"North" not in answer.content, page
    lists = (
        "/w/lakeside/findings/",
        f"/w/lakeside/findings/?run={done.run.pk}",
        "/w/lakeside/divergence/",
        "/w/lakeside/releases/propose/",
        "/w/lakeside/",
        f"/w/lakeside/runs/{done.run.pk}/",
        "/api/v1/workspaces/lakeside/findings",
        f"/api/v1/workspaces/lakeside/findings?run={done.run.pk}",
        f"/api/v1/workspaces/lakeside/runs/{done.run.pk}",
    )
    for page in lists:
        answer = client.get(page)
        assert answer.status_code in (200, 403), page
        assert b"Internal sentence" not in answer.content, page


def test_an_export_with_changed_parameters_is_refused_and_kept(
    dataset: Any, client_of: Any, address: Any, signed_agreement: Any, city: Any
) -> None:
    crime = dataset(version=True)
    signed_agreement(crime, receivers=(city.university,))
    client = client_of("evaluator")
    for change in (
        {"place_detail": "point"},
        {"time_detail": "hour"},
        {"fields_wanted": ["outcome"]},
        {"purpose": "Anything else"},
        {"place_detail": "nonsense"},
    ):
        given = {
            "place_detail": "area",
            "time_detail": "month",
            "purpose": "Planning of prevention",
            **change,
        }
        if "fields_wanted" not in change:
            answer = client.post(address("export", crime.slug), given)
            assert answer.status_code in (200, 403), change
        sent = json.dumps({**given, "fields": given.pop("fields_wanted", [])})
        answer = client.post(
            "/api/v1/workspaces/lakeside/datasets/burglary/exports", sent, "application/json"
        )
        assert answer.status_code in (403, 422), change
    assert not Run.objects.of(city.workspace).exists()


def test_the_export_of_another_organisation_cannot_be_fetched(
    dataset: Any, client_of: Any, address: Any, signed_agreement: Any, city: Any, people: Any
) -> None:
    crime = dataset(version=True)
    signed_agreement(crime, receivers=(city.university, city.youth_work))
    run = Run.objects.create(
        workspace=city.workspace,
        kind="data.export",
        title="Export",
        state="done",
        parameters={
            "dataset": crime.pk,
            "place_detail": "area",
            "time_detail": "month",
            "fields": [],
            "purpose": "",
        },
        library_version="0",
        fingerprint="f",
        organisation=city.youth_work,
        requested_by=people["partner"],
        result_folder="exports/1",
        result={"files": [{"name": "extract.csv"}]},
    )
    run.result_path.mkdir(parents=True)
    (run.result_path / "extract.csv").write_text("area,count\nN,12\n")
    file = address("export-file", crime.slug, run.pk, "extract.csv")
    assert client_of("partner").get(file).status_code == 200
    for role in ("evaluator", "coordinator", "decision_maker"):
        assert client_of(role).get(file).status_code == 403, role
    assert client_of("stranger").get(file).status_code == 404
    for name in ("../../../../secret.key", "..%2f..%2fsecret.key", "%2e%2e", "extract.csv%00"):
        page = file.replace("extract.csv", name)
        assert client_of("partner").get(page).status_code in (400, 404), name


def test_nobody_outside_does_anything_with_a_data_set(dataset: Any, actor_of: Any) -> None:
    crime = dataset()
    for action in ("data.view", "data.upload", "data.steward", "data.export", "data.delete"):
        assert not decide(actor_of("stranger"), action, crime)
