"""The thread: what each claim rests on, and what rests on it, from evidence to lesson."""

from commonlight.web.thread.kinds import NodeKind, register

__all__ = ["NodeKind", "register"]
