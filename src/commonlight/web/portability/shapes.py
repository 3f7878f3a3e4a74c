"""What of a workspace travels: each table, its key, and every field with its meaning."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from django.apps import apps
from django.db import models

from commonlight.web.workspaces.scope import WorkspaceModel

__all__ = ["PEOPLE", "Shape", "left_out_models", "shapes", "unknown_fields"]

PEOPLE = "people"
ORDER = (
    "accounts",
    "workspaces",
    "agreements",
    "runs",
    "data",
    "audits",
    "problems",
    "fieldwork",
    "knowledge",
    "partnerships",
    "theory",
    "design",
    "engagement",
    "design_review",
    "assessment",
    "thread",
)
"""The apps in the order of import; each has a file in `shapes_of`."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One table of the export.

    `key` names the fields that tell rows apart; empty means the row's number in `order`.
    `later` are references to tables that come after this one. `paths` are fields that name a
    file or folder of the export. `inside` are members of JSON fields that hold the number of a
    row: they travel as its key, or not at all where no model is named. `threads` are fields that
    name a thing of the thread, each with the field that holds its kind.
    """

    name: str
    text: str
    model: type[models.Model]
    key: tuple[str, ...]
    order: tuple[str, ...]
    only: Mapping[str, Any]
    without: Mapping[str, Any]
    later: tuple[str, ...]
    paths: Mapping[str, str]
    inside: Mapping[str, Mapping[str, str]]
    threads: Mapping[str, str]
    fields: Mapping[str, str]
    left_out: Mapping[str, str]

    @property
    def label(self) -> str:
        """The name of the model, as the event log writes it."""
        return self.model._meta.label_lower

    @property
    def given_key(self) -> str:
        """The member that holds a key which is in no field: a person's uid, a row's number."""
        if self.name == PEOPLE:
            return "uid"
        return "" if self.key else "number"

    def field(self, name: str) -> Any:
        """The field of the model."""
        return self.model._meta.get_field(name)


@lru_cache
def shapes() -> tuple[Shape, ...]:
    """All tables, each after those that it refers to."""
    return tuple(_shape(name, given) for name, given in _read()["tables"].items())


@lru_cache
def left_out_models() -> Mapping[str, str]:
    """Models of a workspace that stay behind, each with the reason."""
    found: Mapping[str, str] = _read()["left_out"]
    return found


def unknown_fields() -> list[str]:
    """Fields that neither travel nor are left out on purpose; there must be none."""
    known = {shape.model: {*shape.fields, *shape.left_out} for shape in shapes()}
    found = []
    for model in [*_workspace_models(), *(shape.model for shape in shapes())]:
        if model._meta.label in left_out_models():
            continue
        named = known.get(model, set())
        fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
        found += [
            f"{model._meta.label}.{field.name}"
            for field in fields
            if field.name not in named and field.name not in ("id", "workspace")
        ]
    return sorted(set(found))


def _workspace_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if issubclass(model, WorkspaceModel)]


def _read() -> dict[str, Any]:
    """The tables of all apps, an app after those that it refers to, and what stays behind."""
    tables: dict[str, Any] = {}
    for app in ORDER:
        tables |= _file(app).get("tables", {})
    return {"tables": tables, "left_out": _file("left_out")}


def _file(name: str) -> dict[str, Any]:
    path = files("commonlight.web.portability").joinpath("shapes_of", f"{name}.toml")
    if not path.is_file():
        return {}
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _shape(name: str, given: dict[str, Any]) -> Shape:
    return Shape(
        name=name,
        text=given["text"],
        model=apps.get_model(given["model"]),
        key=tuple(given.get("key", ())),
        order=tuple(given.get("order", ())),
        only=given.get("only", {}),
        without=given.get("without", {}),
        later=tuple(given.get("later", ())),
        paths=given.get("paths", {}),
        inside=given.get("inside", {}),
        threads=given.get("threads", {}),
        fields=given["fields"],
        left_out=given.get("left_out", {}),
    )
