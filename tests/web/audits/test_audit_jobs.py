"""The job of an audit, from the request to the findings that each person may see."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from commonlight.web.audits.domain import plans
from commonlight.web.audits.models import AuditPlan, StoredFinding
from commonlight.web.audits.visibility import visible_findings
from commonlight.web.eventlog.models import Event
from commonlight.web.policy import Refused
from commonlight.web.runs.worker import work_off
from web.audits import simulated


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulated")
    simulated.import_city(folder)
    return folder


@pytest.fixture
def place(city: SimpleNamespace, people: Any, imported: Path) -> SimpleNamespace:
    """The simulated city as the police's data sets, and a plan over them."""
    datasets = simulated.settle(imported, city.workspace, city.police)
    plan = AuditPlan.objects.create(
        workspace=city.workspace, slug="audit", title="Audit of 2025", settings=simulated.SETTINGS
    )
    return SimpleNamespace(datasets=datasets, plan=plan, workspace=city.workspace)


@pytest.fixture
def start(place: SimpleNamespace, actor_of: Callable[[str], Any]) -> Callable[..., Any]:
    """Ask for the run as the analyst of the police, and let the worker do it."""

    def run(**view: Any) -> Any:
        main = plans.View.main(place.plan)
        chosen = plans.View(period=view.pop("period", main.period), **view)
        asked = plans.start_audit(actor_of("analyst"), place.plan, chosen)
        work_off()
        asked.refresh_from_db()
        return asked

    return run


def test_an_audit_is_computed_kept_and_shown_within_the_agreement(
    start: Any, place: Any, actor_of: Any, city: Any, signed_agreement: Any
) -> None:
    run = start()
    assert (run.state, run.failure) == ("done", "")
    result, root = run.result, run.result_path
    assert result["schema"] == "commonlight.audits.audit/1"
    assert result["main_view"] is True
    assert result["public_refused"] == ""
    assert result["one_sided"] is False
    assert {"name", "block", "voice", "why", "next_step"} == set(result["missing"][0])
    found = list(StoredFinding.objects.of(place.workspace).filter(run=run).order_by("order"))
    assert len(found) == result["counts"]["findings"] > 20
    assert [one.order for one in found] == list(range(len(found)))
    kept = Event.objects.filter(chain="lakeside", action="audit.findings").get()
    assert (kept.kind, kept.detail["findings"]) == ("change", len(found))
    assert {one.key for one in found if one.is_headline} == set(result["headline"])
    for version in ("internal", "public"):
        assert (root / version / "report.html").stat().st_size > 10_000
        assert (root / version / "report.pdf").read_bytes().startswith(b"%PDF")
        shelf = json.loads((root / version / "shelf" / "findings.json").read_text())
        assert shelf["schema"] == "commonlight.report/1"
    public = {item["id"]: item["sentence"] for item in shelf["findings"]}
    assert {one.key for one in found if one.public_content} == set(public)
    assert len(public) == result["counts"]["public"]
    for one in found:
        for name in one.content["files"].values():
            assert (root / "internal" / "shelf" / name).is_file()
        assert set(one.sources) <= set(place.datasets)
        assert one.has_map is (one.content["map"] is not None)
        if one.has_map:
            assert "values" not in one.content["map"]
            assert (root / "internal" / "data" / "maps" / f"{one.key}.geojson").is_file()
        if one.public_content:
            assert one.public_content["sentence"] == public[one.key]
    by_key = {one.key: one for one in found}
    assert by_key["crime.rates"].sources == ["crime", "people", "districts"]
    assert (by_key["crime.hours"].place_detail, by_key["crime.hours"].time_detail) == (
        "city",
        "hour",
    )
    assert by_key["crime.streets"].sources == ["crime", "streets"]
    place.plan.refresh_from_db()
    assert place.plan.latest_run == run
    _is_shown_within_the_agreement(run, place, actor_of, city, signed_agreement)
    again = plans.start_audit(actor_of("analyst"), place.plan)
    assert again == run


def _is_shown_within_the_agreement(
    run: Any, place: Any, actor_of: Any, city: Any, signed_agreement: Any
) -> None:
    """The police see all; the partner what the agreement covers; the stranger nothing."""

    def keys(role: str) -> set[str]:
        return {one.key for one in visible_findings(actor_of(role), run)[0]}

    everything = keys("analyst")
    assert len(everything) == run.result["counts"]["findings"]
    assert keys("partner") == set()
    signed_agreement(*place.datasets.values(), receivers=(city.youth_work,))
    shared = keys("partner")
    assert {"crime.trend", "crime.rates"} <= shared
    assert not {"crime.hours", "crime.streets"} & shared
    fine = (
        StoredFinding.objects.of(place.workspace)
        .filter(run=run)
        .exclude(place_detail__in=("area", "city"), time_detail__in=("month", "year"))
    )
    assert shared == everything - {one.key for one in fine}
    assert keys("stranger") == set()


def test_a_view_of_some_classes_and_areas_stays_inside(start: Any, place: Any) -> None:
    areas = json.loads(
        (place.workspace.files_folder / place.datasets["districts"].current.file).read_text()
    )
    codes = [f["properties"]["area_code"] for f in areas["features"][:4]]
    run = start(iccs=("05",), areas=tuple(codes))
    assert (run.state, run.failure) == ("done", "")
    assert run.result["main_view"] is False
    assert not (run.result_path / "public").exists()
    assert "stays inside" in " ".join(row["text"] for row in run.messages)
    assert any("offence classes" in text for text in run.result["cautions"])
    found = StoredFinding.objects.of(place.workspace).filter(run=run)
    assert not found.filter(public_content__isnull=False).exists()
    assert not found.filter(place_detail="city").exists()
    trend = found.get(key="crime.trend")
    assert "4 chosen districts" in trend.sentence.replace("\u202f", " ")
    place.plan.refresh_from_db()
    assert place.plan.latest_run is None


def test_an_audit_fails_with_the_librarys_sentence(start: Any, place: Any) -> None:
    place.plan.settings = {
        **simulated.SETTINGS,
        "divergence": [{"recorded": "crime", "felt": "survey.height"}],
    }
    place.plan.save()
    run = start()
    assert run.state == "failed"
    assert "height" in run.failure
    assert not StoredFinding.objects.of(place.workspace).filter(run=run).exists()
    assert run.result_folder == ""


def test_a_version_that_is_gone_is_said(place: Any, actor_of: Any) -> None:
    asked = plans.start_audit(actor_of("analyst"), place.plan)
    version = place.datasets["crime"].current
    version.digest = "0" * 64
    version.save()
    work_off()
    asked.refresh_from_db()
    assert asked.state == "failed"
    assert "the data set 'crime' is not there any more" in asked.failure


def test_who_may_not_see_the_data_does_not_start_the_audit(place: Any, actor_of: Any) -> None:
    with pytest.raises(Refused):
        plans.start_audit(actor_of("evaluator"), place.plan)
    with pytest.raises(Refused):
        plans.start_audit(actor_of("stranger"), place.plan)


def test_a_right_that_ended_while_the_run_waited_stops_it(
    place: Any, actor_of: Any, city: Any, signed_agreement: Any
) -> None:
    agreement = signed_agreement(
        *place.datasets.values(),
        receivers=(city.university,),
        place_detail="point",
        time_detail="hour",
    )
    asked = plans.start_audit(actor_of("evaluator"), place.plan)
    type(agreement).objects.of(place.workspace).filter(pk=agreement.pk).update(state="ended")
    work_off()
    asked.refresh_from_db()
    assert asked.state == "failed"
    assert "closed to you" in asked.failure
