"""No public version of a text that stigmatises people or places."""

from __future__ import annotations

from commonlight.audit.publishing.rules import PublicationRules
from commonlight.findings.model import Report

__all__ = ["refuse_stigma"]


def refuse_stigma(report: Report, rules: PublicationRules) -> None:
    """Raise where a text of the report stigmatises."""
