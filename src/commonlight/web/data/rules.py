"""Who sees which data set, how fine, and who may bring, keep, export and delete it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from commonlight.web.agreements.domain import FULL, Coverage, covering, today_in
from commonlight.web.agreements.domain.finding import with_parties
from commonlight.web.agreements.enums import PlaceDetail, TimeDetail, is_finer
from commonlight.web.agreements.models import Agreement
from commonlight.web.data.enums import OBSERVATION_KINDS, DataKind, DataRoleKind
from commonlight.web.data.models import DataSet, DataSetRole, DataVersion, Upload
from commonlight.web.policy import Actor, Decision, allowed, refused, rule
from commonlight.web.workspaces.enums import Role, SpaceRoleKind
from commonlight.web.workspaces.models import SpaceRole
from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = [
    "ExportOrder",
    "Seen",
    "Standing",
    "all_datasets",
    "coverages",
    "detail_for",
    "is_counts_only",
    "is_own",
    "may_open",
    "visible_datasets",
]

MAY_BRING = frozenset({DataRoleKind.CONTRIBUTOR, DataRoleKind.STEWARD})
SINGLE = frozenset({PlaceDetail.POINT, PlaceDetail.CELL, PlaceDetail.STREET})
MAY_WRITE = frozenset({SpaceRoleKind.CONTRIBUTOR, SpaceRoleKind.OWNER})


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


@dataclass(frozen=True, kw_only=True)
class ExportOrder:
    """What somebody wants to take out of a data set, and what for."""

    dataset: DataSet
    place_detail: str
    time_detail: str
    fields: tuple[str, ...] = ()
    purpose: str = ""

    @property
    def workspace_id(self) -> int:
        """The workspace of the data set."""
        return int(self.dataset.workspace_id)


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
    pairs = DataSet.agreements.through.objects.filter(dataset__in=datasets).values_list(
        "dataset_id", "agreement_id"
    )
    named = {agreement for _, agreement in pairs}
    known = with_parties(Agreement.objects.of(actor.workspace)).in_bulk(named)
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
    stopped = _stopped(actor, dataset, standing)
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


def _stopped(actor: Actor, dataset: DataSet, standing: Standing) -> Coverage | None:
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


@rule("data.view")
def view_data(actor: Actor, dataset: Any) -> Decision:
    """Who is covered may look, as fine as was agreed."""
    if not isinstance(dataset, DataSet):
        return allowed
    return detail_for(actor, dataset).decision


@rule("data.upload")
def upload_data(actor: Actor, dataset: Any) -> Decision:
    """One's own organisation brings new versions, and people whom the steward named.

    Rows as they came are seen by the owner and by those who brought them.
    """
    if isinstance(dataset, Upload | DataVersion):
        return _see_rows(actor, dataset)
    if not isinstance(dataset, DataSet):
        return allowed
    standing = Standing(actor)
    stopped = _stopped(actor, dataset, standing)
    if stopped is not None:
        return stopped.decision
    if standing.datasets.get(dataset.pk) in MAY_BRING:
        return allowed
    if not is_own(actor, dataset):
        return refused(
            _("Only %(owner)s brings new versions of this data set.")
            % {"owner": dataset.owner.name},
            _("Ask its steward to name you as a contributor."),
        )
    return _writing_in_space(actor, dataset, standing)


def _see_rows(actor: Actor, brought: Upload | DataVersion) -> Decision:
    dataset = brought.dataset
    if dataset is None:
        return refused(_("This file belongs to no data set."))
    decision = upload_data(actor, dataset)
    if not decision or is_own(actor, dataset) or _brought_by(brought) == actor.organisation_id:
        return decision
    return refused(
        _("Rows as they came are seen by %(owner)s and by those who brought them.")
        % {"owner": dataset.owner.name},
        _("Ask its steward."),
    )


def _brought_by(brought: Upload | DataVersion) -> int | None:
    """The organisation whose member sent the file."""
    by = brought.created_by if isinstance(brought, Upload) else brought.run
    return by.organisation_id if by is not None else None


def _writing_in_space(actor: Actor, dataset: DataSet, standing: Standing) -> Decision:
    closed = dataset.space is not None and not dataset.space.is_open
    if not closed or actor.role == Role.COORDINATOR:
        return allowed
    if standing.spaces.get(dataset.space_id or 0) in MAY_WRITE:
        return allowed
    return refused(
        _("You may read in the closed space of this data set, and not bring data in."),
        _("Ask the coordinator of this workspace."),
    )


@rule("data.steward")
def steward_data(actor: Actor, dataset: Any) -> Decision:
    """The steward looks after a data set; the coordinator can where nobody else is left."""
    if not isinstance(dataset, DataSet):
        return allowed
    standing = Standing(actor)
    if actor.workspace is None or actor.membership is None:
        return refused(_("You are not a member of this workspace."))
    is_steward = dataset.steward_id == actor.membership.pk
    named = standing.datasets.get(dataset.pk) == DataRoleKind.STEWARD
    if is_steward or named or actor.role == Role.COORDINATOR:
        return allowed
    return refused(
        _("Only the steward of this data set may do this."),
        _("Ask its steward at %(owner)s.") % {"owner": dataset.owner.name},
    )


def may_open(actor: Actor, dataset: DataSet) -> Decision:
    """Only the owner makes data public or puts them under an agreement."""
    if not is_own(actor, dataset):
        return refused(
            _("Only %(owner)s decides who sees this data set.") % {"owner": dataset.owner.name},
            _("Ask its steward."),
        )
    return steward_data(actor, dataset)


@rule("data.delete")
def delete_data(actor: Actor, dataset: Any) -> Decision:
    """The steward at the owner moves a data set to the trash and restores it."""
    return may_open(actor, dataset) if isinstance(dataset, DataSet) else allowed


@rule("data.export")
def export_data(actor: Actor, thing: Any) -> Decision:
    """Never finer than agreed, and no field that was not agreed."""
    if isinstance(thing, DataSet):
        return detail_for(actor, thing).decision
    if not isinstance(thing, ExportOrder):
        return allowed
    coverage = detail_for(actor, thing.dataset, purpose=thing.purpose or None)
    return _order_fits(thing, coverage) if coverage.allowed else coverage.decision


def _order_fits(order: ExportOrder, coverage: Coverage) -> Decision:
    if order.dataset.kind == DataKind.ANSWERS and order.place_detail in SINGLE:
        return refused(
            _("Answers leave by area only, never one by one."), _ask_owner(order.dataset)
        )
    if is_finer(order.place_detail, coverage.place_detail, PlaceDetail):
        return _too_fine(PlaceDetail(order.place_detail), PlaceDetail(coverage.place_detail), order)
    if is_finer(order.time_detail, coverage.time_detail, TimeDetail):
        return _too_fine(TimeDetail(order.time_detail), TimeDetail(coverage.time_detail), order)
    if is_counts_only(order, coverage) and order.place_detail in SINGLE:
        return refused(
            _("The agreement shares counts only, never single records."),
            _ask_owner(order.dataset),
        )
    agreed = order.fields if coverage.fields is None else coverage.fields
    more = [one for one in order.fields if one not in agreed]
    if more:
        return refused(
            _("The agreement does not share these fields: %(fields)s.")
            % {"fields": ", ".join(more)},
            _ask_owner(order.dataset),
        )
    return allowed


def is_counts_only(order: ExportOrder, coverage: Coverage) -> bool:
    """Whether no single record may leave: answers never, others where no field was agreed."""
    if order.dataset.kind == DataKind.ANSWERS:
        return True
    return order.dataset.kind in OBSERVATION_KINDS and coverage.fields == ()


def _too_fine(wanted: Any, agreed: Any, order: ExportOrder) -> Decision:
    return refused(
        _("You asked for “%(wanted)s”. The agreement allows nothing finer than “%(agreed)s”.")
        % {"wanted": wanted.label, "agreed": agreed.label},
        _ask_owner(order.dataset),
    )


def _ask_owner(dataset: DataSet) -> Any:
    return _("Ask the steward at %(owner)s, with your reason.") % {"owner": dataset.owner.name}
