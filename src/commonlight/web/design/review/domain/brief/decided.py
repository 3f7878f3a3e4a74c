"""The decision on a brief, which stands in its files beside the frozen text."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commonlight.web.design.review.enums import BriefState
from commonlight.web.design.review.models import Brief
from commonlight.web.workspaces.enums import Role

__all__ = ["decision_of", "with_decision"]


def decision_of(brief: Brief) -> dict[str, str] | None:
    """When, by which organisation in which role and with which words it was approved.

    None where nobody has approved it. Persons are not named.
    """
    if brief.state not in (BriefState.APPROVED, BriefState.REPLACED) or brief.decided_at is None:
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
    decision = decision_of(brief)
    if decision is None:
        return content
    with translation.override(content["language"]):
        said = [date_format(date.fromisoformat(decision["decided_on"]), "DATE_FORMAT")]
        if decision["organisation"]:
            said.append(f"{decision['organisation']} ({Role(decision['role']).label})")
        told = ": ".join(filter(None, [", ".join(said), " ".join(decision["comment"].split())]))
        return {**content, "cover": [*content["cover"], [_("Approved"), told]]}
