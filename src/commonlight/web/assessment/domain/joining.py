"""Join many claims at once while the cut is looked at."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from commonlight.web.assessment.domain.finding import claims_of
from commonlight.web.assessment.enums import AssessmentState, ClaimOrigin
from commonlight.web.assessment.models import Assessment, Claim
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.states import NotNow

__all__ = ["join_to_those_before"]


@transaction.atomic
def join_to_those_before(actor: Actor, assessment: Assessment, keys: Collection[int]) -> int:
    """Join each claim named with the one before it; says how many were joined.

    Raises
    ------
    NotNow
        If somebody reads already.
    """
    require(actor, "assessment.manage", assessment)
    if assessment.state != AssessmentState.CUTTING:
        raise NotNow(_("The limits of claims are changed before anybody reads them."))
    kept: list[Claim] = []
    gone: list[int] = []
    for one in claims_of(assessment):
        if one.pk in keys and kept:
            into = kept[-1]
            into.text, into.end = f"{into.text} {one.text}", max(into.end, one.end)
            into.origin = ClaimOrigin.JOINED
            gone.append(one.pk)
        else:
            kept.append(one)
            one.number = len(kept)
    if gone:
        rows = Claim.objects.of(assessment.workspace)
        rows.filter(assessment=assessment, pk__in=gone).delete()
        rows.bulk_update(kept, ["number", "text", "end", "origin"])
        record(actor, "assessment.join", assessment, joined=len(gone))
    return len(gone)
