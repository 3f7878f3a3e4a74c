"""Every page of a real audit of a small simulated city."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from commonlight.web.audits.domain import plans
from commonlight.web.audits.domain.downloads import files_of
from commonlight.web.audits.models import AuditPlan, StoredFinding
from commonlight.web.runs.worker import work_off
from web.audits import simulated

pytestmark = pytest.mark.slow


def test_every_finding_has_a_page_its_files_and_its_reader(
    city: Any, actor_of: Any, client_of: Any, tmp_path: Path, signed_agreement: Any
) -> None:
    simulated.import_city(tmp_path)
    datasets = simulated.settle(tmp_path, city.workspace, city.police)
    plan = AuditPlan.objects.create(
        workspace=city.workspace, slug="audit", title="Audit", settings=simulated.SETTINGS
    )
    run = plans.start_audit(actor_of("analyst"), plan)
    work_off()
    signed_agreement(*datasets.values(), receivers=(city.youth_work,))
    analyst, partner, stranger = (client_of(r) for r in ("analyst", "partner", "stranger"))
    seen = hidden = 0
    for finding in StoredFinding.objects.of(city.workspace).filter(run=run):
        page = f"/w/lakeside/findings/{run.pk}/{finding.key}/"
        answer = analyst.get(page)
        assert answer.status_code == 200, finding.key
        assert finding.question in answer.content.decode().replace("&#x27;", "'"), finding.key
        for name in files_of(finding.content):
            made = analyst.get(f"{page}files/{name}")
            assert made.status_code == 200, (finding.key, name)
            if name.endswith("json"):
                json.loads(made.content)
            if name.endswith("svg"):
                assert "Source" in "".join(ElementTree.fromstring(made.content).itertext())
        fits = finding.place_detail in ("area", "city") and finding.time_detail in ("month", "year")
        assert partner.get(page).status_code == (200 if fits else 403), finding.key
        assert stranger.get(page).status_code == 404
        seen, hidden = seen + fits, hidden + (not fits)
    assert seen > 20
    assert hidden > 2
    compared = analyst.get("/w/lakeside/divergence/").content.decode()
    assert "The areas by class" in compared
    for kind in ("html", "pdf"):
        address = f"/w/lakeside/findings/{run.pk}/report.{kind}"
        assert analyst.get(address).status_code == 200
        assert partner.get(address).status_code == 403
