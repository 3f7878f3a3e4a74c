"""A frozen text keeps its data sets: those that it names, and no others."""

from __future__ import annotations

from typing import Any

from commonlight.web.agreements.domain.finding import dataset_model
from commonlight.web.agreements.models import Agreement, FrozenAgreementError

__all__ = ["keep_datasets"]


def keep_datasets(
    sender: Any, *, instance: Any, action: str, pk_set: set[int] | None, **_: Any
) -> None:
    """Refuse to add a data set that a frozen text does not name, or to take one away."""
    if action not in ("pre_add", "pre_remove", "pre_clear"):
        return
    for agreement, slugs in _touched(instance, pk_set or set()):
        named = set(agreement.terms.get("datasets", ()))
        if agreement.text_digest and not (action == "pre_add" and slugs <= named):
            raise FrozenAgreementError(agreement.number)


def _touched(instance: Any, numbers: set[int]) -> list[tuple[Agreement, set[str]]]:
    """The agreements that would change, with the data sets that each would gain."""
    if isinstance(instance, Agreement):
        found = dataset_model().objects.of(instance.workspace).filter(pk__in=numbers)
        return [(instance, set(found.values_list("slug", flat=True)))]
    named = instance.agreements.all()
    if numbers:
        named = Agreement.objects.of(instance.workspace).filter(pk__in=numbers)
    return [(agreement, {instance.slug}) for agreement in named]
