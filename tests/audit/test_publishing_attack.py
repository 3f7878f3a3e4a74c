"""An attack on everything that was published together, by somebody who has only the public folder.

The attacker reads the CSV, JSON and GeoJSON files and the words of the page, writes down every sum
he knows to hold, and asks of each withheld count how small and how large it can be. His code is
his own: nothing of `analysis.disclosure` is used. He knows the rule, too: "under 5" is 1 to 4,
"withheld" is 5 or more.
"""

from __future__ import annotations

import csv
import itertools
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_matrix

from commonlight.audit.config import load_config
from commonlight.audit.publishing import hidden as hidden_module
from commonlight.audit.publishing.rules import PublishingError
from commonlight.audit.run import run_audit
from commonlight.simulate.city import simulate_city
from commonlight.simulate.files import write_city

EXAMPLES = Path(__file__).parents[2] / "examples"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
Name = tuple[str, ...]


@dataclass
class Attacker:
    """What is known of each count, and the sums between them."""

    low: dict[Name, float] = field(default_factory=dict)
    high: dict[Name, float] = field(default_factory=dict)
    sums: list[tuple[dict[Name, float], float, float]] = field(default_factory=list)
    withheld: set[Name] = field(default_factory=set)
    minimum: int = 5

    def sees(self, name: Name, text: Any) -> None:
        """A published cell: a number, or a mark."""
        if str(text).startswith("under "):
            self.between(name, 1, self.minimum - 1)
            self.withheld.add(name)
        elif text == "withheld":
            self.between(name, self.minimum, np.inf)
            self.withheld.add(name)
        elif text not in ("", None):
            self.between(name, float(text), float(text))

    def between(self, name: Name, low: float, high: float) -> None:
        self.low[name] = max(self.low.get(name, 0), low)
        self.high[name] = min(self.high.get(name, np.inf), high)

    def adds_up(self, total: Name, parts: list[Name], rest: tuple[float, float] = (0, 0)) -> None:
        """The total is the parts, and from `rest` on to `rest` more."""
        if parts and all(name in self.low for name in (total, *parts)):
            terms = {total: 1.0} | dict.fromkeys(parts, -1.0)
            self.sums.append((terms, *rest))

    def at_most(self, part: Name, total: Name) -> None:
        if part in self.low and total in self.low:
            self.sums.append(({total: 1.0, part: -1.0}, 0, np.inf))

    def bounds(self) -> dict[Name, tuple[float, float]]:
        """The smallest and largest whole number that each withheld count can be."""
        names = sorted(self.low)
        index = {name: i for i, name in enumerate(names)}
        table = lil_matrix((len(self.sums), len(names)))
        for row, (terms, *_) in enumerate(self.sums):
            for name, factor in terms.items():
                table[row, index[name]] = factor
        constraint = LinearConstraint(
            table.tocsr(), [low for _, low, _ in self.sums], [high for *_, high in self.sums]
        )
        box = Bounds([self.low[n] for n in names], [self.high[n] for n in names])

        def reach(name: Name, sign: float) -> float:
            goal = np.zeros(len(names))
            goal[index[name]] = sign
            found = milp(goal, constraints=constraint, bounds=box, integrality=np.ones(len(names)))
            if found.status in (2, 4) and found.x is None and sign < 0:
                return np.inf
            assert found.x is not None, (name, found.message)
            return float(np.round(found.x[index[name]]))

        return {name: (reach(name, 1), reach(name, -1)) for name in sorted(self.withheld)}


def read_csv(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def words_of(folder: Path) -> str:
    page = (folder / "report.html").read_text()
    page = re.sub(r"<svg.*?</svg>|<style.*?</style>", " ", page, flags=re.S)
    return unescape(re.sub(r"<[^>]+>", " ", page)).replace("\u202f", "")


def read_public(folder: Path, source: str, noun: str) -> Attacker:
    """Everything that the folder says of one source."""
    known = Attacker()
    tables, text = folder / "data" / "tables", words_of(folder)
    report = json.loads((folder / "data" / "findings.json").read_text())
    findings = {f["id"].removeprefix(f"{source}."): f for f in report["findings"]}
    for total in re.findall(rf"of (\d+) {noun}", text):
        if "The most recorded kind" in text:
            known.between(("all",), float(total), float(total))
    if ("all",) not in known.low and "kinds" not in findings:
        for total in re.findall(r"All (\d+) records could be read", text):
            known.between(("all",), float(total), float(total))
    places(known, tables, source, text, noun)
    kinds(known, tables, source, findings)
    months(known, tables, source, text)
    hours(known, tables, source, findings)
    weeks(known, tables, source)
    charts_and_maps(known, folder, source, findings)
    return known


def places(known: Attacker, tables: Path, source: str, text: str, noun: str) -> None:
    rows = read_csv(tables / f"{source}.rates.csv") or read_csv(tables / f"{source}.areas.csv")
    for row in rows:
        known.sees(("area", row["code"]), row["count"])
    rest = 0.0
    no_place = (rf"(\d+) {noun}(?: \([^)]*\))? carry no", rf"(\d+) {noun} carry a place in none")
    for pattern in no_place:
        rest += sum(float(n) for n in re.findall(pattern, text))
    stated = re.search(r"Events\s+(\d+)", text)
    if stated:
        known.between(("placed",), float(stated[1]), float(stated[1]))
        known.adds_up(("placed",), [("area", row["code"]) for row in rows])
    known.adds_up(("all",), [("area", row["code"]) for row in rows], (rest, rest))


def kinds(known: Attacker, tables: Path, source: str, findings: dict[str, Any]) -> None:
    for dimension, file, column in (("kind", "kinds", "kind"), ("place", "place-kinds", "place")):
        rows = read_csv(tables / f"{source}.{file}.csv")
        for row in rows:
            known.sees((dimension, row[column]), row["count"])
        known.adds_up(("all",), [(dimension, row[column]) for row in rows])
    changes = read_csv(tables / f"{source}.kinds-change.csv")
    for row in changes:
        spans = [("kind", row["kind"], when) for when in ("before", "after")]
        for name, column in zip(spans, ("before", "after"), strict=True):
            known.sees(name, row[column])
        known.adds_up(("kind", row["kind"]), spans, (0, np.inf))
    for row in read_csv(tables / f"{source}.kind-profiles.csv"):
        known.sees(("kind", row["kind"]), row["count"])


def months(known: Attacker, tables: Path, source: str, text: str) -> None:
    rows = read_csv(tables / f"{source}.trend.csv")
    years: dict[str, list[Name]] = defaultdict(list)
    for row in rows:
        if "month" not in row:
            known.sees(("year", row["year"]), row["count"])
            continue
        month, year = row["month"].split()
        known.sees(("month", year, month), row["count"])
        years[year].append(("month", year, month))
    told = re.search(r"There were (\d+) in (\d{4}) and (\d+) in (\d{4})", text)
    if told:
        for count, year in ((told[1], told[2]), (told[3], told[4])):
            known.between(("year", year), float(count), float(count))
            known.adds_up(("year", year), years[year])
    everything = [name for names in years.values() for name in names]
    if all(len(names) == 12 for names in years.values()):
        known.adds_up(("all",), everything)


def hours(known: Attacker, tables: Path, source: str, findings: dict[str, Any]) -> None:
    rows = read_csv(tables / f"{source}.hours.csv")
    chart = findings.get("hours", {}).get("chart")
    quarters = ("h00_06", "h06_12", "h12_18", "h18_24")
    for d, row in enumerate(rows):
        day = row["weekday"]
        known.sees(("day", day), row["all"])
        for q, quarter in enumerate(quarters):
            known.sees(("day", day, quarter), row[quarter])
            if chart is None:
                continue
            parts = [("day", day, quarter, str(h)) for h in range(6 * q, 6 * q + 6)]
            for name, h in zip(parts, range(6 * q, 6 * q + 6), strict=True):
                value = chart["values"][d][h]
                if value is None:  # the picture does not say which of the two marks it is
                    known.between(name, 1, np.inf)
                    known.withheld.add(name)
                else:
                    known.between(name, value, value)
            known.adds_up(("day", day, quarter), parts)
        known.adds_up(("day", day), [("day", day, quarter) for quarter in quarters])
    known.adds_up(("all",), [("day", row["weekday"]) for row in rows])


def weeks(known: Attacker, tables: Path, source: str) -> None:
    """A month holds at least the weeks inside it, and at most those that touch it."""
    rows = read_csv(tables / f"{source}.weeks.csv")
    inside: dict[Name, list[Name]] = defaultdict(list)
    touching: dict[Name, list[Name]] = defaultdict(list)
    days: dict[Name, int] = defaultdict(int)
    for row in rows:
        name = ("week", row["monday"])
        known.sees(name, row["count"])
        week = np.datetime64(row["monday"]) + np.arange(7)
        touched = {month_of(day) for day in week}
        for day in week:
            days[month_of(day)] += 1
        for month in touched:
            touching[month].append(name)
        if len(touched) == 1:
            inside[touched.pop()].append(name)
    for month, names in touching.items():
        if month not in known.low or names[0] not in known.low:
            continue
        known.sums.append(({month: 1.0} | dict.fromkeys(inside[month], -1.0), 0, np.inf))
        year, number = month[1], MONTHS.index(month[2]) + 1
        first = np.datetime64(f"{year}-{number:02d}")
        length = (first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")
        if days[month] == length.astype(int):
            known.sums.append(({month: 1.0} | dict.fromkeys(names, -1.0), -np.inf, 0))


def month_of(day: np.datetime64) -> Name:
    text = str(day)
    return ("month", text[:4], MONTHS[int(text[5:7]) - 1])


def charts_and_maps(known: Attacker, folder: Path, source: str, findings: dict[str, Any]) -> None:
    """Counts drawn again: bars by their names, and areas on the map by theirs."""
    names = {
        row["area"]: row["code"]
        for file in ("rates", "areas")
        for row in read_csv(folder / "data" / "tables" / f"{source}.{file}.csv")
    }
    for finding, dimension in (("kinds", "kind"), ("place-kinds", "place"), ("areas", "area")):
        chart = (findings.get(finding) or {}).get("chart")
        if chart:
            for name, value in zip(chart["categories"], chart["series"][0]["values"], strict=True):
                name = names.get(name, name)
                if value is not None:
                    known.between((dimension, name), value, value)
    path = folder / "data" / "maps" / f"{source}.areas.geojson"
    if path.is_file():
        for feature in json.loads(path.read_text())["features"]:
            properties = feature["properties"]
            if properties["value"] is not None and "withheld" not in properties:
                code = names[properties["label"]]
                value = properties["value"]
                slack = 10.0 ** (np.floor(np.log10(max(value, 1))) - 1) / 2
                known.between(("area", code), value - slack, value + slack)


def slack_of(name: Name) -> float:
    """Hours are whole numbers in the public version and fractions in the internal one."""
    return 1.0 if name[0] == "day" else 0.0


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small city: three years, about a thousand records, 48 areas."""
    folder = tmp_path_factory.mktemp("small")
    write_city(simulate_city(incidents=1_000, seed=5), folder / "city", rejects_share=0.01)
    audited(folder / "city" / "audit.toml", folder)
    return folder


def audited(config_file: Path, folder: Path, **more: Any) -> None:
    config = replace(load_config(config_file), formats=("html", "data"))
    run_audit(config, folder=folder, lake=folder / "lake", **more)


def true_counts(folder: Path, source: str, noun: str) -> dict[Name, float]:
    """The counts of the internal version, read in the same way."""
    inside = read_public(folder / "internal", source, noun)
    return {name: low for name, low in inside.low.items() if low == inside.high[name]}


def test_no_withheld_count_can_be_worked_out(city: Path) -> None:
    known = read_public(city / "public", "recorded-crime", "incidents")
    found = known.bounds()
    truth = true_counts(city, "recorded-crime", "incidents")
    assert len(found) > 50
    recovered = {name: at for name, at in found.items() if at[0] == at[1]}
    assert recovered == {}
    for name, (low, high) in found.items():
        slack = slack_of(name)
        assert low - slack <= truth[name] <= high + slack, f"{name}: the attack's sums are wrong"


def test_small_counts_keep_all_their_room(city: Path) -> None:
    """What is printed beside "under 5" adds nothing to it."""
    known = read_public(city / "public", "recorded-crime", "incidents")
    found = known.bounds()
    small = {n: found[n] for n in known.withheld if known.high[n] == 4}
    assert {n: at for n, at in small.items() if at != (1, 4)} == {}


def test_hours_stand_up_to_trying_every_number(city: Path) -> None:
    """Six hours in a quarter of a day: all whole numbers that fit are tried, one by one."""
    known = read_public(city / "public", "recorded-crime", "incidents")
    tried = 0
    for terms, low, high in known.sums:
        total = next(name for name, factor in terms.items() if factor > 0)
        gone = [name for name in terms if name in known.withheld and len(name) == 4]
        if len(total) != 3 or total in known.withheld or not 0 < len(gone) <= 4 or low != high:
            continue
        left = known.low[total] - sum(
            known.low[name] for name in terms if name != total and name not in gone
        )
        fitting = list(every_split(int(left), len(gone)))
        for i, name in enumerate(gone):
            assert len({values[i] for values in fitting}) > 1, (name, fitting)
        tried += 1
    assert tried > 5


def every_split(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    for values in itertools.product(range(1, total + 1), repeat=parts - 1):
        if sum(values) < total:
            yield (*values, total - sum(values))


def test_the_same_attack_works_where_only_small_counts_are_withheld(
    city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    primary_only = partial(hidden_module.protect_cells, secondary=False)
    monkeypatch.setattr(hidden_module, "protect_cells", primary_only)
    with pytest.raises(PublishingError, match="could not be shown to stay unknown"):
        audited(city / "city" / "audit.toml", tmp_path / "refused", only="public")
    monkeypatch.setattr(hidden_module, "_refuse_unproven", lambda protections: None)
    audited(city / "city" / "audit.toml", tmp_path, only="public")
    known = read_public(tmp_path / "public", "recorded-crime", "incidents")
    truth = true_counts(city, "recorded-crime", "incidents")
    recovered = {name: at for name, at in known.bounds().items() if at[0] == at[1]}
    assert recovered
    assert all(abs(truth[name] - low) <= slack_of(name) for name, (low, _) in recovered.items())
    assert any(name[0] == "area" for name in recovered)


@pytest.mark.slow
def test_berlins_public_report_stands_up_to_the_attack(shared_data: Path, tmp_path: Path) -> None:
    audited(EXAMPLES / "berlin.toml", tmp_path)
    for source, noun in (("bicycle-thefts", "bicycle thefts"), ("crime-atlas", "offences")):
        known = read_public(tmp_path / "public", source, noun)
        truth = true_counts(tmp_path, source, noun)
        for name, (low, high) in known.bounds().items():
            assert low < high, name
            assert low <= truth[name] <= high
        if source == "bicycle-thefts":
            assert len(known.withheld) >= 20


ASKED = {
    "victim": ("victimisation", "victims of a crime other than fraud"),
    "problem-dirt": ("perceived-disorder", "dirt as a problem"),
    "safety-neighbourhood": ("safety", "safety in the own neighbourhood"),
}


def read_survey(folder: Path, minimum: int) -> Attacker:
    """Who answered each question: together, by district, by sex and by age."""
    known, tables = Attacker(minimum=minimum), folder / "data" / "tables"
    for item, (table, name) in ASKED.items():
        (total,) = [r for r in read_csv(tables / f"survey.{table}.csv") if r["item"] == name]
        known.sees((item,), total["answers"])
        groups: dict[str, list[Name]] = defaultdict(list)
        for row in read_csv(tables / f"survey.{item}.areas.csv"):
            known.sees((item, "district", row["code"]), row["answers"])
            groups["district"].append((item, "district", row["code"]))
        for row in read_csv(tables / f"survey.{item}.groups.csv"):
            known.sees((item, row["by"], row["group"]), row["answers"])
            groups[row["by"]].append((item, row["by"], row["group"]))
        for names in groups.values():
            known.adds_up((item,), names)
    return known


@pytest.mark.slow
@pytest.mark.parametrize("minimum", [5, 430, 900])
def test_barcelonas_public_report_stands_up_to_the_attack(
    shared_data: Path, tmp_path: Path, minimum: int
) -> None:
    """With its own minimum nothing is small; with high ones the same survey is a hard case."""
    config = load_config(EXAMPLES / "barcelona.toml")
    rules = replace(config.publish, minimum_count=minimum)
    config = replace(config, formats=("html", "data"), publish=rules)
    run_audit(config, folder=tmp_path, lake=tmp_path / "lake")
    known = read_survey(tmp_path / "public", minimum)
    truth = read_survey(tmp_path / "internal", minimum).low
    assert bool(known.withheld) == (minimum > 5)
    for name, (low, high) in known.bounds().items():
        assert low < high, name
        assert low <= truth[name] <= high
