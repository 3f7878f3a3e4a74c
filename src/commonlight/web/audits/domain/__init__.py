"""What audits do: plan, run, show what may be seen, and release it."""

from commonlight.web.audits.visibility import HiddenReason, Sight, visible_findings

__all__ = ["HiddenReason", "Sight", "visible_findings"]
