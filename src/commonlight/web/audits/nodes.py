"""Findings as grounds of the thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commonlight.web.audits.models import AuditPlan, Release, ReleaseState, StoredFinding
from commonlight.web.audits.visibility import Sight, datasets_named, visible_findings
from commonlight.web.policy import Actor, Decision, decide, refused
from commonlight.web.thread import NodeKind, register
from commonlight.web.thread.rows import finder

__all__ = ["FINDING", "RELEASE"]


def _see(actor: Actor, things: Mapping[str, StoredFinding]) -> dict[str, Decision]:
    sight = Sight.of(actor, (slug for one in things.values() for slug in one.sources))
    return {key: sight.of_finding(one) for key, one in things.items()}


def _offer(actor: Actor, words: str) -> Iterable[StoredFinding]:
    """Findings of the newest run of each audit whose sentence holds all the words."""
    plans = AuditPlan.objects.of(actor.workspace).exclude(latest_run=None)
    wanted = words.lower().split()
    for plan in plans.select_related("latest_run", "workspace"):
        visible, _hidden = visible_findings(actor, plan.latest_run)
        for one in visible:
            if all(word in one.sentence.lower() for word in wanted):
                one.workspace = plan.workspace
                yield one


def _organisations(things: Mapping[str, StoredFinding]) -> dict[str, frozenset[int]]:
    """The owners of the data sets that each finding rests on."""
    if not things:
        return {}
    workspace = next(iter(things.values())).workspace
    slugs = sorted({slug for one in things.values() for slug in one.sources})
    owners = {one.slug: one.owner_id for one in datasets_named(workspace, slugs)}
    return {
        key: frozenset(owners[slug] for slug in one.sources if slug in owners)
        for key, one in things.items()
    }


def _live(things: Mapping[str, StoredFinding]) -> dict[str, Decision]:
    """A finding falls with the data that it was computed from."""
    if not things:
        return {}
    workspace = next(iter(things.values())).workspace
    slugs = sorted({slug for one in things.values() for slug in one.sources})
    rows = datasets_named(workspace, slugs)
    deleted = {one.slug for one in rows if one.deleted_at is not None}
    return {
        key: refused(_("The data set it was computed from was deleted."))
        for key, one in things.items()
        if deleted.intersection(one.sources)
    }


def _is_of_the_data(finding: StoredFinding) -> bool:
    """What an audit says of the files and the areas themselves, before it says anything else."""
    return finding.block == "context"


def _address(finding: StoredFinding) -> str:
    return reverse("audits:finding", args=[finding.workspace.slug, finding.run_id, finding.key])


FINDING = register(
    NodeKind(
        name="finding",
        label=_("finding"),
        model=StoredFinding,
        find=finder(StoredFinding, "workspace", without=("content", "public_content")),
        title=lambda one: str(one.sentence),
        says_little=_is_of_the_data,
        address=_address,
        see=_see,
        live=_live,
        offer=_offer,
        nature=lambda one: "quantitative",
        organisations=_organisations,
        must_rest=False,
    )
)


def _live_releases(things: Mapping[str, Release]) -> dict[str, Decision]:
    """A release stands from its second check until it is withdrawn."""
    gone = refused(_("It is not public."))
    return {key: gone for key, one in things.items() if one.state != ReleaseState.RELEASED}


def _offer_releases(actor: Actor, words: str) -> Iterable[Release]:
    wanted = words.lower().split()
    rows = Release.objects.of(actor.workspace).filter(state=ReleaseState.RELEASED)
    for one in rows.select_related("workspace"):
        if all(word in one.title.lower() for word in wanted):
            yield one


RELEASE = register(
    NodeKind(
        name="release",
        label=_("release"),
        model=Release,
        find=finder(Release, "workspace", "proposed_by"),
        title=lambda one: str(one.title),
        address=lambda one: reverse("audits:release", args=[one.workspace.slug, one.number]),
        see=lambda actor, things: {
            key: decide(actor, "release.view", one) for key, one in things.items()
        },
        live=_live_releases,
        offer=_offer_releases,
        organisations=lambda things: {
            key: frozenset({one.proposed_by.organisation_id})
            for key, one in things.items()
            if one.proposed_by is not None
        },
        must_rest=False,
    )
)
