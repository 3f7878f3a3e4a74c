"""``commonlight serve``: prepare, then pages and a worker, watched over until the end.

This process holds neither Django nor the server. It starts both as children, which end when it
ends, starts again what died, and stops all of them in good order.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from commonlight.web.config.start import InstallationError
from commonlight.web.runs.signals import Signals

__all__ = ["Keeper", "serve"]

READY_WITHIN = 180.0
STOP_WITHIN = 15.0
LONGEST_PAUSE = 30.0
QUIET = 60.0
MOST_DEATHS = 2


def serve(
    *, host: str, port: int, workers: int, demo: bool, check: bool, say: Callable[[str], None]
) -> None:
    """Run the installation until it is told to stop; with `check`, until it answers once.

    Raises
    ------
    InstallationError
        If it cannot start, or does not answer in time.
    """
    if demo:
        os.environ["COMMONLIGHT_DEMO"] = "1"
    _refuse_taken(host, port)
    _prepare(host, port, demo=demo)
    keeper = Keeper(
        {
            "pages": _command("pages", f"--host={host}", f"--port={port}", f"--workers={workers}"),
            "worker": _command("worker"),
        }
    )
    with keeper:
        keeper.wait_until(lambda: _is_well(host, port), seconds=READY_WITHIN)
        address = f"http://{_shown(host)}:{port}/"
        if check:
            _first_page(host, port)
            say(f"Commonlight answers at {address}")
            return
        say(f"Commonlight is at {address}{'demo/' if demo else ''}")
        say("Press Ctrl+C to stop.")
        keeper.watch()
    say("Commonlight has stopped.")


@dataclass
class Child:
    """A process that is kept running."""

    command: list[str]
    process: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)
    pause: float = 1.0
    again_at: float | None = None


class Keeper:
    """Starts processes, starts again those that die, and ends all of them."""

    def __init__(self, commands: dict[str, list[str]]) -> None:
        self.commands = commands
        self.children: dict[str, Child] = {}
        self.deaths = 0
        self._signals = Signals()

    def __enter__(self) -> Keeper:
        """Start all."""
        self._signals.__enter__()
        for name, command in self.commands.items():
            self.children[name] = Child(command, self._start(command))
        return self

    def __exit__(self, *_: object) -> None:
        """End all."""
        self.stop()
        self._signals.__exit__()

    def watch(self) -> None:
        """Keep the processes running until told to stop."""
        while not self._signals.told:
            self._turn(1.0)

    def wait_until(self, is_so: Callable[[], bool], *, seconds: float) -> None:
        """Keep the processes running until something holds, or give up.

        Raises
        ------
        InstallationError
            If it does not hold in time, or a stop was asked for meanwhile.
        """
        until = time.monotonic() + seconds
        while not is_so():
            self._turn(0.2)
            if self._signals.told:
                raise InstallationError("stopped before it was ready")
            if time.monotonic() > until or self.deaths > MOST_DEATHS:
                raise InstallationError(
                    "the workbench did not begin to answer; the lines above say why"
                )

    def stop(self) -> None:
        """Ask all to end, and end those that do not."""
        for child in self.children.values():
            if child.process.poll() is None:
                child.process.terminate()
        until = time.monotonic() + STOP_WITHIN
        for child in self.children.values():
            try:
                child.process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
        self.children.clear()

    def _turn(self, seconds: float) -> None:
        """Wait for a signal, then see to those that died."""
        if not self._signals.wait(seconds):
            for name, child in self.children.items():
                self._see_to(name, child)

    def _see_to(self, name: str, child: Child) -> None:
        """Start a dead process again, after a pause that grows while it keeps dying."""
        if child.process.poll() is None:
            return
        now = time.monotonic()
        if child.again_at is None:
            long_lived = now - child.started > QUIET
            child.pause = 1.0 if long_lived else min(child.pause * 2, LONGEST_PAUSE)
            child.again_at = now + child.pause
            self.deaths += 1
            print(
                f"commonlight: the process of the {name} ended "
                f"({child.process.returncode}); starting it again",
                file=sys.stderr,
            )
        elif now >= child.again_at:
            child.process = self._start(child.command)
            child.started, child.again_at = now, None

    @staticmethod
    def _start(command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL)


def _command(name: str, *options: str) -> list[str]:
    module = "commonlight.web.config.process"
    return [sys.executable, "-m", module, name, f"--parent={os.getpid()}", *options]


def _prepare(host: str, port: int, *, demo: bool) -> None:
    """Check, migrate and fill, in a process of its own, so that its memory is given back."""
    options = [f"--host={host}", f"--port={port}", *(["--demo"] if demo else [])]
    code = subprocess.run(_command("prepare", *options), check=False).returncode
    if code:
        raise AlreadyTold(code)


class AlreadyTold(SystemExit):
    """A child has said why it cannot go on; only its exit code is passed on."""


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise InstallationError(
                f"cannot serve on {_shown(host)}:{port}: {error.strerror}; "
                "choose another port with --port"
            ) from error


def _is_well(host: str, port: int) -> bool:
    """Whether the pages answer and the worker lives."""
    status, body = _get(host, port, "/health/ready")
    return status == 200 and bool(json.loads(body).get("worker"))


def _first_page(host: str, port: int) -> None:
    status, _ = _get(host, port, "/")
    if status not in (200, 301, 302):
        raise InstallationError(f"the first page answered {status or 'nothing'}")


def _get(host: str, port: int, path: str) -> tuple[int, str]:
    """Status and body of a page of our own; 0 where nothing answers."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    name = os.environ.get("COMMONLIGHT_HOSTS", "").split(",")[0].strip() or "localhost"
    request = f"GET {path} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((reachable, port), timeout=10) as line:
            line.sendall(request.encode())
            answer = b""
            while part := line.recv(65536):
                answer += part
    except OSError:
        return 0, ""
    head, _, body = answer.decode("utf-8", "replace").partition("\r\n\r\n")
    words = head.split(" ", 2)
    return (int(words[1]) if len(words) > 1 and words[1].isdigit() else 0), body


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
