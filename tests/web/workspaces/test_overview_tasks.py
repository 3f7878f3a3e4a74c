"""What waits: urgent things first, then one of each kind in turn."""

from __future__ import annotations

from commonlight.web.workspaces import overview
from commonlight.web.workspaces.overview import Task, first_shown, tasks_for


def test_no_kind_of_task_hides_the_others(actor_of, monkeypatch):
    def of(name, count, *, urgent=()):
        return lambda actor: (
            Task(text=f"{name} {number}", url="/", urgent=number in urgent)
            for number in range(count)
        )

    makers = {"a": of("A", 3), "b": of("B", 1), "c": of("C", 2, urgent=(1,))}
    found = {name: ("workspace.view", make) for name, make in makers.items()}
    monkeypatch.setattr(overview, "_tasks", found)
    told = [str(one.text) for one in tasks_for(actor_of("coordinator"))]
    assert told == ["C 1", "A 0", "B 0", "C 0", "A 1", "A 2"]


def test_what_others_asked_for_is_never_folded_away(actor_of, monkeypatch):
    may = [Task(text=f"May {number}", url="/") for number in range(7)]
    late = [Task(text=f"Late {number}", url="/", urgent=True) for number in range(6)]
    asked = [Task(text=f"Asked {number}", url="/", is_asked=True) for number in range(2)]
    makers = {"a": lambda actor: may, "b": lambda actor: late, "c": lambda actor: asked}
    found = {name: ("workspace.view", make) for name, make in makers.items()}
    monkeypatch.setattr(overview, "_tasks", found)
    told = tasks_for(actor_of("coordinator"))
    assert told == [*late, *asked, *may]
    assert first_shown(told) == 8
    assert first_shown(may + late) == 5
    assert first_shown([*asked, *may]) == 5
    assert first_shown(may) == 7
