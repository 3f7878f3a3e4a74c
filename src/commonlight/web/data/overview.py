"""What the overview says of data: what is there, what is late, what is kept back."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonlight.web.agreements.domain import today_in
from commonlight.web.data.coverage import all_datasets
from commonlight.web.data.models import DataSet
from commonlight.web.policy import Actor
from commonlight.web.workspaces.overview import Section, Task, section, task_source

__all__ = ["data_at_hand", "late_deliveries"]


@section(order=20, action="data.list")
def data_at_hand(actor: Actor) -> Section:
    """How many data sets the actor sees, and how many are kept back."""
    found = all_datasets(actor)
    context = {
        "seen": sum(one.coverage.allowed for one in found),
        "kept_back": sum(not one.coverage.allowed for one in found),
    }
    return Section(template="data/overview.html", context=context)


@task_source("data.upload")
def late_deliveries(actor: Actor) -> Iterable[Task]:
    """Data sets of the actor's organisation whose next delivery is overdue."""
    today = today_in(actor.workspace)
    late = DataSet.objects.of(actor.workspace).filter(
        owner_id=actor.organisation_id, next_delivery_on__lt=today, deleted_at__isnull=True
    )
    for dataset in late:
        days = (today - dataset.next_delivery_on).days
        yield Task(
            text=_("Bring a new version of “%(dataset)s”") % {"dataset": dataset.name},
            url=reverse("data:bring", args=[actor.workspace.slug, dataset.slug]),
            note=ngettext(
                "It was expected %(days)s day ago.", "It was expected %(days)s days ago.", days
            )
            % {"days": days},
        )
