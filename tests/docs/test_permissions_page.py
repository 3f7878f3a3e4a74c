"""The table of roles says what the policy reads."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PAGE = "docs/explanation/permissions.md"
ROLES = "src/commonlight/web/policy/roles.toml"


def test_the_table_of_roles_is_the_one_that_decides(root: Path) -> None:
    held = tomllib.loads((root / ROLES).read_text(encoding="utf-8"))
    text = (root / PAGE).read_text(encoding="utf-8")
    (head,) = re.findall(r"^\| action \| what it is \| (.+) \|$", text, flags=re.MULTILINE)
    roles = [name.replace(" ", "_") for name in head.split(" | ")]
    rows = re.findall(r"^\| `([\w.]+)` \| .+? \| (.*) \|$", text, flags=re.MULTILINE)
    told = {
        role: {action for action, cells in rows if cells.split("|")[place].strip() == "yes"}
        for place, role in enumerate(roles)
    }
    assert [action for action, _ in rows] == held["actions"]
    assert told == {role: set(actions) for role, actions in held["roles"].items()}
