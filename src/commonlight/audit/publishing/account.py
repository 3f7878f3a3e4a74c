"""An account of what the public version withholds, for those who may see all."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from commonlight.audit.publishing.public import Publication

__all__ = ["ACCOUNT", "account_text", "write_account"]

ACCOUNT = "withheld.md"


def account_text(publication: Publication) -> str:
    """How many values each source's counts withhold, by what they are counted by."""
    hidden = publication.hidden
    lines = [
        "# What the public version withholds",
        "",
        "Internal: not for publication.",
        "",
        f"Counts from 1 to {hidden.minimum_count - 1} are withheld (small), and others from which "
        "they could be worked out (for protection).",
        "",
        "| source | counted by | counts | small | for protection |",
        "|---|---|---:|---:|---:|",
    ]
    for source, protection in sorted(hidden.protections.items()):
        keys = {*protection.published, *protection.suppressed}
        of = Counter(_dimensions(key) for key in keys)
        gone = hidden.keys[source]
        few = Counter(_dimensions(key) for key in gone & protection.primary)
        more = Counter(_dimensions(key) for key in gone - protection.primary)
        lines += [
            f"| {source} | {name} | {of[name]} | {few[name]} | {more[name]} |"
            for name in sorted(of)
        ]
    if publication.left_out:
        lines += ["", "Findings left out:", ""]
        lines += [f"- {name}: {why}" for name, why in sorted(publication.left_out.items())]
    return "\n".join([*lines, ""])


def write_account(publication: Publication, folder: Path) -> Path:
    """Write the account into the internal version's folder."""
    path = folder / ACCOUNT
    path.write_text(account_text(publication), encoding="utf-8")
    return path


def _dimensions(key: frozenset[tuple[str, str]]) -> str:
    return ", ".join(sorted(name for name, _ in key)) or "all"
