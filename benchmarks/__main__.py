"""Run every benchmark and write RESULTS.md: ``python -m benchmarks [NAME ...]``.

Each benchmark measures Commonlight and its peers in one run on one machine, each in a process
of its own, by CPU time and peak memory. Figures of different runs must not be compared.
``--quick`` runs each at a small size, to see that it runs at all, and writes nothing.
"""

from __future__ import annotations

import argparse
import importlib
import json
import platform
import sys
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
NAMES = (
    "start_up",
    "import_rows",
    "points_to_areas",
    "knox_table",
    "gi_star",
    "density",
    "survey_estimates",
    "whole_audit",
    "audit_scaling",
    "web_load",
    "web_path",
    "web_idle",
    "web_map",
    "theory_editor",
    "web_first_page",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", default=NAMES, help="which to run [all]")
    parser.add_argument("--quick", action="store_true", help="small sizes; nothing is written")
    given = parser.parse_args()
    if given.quick:
        quick(given.names)
        return
    chosen = given.names
    kept = HERE / "results.json"
    results = json.loads(kept.read_text()) if kept.exists() else {}
    for name in chosen:
        print(f"Running {name} ...", file=sys.stderr)
        rows = importlib.import_module(f"benchmarks.{name}").run()
        results[name] = {"date": date.today().isoformat(), "machine": machine(), "rows": rows}
        kept.write_text(json.dumps(results, indent=1) + "\n")
    (HERE / "RESULTS.md").write_text(page(results))


def quick(names: list[str]) -> None:
    """Run each benchmark at the size of its QUICK, and say what it found."""
    for name in names:
        module = importlib.import_module(f"benchmarks.{name}")
        print(f"## {name}")
        small = getattr(module, "QUICK", None)
        for row in module.run(**small) if small else ["has no small form (QUICK)"]:
            print(row)


def machine() -> str:
    cpu = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return f"{cpu}, Python {platform.python_version()}, {platform.system()}"


def page(results: dict) -> str:
    parts = [
        "# Benchmark results",
        "",
        "Written by `python -m benchmarks`. Compare figures within one table only.",
    ]
    for name in (name for name in NAMES if name in results):
        result = results[name]
        doc = (importlib.import_module(f"benchmarks.{name}").__doc__ or "").strip()
        parts += ["", f"## {name}", "", doc, "", f"{result['date']}, {result['machine']}."]
        parts += [f"Command: `python -m benchmarks {name}`", ""]
        parts += [result["note"], ""] if result.get("note") else []
        parts += table(result["rows"])
    return "\n".join(parts) + "\n"


def table(rows: list[dict]) -> list[str]:
    columns = list(
        dict.fromkeys(key for row in rows for key in row if not isinstance(row[key], dict))
    )
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(cell(row.get(key, "")) for key in columns) + " |" for row in rows]
    return lines


def cell(value: object) -> str:
    return f"{value:,.4g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
