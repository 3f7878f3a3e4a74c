"""Asking for runs: the same is not computed twice, and keys make repeats harmless."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from commonlight.web.eventlog.models import Event
from commonlight.web.policy import Refused
from commonlight.web.runs import cancel, request, run_again, visible_runs
from commonlight.web.runs.models import Run
from commonlight.web.runs.registry import UnknownJobError, find_job, job
from commonlight.web.runs.worker import work_off

Ask = Callable[..., Any]
ActorOf = Callable[[str], Any]


def test_the_same_run_is_given_back(ask: Ask) -> None:
    first = ask()
    assert not first.is_reused
    assert (ask().pk, ask().is_reused) == (first.pk, True)
    work_off()
    assert ask().pk == first.pk
    assert ask(reuse=False).pk != first.pk


@pytest.mark.parametrize(
    "other",
    [
        {"parameters": {"numbers": [1, 3]}},
        {"seed": 1},
        {"inputs": [{"dataset": "d", "version": 1, "digest": "a"}]},
    ],
)
def test_other_content_is_another_run(ask: Ask, other: dict[str, Any]) -> None:
    assert ask().pk != ask(**other).pk


def test_another_version_of_the_library_is_another_run(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ask()
    monkeypatch.setattr("commonlight.web.runs.domain.__version__", "99.0")
    assert ask().pk != first.pk


def test_a_failed_or_cancelled_run_is_not_given_back(ask: Ask, actor_of: ActorOf) -> None:
    failed = ask("test.fail", parameters={"how": "library"})
    work_off()
    assert ask("test.fail", parameters={"how": "library"}).pk != failed.pk
    waiting = ask()
    cancel(actor_of("analyst"), waiting)
    assert ask().pk != waiting.pk


def test_a_result_whose_files_are_gone_is_computed_anew(ask: Ask) -> None:
    first = ask()
    (done,) = work_off()
    shutil.rmtree(done.result_path)
    assert ask().pk != first.pk


def test_a_run_that_one_may_not_see_is_not_given_back(ask: Ask) -> None:
    assert ask().pk != ask(role="partner").pk


def test_a_shared_run_is_given_back_to_others(ask: Ask) -> None:
    assert ask("test.shared").pk == ask("test.shared", role="partner").pk


def test_a_key_makes_a_repeat_the_same_run(ask: Ask) -> None:
    first = ask(key="form 1", reuse=False)
    assert ask(key="form 1", reuse=False).pk == first.pk
    assert ask(key="form 2", reuse=False).pk != first.pk
    with pytest.raises(ValueError, match="used for another run"):
        ask(key="form 1", seed=9)


def test_who_may_not_start_is_told_why(city: SimpleNamespace, actor_of: ActorOf) -> None:
    with pytest.raises(Refused, match="Your role does not include this"):
        request(actor_of("decision_maker"), "test.shared", workspace=city.workspace)
    with pytest.raises(Refused):
        request(actor_of("stranger"), "test.shared", workspace=city.workspace)
    assert Run.objects.of(city.workspace).count() == 0
    assert Event.objects.filter(kind="refusal", action="run.start").count() == 2


def test_a_start_is_in_the_event_log(ask: Ask, people: dict[str, Any]) -> None:
    run = ask()
    event = Event.objects.get(action="run.start")
    assert (event.thing_id, event.actor_id) == (str(run.pk), people["analyst"].pk)


def test_the_installation_itself_may_ask(city: SimpleNamespace, people: Any) -> None:
    run = request(None, "test.shared", workspace=city.workspace)
    assert run.requested_by is None
    assert [one.state for one in work_off()] == ["done"]


def test_what_each_person_sees(ask: Ask, actor_of: ActorOf) -> None:
    own, shared = ask(), ask("test.shared", role="evaluator")
    assert list(visible_runs(actor_of("analyst"))) == [shared, own]
    assert list(visible_runs(actor_of("partner"))) == [shared]
    assert list(visible_runs(actor_of("stranger"))) == []


def test_who_may_cancel(ask: Ask, actor_of: ActorOf) -> None:
    run = ask()
    for role in ("partner", "stranger", "decision_maker"):
        with pytest.raises(Refused):
            cancel(actor_of(role), run)
    cancel(actor_of("coordinator"), run)
    assert run.state == "cancelled"


def test_who_may_not_see_a_run_may_not_repeat_it(ask: Ask, actor_of: ActorOf) -> None:
    run = ask()
    with pytest.raises(Refused):
        run_again(actor_of("partner"), run)


def test_jobs_are_checked_when_they_are_registered() -> None:
    with pytest.raises(ValueError, match="lane must be one of"):
        job("test.bad", title="", result_schema="", lane="slow")
    with pytest.raises(ValueError, match="no action"):
        job("test.bad", title="", result_schema="", action="run.fast")
    with pytest.raises(ValueError, match="already a job"):
        job("test.sum", title="", result_schema="")(lambda work: {})
    with pytest.raises(UnknownJobError):
        find_job("test.bad")
