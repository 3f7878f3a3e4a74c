"""Rows of an export become objects again, each value checked before it is believed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from commonlight.web.accounts.creation import create_account
from commonlight.web.accounts.models import User
from commonlight.web.portability.errors import PackageError
from commonlight.web.portability.keys import Key, key_text, plain, thread_label
from commonlight.web.portability.manifest import safe_path
from commonlight.web.portability.shapes import PEOPLE, Shape, shapes

__all__ = ["TableReader", "checked_value", "moved_folder", "read_json", "read_lines"]

LONGEST_LINE = 256 * 1024 * 1024
CHUNK = 500


class TableReader:
    """Reads the tables of one folder into a new workspace, in their order."""

    def __init__(self, folder: Path, workspace: Any) -> None:
        self.folder = folder
        self.workspace = workspace
        self.known: dict[str, dict[str, Any]] = {}
        self.people_made: list[Any] = []
        self._later: list[tuple[Shape, Any, str, Key]] = []
        self._inside: list[tuple[Shape, Any, str]] = []

    def read(self) -> None:
        """Make all rows; references to later tables are set at the end."""
        for shape in shapes():
            self.known[shape.label] = {}
            self._read_table(shape)
        for shape, pk, name, key in self._later:
            value = self._found(shape, name, key)
            rows: Any = shape.model._default_manager
            rows.of(self.workspace).filter(pk=pk).update(**{shape.field(name).attname: value})

        for shape, one, name in self._inside:
            self._put_numbers(one, name, shape.inside[name])

    def _put_numbers(self, one: Any, name: str, inside: Mapping[str, str]) -> None:
        """Keys inside a JSON field become the numbers that the rows have here."""
        content = dict(getattr(one, name))
        for member, label in inside.items():
            key = content.get(member)
            number = self.known[label].get(key_text(key)) if label and key else None
            if number is not None:
                content[member] = number
        setattr(one, name, content)
        one.save(update_fields=[name])

    def _read_table(self, shape: Shape) -> None:
        path = self.folder / "tables" / f"{shape.name}.jsonl"
        members = {*shape.fields, *([shape.given_key] if shape.given_key else [])}
        for number, row in enumerate(read_lines(path), start=1):
            try:
                if set(row) != members:
                    odd = sorted(set(row) ^ members)[0]
                    raise PackageError(f"the member “{odd}” is missing or unknown")
                self._make(shape, row)
            except (PackageError, ValidationError, ValueError, TypeError) as error:
                text = "; ".join(error.messages) if isinstance(error, ValidationError) else error
                raise PackageError(f"tables/{path.name}, line {number}: {text}") from error

    def _make(self, shape: Shape, row: dict[str, Any]) -> None:
        key = _key_of(shape, row)
        if key_text(key) in self.known[shape.label]:
            raise PackageError(f"the key {key_text(key)} stands twice")
        one = self._person(row) if shape.name == PEOPLE else self._thing(shape, row)
        for name, inside in shape.inside.items():
            if isinstance(row[name], dict) and set(row[name]) & set(inside):
                self._inside.append((shape, one, name))
        self.known[shape.label][key_text(key)] = one.pk
        for name in shape.later:
            if row[name] is not None:
                self._later.append((shape, one.pk, name, row[name]))

    def _person(self, row: dict[str, Any]) -> Any:
        """A person with this address who is here already stays as is; a new one has no password."""
        email = User._meta.get_field("email").clean(row["email"], None).lower()
        found = User.objects.filter(email=email).first()
        if found:
            return found
        values = {
            name: checked_value(User._meta.get_field(name), given)
            for name, given in row.items()
            if name not in ("uid", "email")
        }
        made = create_account(email=email, name=values.pop("name"))
        for name, value in values.items():
            setattr(made, name, value)
        made.save()
        self.people_made.append(made)
        return made

    def _thing(self, shape: Shape, row: dict[str, Any]) -> Any:
        values: dict[str, Any] = {"workspace": self.workspace}
        many: dict[str, list[Any]] = {}
        for name in shape.fields:
            field, given = shape.field(name), row[name]
            if field.many_to_many:
                many[name] = [self._found(shape, name, key) for key in given]
            elif field.is_relation:
                wanted = None if name in shape.later or given is None else given
                values[field.attname] = wanted and self._found(shape, name, wanted)
            elif name in shape.threads:
                values[name] = self._thread_key(row[shape.threads[name]], given)
            else:
                values[name] = checked_value(field, self._path(shape, name, row))
        for name in shape.left_out:
            if shape.field(name).unique:
                values[name] = token_hex(32)
        manager: Any = shape.model._default_manager
        one = manager.create(**values)
        for name, numbers in many.items():
            getattr(one, name).set(numbers)
        return one

    def _thread_key(self, kind: Any, key: Key) -> str:
        """The number that a thing of the thread has here; a name of its own if it stayed behind."""
        try:
            label = thread_label(kind)
        except (KeyError, TypeError):
            raise PackageError(f"{kind!r} is no kind of the thread") from None
        if not label:
            return str(key)
        if key == "":
            return f"gone-{token_hex(4)}"
        try:
            return str(self.known[label][key_text(key)])
        except KeyError:
            raise PackageError(f"no {kind} has the key {key_text(key)}") from None

    def _path(self, shape: Shape, name: str, row: dict[str, Any]) -> Any:
        """A path in the export as one in the workspace; what is not in the export is refused."""
        given, root = row[name], shape.paths.get(name)
        if root is None or given == "":
            return given
        path = safe_path(given)
        if path.parts[0] != root or len(path.parts) < 2 or not (self.folder / path).exists():
            raise PackageError(f"{given!r} is not below {root}/ in this export")
        if root == "results":
            return moved_folder(row["number"])
        return path.relative_to(root).as_posix()

    def _found(self, shape: Shape, name: str, key: Key) -> Any:
        label = shape.field(name).related_model._meta.label_lower
        try:
            return self.known[label][key_text(key)]
        except KeyError:
            raise PackageError(f"{name} names {key_text(key)}, which is not there") from None


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file.

    Raises
    ------
    PackageError
        At the first line that is not one.
    """
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise PackageError(f"{path.name}, line {number} is not JSON ({error})") from error
            if not isinstance(row, dict):
                raise PackageError(f"{path.name}, line {number} is not an object")
            yield row


def read_json(path: Path) -> dict[str, Any]:
    """The one object of a JSON file.

    Raises
    ------
    PackageError
        If it is not one.
    """
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise PackageError(f"{path.name} cannot be read ({error})") from error
    if not isinstance(content, dict):
        raise PackageError(f"{path.name} is not an object")
    return content


def moved_folder(number: int) -> str:
    """The folder of an imported run; the worker never gives this name."""
    return f"imported-{number:06d}"


def _key_of(shape: Shape, row: dict[str, Any]) -> Key:
    if shape.given_key:
        return row[shape.given_key]
    parts: list[Any] = []
    for name in shape.key:
        parts += row[name] if isinstance(row[name], list) else [row[name]]
    return parts[0] if len(parts) == 1 else parts


def checked_value(field: Any, given: Any) -> Any:
    """The value of a field, of the right type, within its length and its choices."""
    if isinstance(field, models.JSONField):
        return given
    if given is None:
        if not field.null:
            raise PackageError(f"{field.name} is empty")
        return None
    value = field.to_python(given)
    if plain(value) != given and not isinstance(value, datetime | float):
        raise PackageError(f"{field.name}: {given!r} is not a value of it")
    if value not in field.empty_values:
        if field.choices and value not in [one for one, _ in field.flatchoices]:
            raise PackageError(f"{field.name}: {given!r} is not one of its choices")
        field.run_validators(value)
    return value
