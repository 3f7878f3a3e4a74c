"""No query leaves its workspace: one without a scope is an error, not a leak."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models

__all__ = ["OutsideWorkspaceError", "ScopedManager", "ScopedQuerySet", "WorkspaceModel"]


class OutsideWorkspaceError(RuntimeError):
    """A query would have looked into every workspace."""


class ScopedQuerySet(models.QuerySet[Any]):
    """A query that must name its workspace before it runs."""

    _is_scoped = False

    def of(self, workspace: Any) -> Self:
        """Only what belongs to this workspace."""
        if workspace is None or workspace.pk is None:
            raise OutsideWorkspaceError(f"no workspace was given for {self.model.__name__}")
        chosen = self.filter(workspace=workspace)
        chosen._is_scoped = True
        return chosen

    def everywhere(self, reason: str) -> Self:
        """All workspaces, for the worker and for commands, which say why."""
        if not reason:
            raise OutsideWorkspaceError("say why a query looks into every workspace")
        chosen = self.all()
        chosen._is_scoped = True
        return chosen

    def _chain(self) -> Self:
        chained: Self = super()._chain()  # type: ignore[misc]
        chained._is_scoped = self._is_scoped
        return chained

    def _check_scope(self) -> None:
        """Related objects of something that was itself found in scope may be read."""
        if not self._is_scoped and "instance" not in self._hints:  # type: ignore[attr-defined]
            raise OutsideWorkspaceError(
                f"a query for {self.model.__name__} names no workspace: use .of(workspace)"
            )

    def _fetch_all(self) -> None:
        self._check_scope()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        """As in Django, within the scope."""
        self._check_scope()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        """As in Django, within the scope."""
        self._check_scope()
        return super().count()

    def exists(self) -> bool:
        """As in Django, within the scope."""
        self._check_scope()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """As in Django, within the scope."""
        self._check_scope()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        """As in Django, within the scope."""
        self._check_scope()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """As in Django, within the scope."""
        self._check_scope()
        return super().delete()


class ScopedManager(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """The manager of everything that belongs to a workspace."""

    def create(self, **kwargs: Any) -> Any:
        """A new object, which must be given its workspace."""
        return super().create(**kwargs)


class WorkspaceModel(models.Model):
    """Something that belongs to a workspace."""

    workspace = models.ForeignKey(
        "workspaces.Workspace", on_delete=models.CASCADE, related_name="+", editable=False
    )

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        abstract = True
