"""Deny by default, and say why."""

import pytest

from commonlight.web.policy import Refused, decide, require
from commonlight.web.policy.rules import actions, role_actions
from commonlight.web.workspaces.enums import Role


def test_an_unknown_action_is_an_error_and_never_a_yes(actor_of):
    with pytest.raises(ValueError, match="no action"):
        decide(actor_of("coordinator"), "data.stael")


def test_a_new_role_can_do_nothing():
    assert role_actions("newcomer") == frozenset()


def test_every_role_of_the_table_is_a_role_and_every_action_exists():
    for role in Role.values:
        assert role_actions(role) <= actions()


def test_the_stranger_may_do_nothing_in_another_city(actor_of, city, people):
    from commonlight.web.workspaces.actors import actor_for

    stranger = actor_for(people["stranger"], city.workspace)
    assert not any(decide(stranger, action) for action in actions())


def test_a_thing_of_another_workspace_is_refused(actor_of, dataset):
    thing = dataset()
    decision = decide(actor_of("stranger"), "data.view", thing)
    assert not decision
    assert "workspace" in str(decision.reason)


def test_a_refusal_says_why_and_whom_to_ask_and_is_kept(actor_of, city):
    from commonlight.web.eventlog.models import Event

    with pytest.raises(Refused) as caught:
        require(actor_of("partner"), "log.view")
    assert "role" in str(caught.value.decision.reason)
    assert "coordinator" in str(caught.value.decision.ask)
    event = Event.objects.get(chain="lakeside")
    assert (event.kind, event.action) == ("refusal", "log.view")
