"""The process in which one attempt runs; it dies with the worker that forked it."""

from __future__ import annotations

import logging
import os
import signal
from contextlib import suppress
from pathlib import Path

from django.db import connections

from commonlight.web.runs.attempt import attempt
from commonlight.web.runs.leases import Claim
from commonlight.web.runs.parent import die_with_parent

__all__ = ["ENDED", "fork_attempt"]

ENDED, UNKNOWN = 0, 3
NICENESS = 5
log = logging.getLogger("commonlight.runs")


def fork_attempt(claim: Claim) -> int:
    """Fork a process for the attempt; its number. The worker has one thread, so this is safe."""
    connections.close_all()
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        status = UNKNOWN
        try:
            _settle(parent)
            attempt(claim)
            status = ENDED
        except BaseException as error:
            log.error("the attempt could not be ended", exc_info=error)
        finally:
            os._exit(status)
    return child


def _settle(parent: int) -> None:
    """Give way to pages, and be the first to go when memory runs out."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent(parent)
    os.nice(NICENESS)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")
