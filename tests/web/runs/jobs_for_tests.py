"""Jobs that only tests ask for; the fault tests load them into a worker's process too."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path
from typing import Any

from commonlight.web.runs.registry import job
from commonlight.web.runs.work import Work

SCHEMA = "commonlight.test/1"


@job("test.sum", title="Sum of {what}", result_schema=SCHEMA, lane="quick")
def add_up(work: Work) -> dict[str, Any]:
    numbers = work.parameters["numbers"]
    work.progress("adding", 0, len(numbers))
    (work.folder / "sum.txt").write_text(str(sum(numbers)))
    work.message("Added {count} numbers.", count=len(numbers))
    return {"sum": sum(numbers)}


@add_up.publish
def tell(run: Any, result: dict[str, Any]) -> None:
    """Leave one row a publication."""
    from commonlight.web.runs.models import WorkerBeat

    number = WorkerBeat.objects.filter(name__startswith=f"published {run.pk} ").count() + 1
    WorkerBeat.objects.create(name=f"published {run.pk} {number}")


@job("test.steps", title="Steps", result_schema=SCHEMA)
def steps(work: Work) -> dict[str, Any]:
    """Write a line a step; each step is done once, also over several attempts."""
    log = Path(work.parameters["log"])
    for number in range(work.parameters["steps"]):
        if str(number) in work.checkpoints:
            continue
        time.sleep(work.parameters.get("pause", 0.02))
        while number == 10 and not Path(work.parameters.get("gate", "/")).exists():
            time.sleep(0.01)
        work.progress("stepping", number, work.parameters["steps"])
        with log.open("a") as file:
            file.write(f"{work.run.pk} {work.run.fencing_token} {number}\n")
        work.checkpoint(str(number), True)
        (work.folder / f"{number}.txt").write_text("x" * 1000)
    return {"steps": sorted(map(int, work.checkpoints))}


@steps.publish
def keep_steps(run: Any, result: dict[str, Any]) -> None:
    tell(run, result)


@job("test.shared", title="Shared", result_schema=SCHEMA, shared=True)
def shared(work: Work) -> dict[str, Any]:
    return {}


@job("test.fail", title="Failure", result_schema=SCHEMA, lane="quick")
def fail(work: Work) -> dict[str, Any]:
    (work.folder / "half.txt").write_text("half")
    how = work.parameters["how"]
    if how == "disk":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if how == "memory":
        raise MemoryError
    if how == "library":
        from commonlight.sources.errors import MappingError

        raise MappingError("the mapping names no column for the time")
    if how == "kill":
        os.kill(os.getpid(), 9)
    if how == "nan":
        return {"value": float("nan")}
    raise RuntimeError("something private of somebody")


@job("test.stubborn", title="Never asks", result_schema=SCHEMA, time_limit=2)
def stubborn(work: Work) -> dict[str, Any]:
    time.sleep(600)
    return {}


@job("test.sleep", title="Sleeps", result_schema=SCHEMA)
def sleep(work: Work) -> dict[str, Any]:
    until = time.monotonic() + work.parameters["seconds"]
    while time.monotonic() < until:
        time.sleep(0.05)
        work.progress("sleeping")
    return {}


@job("test.publish_fails", title="Publishing fails", result_schema=SCHEMA, lane="quick")
def publish_fails(work: Work) -> dict[str, Any]:
    (work.folder / "whole.txt").write_text("whole")
    return {}


@publish_fails.publish
def refuse(run: Any, result: dict[str, Any]) -> None:
    tell(run, result)
    raise RuntimeError("after the event")
