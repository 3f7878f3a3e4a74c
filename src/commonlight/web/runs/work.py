"""What a job gets in its hands: its inputs, a folder, and a way to tell how far it is."""

from __future__ import annotations

import time
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from commonlight.web.policy import Actor
from commonlight.web.runs.leases import Claim, LeaseLostError, fenced_update
from commonlight.web.runs.models import Run
from commonlight.web.runs.patience import AWAY, patiently
from commonlight.web.workspaces.actors import actor_for
from commonlight.web.workspaces.models import Workspace

__all__ = ["Cancelled", "Work"]

BETWEEN_WRITES = 0.5
MOST_MESSAGES = 500


class Cancelled(Exception):
    """Somebody asked to stop the run; a job need not catch it."""


class Work:
    """One attempt at a run. Every write is refused once another attempt has taken over."""

    def __init__(self, run: Run, claim: Claim, folder: Path) -> None:
        self.run = run
        self.workspace: Workspace = run.workspace
        self.parameters: dict[str, Any] = run.parameters
        self.inputs: list[dict[str, Any]] = run.inputs
        self.seed: int = run.seed
        self.folder = folder
        self.checkpoints: dict[str, Any] = dict(run.checkpoints)
        self._claim = claim
        self._messages: list[dict[str, Any]] = list(run.messages)
        self._waiting: dict[str, Any] = {}
        self._written_at = float("-inf")
        self._looked_at = float("-inf")

    @cached_property
    def actor(self) -> Actor | None:
        """The person who asked, with the role of this moment; None = the installation."""
        person = self.run.requested_by
        return None if person is None else actor_for(person, self.workspace).as_job()

    def progress(self, step: str, done: float = 0, total: float | None = None) -> None:
        """Tell what is being done and how far it is; at most two writes a second reach the run.

        Raises
        ------
        Cancelled
            If somebody asked to stop the run.
        """
        self._waiting |= {"step": step[:200], "progress_done": done, "progress_total": total}
        self._write_soon()
        self.stop_if_cancelled()

    def message(self, text: str, **values: Any) -> None:
        """Say something that stays with the run; mark `text` with `gettext_noop`."""
        row = {"at": timezone.now().isoformat(), "text": text, "values": values}
        self._messages = [*self._messages, row][-MOST_MESSAGES:]
        self._waiting["messages"] = self._messages
        self._write_soon()

    def checkpoint(self, name: str, value: Any) -> None:
        """Keep a value for the next attempt; it is on the disk when this returns."""
        self.checkpoints[name] = value
        self._waiting["checkpoints"] = self.checkpoints
        self.flush()

    def stop_if_cancelled(self) -> None:
        """Stop here if somebody asked for it; looks at most twice a second.

        Raises
        ------
        Cancelled
            If so.
        """
        if time.monotonic() - self._looked_at < BETWEEN_WRITES:
            return
        self._looked_at = time.monotonic()
        try:
            asked = self._claim.rows().values_list("cancel_requested", flat=True).first()
        except AWAY:
            return
        if asked is None:
            raise LeaseLostError(f"run {self._claim.run_id} was taken over")
        if asked:
            raise Cancelled

    def flush(self) -> None:
        """Write at once what waits to be written."""
        fields = self._taken()
        if fields:
            patiently(lambda: fenced_update(self._claim, **fields))

    def _write_soon(self) -> None:
        """Write what waits, unless the last write was a moment ago or the database is away."""
        if time.monotonic() - self._written_at < BETWEEN_WRITES:
            return
        fields = self._taken()
        try:
            with transaction.atomic():
                fenced_update(self._claim, **fields)
        except AWAY:
            self._waiting = {**fields, **self._waiting}

    def _taken(self) -> dict[str, Any]:
        fields, self._waiting = self._waiting, {}
        self._written_at = time.monotonic()
        return fields
