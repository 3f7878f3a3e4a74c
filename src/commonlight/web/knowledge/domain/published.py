"""Published practices and statements as things of a workspace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from commonlight.web.knowledge.labels import practice_name, statement_title
from commonlight.web.knowledge.methods import Practice, Statement, evidence

__all__ = [
    "PublishedPractice",
    "PublishedStatement",
    "practice_in",
    "practices_in",
    "statement_in",
    "statements_in",
]


@dataclass(frozen=True, eq=False)
class Published:
    """A record of the evidence room, seen from a workspace."""

    workspace: Any
    record: Any

    @property
    def pk(self) -> str:
        """Its id in the evidence room."""
        return str(self.record.id)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.pk == getattr(other, "pk", None)

    def __hash__(self) -> int:
        return hash((type(self), self.pk))


@dataclass(frozen=True, eq=False)
class PublishedPractice(Published):
    """A practice."""

    record: Practice

    @property
    def title(self) -> Any:
        """Its name in the language of the reader."""
        return practice_name(self.record.id)

    @property
    def successor(self) -> Any:
        """The name of the practice that stands in its place, if there is one."""
        return practice_name(self.record.superseded_by) if self.record.superseded_by else ""


@dataclass(frozen=True, eq=False)
class PublishedStatement(Published):
    """A statement."""

    record: Statement

    @property
    def title(self) -> Any:
        """Its title in the language of the reader."""
        return statement_title(self.record.id)

    @property
    def successor(self) -> Any:
        """The title of the statement that stands in its place, if there is one."""
        return statement_title(self.record.superseded_by) if self.record.superseded_by else ""


def practices_in(workspace: Any, ids: Iterable[str] | None = None) -> list[PublishedPractice]:
    """Published practices, all of them or those named; others do not exist."""
    known = evidence().practices.practices
    wanted = known if ids is None else [id for id in ids if id in known]
    return [PublishedPractice(workspace, known[id]) for id in wanted]


def statements_in(workspace: Any, ids: Iterable[str] | None = None) -> list[PublishedStatement]:
    """Published statements, all of them or those named; others do not exist."""
    known = evidence().statements.statements
    wanted = known if ids is None else [id for id in ids if id in known]
    return [PublishedStatement(workspace, known[id]) for id in wanted]


def practice_in(workspace: Any, id: str) -> PublishedPractice | None:
    """One practice."""
    return next(iter(practices_in(workspace, [id])), None)


def statement_in(workspace: Any, id: str) -> PublishedStatement | None:
    """One statement."""
    return next(iter(statements_in(workspace, [id])), None)
