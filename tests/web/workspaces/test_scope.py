"""A query without a workspace is an error, not a leak."""

import pytest

from commonlight.web.workspaces.models import Membership, Organisation
from commonlight.web.workspaces.scope import OutsideWorkspaceError


@pytest.mark.parametrize(
    "ask",
    [
        lambda query: list(query),
        lambda query: query.count(),
        lambda query: query.exists(),
        lambda query: query.first(),
        lambda query: query.get(name="City of Lakeside"),
        lambda query: query.update(name="x"),
        lambda query: query.delete(),
        lambda query: list(query.values_list("name")),
        lambda query: list(query.iterator()),
        lambda query: query.in_bulk([1]),
        lambda query: query.aggregate(),
        lambda query: bool(query),
        lambda query: query.latest("pk"),
    ],
)
def test_a_query_without_a_workspace_is_an_error(city, ask):
    with pytest.raises(OutsideWorkspaceError):
        ask(Organisation.objects.filter(kind="municipality"))


def test_a_query_of_a_workspace_sees_that_workspace_only(city):
    names = set(Organisation.objects.of(city.elsewhere).values_list("name", flat=True))
    assert names == {"City of Elsewhere"}


def test_everywhere_needs_a_reason(city):
    with pytest.raises(OutsideWorkspaceError):
        Organisation.objects.everywhere("")
    assert Organisation.objects.everywhere("count for a test").count() == 5


def test_related_objects_of_something_found_may_be_read(city, people):
    police = Organisation.objects.of(city.workspace).get(kind="police")
    assert [m.user.name for m in police.memberships.all()] == ["Analyst"]
    assert Membership.objects.of(city.workspace).select_related("user").count() == 5
