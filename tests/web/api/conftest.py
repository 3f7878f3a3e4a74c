"""A city with findings, and programs that ask with a token."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def token_of(actor_of: Callable[[str], Any]) -> Callable[..., str]:
    """The text of a token of that role, with all scopes unless some are named."""
    from commonlight.web.api.tokens import make_token, scopes_for

    def make(role: str, *scopes: str, days: int = 30) -> str:
        actor = actor_of(role)
        chosen = scopes or scopes_for(actor.role)
        return make_token(actor, name="test", scopes=chosen, days=days)[1]

    return make


@pytest.fixture
def program(token_of: Callable[..., str]) -> Callable[..., Client]:
    """A client that sends a token of that role."""

    def make(role: str, *scopes: str) -> Client:
        return Client(headers={"Authorization": f"Bearer {token_of(role, *scopes)}"})

    return make


@pytest.fixture
def audited(
    city: SimpleNamespace, people: dict[str, Any], dataset: Any, signed_agreement: Any
) -> SimpleNamespace:
    """An audit with two findings on police data, shared with the youth work by area and month."""
    from commonlight.web.audits.models import AuditPlan, Release, StoredFinding
    from commonlight.web.runs.models import Run
    from commonlight.web.workspaces.models import Membership

    burglary = dataset(version=True)
    agreement = signed_agreement(burglary, receivers=(city.youth_work,))
    run = Run.objects.create(
        workspace=city.workspace,
        kind="audits.audit",
        title="Audit",
        library_version="0.1.0",
        fingerprint="f" * 64,
        state="done",
        result_folder="1-1",
        result={"headline": []},
        parameters={"plan": "safety", "settings": {}, "period": [], "iccs": [], "areas": []},
        requested_by=people["analyst"],
        organisation=city.police,
    )
    plan = AuditPlan.objects.create(
        workspace=city.workspace, slug="safety", title="Local safety audit", latest_run=run
    )
    tables = run.result_path / "internal" / "shelf" / "tables"
    tables.mkdir(parents=True)
    findings = []
    for order, (key, place) in enumerate([("north", "area"), ("streets", "street")], start=1):
        content = content_of(key)
        (tables / f"{key}.csv").write_text("area,count\nnorth,12\n")
        findings.append(
            StoredFinding.objects.create(
                workspace=city.workspace,
                plan=plan,
                run=run,
                key=key,
                order=order,
                block="problems",
                question="Where?",
                sentence=content["sentence"],
                certainty="clear",
                method_name="Counting",
                method_page="methods/counting",
                sources=["burglary"],
                place_detail=place,
                time_detail="month",
                content=content,
                public_content=content if order == 1 else None,
            )
        )
    members = Membership.objects.of(city.workspace)
    release = Release.objects.create(
        workspace=city.workspace,
        number=1,
        title="Burglary in 2026",
        run=run,
        state="released",
        proposed_by=members.get(user=people["analyst"]),
        checked_by=members.get(user=people["coordinator"]),
    )
    release.findings.set(findings[:1])
    return SimpleNamespace(
        dataset=burglary, agreement=agreement, run=run, plan=plan, findings=findings
    )


def content_of(key: str) -> dict[str, Any]:
    """A finding's entry in findings.json."""
    return {
        "id": key,
        "sentence": f"Most burglaries were in {key}.",
        "certainty": "clear",
        "method": {
            "name": "Counting",
            "page": "methods/counting",
            "summary": "Records are counted as they stand.",
            "parameters": {},
            "references": [],
        },
        "sources": ["burglary"],
        "details": [],
        "limits": ["Counts are no risks."],
        "table": TABLE,
    }


TABLE = {
    "caption": "Burglaries by area",
    "columns": [
        {"name": "area", "label": "Area", "unit": ""},
        {"name": "count", "label": "Count", "unit": ""},
    ],
    "rows": [["north", 12]],
}


def items(answer: Any) -> Any:
    """The items of a list that was answered."""
    return json.loads(answer.content)["items"]
