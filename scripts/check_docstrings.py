#!/usr/bin/env python3
"""Public functions of the library say what they take and give, in numpydoc form.

For every function and class named in a module's ``__all__`` under analysis and sources: the
docstring parses, each documented parameter exists, and each parameter is documented where the
docstring has a Parameters section. Every method page named in the audit's inventory exists.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
import tomllib
from pathlib import Path

from numpydoc.docscrape import FunctionDoc

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("commonlight.analysis", "commonlight.sources", "commonlight.evidence")


def main() -> int:
    faults = [*docstring_faults(), *method_page_faults()]
    for fault in faults:
        print(fault)
    return bool(faults)


def docstring_faults() -> list[str]:
    faults = []
    for room in ROOMS:
        package = importlib.import_module(room)
        for info in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{room}.{info.name}")
            if not (module.__doc__ or "").strip():
                faults.append(f"{module.__name__}: no module docstring")
            for name in getattr(module, "__all__", ()):
                item = getattr(module, name)
                if inspect.isfunction(item):
                    faults += function_faults(module.__name__, item)
    return faults


def function_faults(module: str, function: object) -> list[str]:
    where = f"{module}.{function.__name__}"
    doc = FunctionDoc(function)
    if not doc["Summary"]:
        return [f"{where}: no docstring"]
    taken = set(inspect.signature(function).parameters)
    named = {
        part.strip().lstrip("*") for item in doc["Parameters"] for part in item.name.split(",")
    }
    if not named:
        return []
    return [f"{where}: parameter {name} does not exist" for name in sorted(named - taken)] + [
        f"{where}: parameter {name} is not documented" for name in sorted(taken - named)
    ]


def method_page_faults() -> list[str]:
    text = (ROOT / "src/commonlight/audit/methods.toml").read_text(encoding="utf-8")
    return [
        f"methods.toml, {key}: docs/{entry['page']}.md is not there"
        for key, entry in tomllib.loads(text).items()
        if not (ROOT / "docs" / f"{entry['page']}.md").is_file()
    ]


if __name__ == "__main__":
    sys.exit(main())
