"""Things in the log are called by the name that they have."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps

from commonlight.web.eventlog.record import record
from commonlight.web.eventlog.things import NAME_FIELDS, thing_names
from commonlight.web.workspaces.scope import WorkspaceModel


@pytest.mark.parametrize("kind", sorted(NAME_FIELDS))
def test_each_kind_has_the_field_that_names_it(kind: str) -> None:
    model = apps.get_model(kind)
    assert issubclass(model, WorkspaceModel)
    assert model._meta.get_field(NAME_FIELDS[kind]).get_internal_type() in (
        "CharField",
        "TextField",
    )


def test_a_problem_is_called_by_its_title(city: Any, actor_of: Any) -> None:
    from commonlight.web.problems.models import Problem

    place = city.workspace
    made = Problem.objects.create(workspace=place, number=1, title="Dark steps at the station")
    event = record(actor_of("coordinator"), "problem.open", made)
    names = thing_names(place, [event])
    assert names["problems.problem", str(made.pk)] == "“Dark steps at the station”"
    elsewhere = thing_names(city.elsewhere, [event])
    assert "station" not in "".join(elsewhere.values()), "another workspace does not learn the name"
