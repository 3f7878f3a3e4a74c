"""Who may see, bring, keep, export and delete a data set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from commonlight.web.agreements.domain import Coverage
from commonlight.web.agreements.enums import PlaceDetail, TimeDetail, is_finer
from commonlight.web.data.coverage import Standing, detail_for, is_own, what_closes
from commonlight.web.data.enums import OBSERVATION_KINDS, DataKind, DataRoleKind
from commonlight.web.data.models import DataSet, DataVersion, Upload
from commonlight.web.policy import Actor, Decision, allowed, refused, rule
from commonlight.web.workspaces.enums import Role, SpaceRoleKind

__all__ = ["ExportOrder", "is_counts_only", "may_open"]

MAY_BRING = frozenset({DataRoleKind.CONTRIBUTOR, DataRoleKind.STEWARD})
SINGLE = frozenset({PlaceDetail.POINT, PlaceDetail.CELL, PlaceDetail.STREET})
MAY_WRITE = frozenset({SpaceRoleKind.CONTRIBUTOR, SpaceRoleKind.OWNER})


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
    stopped = what_closes(actor, dataset, standing)
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
