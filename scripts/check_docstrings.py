#!/usr/bin/env python3
"""Public functions of the library say what they take and give, in numpydoc form.

For every function and class named in a module's ``__all__``: there is a docstring, it parses,
each documented parameter exists, and each parameter is documented where the docstring has a
Parameters section. Modules of analysis have ``__all__``; their functions that take something
have that section, and all say what they return. Every method page named in the audit's
inventory exists.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
import tomllib
from pathlib import Path
from types import FunctionType, ModuleType

from numpydoc.docscrape import FunctionDoc

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("analysis", "sources", "evidence", "simulate", "findings", "audit")
#: Rooms whose functions are called by others than ourselves.
LIBRARY = ("analysis",)


def main() -> int:
    faults = [*docstring_faults(), *method_page_faults()]
    for fault in faults:
        print(fault)
    return bool(faults)


def docstring_faults() -> list[str]:
    return [
        fault
        for room in ROOMS
        for module in modules(f"commonlight.{room}")
        for fault in module_faults(module, strict=room in LIBRARY)
    ]


def modules(room: str) -> list[ModuleType]:
    package = importlib.import_module(room)
    found = pkgutil.walk_packages(package.__path__, f"{room}.")
    return [importlib.import_module(info.name) for info in found]


def module_faults(module: ModuleType, *, strict: bool) -> list[str]:
    faults = []
    if not (module.__doc__ or "").strip():
        faults.append(f"{module.__name__}: no module docstring")
    if strict and not hasattr(module, "__path__") and not hasattr(module, "__all__"):
        faults.append(f"{module.__name__}: no __all__, so that nothing in it is checked")
    for name in getattr(module, "__all__", ()):
        item = getattr(module, name)
        if inspect.isfunction(item):
            faults += function_faults(module.__name__, item, strict=strict)
        elif inspect.isclass(item) and not own_docstring(item):
            faults.append(f"{module.__name__}.{name}: no docstring")
    return faults


def own_docstring(item: type) -> bool:
    """Whether a class has a docstring that is not the one a dataclass is given."""
    text = item.__doc__ or ""
    return bool(text.strip()) and not text.startswith(f"{item.__name__}(")


def function_faults(module: str, function: FunctionType, *, strict: bool) -> list[str]:
    where = f"{module}.{function.__name__}"
    doc = FunctionDoc(function)
    if not doc["Summary"]:
        return [f"{where}: no docstring"]
    taken = set(inspect.signature(function).parameters)
    named = {
        part.strip().lstrip("*") for item in doc["Parameters"] for part in item.name.split(",")
    }
    faults = []
    if strict and not doc["Returns"]:
        faults.append(f"{where}: does not say what it returns")
    if not named and not (strict and taken):
        return faults
    faults += [f"{where}: parameter {name} does not exist" for name in sorted(named - taken)]
    faults += [f"{where}: parameter {name} is not documented" for name in sorted(taken - named)]
    return faults


def method_page_faults() -> list[str]:
    text = (ROOT / "src/commonlight/audit/methods.toml").read_text(encoding="utf-8")
    return [
        f"methods.toml, {key}: docs/{entry['page']}.md is not there"
        for key, entry in tomllib.loads(text).items()
        if not (ROOT / "docs" / f"{entry['page']}.md").is_file()
    ]


if __name__ == "__main__":
    sys.exit(main())
