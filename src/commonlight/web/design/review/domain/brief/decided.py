"""The decision on a brief, which stands in its files beside the frozen text."""

from __future__ import annotations

from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commonlight.web.design.review.models import Brief

__all__ = ["decision_of", "with_decision"]


def decision_of(brief: Brief) -> dict[str, str] | None:
    """When, by which organisation in which role and with which words it was approved.

    None where nobody has approved it. Persons are not named.
    """
    if brief.state not in ("approved", "replaced") or brief.decided_at is None:
        return None
    by = brief.decided_by
    return {
        "decided_on": timezone.localdate(brief.decided_at).isoformat(),
        "organisation": by.organisation.name if by else "",
        "role": by.role if by else "",
        "comment": brief.comment,
    }


def with_decision(content: dict[str, Any], brief: Brief) -> dict[str, Any]:
    """The frozen content with the decision on its cover, in the language of the brief."""
    if decision_of(brief) is None or brief.decided_at is None:
        return content
    by = brief.decided_by
    with translation.override(content["language"]):
        said = [date_format(timezone.localdate(brief.decided_at), "DATE_FORMAT")]
        if by:
            said.append(f"{by.organisation.name} ({by.get_role_display()})")
        told = ": ".join(filter(None, [", ".join(said), " ".join(brief.comment.split())]))
        return {**content, "cover": [*content["cover"], [_("Approved"), told]]}
