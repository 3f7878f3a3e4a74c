"""What engagement tells of declared and done: contributions, and those with a reply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commonlight.web.design.engagement.models import Contribution
from commonlight.web.partnerships.domain.facts import Count, Period, fact

__all__ = ["inputs_answered"]


@fact("inputs_answered")
def inputs_answered(workspace: Any, period: Period) -> Mapping[int | None, Count]:
    """Contributions of the period; a no with a reason counts as answered."""
    rows = Contribution.objects.of(workspace).filter(received_on__range=(period.first, period.last))
    return {None: Count(declared=rows.count(), done=rows.exclude(state="open").count())}
