"""The files that a city would publish, written from a simulated one.

Every file says that it is simulated: in its name or its columns, in its case numbers and in
its area names. Incidents are written month by month, so memory does not grow with them.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from commonlight.simulate.areas import AGE_GROUPS
from commonlight.simulate.city import City
from commonlight.simulate.events import Events
from commonlight.simulate.publish import published_points
from commonlight.simulate.spoil import REJECT_KINDS, Spoiler
from commonlight.simulate.survey_files import write_survey
from commonlight.simulate.witness_files import audit_sources, write_witnesses

__all__ = ["INCIDENTS_HEADER", "REJECT_KINDS", "incident_table", "write_city"]

INCIDENTS_HEADER = (
    "case_no",
    "offence",
    "happened_from",
    "happened_until",
    "recorded_on",
    "easting",
    "northing",
    "area_code",
    "place_kind",
    "simulated",
)
_REPORTS_SEED = 31


def write_city(
    city: City,
    folder: str | Path,
    *,
    rejects_share: float = 0.0,
    answers: int = 4_800,
    exactly: int | None = None,
    earlier_wave: bool = False,
) -> dict[str, int]:
    """Write a simulated city as a city would publish it.

    Parameters
    ----------
    city : City
    folder : str or Path
        Made if it is not there. Files of the same names are replaced.
    rejects_share : float, optional
        Bad rows of known kinds, as a share of the good rows and in addition to them.
    answers : int, optional
        Answers to expect in the survey.
    exactly : int, optional
        Exactly so many answers in each area instead.
    earlier_wave : bool, optional
        Write the survey of the year before as well, in which one item had other words.

    Returns
    -------
    dict
        Number of good rows under ``"good"`` and of bad rows under each kind of them.

    Raises
    ------
    ValueError
        `rejects_share` is not from 0 to 0.5.

    Notes
    -----
    Writes ``simulated_incidents.csv``, ``incidents.toml`` (the mapping), ``audit.toml``,
    ``simulated_areas.geojson``, ``simulated_population.csv``, ``simulated_streets.geojson``,
    ``simulated_citizen_reports.csv``, ``simulated_residents.csv`` (adults by sex and age),
    ``simulated_survey.csv`` with ``survey.toml`` and ``survey-codebook.toml``,
    ``simulated_reports.csv`` and ``simulated_visits.csv`` with their mappings,
    ``simulated_street_lighting.csv``, ``simulated_news.csv``,
    ``simulated_truth_problems.csv``, ``truth.json`` and ``README.txt``.
    """
    if not 0 <= rejects_share <= 0.5:
        raise ValueError(f"rejects_share must be from 0 to 0.5; got {rejects_share}")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tally, spoiler = city.tally(), Spoiler(share=rejects_share, seed=city.planted.seed)
    with (folder / "simulated_incidents.csv").open("wb") as out:
        out.write((",".join(INCIDENTS_HEADER) + "\n").encode())
        for block in _blocks(city, city.months(tally)):
            out.write(spoiler.spoil(block))
    truth = city.felt(tally.truth())
    _write_geography(city, folder)
    _write_population(city, folder / "simulated_population.csv")
    _write_reports(city, truth.happened, folder / "simulated_citizen_reports.csv")
    write_witnesses(city, folder, city.reports(truth.felt))
    year = city.planted.last_day.year
    for wave in (year - 1, year) if earlier_wave else (year,):
        survey = city.survey(
            answers=answers,
            exactly=exactly,
            year=wave,
            old_wording=wave < year,
            happened=truth.happened,
        )
        stem = "survey" if wave == year else f"survey_{wave}"
        write_survey(survey, city.areas.codes, folder, city=city.name, stem=stem)
    rows = {"good": int(truth.recorded.sum()), **spoiler.counts}
    known = {"city": city.name, "crs": city.crs, "rows": rows, **truth.as_dict()}
    _write_text(folder / "truth.json", json.dumps(known, indent=1) + "\n")
    _write_text(folder / "incidents.toml", _mapping(city))
    _write_text(folder / "audit.toml", _audit(city, audit_sources()))
    _write_text(folder / "README.txt", _readme(city, rows))
    return rows


def incident_table(city: City, events: Events, *, first_number: int = 1) -> pa.Table:
    """The recorded events of a block as the published table.

    Parameters
    ----------
    city : City
    events : Events
    first_number : int, optional
        Running number of the first case.

    Returns
    -------
    pyarrow.Table
        One row per recorded event, with the columns of `INCIDENTS_HEADER`.
    """
    rows = np.flatnonzero(events.recorded)
    site, first = events.site[rows], np.datetime64(city.planted.first_day)
    xy = published_points(city, events)
    labels = [item.label for item in city.planted.offences]
    columns = {
        "case_no": _case_numbers(first_number, len(rows)),
        "offence": _words(labels, events.offence[rows]),
        "happened_from": _minutes(first, events.start[rows]),
        "happened_until": _minutes(first, events.end[rows]),
        "recorded_on": pa.array(first + events.recorded_day[rows].astype("timedelta64[D]")),
        "easting": pa.array(xy[rows, 0]),
        "northing": pa.array(xy[rows, 1]),
        "area_code": _words(city.areas.codes, city.sites.area[site]),
        "place_kind": _words(city.kind_names, city.sites.kind[site]),
        "simulated": _words(["yes"], np.zeros(len(rows), dtype=np.int64)),
    }
    return pa.table(columns)


def _blocks(city: City, months: Iterator[Events]) -> Iterator[bytes]:
    """The lines of each month, without a header."""
    options = arrow_csv.WriteOptions(include_header=False, quoting_style="none")
    number = 1
    for events in months:
        table = incident_table(city, events, first_number=number)
        number += table.num_rows
        sink = io.BytesIO()
        arrow_csv.write_csv(table, sink, options)
        yield sink.getvalue()


def _words(words: tuple[str, ...] | list[str], index: NDArray[Any]) -> pa.Array:
    return pa.array(np.array(words, dtype=object)[index], type=pa.string())


def _minutes(first: np.datetime64, minutes: NDArray[np.int64]) -> pa.Array:
    """Local time without a zone as text: 2024-05-01 21:35."""
    moment = first.astype("datetime64[m]") + minutes.astype("timedelta64[m]")
    text = pc.cast(pa.array(moment.astype("datetime64[s]")), pa.string())
    short: pa.Array = pc.utf8_slice_codeunits(text, 0, 16)
    return short


def _case_numbers(first: int, n: int) -> pa.Array:
    number = pc.cast(pa.array(np.arange(first, first + n)), pa.string())
    padded = pc.utf8_lpad(number, width=8, padding="0")
    numbers: pa.Array = pc.utf8_replace_slice(padded, start=0, stop=0, replacement="SIM-")
    return numbers


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_csv(path: Path, header: tuple[str, ...], rows: Iterator[tuple]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _write_population(city: City, path: Path) -> None:
    areas = city.areas
    header = ("area_code", "area_name", "persons", *AGE_GROUPS, "simulated")
    rows = zip(areas.codes, areas.names, areas.population, areas.residents, strict=True)
    _write_csv(path, header, ((code, name, n, *ages, "yes") for code, name, n, ages in rows))


def _write_reports(city: City, happened: NDArray[np.int64], path: Path) -> None:
    """Residents' reports of disorder and damage: the readier, the less deprived the area."""
    wanted = [item.label in _REPORTED for item in city.planted.offences]
    events = happened[np.array(wanted)].sum(axis=0)
    readiness = 0.35 * np.exp(-1.2 * city.areas.deprivation)
    rng = np.random.default_rng([city.planted.seed, _REPORTS_SEED])
    counts = rng.poisson(events * readiness[:, None])
    month = np.datetime64(city.planted.first_day, "M") + np.arange(counts.shape[1])
    header = ("area_code", "month", "category", "reports", "simulated")
    rows = (
        (code, str(month[m]), "Litter, damage and noise", counts[a, m], "yes")
        for a, code in enumerate(city.areas.codes)
        for m in range(len(month))
    )
    _write_csv(path, header, rows)


_REPORTED = ("Damage to property", "Disorderly conduct")


def _write_geography(city: City, folder: Path) -> None:
    from pyproj import Transformer

    to_degrees = Transformer.from_crs(city.crs, "EPSG:4326", always_xy=True)

    def project(shapes: Any) -> NDArray[np.object_]:
        moved = shapely.transform(shapes, _rounded(to_degrees), interleaved=False)
        return np.asarray(moved)

    areas, plan = city.areas, city.plan
    names = ("area_code", "area_name", "borough_code", "borough_name", "simulated")
    values = zip(
        areas.codes,
        areas.names,
        areas.parents,
        areas.parent_names,
        ["yes"] * len(areas.codes),
        strict=True,
    )
    properties: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in values]
    _write_geojson(folder / "simulated_areas.geojson", project(areas.polygons), properties)
    lines = shapely.linestrings(np.stack([plan.start, plan.end], axis=1))
    properties = [
        {"segment": i, "road": road, "length_m": float(length), "simulated": "yes"}
        for i, (road, length) in enumerate(zip(plan.road, plan.length, strict=True))
    ]
    _write_geojson(folder / "simulated_streets.geojson", project(lines), properties)


def _rounded(transformer: Any) -> Any:
    """Degrees with seven decimals, about 1 cm."""
    return lambda x, y: tuple(np.round(part, 7) for part in transformer.transform(x, y))


def _write_geojson(
    path: Path, shapes: NDArray[np.object_], properties: list[dict[str, Any]]
) -> None:
    features = [
        {"type": "Feature", "properties": row, "geometry": json.loads(shapely.to_geojson(shape))}
        for shape, row in zip(shapes, properties, strict=True)
    ]
    lines = ",\n".join(json.dumps(item, separators=(",", ":")) for item in features)
    head = f'{{"type":"FeatureCollection","name":"{path.stem}","simulated":true,"features":[\n'
    _write_text(path, head + lines + "\n]}\n")


def _mapping(city: City) -> str:
    """The mapping file: at most 25 lines."""
    codes = "\n".join(f'"{item.label}" = "{item.iccs}"' for item in city.planted.offences)
    return f"""\
# SIMULATED: {city.name} is invented
kind = "incidents"
name = "Recorded incidents, {city.name}"
publisher = "{city.name}, no real records"
id = "case_no"
recorded = "recorded_on"
recorded_formats = ["%Y-%m-%d"]
keep = {{ place_kind = "place_kind" }}
place = {{ x = "easting", y = "northing", crs = "{city.crs}", area = "area_code", \
precision_m = {city.planted.precision_m} }}
time = {{ start = "happened_from", end = "happened_until", \
formats = ["%Y-%m-%d %H:%M"], end_formats = ["%Y-%m-%d %H:%M"] }}
[type]
column = "offence"
[type.iccs]
{codes}
"""


def _audit(city: City, further: str) -> str:
    planted = city.planted
    return f"""\
# SIMULATED: an invented city. No person, place or event in it is real.
[audit]
city = "{city.name}"
simulated = true
period = ["{planted.first_day}", "{planted.last_day}"]
made_on = "{planted.export_day}"
crs = "{city.crs}"

[[source]]
name = "recorded-crime"
path = "simulated_incidents.csv"
mapping = "incidents.toml"
noun = "incidents"
place_kind = "place_kind"

{further}[areas]
path = "simulated_areas.geojson"
code = "area_code"
name = "area_name"

[population]
path = "simulated_population.csv"
area = "area_code"
count = "persons"
year = {planted.first_day.year}

[output]
formats = ["html", "pdf", "data"]
"""


def _readme(city: City, rows: dict[str, int]) -> str:
    from commonlight import __version__

    planted = city.planted
    bad = "\n".join(f"  {kind}: {n}" for kind, n in rows.items() if kind != "good")
    return f"""\
SIMULATED. {city.name} does not exist.

No person, place or event in these files is real. The coordinates lie in open water in the
North Sea, on purpose. Made by Commonlight {__version__} with seed {planted.seed}.

Period: {planted.first_day} to {planted.last_day}; exported on {planted.export_day}.
Residents: {int(city.areas.population.sum())} in {len(city.areas.codes)} areas.
Other witnesses: a survey of residents, their reports, visits by observers, street lighting
and news. What all residents feel, and all problems in the streets, are in truth.json and
simulated_truth_problems.csv; no real city has such files.
Incidents: {rows["good"]} good rows, and these bad rows on purpose:
{bad or "  none"}

Planted (all of it in truth.json):
{_planted_lines(city)}

To make the audit: commonlight audit audit.toml
"""


def _planted_lines(city: City) -> str:
    lines = [
        f"  {o.label}: trend {o.trend:+.1f} % a year, {100 * o.reporting:.0f} % recorded, "
        f"{o.repeat.children:.2f} near repeats per event, {o.repeat.mean_delay:.0f} days later"
        for o in city.planted.offences
    ]
    plan = city.planted.intervention
    if plan is not None:
        lines.append(
            f"  Intervention against '{plan.offence}' from {plan.start} in "
            f"{', '.join(plan.areas)}: prevents {100 * plan.effect:.0f} %, of which "
            f"{100 * plan.displacement:.0f} % move to the areas around"
        )
    return "\n".join(lines)
