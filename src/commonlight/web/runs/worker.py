"""The worker: a light process that claims runs and watches over one child a lane."""

from __future__ import annotations

import logging
import os
import signal
import socket
import time
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from commonlight.web.runs.attempt import attempt
from commonlight.web.runs.child import ENDED, fork_attempt
from commonlight.web.runs.failures import ran_too_long
from commonlight.web.runs.leases import Claim, claim_next, end_claim, give_back, is_cancelled, renew
from commonlight.web.runs.models import Run, RunState, WorkerBeat
from commonlight.web.runs.patience import AWAY
from commonlight.web.runs.registry import LANES, find_job
from commonlight.web.runs.results import sweep
from commonlight.web.runs.signals import Signals
from commonlight.web.workspaces.models import Workspace

__all__ = ["BEAT", "LEASE", "Worker", "work_forever", "work_off"]

LEASE = 20.0
BEAT = 5.0
LOOK = 0.3
GRACE = 10.0
SWEEP = 3600.0
log = logging.getLogger("commonlight.runs")


@dataclass
class Child:
    """A forked attempt, with the moments of the monotonic clock that concern it."""

    claim: Claim
    process: int
    time_limit: float
    started: float = field(default_factory=time.monotonic)
    renewed: float = field(default_factory=time.monotonic)
    cancelled: float | None = None


class Worker:
    """Claims runs, one a lane at a time, and forks a child for each."""

    def __init__(self, *, name: str = "", lease: float = LEASE, look: float = LOOK) -> None:
        self.name = name or f"{socket.gethostname()}:{os.getpid()}"
        self.lease = timedelta(seconds=lease)
        self.look = look
        self.beat_every = lease / 4
        self.children: dict[str, Child] = {}
        self.to_return: list[Claim] = []
        self._beaten = self._swept = float("-inf")

    def run(self) -> None:
        """Work until told to stop; then give back at once what is not done."""
        log.info("worker started", extra={"worker": self.name})
        with Signals() as signals:
            try:
                while not signals.told:
                    self.turn()
                    signals.wait(self.look)
            finally:
                self.stop()

    def turn(self) -> None:
        """One round; a database that is away is waited for."""
        self._reap()
        try:
            self._beat()
            self._return_lost()
            self._watch()
            self._sweep()
            self._start()
        except AWAY as error:
            log.warning("database away", extra={"error": type(error).__name__})
            connection.close()

    def stop(self) -> None:
        """End the children and give their runs back, as if they had not been tried."""
        for child in self.children.values():
            os.kill(child.process, signal.SIGKILL)
            os.waitpid(child.process, 0)
        try:
            for child in self.children.values():
                give_back(child.claim, counts=False)
            WorkerBeat.objects.filter(name=self.name).delete()
        except AWAY:
            log.warning("could not give runs back; their leases will end")
        self.children.clear()
        log.info("worker stopped", extra={"worker": self.name})

    def _start(self) -> None:
        """Claim a run for each free lane."""
        for lane in LANES:
            if lane in self.children:
                continue
            held = [child.claim.run_id for child in self.children.values()]
            waiting = [claim.run_id for claim in self.to_return]
            claim = claim_next([lane], self.name, lease=self.lease, not_these=[*held, *waiting])
            if claim is not None:
                self.children[lane] = Child(claim, fork_attempt(claim), _time_limit(claim.kind))

    def _reap(self) -> None:
        """Take note of children that ended; one that could not say how is given back."""
        for lane, child in list(self.children.items()):
            process, status = os.waitpid(child.process, os.WNOHANG)
            if process == 0:
                continue
            del self.children[lane]
            if os.waitstatus_to_exitcode(status) != ENDED:
                log.warning("attempt died", extra={"run": child.claim.run_id})
                self.to_return.append(child.claim)

    def _return_lost(self) -> None:
        while self.to_return:
            give_back(self.to_return[0], counts=True)
            self.to_return.pop(0)

    def _watch(self) -> None:
        """Renew leases; stop children that were cancelled, are too slow, or lost their run."""
        now = time.monotonic()
        for child in list(self.children.values()):
            if now - child.renewed >= self.beat_every:
                if not renew(child.claim, lease=self.lease):
                    self._kill(child)
                    continue
                child.renewed = now
            if now - child.started > child.time_limit:
                self._end(child, failed=True)
            elif child.cancelled is not None and now - child.cancelled > GRACE:
                self._end(child, failed=False)
            elif child.cancelled is None and is_cancelled(child.claim):
                child.cancelled = now

    def _end(self, child: Child, *, failed: bool) -> None:
        """Stop a child and say why its run ended."""
        self._kill(child)
        if failed:
            failure = ran_too_long(child.time_limit)
            state = RunState.FAILED
            end_claim(child.claim, state=state, failure=failure.text, failure_values=failure.values)
        else:
            end_claim(child.claim, state=RunState.CANCELLED)

    def _kill(self, child: Child) -> None:
        os.kill(child.process, signal.SIGKILL)
        os.waitpid(child.process, 0)
        self.children.pop(child.claim.lane, None)

    def _beat(self) -> None:
        """Leave a sign of life."""
        if time.monotonic() - self._beaten < BEAT:
            return
        WorkerBeat.objects.update_or_create(name=self.name, defaults={"beat_at": timezone.now()})
        WorkerBeat.objects.filter(beat_at__lt=timezone.now() - timedelta(hours=1)).delete()
        self._beaten = time.monotonic()

    def _sweep(self) -> None:
        """Remove what lost attempts left on the disk."""
        if time.monotonic() - self._swept < SWEEP:
            return
        for workspace in Workspace.objects.all():
            sweep(workspace)
        self._swept = time.monotonic()


def work_forever(*, lease: float = LEASE, name: str = "") -> None:
    """Work until SIGTERM or SIGINT; called in a process of its own with one thread."""
    Worker(name=name, lease=lease).run()


def work_off(*, most: int = 1000) -> list[Run]:
    """Do in this process all runs that wait, one after the other; for commands and tests."""
    done: list[Run] = []
    while len(done) < most:
        claim = claim_next(list(LANES), f"{os.getpid()} itself", lease=timedelta(hours=12))
        if claim is None:
            break
        attempt(claim)
        done.append(Run.objects.everywhere("runs just done").get(pk=claim.run_id))
    return done


def _time_limit(kind: str) -> float:
    try:
        return find_job(kind).time_limit
    except LookupError:
        return LANES["quick"]
