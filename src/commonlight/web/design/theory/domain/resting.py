"""In the thread, a theory rests on its links, so that one walks from a finding to the measure."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.design.theory.models import Link, Theory
from commonlight.web.policy import Actor
from commonlight.web.thread.models import Link as ThreadLink

__all__ = ["rest_on_links"]

CLAIM, GROUND = "theory", "theory_link"


def rest_on_links(actor: Actor, theory: Theory) -> None:
    """Let the theory rest on the links that it has now, and on no other.

    A link that was taken out of a theory leaves no wound: the theory does not claim it any more.
    """
    rows = ThreadLink.objects.of(theory.workspace).filter(
        claim_kind=CLAIM, claim_key=str(theory.pk), ground_kind=GROUND, removed_at=None
    )
    live = Link.objects.of(theory.workspace).filter(theory=theory, removed_at=None)
    wanted = {str(pk) for pk in live.values_list("pk", flat=True)}
    known = set(rows.values_list("ground_key", flat=True))
    _part(actor, rows.filter(ground_key__in=known - wanted))
    ThreadLink.objects.bulk_create(
        ThreadLink(
            workspace=theory.workspace,
            claim_kind=CLAIM,
            claim_key=str(theory.pk),
            ground_kind=GROUND,
            ground_key=key,
            made_by=actor.membership,
        )
        for key in sorted(wanted - known, key=int)
    )


def _part(actor: Actor, rows: object) -> None:
    now, reason = timezone.now(), _("The link was taken out of the theory.")
    rows.update(  # type: ignore[attr-defined]
        removed_at=now,
        removed_by=actor.membership,
        removal_reason=reason,
        settled_at=now,
        settled_by=actor.membership,
        settled_reason=reason,
    )
