"""The README and the data dictionary that go with an export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from commonlight.web.portability.log import EVENT_FIELDS
from commonlight.web.portability.manifest import write_json
from commonlight.web.portability.shapes import Shape, left_out_models, shapes

__all__ = ["write_dictionary"]

README = """# A workspace of Commonlight

This folder holds one partnership's workspace, in formats that need no special program.

- `workspace.json`: name, city and settings.
- `tables/*.jsonl`: one JSON object a line; `dictionary.json` says what each member means.
  Rows name each other by key, never by a number of a database. Moments are in UTC.
- `lake/<data set>/versions/<version>/*.parquet`: observations, with `manifest.json` beside them.
- `files/`: areas, residents, places and other files.
- `results/<number>/`: what the run of that number in `tables/runs.jsonl` wrote.
- `log/events.jsonl`: the event log. Each event holds the SHA-256 of the one before.
- `log/names.jsonl`: which person or thing a number in the log means.
- `manifest.json`: size and SHA-256 of every file.

It holds names and e-mail addresses of members, and data that may be sensitive. Keep it as
carefully as the workspace itself. It holds no passwords, no tokens and no codes.

To read it into an empty installation: `commonlight workspace import FOLDER`
"""


def write_dictionary(folder: Path) -> None:
    """Write what every table and every field means."""
    (folder / "README.md").write_text(README, encoding="utf-8")
    tables = {f"tables/{shape.name}.jsonl": _table(shape) for shape in shapes()}
    tables["log/events.jsonl"] = {"text": "The event log.", "fields": dict(EVENT_FIELDS)}
    left_out = {
        **{shape.model._meta.label: dict(shape.left_out) for shape in shapes() if shape.left_out},
        **left_out_models(),
    }
    write_json(folder / "dictionary.json", {"tables": tables, "left_out": left_out})


def _table(shape: Shape) -> dict[str, Any]:
    return {
        "text": shape.text,
        "key": [shape.given_key] if shape.given_key else list(shape.key),
        "fields": {name: _field(shape, name, text) for name, text in shape.fields.items()},
    }


def _field(shape: Shape, name: str, text: str) -> dict[str, Any]:
    field = shape.field(name)
    found: dict[str, Any] = {"text": text, "type": field.get_internal_type()}
    if field.is_relation:
        names = {one.model: one.name for one in shapes()}
        found["refers_to"] = names[field.related_model]
    elif field.choices:
        found["choices"] = [value for value, _ in field.flatchoices]
    return found
