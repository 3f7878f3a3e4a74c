"""A workspace with a row in every table, and files as the parts of the workbench leave them."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

TABLE = {"columns": [{"name": "area", "label": "Area"}], "rows": [["north"]]}
NOW = datetime(2026, 11, 20, 9, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def full_city(
    city: SimpleNamespace,
    people: dict[str, Any],
    dataset: Any,
    signed_agreement: Any,
    actor_of: Any,
    walkers: list[Any],
) -> Any:
    """The workspace of Lakeside with something of everything."""
    from commonlight.web.data.models import DataRequest, DataSetRole, DataVersion
    from commonlight.web.eventlog.record import record
    from commonlight.web.workspaces.models import Invitation, Membership, Space, SpaceRole

    workspace = city.workspace
    analyst = Membership.objects.of(workspace).get(user=people["analyst"])
    partner = Membership.objects.of(workspace).get(user=people["partner"])
    space = Space.objects.create(workspace=workspace, slug="night", name="Night", is_open=False)
    for member in (analyst, partner):
        SpaceRole.objects.create(workspace=workspace, space=space, membership=member, role="reader")
    Invitation.objects.create(
        workspace=workspace,
        email="new@example.org",
        organisation=city.youth_work,
        role="partner",
        code_digest="c" * 64,
        invited_by=analyst,
        expires_at=NOW + timedelta(days=14),
    )
    run = make_run(workspace, people["analyst"], kind="data.import", folder="1-1")
    burglary = dataset(space=space, steward=analyst, created_by=analyst)
    version = lake_version(workspace, burglary, "0001-aaaaaaaa", run)
    burglary.current = version
    burglary.save()
    areas = dataset("areas", kind="areas", is_public=True)
    file = workspace.files_folder / "areas" / "districts.geojson"
    file.parent.mkdir(parents=True)
    file.write_text('{"type": "FeatureCollection", "features": []}')
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    areas.current = DataVersion.objects.create(
        workspace=workspace,
        dataset=areas,
        number=1,
        file="areas/districts.geojson",
        digest=digest,
        rows_read=0,
        rows_accepted=0,
        rows_rejected=0,
    )
    areas.save()
    DataSetRole.objects.create(
        workspace=workspace, dataset=burglary, membership=partner, role="reader"
    )
    agreement = signed_agreement(burglary, receivers=(city.youth_work,), created_by=analyst)
    before_signing(workspace, agreement, partner)
    DataRequest.objects.create(
        workspace=workspace,
        dataset=burglary,
        asked_by=partner,
        organisation=city.youth_work,
        place_detail="street",
        time_detail="week",
        reason="To plan walks.",
        answer_by=NOW.date(),
    )
    plan = make_audit(workspace, people)
    members = {one.role: one for one in Membership.objects.of(workspace)}
    made = {
        "dataset": burglary,
        "agreement": agreement,
        "run": plan.latest_run,
        "finding": plan.latest_run.findings.first(),
        "membership": partner,
    }
    for walker in walkers:
        made |= walker.make(city, members, 1, made)
    for role in ("analyst", "partner", "coordinator"):
        record(actor_of(role), "data.view", burglary, kind="read", note=role)
    return workspace


def before_signing(workspace: Any, agreement: Any, partner: Any) -> None:
    """What a party did with the text, and an older agreement that this one follows."""
    from commonlight.web.agreements.models import Agreement, ChangeRequest, OpenedPart

    common = {"workspace": workspace, "agreement": agreement, "digest": "d" * 64}
    OpenedPart.objects.create(membership=partner, part="purpose", **common)
    ChangeRequest.objects.create(
        organisation=partner.organisation, asked_by=partner, text="Longer, please.", **common
    )
    agreement.replaces = Agreement.objects.create(
        workspace=workspace, number=7, title="Before", kind="one_way", state="ended"
    )
    agreement.save()


def make_run(workspace: Any, user: Any, *, kind: str, folder: str = "", **fields: Any) -> Any:
    """A run that is done, with a file in its folder."""
    from commonlight.web.runs.models import Run

    if folder:
        path = workspace.results_folder / folder
        path.mkdir(parents=True)
        (path / "findings.json").write_text('{"findings": []}')
    return Run.objects.create(
        workspace=workspace,
        kind=kind,
        title="Import of {dataset}",
        title_values={"dataset": "burglary"},
        library_version="0.1.0",
        fingerprint="f" * 64,
        state=fields.pop("state", "done"),
        result_folder=folder,
        result={"rows": 9, "share": 0.1},
        requested_by=user,
        finished_at=NOW,
        **fields,
    )


def lake_version(workspace: Any, dataset: Any, identifier: str, run: Any, number: int = 1) -> Any:
    """A version in the lake, whole and registered."""
    from commonlight.web.data.models import DataVersion

    source = workspace.lake_folder / dataset.slug
    folder = source / "versions" / identifier
    folder.mkdir(parents=True)
    (folder / "observations-0.parquet").write_bytes(b"PAR1" + bytes(range(200)) + b"PAR1")
    (folder / "manifest.json").write_text('{"rows": {"read": 10}}')
    register = source / "register.json"
    known = json.loads(register.read_text())["versions"] if register.exists() else []
    register.write_text(json.dumps({"current": identifier, "versions": [*known, identifier]}))
    return DataVersion.objects.create(
        workspace=workspace,
        dataset=dataset,
        number=number,
        lake_version=identifier,
        digest="a" * 64,
        rows_read=10,
        rows_accepted=9,
        rows_rejected=1,
        run=run,
        created_by=run.requested_by,
    )


def make_audit(workspace: Any, people: dict[str, Any]) -> Any:
    """An audit with two findings, one of them released."""
    from commonlight.web.audits.models import AuditPlan, Release, StoredFinding
    from commonlight.web.workspaces.models import Membership

    run = make_run(workspace, people["analyst"], kind="audits.audit", folder="2-1")
    members = Membership.objects.of(workspace)
    plan = AuditPlan.objects.create(
        workspace=workspace, slug="safety", title="Local safety audit", latest_run=run
    )
    findings = [
        StoredFinding.objects.create(
            workspace=workspace,
            plan=plan,
            run=run,
            key=key,
            order=order,
            block="problems",
            question="Where?",
            sentence=f"Most burglaries were in {key}.",
            certainty="clear",
            method_name="counting",
            method_page="docs/methods/counting.md",
            sources=["burglary"],
            place_detail="area",
            time_detail="month",
            content={"rows": [1, 2.5, "ä"]},
            public_content={"sentence": f"Public: {key}.", "table": TABLE} if order == 1 else None,
        )
        for order, key in enumerate(["north", "south"], start=1)
    ]
    release = Release.objects.create(
        workspace=workspace,
        number=1,
        title="Burglary in 2026",
        run=run,
        state="released",
        proposed_by=members.get(user=people["analyst"]),
        checked_by=members.get(user=people["coordinator"]),
        checked_at=NOW,
    )
    release.findings.set(findings[:1])
    return plan


@pytest.fixture
def exported(full_city: Any, tmp_path: Path) -> Path:
    """The export of the full city."""
    from commonlight.web.portability.export import export_workspace

    export_workspace(full_city, tmp_path / "out")
    return tmp_path / "out"


@pytest.fixture
def other_place(exported: Path, settings: Any, tmp_path: Path) -> Path:
    """Another installation, where the workspace is not and low numbers are taken."""
    from commonlight.web.accounts.models import User
    from commonlight.web.workspaces.models import Workspace

    empty_the_database()
    settings.COMMONLIGHT_HOME = tmp_path / "other"
    for number in range(3):
        User.objects.create_user(f"other{number}@example.org", "x" * 12, name="Other")
    Workspace.objects.create(slug="other", name="Other", city="Other")
    return tmp_path / "other"


@pytest.fixture
def empty_again(settings: Any, tmp_path: Path) -> Any:
    """Go to a third installation."""

    def go() -> None:
        empty_the_database()
        settings.COMMONLIGHT_HOME = tmp_path / "third-home"

    return go


def empty_the_database() -> None:
    """Forget everything until the test's transaction is rolled back."""
    kept = ("django_migrations", "django_content_type", "auth_permission")
    tables = [name for name in connection.introspection.table_names() if name not in kept]
    with connection.cursor() as cursor:
        _switch_triggers_off(cursor)
        for name in tables:
            cursor.execute(f'DELETE FROM "{name}"')


def _switch_triggers_off(cursor: Any) -> None:
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')
        return
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("ALTER TABLE eventlog_event DISABLE TRIGGER USER")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def do_runs() -> Any:
    """The worker, in this process: does what waits, and stops."""
    from commonlight.web.runs.worker import work_off

    return work_off
