"""The job of an audit: it runs in the worker, and its findings appear all at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from commonlight.web import runs
from commonlight.web.audits.methods import computing, configuring, stored
from commonlight.web.audits.models import AuditPlan, StoredFinding
from commonlight.web.audits.visibility import Sight
from commonlight.web.data.models import DataSet, DataVersion
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, Refused, require
from commonlight.web.runs.models import Run
from commonlight.web.workspaces.models import Workspace

__all__ = ["audit"]

ROWS_AT_ONCE = 50

STEPS = {
    "Asking questions": gettext_noop("Asking questions"),
    "Writing the report": gettext_noop("Writing the report"),
    "Protecting small counts": gettext_noop("Protecting small counts"),
}
"""The library's words for what it does, so that they are translated."""


@runs.job(
    "audits.audit",
    lane="long",
    title=gettext_noop("Audit: {plan}"),
    result_schema="commonlight.audits.audit/1",
    action="audit.start",
    shared=True,
)
def audit(work: runs.Work) -> dict[str, Any]:
    """Ask the questions of an audit of the versions that the run was asked for."""
    given, workspace = work.parameters, work.workspace
    plan = AuditPlan.objects.of(workspace).filter(slug=given["plan"]).first()
    settings = configuring.library_settings(
        given,
        pinned_of(workspace, work.inputs),
        _place(workspace),
        title=plan.title if plan is not None else "",
        made_on=timezone.localtime(work.run.created_at).date(),
        seed=work.seed,
    )
    work.progress(gettext_noop("Reading the data sets"))
    main = configuring.is_main_view(given)

    def progress(step: str, done: float, total: float | None) -> None:
        work.progress(STEPS.get(step, step), done, total)

    found = computing.compute(
        settings,
        lake=workspace.lake_folder,
        files=workspace.files_folder,
        folder=work.folder,
        with_public=main,
        progress=progress,
    )
    _tell(work, found, main)
    return _result(found, main)


def _tell(work: runs.Work, found: computing.Computed, main: bool) -> None:
    work.message(gettext_noop("{number} findings."), number=found.findings)
    if not main:
        work.message(
            gettext_noop(
                "This is a view of the audit. It stays inside: set against the whole audit, it "
                "would give withheld counts away."
            )
        )
    if found.public_refused:
        work.message(
            gettext_noop("There is no public version: {reason}"), reason=found.public_refused
        )


def _result(found: computing.Computed, main: bool) -> dict[str, Any]:
    told = asdict(found)
    return {
        "title": told["title"],
        "headline": list(told["headline"]),
        "counts": {
            "findings": told["findings"],
            "headline": len(told["headline"]),
            "public": told["public"],
        },
        "one_sided": told["one_sided"],
        "absent_voices": list(told["absent_voices"]),
        "missing": list(told["missing"]),
        "cautions": list(told["cautions"]),
        "main_view": main,
        "public_refused": told["public_refused"],
        "seconds": told["seconds"],
    }


def _place(workspace: Workspace) -> configuring.Place:
    return configuring.Place(
        city=workspace.city or workspace.name,
        crs=workspace.crs,
        simulated=workspace.is_simulated,
    )


def pinned_of(workspace: Workspace, inputs: list[dict[str, Any]]) -> dict[str, configuring.Pinned]:
    """The data sets of a run at the versions it was asked for, in one query."""
    wanted = {item["dataset"]: item for item in inputs}
    versions = (
        DataVersion.objects.of(workspace)
        .filter(dataset__slug__in=wanted)
        .select_related("dataset")
        .defer("quality")
    )
    found = {
        one.dataset.slug: _pinned(one.dataset, one)
        for one in versions
        if _is(one, wanted[one.dataset.slug])
    }
    lost = [slug for slug in wanted if slug not in found]
    if lost:
        raise configuring.PlanSettingsError(
            f"the version {wanted[lost[0]]['version']} of the data set {lost[0]!r} is not there "
            "any more; start the audit again to use the newest one"
        )
    return found


def _is(version: DataVersion, wanted: Mapping[str, Any]) -> bool:
    same = version.number == wanted["version"] and version.digest == wanted["digest"]
    return bool(same)


def _pinned(dataset: DataSet, version: DataVersion) -> configuring.Pinned:
    manifest = version.manifest
    mapping = manifest.get("mapping") or {}
    return configuring.Pinned(
        slug=dataset.slug,
        name=dataset.name,
        noun=dataset.noun,
        publisher=dataset.publisher or dataset.owner.name,
        licence=dataset.licence,
        lake_version=version.lake_version,
        file=version.file,
        year=dataset.settings.get("year"),
        columns=manifest.get("columns") or {},
        crs=manifest.get("crs") or "",
        keeps=tuple(mapping.get("keep") or ()),
    )


@audit.check
def may_audit(actor: Actor, run: Run) -> None:
    """Asked at the request and again before the work: each data set must still be open."""
    plan = AuditPlan.objects.of(run.workspace).filter(slug=run.parameters["plan"]).first()
    require(actor, "audit.start", plan)
    slugs = [item["dataset"] for item in run.inputs]
    sight = Sight.of(actor, slugs)
    for slug in slugs:
        decision = sight.of_source(slug)
        if not decision:
            raise Refused("audit.start", decision)


@audit.publish
def keep_findings(run: Run, result: dict[str, Any]) -> None:
    """The findings of a run, and the newest result of its plan."""
    plan = AuditPlan.objects.of(run.workspace).filter(slug=run.parameters["plan"]).first()
    if plan is None:
        return
    given = run.parameters
    entries = stored.stored_entries(run.result_path, given["settings"], given.get("period") or ())
    found = [StoredFinding(workspace=run.workspace, plan=plan, run=run, **one) for one in entries]
    StoredFinding.objects.bulk_create(found, batch_size=ROWS_AT_ONCE)
    if result["main_view"] and (plan.latest_run_id or 0) < run.pk:
        plan.latest_run = run
        plan.save(update_fields=["latest_run"])
    record(None, "audit.findings", plan, workspace=run.workspace, run=run.pk, findings=len(found))


@audit.address
def findings_address(run: Run) -> str:
    """The page of the findings of this run."""
    from django.urls import reverse

    return f"{reverse('audits:findings', args=[run.workspace.slug])}?run={run.pk}"
