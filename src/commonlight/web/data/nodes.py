"""Data sets as grounds of the thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commonlight.web.data.coverage import coverages, visible_datasets
from commonlight.web.data.enums import DataKind
from commonlight.web.data.models import DataSet
from commonlight.web.policy import Actor, Decision, refused
from commonlight.web.thread import NodeKind, register
from commonlight.web.thread.rows import finder

__all__ = ["DATASET"]

NATURES = {
    DataKind.INCIDENTS: "quantitative",
    DataKind.ANSWERS: "quantitative",
    DataKind.REPORTS: "qualitative",
    DataKind.VISITS: "qualitative",
}


def _see(actor: Actor, things: Mapping[str, DataSet]) -> dict[str, Decision]:
    known = coverages(actor, things.values())
    return {key: known[one.pk].decision for key, one in things.items()}


def _offer(actor: Actor, words: str) -> Iterable[DataSet]:
    wanted = words.lower().split()
    for seen in visible_datasets(actor):
        if all(word in seen.dataset.name.lower() for word in wanted):
            yield seen.dataset


def _live(things: Mapping[str, DataSet]) -> dict[str, Decision]:
    gone = refused(_("It was deleted."))
    return {key: gone for key, one in things.items() if one.deleted_at is not None}


DATASET = register(
    NodeKind(
        name="dataset",
        label=_("data set"),
        model=DataSet,
        find=finder(DataSet, "owner", "space", "workspace"),
        title=lambda one: str(one.name),
        address=lambda one: reverse("data:dataset", args=[one.workspace.slug, one.slug]),
        see=_see,
        live=_live,
        offer=_offer,
        nature=lambda one: NATURES.get(one.kind, ""),
        organisations=lambda things: {
            key: frozenset({one.owner_id}) for key, one in things.items()
        },
        must_rest=False,
    )
)
