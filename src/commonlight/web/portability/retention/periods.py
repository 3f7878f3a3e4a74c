"""For how many days each kind of thing is kept; every workspace may set its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

__all__ = ["PERIODS", "Period", "days_of", "period"]


@dataclass(frozen=True, kw_only=True)
class Period:
    """One kind of thing with its usual number of days; 0 = kept without end, where allowed."""

    key: str
    label: Any
    rule: Any
    days: int
    least: int
    most: int
    may_be_endless: bool = False


PERIODS = (
    Period(
        key="uploads",
        label=_("Raw uploads"),
        rule=_("Days after the last change of a file on its way in"),
        days=14,
        least=1,
        most=90,
    ),
    Period(
        key="previews",
        label=_("Previews of uploads"),
        rule=_("Days after a preview; it holds sample rows"),
        days=7,
        least=1,
        most=90,
    ),
    Period(
        key="exports",
        label=_("Files of exports"),
        rule=_("Days after an export; the event log keeps that it was made"),
        days=30,
        least=1,
        most=365,
    ),
    Period(
        key="versions",
        label=_("Old versions of data sets"),
        rule=_("Days after a newer version came; the current version stays"),
        days=730,
        least=30,
        most=3650,
        may_be_endless=True,
    ),
    Period(
        key="results",
        label=_("Old results of runs"),
        rule=_("Days after a run; the latest audit of a plan and what was released stay"),
        days=365,
        least=30,
        most=3650,
        may_be_endless=True,
    ),
    Period(
        key="trash",
        label=_("Data sets in the trash"),
        rule=_("Days after a data set was put into the trash; it goes with its files and findings"),
        days=30,
        least=7,
        most=365,
    ),
    Period(
        key="invitations",
        label=_("Invitations"),
        rule=_("Days after an invitation was used, withdrawn or expired; it holds an address"),
        days=90,
        least=14,
        most=365,
    ),
    Period(
        key="accounts",
        label=_("Accounts of former members"),
        rule=_("Days after the last membership ended; name and address are then replaced"),
        days=365,
        least=30,
        most=1095,
    ),
)


def period(key: str) -> Period:
    """One period by its key."""
    return next(one for one in PERIODS if one.key == key)


def days_of(workspace: Any, key: str) -> int:
    """The days that a workspace set, or the usual number; 0 = without end."""
    chosen = period(key)
    kept = workspace.retention.get(key, chosen.days)
    return kept if isinstance(kept, int) and kept >= 0 else chosen.days
