"""How fine each data set may be seen by whom, and why not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from commonlight.web.agreements.domain import FULL, Coverage, covering, today_in
from commonlight.web.agreements.domain.finding import with_parties
from commonlight.web.agreements.models import Agreement
from commonlight.web.data.models import DataSet, DataSetRole
from commonlight.web.policy import Actor
from commonlight.web.workspaces.enums import Role
from commonlight.web.workspaces.models import SpaceRole
from commonlight.web.workspaces.reading import read_once
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = [
    "Seen",
    "Standing",
    "all_datasets",
    "coverages",
    "detail_for",
    "is_own",
    "visible_datasets",
    "what_closes",
]


class Standing:
    """The roles of one actor in spaces and at data sets, each read once, and only when asked."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    @cached_property
    def spaces(self) -> dict[int, str]:
        """The role in each space that the actor was let into."""
        return self._roles(SpaceRole, "space_id")

    @cached_property
    def datasets(self) -> dict[int, str]:
        """The role at each data set for which the actor was named."""
        return self._roles(DataSetRole, "dataset_id")

    def _roles(self, model: type[WorkspaceModel], thing: str) -> dict[int, str]:
        if self.actor.membership is None:
            return {}
        found = model.objects.of(self.actor.workspace).filter(membership=self.actor.membership)
        return dict(found.values_list(thing, "role"))


@dataclass(frozen=True)
class Seen:
    """A data set as one actor may see it."""

    dataset: DataSet
    coverage: Coverage


def detail_for(
    actor: Actor, dataset: DataSet, *, purpose: str | None = None, on: date | None = None
) -> Coverage:
    """How fine the actor may see the data set, or why not at all, and whom to ask.

    One's own organisation sees everything, and so do members with public data. Another
    organisation sees what a signed agreement in force says, and nothing else.
    """
    fresh = with_parties(dataset.agreements.all())
    return _coverage(actor, dataset, Standing(actor), fresh, purpose=purpose, on=on)


def coverages(
    actor: Actor, datasets: Iterable[DataSet], *, on: date | None = None
) -> dict[int, Coverage]:
    """The coverage of each data set by its key, in a constant number of queries.

    The agreements are read anew, so that an end of one is never overlooked.
    """
    several, standing = list(datasets), Standing(actor)
    agreements = _agreements_by_dataset(actor, [one for one in several if not _free(actor, one)])
    return {
        one.pk: _coverage(actor, one, standing, agreements.get(one.pk, ()), on=on)
        for one in several
    }


def _agreements_by_dataset(actor: Actor, datasets: list[DataSet]) -> dict[int, list[Agreement]]:
    """The agreements that name each data set, with their parties, in three queries."""
    if actor.workspace is None or not datasets:
        return {}
    return _agreements_in(actor.workspace)


@read_once
def _agreements_in(workspace: Any) -> dict[int, list[Agreement]]:
    """The agreements of each data set of a workspace."""
    pairs = DataSet.agreements.through.objects.filter(dataset__workspace=workspace).values_list(
        "dataset_id", "agreement_id"
    )
    named = {agreement for _, agreement in pairs}
    known = with_parties(Agreement.objects.of(workspace)).in_bulk(named)
    found: dict[int, list[Agreement]] = {}
    for dataset, agreement in pairs:
        if agreement in known:
            found.setdefault(dataset, []).append(known[agreement])
    return found


def visible_datasets(actor: Actor, *, on: date | None = None) -> list[Seen]:
    """All data sets of the workspace that the actor may see, in a constant number of queries."""
    return [one for one in all_datasets(actor, on=on) if one.coverage.allowed]


def all_datasets(actor: Actor, *, on: date | None = None) -> list[Seen]:
    """All data sets of the workspace, also those that the actor may not see."""
    found = list(
        DataSet.objects.of(actor.workspace)
        .filter(deleted_at__isnull=True)
        .select_related("owner", "space", "steward__user", "current", "workspace")
        .defer("current__manifest", "current__quality")
    )
    known = coverages(actor, found, on=on)
    return [Seen(one, known[one.pk]) for one in found]


def _coverage(
    actor: Actor,
    dataset: DataSet,
    standing: Standing,
    agreements: Iterable[Agreement],
    *,
    purpose: str | None = None,
    on: date | None = None,
) -> Coverage:
    stopped = what_closes(actor, dataset, standing)
    if stopped is not None:
        return stopped
    if _free(actor, dataset):
        return FULL
    given = [one for one in agreements if _owner_gives(one, dataset)]
    if not given:
        return _nothing_agreed(dataset)
    day = on or today_in(actor.workspace)
    return covering(given, actor.organisation_id, on=day, purpose=purpose)


def _free(actor: Actor, dataset: DataSet) -> bool:
    """Whether no agreement is needed."""
    return dataset.is_public or is_own(actor, dataset)


def what_closes(actor: Actor, dataset: DataSet, standing: Standing) -> Coverage | None:
    """What closes a data set to this actor, whatever was agreed."""
    if actor.membership is None or actor.workspace.pk != dataset.workspace_id:
        return _nothing(_("You are not a member of this workspace."), _("Ask its coordinator."))
    if dataset.deleted_at is not None:
        return _nothing(
            _("The data set “%(dataset)s” is in the trash.") % {"dataset": dataset.name},
            _("Ask %(owner)s to restore it.") % {"owner": dataset.owner.name},
        )
    if not _in_space(actor, dataset, standing):
        return _nothing(
            _("The data set “%(dataset)s” lies in a closed space.") % {"dataset": dataset.name},
            _("Ask the coordinator of this workspace to let you into the space."),
        )
    if dataset.settings.get("named_only") and not _is_named(actor, dataset, standing):
        return _nothing(
            _("Only people named for the data set “%(dataset)s” may read it.")
            % {"dataset": dataset.name},
            _("Ask its steward at %(owner)s to name you.") % {"owner": dataset.owner.name},
        )
    return None


def _in_space(actor: Actor, dataset: DataSet, standing: Standing) -> bool:
    space = dataset.space
    if space is None or space.is_open or actor.role == Role.COORDINATOR:
        return True
    return space.pk in standing.spaces


def _is_named(actor: Actor, dataset: DataSet, standing: Standing) -> bool:
    return dataset.pk in standing.datasets or dataset.steward_id == actor.membership.pk


def is_own(actor: Actor, dataset: DataSet) -> bool:
    """Whether the data set belongs to the organisation that the actor stands for."""
    return actor.organisation_id is not None and dataset.owner_id == actor.organisation_id


def _owner_gives(agreement: Agreement, dataset: DataSet) -> bool:
    """An agreement binds the data of those who give by it, and of nobody else."""
    return any(
        party.gives and party.organisation_id == dataset.owner_id
        for party in agreement.parties.all()
    )


def _nothing(reason: Any, ask: Any) -> Coverage:
    return Coverage(allowed=False, reason=reason, ask=ask)


def _nothing_agreed(dataset: DataSet) -> Coverage:
    return _nothing(
        _("No sharing agreement names the data set “%(dataset)s” and your organisation.")
        % {"dataset": dataset.name},
        _("Ask %(owner)s for an agreement.") % {"owner": dataset.owner.name},
    )
