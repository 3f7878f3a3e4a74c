"""A signed agreement keeps its data sets."""

from __future__ import annotations

from typing import Any

from commonlight.web.agreements.models import Agreement, FrozenAgreementError

__all__ = ["keep_datasets"]


def keep_datasets(
    sender: Any, *, instance: Any, action: str, pk_set: set[int] | None, reverse: bool, **_: Any
) -> None:
    """Refuse to add a data set to a text that is frozen, or to take one away from it."""
    if action not in ("pre_add", "pre_remove", "pre_clear"):
        return
    if isinstance(instance, Agreement):
        touched = [instance]
    else:
        named = instance.agreements.all()
        touched = list(
            named
            if action == "pre_clear"
            else Agreement.objects.of(instance.workspace).filter(pk__in=pk_set or ())
        )
    for agreement in touched:
        if agreement.text_digest:
            raise FrozenAgreementError(agreement.number)
