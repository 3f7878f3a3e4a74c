"""Who may see, take away, release and withdraw findings, beyond the role."""

from __future__ import annotations

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from commonlight.web.audits.models import Release, ReleaseState, StoredFinding
from commonlight.web.audits.visibility import Sight
from commonlight.web.policy import Actor, Decision, allowed, refused, rule

__all__ = [
    "check_release",
    "download_finding",
    "releases_to_check",
    "see_release",
    "view_finding",
    "withdraw_release",
]


@rule("finding.view")
def view_finding(actor: Actor, finding: StoredFinding) -> Decision:
    """Every source must be covered, as fine as the finding shows it."""
    return Sight.of(actor, finding.sources).of_finding(finding)


@rule("finding.download")
def download_finding(actor: Actor, finding: StoredFinding) -> Decision:
    """What may be seen may be taken away; it is logged."""
    return view_finding(actor, finding)


@rule("release.view")
def see_release(actor: Actor, release: Release) -> Decision:
    """What is public is open to every member; the rest to those who may see its findings."""
    return allowed if release.state == ReleaseState.RELEASED else _sees_all(actor, release)


@rule("release.check")
def check_release(actor: Actor, release: Release) -> Decision:
    """A second person checks: never the author, and one who may see what is released."""
    if release.state != ReleaseState.PROPOSED:
        return refused(_("This release does not wait for a check."))
    if release.proposed_by.user_id == actor.user_id:
        return refused(
            _("You proposed this release. A second person must check it."),
            _("Ask a partner, an evaluator, an analyst or the coordinator to check it."),
        )
    return _sees_all(actor, release)


@rule("release.withdraw")
def withdraw_release(actor: Actor, release: Release) -> Decision:
    """Only what is out can be taken back."""
    if release.state == ReleaseState.RELEASED:
        return allowed
    return refused(_("Only a release that is public can be withdrawn."))


def releases_to_check(actor: Actor, *, most: int) -> list[Release]:
    """The releases that wait for the actor's check, in a constant number of queries."""
    findings = StoredFinding.objects.defer("content", "public_content")
    waiting = list(
        Release.objects.of(actor.workspace)
        .filter(state=ReleaseState.PROPOSED)
        .exclude(proposed_by__user_id=actor.user_id)
        .prefetch_related(Prefetch("findings", findings))[:most]
    )
    named = {slug for one in waiting for each in one.findings.all() for slug in each.sources}
    sight = Sight.of(actor, named)
    return [one for one in waiting if all(map(sight.of_finding, one.findings.all()))]


def _sees_all(actor: Actor, release: Release) -> Decision:
    findings = list(release.findings.defer("content", "public_content"))
    sight = Sight.of(actor, (slug for one in findings for slug in one.sources))
    decisions = (sight.of_finding(one) for one in findings)
    return next((decision for decision in decisions if not decision), allowed)
