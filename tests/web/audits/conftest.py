"""A computed audit without computing: findings in the database, files on the shelf."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} 100" width="{w}" height="100" '
    'role="img"><title>T</title><rect width="{w}" height="100" fill="#ffffff"/>'
    '<text x="2" y="13" fill="#4a5459">drawn</text></svg>'
)
SHAPES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"index": n},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[n, 0], [n + 1, 0], [n + 1, 1], [n, 1], [n, 0]]],
            },
        }
        for n in range(2)
    ],
}
SETTINGS = {
    "period": ["2024-01-01", "2024-12-31"],
    "sources": [{"dataset": "burglary", "noun": "burglaries", "areas": "", "exclude_types": []}],
    "areas": [],
    "population": [],
    "divergence": [],
    "streets": None,
    "publish": {"minimum_count": 5},
    "cell_size": None,
}
REPORT = "<!DOCTYPE html><html><head><style>p { color: red }</style></head><body>{}</body></html>"


def table(*rows: tuple[Any, ...]) -> dict[str, Any]:
    """A table by area, as findings.json has it."""
    return {
        "caption": "Burglaries by area",
        "columns": [
            {"name": "code", "label": "Code", "unit": "", "numeric": False, "decimals": 0},
            {"name": "area", "label": "Area", "unit": "", "numeric": False, "decimals": 0},
            {"name": "count", "label": "Burglaries", "unit": "", "numeric": True, "decimals": 0},
        ],
        "rows": [list(row) for row in rows],
    }


def content_of(key: str, sentence: str, rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    """A finding's entry in findings.json."""
    return {
        "id": key,
        "block": "problems",
        "question": f"Question of {key}?",
        "sentence": sentence,
        "certainty": "clear",
        "one_sided": True,
        "method": {
            "name": "Counting",
            "page": "methods/counting",
            "summary": "Records are counted as they stand.",
            "parameters": {"unit": "area"},
            "references": [],
        },
        "sources": ["burglary"],
        "details": ["North is <b>first</b>."],
        "limits": ["Counts are no risks."],
        "chart": {
            "kind": "BarChart",
            "title": "Burglaries by area",
            "description": "Two bars.",
            "categories": ["North", "South"],
            "series": [{"label": "n", "values": [12, 3]}],
        },
        "map": {"kind": "AreaMap", "title": "Map", "description": "Map of two areas."},
        "table": table(*rows),
    }


def map_of(key: str) -> dict[str, Any]:
    """A map's file on the shelf."""
    places = [
        {
            "index": n,
            "label": label,
            "value": str(value),
            "class": "low",
            "marked": False,
            "number": None,
            "withheld": False,
        }
        for n, (label, value) in enumerate((("North", 12), ("South", 3)))
    ]
    return {
        "schema": "commonlight.map/1",
        "finding": key,
        "kind": "areas",
        "title": "Burglaries, 2 areas",
        "description": "Map of two areas.",
        "unit": "",
        "attribution": "",
        "geometry": "abc123",
        "geometry_file": "geometry/abc123.geojson",
        "ground": None,
        "ground_file": None,
        "bounds": [0, 0, 2, 1],
        "ordered": True,
        "classes": [{"name": "low", "from": None, "below": None, "light": "#ccd", "dark": "#334"}],
        "values": [12.0, 3.0],
        "class": [0, 0],
        "labels": ["North", "South"],
        "marked": [],
        "mark_label": "",
        "withheld": [],
        "withheld_label": "Withheld",
        "no_value_label": "no value",
        "places": places,
    }


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def lay_out(folder: Path, keys: list[str]) -> None:
    """The files of one version of the report."""
    write(folder / "report.html", REPORT.replace("{}", folder.name))
    write(folder / "report.pdf", f"%PDF-1.7 {folder.name}")
    write(folder / "shelf" / "geometry" / "abc123.geojson", json.dumps(SHAPES))
    for key in keys:
        for kind in ("charts", "maps"):
            write(folder / "shelf" / kind / f"{key}.svg", SVG.format(w=720))
            write(folder / "shelf" / kind / f"{key}-narrow.svg", SVG.format(w=320))
        write(folder / "shelf" / "maps" / f"{key}.json", json.dumps(map_of(key)))
        write(folder / "shelf" / "tables" / f"{key}.csv", f"area,count\r\n{folder.name},12\r\n")
        write(folder / "data" / "maps" / f"{key}.geojson", json.dumps(SHAPES))


@pytest.fixture
def audit(city: SimpleNamespace, people: dict[str, Any], dataset: Any) -> Callable[..., Any]:
    """A done audit of the police's burglaries; `n` findings by area and month."""
    from commonlight.web.audits.models import AuditPlan, StoredFinding
    from commonlight.web.runs.models import Run
    from commonlight.web.workspaces.models import Membership

    def make(n: int = 2, *, source: Any = None, plan: Any = None, **fields: Any) -> Any:
        source = source or dataset("burglary", version=True)
        settings = {**SETTINGS, **fields.pop("settings", {})}
        author = Membership.objects.of(city.workspace).get(user=people["coordinator"])
        plan = plan or AuditPlan.objects.create(
            workspace=city.workspace,
            slug=fields.pop("slug", "audit"),
            title="Audit of Lakeside",
            settings=settings,
            created_by=author,
        )
        view = {
            "plan": plan.slug,
            "settings": plan.settings,
            "period": plan.settings["period"],
            "iccs": [],
            "types": [],
            "areas": [],
            **fields.pop("view", {}),
        }
        run = Run.objects.create(
            workspace=city.workspace,
            kind="audits.audit",
            title="Audit of {plan}",
            title_values={"plan": plan.title},
            state="done",
            inputs=[{"dataset": source.slug, "version": 1, "digest": "a" * 64}],
            parameters=view,
            library_version="0.1.0",
            fingerprint="f" * 64,
            finished_at=timezone.now(),
            result={"headline": [f"{source.slug}.f1"], "one_sided": True, "missing": []},
        )
        run.result_folder = f"audits/{run.pk}"
        run.save()
        keys = [f"{source.slug}.f{number}" for number in range(1, n + 1)]
        for order, key in enumerate(keys):
            inside = content_of(
                key, f"Internal sentence {key}.", [("N", "North", 12), ("S", "South", 3)]
            )
            outside = content_of(
                key, f"Public sentence {key}.", [("N", "North", 12), ("S", "South", "withheld")]
            )
            StoredFinding.objects.create(
                workspace=city.workspace,
                plan=plan,
                run=run,
                key=key,
                order=order,
                block="problems",
                question=inside["question"],
                sentence=inside["sentence"],
                certainty="clear",
                one_sided=True,
                is_headline=order == 0,
                method_name="Counting",
                method_page="methods/counting",
                sources=[source.slug],
                place_detail=fields.get("place_detail", "area"),
                time_detail=fields.get("time_detail", "month"),
                has_chart=True,
                has_map=True,
                content=inside,
                public_content=outside,
            )
        for version in ("internal", "public"):
            lay_out(run.result_path / version, keys)
        if not view["iccs"] and not view["areas"]:
            plan.latest_run = run
            plan.save()
        return SimpleNamespace(plan=plan, run=run, keys=keys, source=source)

    return make


@pytest.fixture
def release(audit: Any, actor_of: Any, signed_agreement: Any, city: Any) -> Callable[..., Any]:
    """A release that the analyst of the police proposed; `state` released lets it out."""
    from commonlight.web.audits.domain import releases
    from commonlight.web.audits.models import StoredFinding

    def make(*, out: bool = False, done: Any = None) -> Any:
        done = done or audit()
        if not done.source.agreements.exists():
            signed_agreement(
                done.source,
                receivers=(city.municipality, city.university, city.youth_work),
            )
        found = list(StoredFinding.objects.of(city.workspace).filter(run=done.run))
        made = releases.propose(
            actor_of("analyst"), run=done.run, findings=found, title="Burglary 2024", text="Read."
        )
        if out:
            releases.let_go(actor_of("coordinator"), made)
            made.refresh_from_db()
        return made

    return make
