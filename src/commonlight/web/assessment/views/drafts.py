"""What an assessor has chosen and typed and what is not saved yet: it stays in her session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commonlight.web.assessment.models import Assessment

__all__ = ["drafts_of", "drop_drafts", "keep_drafts"]

Draft = dict[str, Any]


def drafts_of(request: Any, assessment: Assessment) -> dict[str, Draft]:
    """The drafts by the key of their claim; nobody else sees them."""
    found: dict[str, Draft] = request.session.get(_name(assessment), {})
    return found


def keep_drafts(request: Any, assessment: Assessment, drafts: Mapping[int, Draft]) -> None:
    """Keep these drafts beside those of other claims."""
    if drafts:
        kept = {str(pk): draft for pk, draft in drafts.items()}
        request.session[_name(assessment)] = drafts_of(request, assessment) | kept


def drop_drafts(request: Any, assessment: Assessment, *claims: int) -> None:
    """Forget the drafts of claims that are judged now."""
    gone = {str(one) for one in claims}
    known = drafts_of(request, assessment)
    left = {key: draft for key, draft in known.items() if key not in gone}
    if len(left) < len(known):
        request.session[_name(assessment)] = left


def _name(assessment: Assessment) -> str:
    return f"judging-{assessment.pk}"
