"""Files of the witnesses beside the police: reports, visits, light, news, and who lives there.

Every file says that it is simulated. `simulated_truth_problems.csv` holds what no city has:
all problems, reported or not.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from commonlight.simulate.city import City
from commonlight.simulate.problems import CATEGORIES, CHANNELS, Reports
from commonlight.simulate.questionnaire import ADULT_AGES
from commonlight.simulate.surroundings import THEMES
from commonlight.simulate.survey_files import write_table
from commonlight.simulate.visits import LOOKED_AT

__all__ = ["audit_sources", "write_witnesses"]

_ARTICLES = 85


def write_witnesses(city: City, folder: Path, reports: Reports) -> None:
    """Write reports, visits, light, news, residents, problems, and the two mappings.

    Parameters
    ----------
    city : City
    folder : Path
        Must be there.
    reports : Reports
    """
    tables = {
        "simulated_reports.csv": _reports(city, reports),
        "simulated_visits.csv": _visits(city),
        "simulated_street_lighting.csv": _lighting(city),
        "simulated_news.csv": _news(city),
        "simulated_residents.csv": _residents(city),
        "simulated_truth_problems.csv": _problems(city, reports),
    }
    for name, table in tables.items():
        marked = table.append_column("simulated", _named(("yes",), np.zeros(len(table), int)))
        write_table(folder / name, marked)
    for name, text in (("reports.toml", _REPORTS), ("visits.toml", _VISITS)):
        filled = text.format(city=city.name, crs=city.crs)
        (folder / name).write_text(filled, encoding="utf-8", newline="\n")


def audit_sources() -> str:
    """Sections of `audit.toml` for the survey, the reports, the visits, residents and streets.

    Returns
    -------
    str
        TOML, to be put after the section of recorded crime.
    """
    return _SOURCES


_SOURCES = """\
[[source]]
name = "residents-survey"
path = "simulated_survey.csv"
mapping = "survey.toml"
noun = "residents"

[[source]]
name = "residents-reports"
path = "simulated_reports.csv"
mapping = "reports.toml"
noun = "citizen reports"

[[source]]
name = "site-visits"
path = "simulated_visits.csv"
mapping = "visits.toml"
noun = "observations"

[residents]
path = "simulated_residents.csv"
area = "area_code"
[residents.groups.sex]
women = ["women_18_24", "women_25_44", "women_45_64", "women_65_plus"]
men = ["men_18_24", "men_25_44", "men_45_64", "men_65_plus"]
[residents.groups.age]
18-24 = ["women_18_24", "men_18_24"]
25-44 = ["women_25_44", "men_25_44"]
45-64 = ["women_45_64", "men_45_64"]
"65+" = ["women_65_plus", "men_65_plus"]

[streets]
path = "simulated_streets.geojson"
id = "segment"

"""

_REPORTS = """\
# SIMULATED: {city} is invented
kind = "reports"
name = "Residents' reports, {city}"
publisher = "{city}, no real reports"
witness = "residents"
id = "report_no"
keep = {{ channel = "channel" }}
place = {{ x = "easting", y = "northing", crs = "{crs}", area = "area_code", precision_m = 25 }}
time = {{ start = "reported_at", formats = ["%Y-%m-%d %H:%M"] }}
type = {{ column = "category" }}
"""

_VISITS = """\
# SIMULATED: {city} is invented
kind = "visits"
name = "Site visits, {city}"
publisher = "{city}, no real visits"
witness = "site"
id = "rating_no"
keep = {{ visit = "visit_no", team = "team" }}
item = "looked_at"
value = "rating"
place = {{ x = "easting", y = "northing", crs = "{crs}", area = "area_code", precision_m = 25 }}
time = {{ start = "seen_at", formats = ["%Y-%m-%d %H:%M"] }}
"""


def _reports(city: City, reports: Reports) -> pa.Table:
    return pa.table(
        {
            "report_no": _numbers("SIM-R", len(reports)),
            "category": _named(CATEGORIES, reports.category),
            "reported_at": _moments(city, reports.minute),
            "easting": pa.array(reports.x),
            "northing": pa.array(reports.y),
            "area_code": _named(city.areas.codes, reports.area),
            "channel": _named(CHANNELS, reports.channel),
        }
    )


def _visits(city: City) -> pa.Table:
    seen = city.visits
    return pa.table(
        {
            "rating_no": _numbers("SIM-O", len(seen)),
            "visit_no": pa.array([f"SIM-V{v + 1:05d}" for v in seen.visit]),
            "seen_at": _moments(city, seen.minute),
            "easting": pa.array(seen.x),
            "northing": pa.array(seen.y),
            "area_code": _named(city.areas.codes, seen.area),
            "team": _named(("A", "B"), seen.team),
            "looked_at": _named(LOOKED_AT, seen.item),
            "rating": pa.array(seen.rating),
        }
    )


def _lighting(city: City) -> pa.Table:
    around = city.surroundings
    return pa.table(
        {
            "segment": pa.array(np.arange(len(around.lux))),
            "area_code": _named(city.areas.codes, city.segment_area),
            "lit": _named(("no", "yes"), around.lit.astype(int)),
            "lux": pa.array(np.round(around.lux, 1)),
        }
    )


def _news(city: City) -> pa.Table:
    """Articles of each month: counts around what residents of an area heard."""
    news = city.surroundings.news
    rng = np.random.default_rng([city.planted.seed, _ARTICLES])
    theme, area, month = (index.ravel() for index in np.indices(news.shape))
    months = np.datetime64(city.planted.first_day, "M") + np.arange(news.shape[2])
    return pa.table(
        {
            "month": pa.array(months.astype(str)[month], pa.string()),
            "area_code": _named(city.areas.codes, area),
            "theme": _named(THEMES, theme),
            "articles": pa.array(rng.poisson(3.0 * news).ravel()),
        }
    )


def _residents(city: City) -> pa.Table:
    """Adults by sex and age in each area: the margins that survey weights are raked to."""
    sexes = {"women": city.women, "men": city.areas.residents - city.women}
    ages = [age.replace("-", "_").replace("+", "_plus") for age in ADULT_AGES]
    columns: dict[str, Any] = {
        "area_code": pa.array(city.areas.codes),
        "area_name": pa.array(city.areas.names),
        "adults": pa.array(city.areas.residents[:, 1:].sum(axis=1)),
    }
    for sex, counts in sexes.items():
        columns |= {f"{sex}_{age}": pa.array(counts[:, k + 1]) for k, age in enumerate(ages)}
    return pa.table(columns)


def _problems(city: City, reports: Reports) -> pa.Table:
    """All problems, with how many reports each had, and how many by heavy users."""
    problems, first = city.problems, np.datetime64(city.planted.first_day)
    order = np.argsort(problems.day, kind="stable")
    counts = np.bincount(reports.problem, minlength=len(problems))
    heavy = np.bincount(reports.problem[reports.heavy], minlength=len(problems))
    return pa.table(
        {
            "problem": pa.array(order),
            "category": _named(CATEGORIES, problems.category[order]),
            "area_code": _named(city.areas.codes, problems.area[order]),
            "segment": pa.array(problems.segment[order]),
            "day": pa.array(first + problems.day[order].astype("timedelta64[D]")),
            "easting": pa.array(problems.x[order]),
            "northing": pa.array(problems.y[order]),
            "reports": pa.array(counts[order]),
            "reports_by_heavy_users": pa.array(heavy[order]),
        }
    )


def _numbers(start: str, n: int) -> pa.Array:
    return pa.array([f"{start}{i + 1:06d}" for i in range(n)], pa.string())


def _named(names: tuple[str, ...], index: NDArray[Any]) -> pa.Array:
    return pa.array(np.array(names, dtype=object)[index], type=pa.string())


def _moments(city: City, minute: NDArray[np.int64]) -> pa.Array:
    """Local time without a zone as text: 2024-05-01 21:35."""
    first = np.datetime64(city.planted.first_day, "m")
    text = (first + minute.astype("timedelta64[m]")).astype(str)
    return pa.array(np.char.replace(text, "T", " "), pa.string())
