"""An answer of the policy, which always carries its reason."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise

__all__ = ["Decision", "Refused", "allowed", "refused"]

Text = str | Promise


@dataclass(frozen=True)
class Decision:
    """Yes or no; a no says why and whom to ask."""

    allowed: bool
    reason: Text = ""
    ask: Text = ""

    def __bool__(self) -> bool:
        return self.allowed


allowed = Decision(True)


def refused(reason: Text, ask: Text = "") -> Decision:
    """A no, with the sentence that the person reads."""
    return Decision(False, reason, ask)


class Refused(PermissionDenied):
    """An action was refused; the page, the API and the job show the same reason."""

    def __init__(self, action: str, decision: Decision) -> None:
        super().__init__(str(decision.reason))
        self.action = action
        self.decision = decision
