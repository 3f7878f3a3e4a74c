"""A report with realistic content for tests of the faces; every figure is invented."""

from __future__ import annotations

from datetime import date

import numpy as np
from shapely import Polygon, box, union_all, voronoi_polygons
from shapely.geometry import MultiPoint

from commonlight.findings import words
from commonlight.findings.model import (
    AreaMap,
    BarChart,
    Block,
    Certainty,
    Column,
    Finding,
    GridMap,
    HeatChart,
    IntervalChart,
    LineChart,
    MethodNote,
    MissingSource,
    Report,
    Series,
    SourceNote,
    Table,
)

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NAMES = (
    "Altbrück",
    "Hafen",
    "Neumarkt",
    "St. Katharinen & Ostufer",
    "Lindenau",
    "Bahnhofsviertel",
    "Weststadt",
    "Kastanienhof",
    "Oberfeld",
    "Mühlenviertel",
    "Am Rain",
    "Sonnenhang",
)


def make_sample_report(*, simulated: bool = True, one_sided: bool = True) -> Report:
    """Return a report that uses every chart, both maps and an empty block."""
    findings = (
        _volume(),
        _trend(),
        _kinds(),
        _hours(),
        _areas(),
        _rates(),
        _hot_cells(),
        _concentration(),
        _near_repeat(),
    )
    return Report(
        title="Local safety audit",
        city="Brückenstadt",
        period=(date(2021, 1, 1), date(2023, 12, 31)),
        made_on=date(2024, 9, 2),
        version="0.1.0",
        simulated=simulated,
        one_sided=one_sided,
        headline_findings=("trend", "hours", "concentration", "rates"),
        findings=findings,
        sources=_sources(),
        missing=_missing(),
        absent_voices=(
            "people who did not report what happened to them",
            "young people",
            "people without a fixed address",
        ),
        cautions=(
            "Recorded crime is what the police wrote down. About half of all offences in "
            "victim surveys never reach the police, and the share differs by offence and place.",
            "About 1 in 6 incidents has no exact hour; their weight is spread over the hours "
            "in which they may have happened.",
        ),
        run={
            "Configuration": "demo.toml",
            "Configuration digest": "sha256:" + "4f1d" * 16,
            "Random seed": "20240902",
            "Python": "3.11.9",
        },
    )


def _method(name: str, page: str, summary: str, **parameters: str) -> MethodNote:
    return MethodNote(
        name=name,
        page=page,
        summary=summary,
        parameters={key.replace("_", " "): value for key, value in parameters.items()},
        references=(
            "Johnson, S. D. et al. (2007). Space-time patterns of risk. Journal of Quantitative "
            "Criminology, 23. https://doi.org/10.1007/s10940-007-9025-3",
        ),
    )


def _volume() -> Finding:
    return Finding(
        id="volume",
        block=Block.CONTEXT,
        question="What does this audit rest on?",
        sentence=(
            "The police recorded "
            + words.counted(98412, "incident")
            + " in 2021 to 2023, about "
            + words.number(90)
            + " a day."
        ),
        certainty=Certainty.DESCRIPTIVE,
        method=_method("Counting", "reading-the-report", "Accepted rows were counted by day."),
        sources=("incidents",),
        limits=("An incident counts once, whatever the number of persons harmed.",),
    )


def _trend() -> Finding:
    rng = np.random.default_rng(5)
    x = np.arange(36)
    expected = 2900 - 9 * x + 260 * np.sin((x - 3) / 6 * np.pi)
    seen = rng.poisson(expected) + np.where(x == 29, 620, 0)
    ticks = {0.0: "Jan 2021", 12.0: "Jan 2022", 24.0: "Jan 2023", 35.0: "Dec 2023"}
    chart = LineChart(
        title="Recorded incidents fell by about 4 % a year",
        description="Monthly counts for 2021 to 2023 with the fitted trend and season.",
        x=tuple(map(float, x)),
        x_tick_labels=ticks,
        series=(
            Series(label="Recorded incidents", values=tuple(map(float, seen)), emphasis=True),
            Series(
                label="Expected from trend and season",
                values=tuple(expected),
                lower=tuple(expected - 210),
                upper=tuple(expected + 210),
                limits_label="99 % control limits of the expected count",
            ),
        ),
        x_label="Month",
        y_label="Incidents a month",
        marks=((29.0, float(seen[29]), "June 2023: city festival"),),
    )
    return Finding(
        id="trend",
        block=Block.PROBLEMS,
        question="Is recorded crime rising or falling?",
        sentence=words.change_sentence(
            "recorded incidents", "from 2021 to 2023", 0.92, 0.885, 0.956, events=98412
        ),
        certainty=Certainty.CLEAR,
        method=_method(
            "Trend of monthly counts",
            "trend",
            "A quasi-Poisson model with month and length of month.",
            confidence_level="95 %",
            dispersion="3.4",
        ),
        sources=("incidents",),
        limits=(
            "A fall in records can mean fewer offences, or fewer reports to the police.",
            "One new reporting form was introduced in May 2022.",
        ),
        details=("June 2023 lies above the control limits.",),
        chart=chart,
        table=Table(
            caption="Recorded incidents by month",
            columns=(
                Column(name="month", label="Month"),
                Column(name="count", label="Incidents", unit="count", numeric=True),
                Column(name="expected", label="Expected", unit="count", numeric=True),
            ),
            rows=tuple(
                (
                    f"2021-{i + 1:02d}" if i < 12 else f"month {i + 1}",
                    int(seen[i]),
                    float(expected[i]),
                )
                for i in range(36)
            ),
        ),
    )


def _kinds() -> Finding:
    kinds = (
        ("Theft from vehicles", 18211.0, 17400.0),
        ("Bicycle theft", 15103.0, 16921.0),
        ("Assault without serious injury", 9877.0, 9532.0),
        ("Burglary of private residential premises", 6412.0, 5120.0),
        ("Damage to property", 5890.0, 5933.0),
        ("Robbery", 1204.0, 1190.0),
        ("Drug offences", 866.0, None),
    )
    return Finding(
        id="kinds",
        block=Block.VICTIMS,
        question="What is recorded most often?",
        sentence="Theft from vehicles is the most frequent kind: about 1 in 5 incidents.",
        certainty=Certainty.DESCRIPTIVE,
        method=_method("Offence classes", "offence-classes", "Local types were mapped to ICCS."),
        sources=("incidents",),
        limits=("Frequent is not the same as harmful.",),
        chart=BarChart(
            title="Theft from vehicles is recorded most often; bicycle theft grew",
            description="Counts by kind of offence, 2022 and 2023.",
            categories=tuple(k[0] for k in kinds),
            series=(
                Series(label="2022", values=tuple(k[1] for k in kinds)),
                Series(label="2023", values=tuple(k[2] for k in kinds)),
            ),
            x_label="Recorded incidents",
        ),
        table=Table(
            caption="Recorded incidents by kind",
            columns=(
                Column(name="kind", label="Kind of offence"),
                Column(name="y2022", label="2022", numeric=True),
                Column(name="y2023", label="2023", numeric=True),
            ),
            rows=kinds,
        ),
    )


def _hours() -> Finding:
    hour = np.arange(24)
    week = []
    for d in range(7):
        late = 1.9 if d in (4, 5) else 1.0
        base = 20 + 18 * np.exp(-(((hour - 17) / 4) ** 2))
        night = 26 * late * np.exp(-((((hour - 23) % 24) / 2.2) ** 2))
        early = 14 * late * np.exp(-(((hour - 0) / 2.0) ** 2))
        week.append(tuple(float(round(v, 1)) for v in base + night + early))
    return Finding(
        id="hours",
        block=Block.PROBLEMS,
        question="When do assaults happen?",
        sentence=(
            "Assaults are most frequent on Friday and Saturday nights "
            "(between 18 % and 22 % of the week fall into 8 of its 168 hours)."
        ),
        certainty=Certainty.CLEAR,
        method=_method(
            "Aoristic weights", "aoristic", "Each incident is spread over its possible hours."
        ),
        sources=("incidents",),
        limits=("The hour of discovery is not always the hour of the offence.",),
        chart=HeatChart(
            title="Assaults peak on Friday and Saturday nights",
            description="Expected incidents by weekday and hour, with aoristic weights.",
            row_labels=DAYS,
            column_labels=tuple(f"{h:02d}" for h in range(24)),
            values=(*week[:6], (*week[6][:20], None, None, *week[6][22:])),
            unit="incidents a year",
        ),
        table=Table(
            caption="Assaults by weekday and hour",
            columns=(
                Column(name="weekday", label="Weekday"),
                *(
                    Column(name=f"h{h:02d}", label=f"{h:02d}", numeric=True, decimals=1)
                    for h in range(24)
                ),
            ),
            rows=tuple((name, *row) for name, row in zip(DAYS, week, strict=True)),
        ),
    )


def make_areas(n: int, *, seed: int = 3, size: float = 12000.0) -> tuple[list[Polygon], Polygon]:
    """Return `n` areas that share their borders and fill an outline, in metres."""
    rng = np.random.default_rng(seed)
    turns = np.linspace(0, 2 * np.pi, 140, endpoint=False)
    radius = size / 2 * (1 + 0.12 * np.sin(3 * turns) + 0.06 * np.cos(7 * turns))
    middle = np.array([390000.0, 5820000.0])
    ring = middle + np.column_stack([1.25 * radius * np.cos(turns), radius * np.sin(turns)])
    outline = Polygon(ring)
    points: list[np.ndarray] = []
    while len(points) < n:
        point = middle + rng.uniform(-0.7 * size, 0.7 * size, 2)
        if outline.contains(MultiPoint([point]).geoms[0]):
            points.append(point)
    cells = voronoi_polygons(MultiPoint(points), extend_to=outline)
    return [cell.intersection(outline) for cell in cells.geoms], outline


def _areas() -> Finding:
    areas, _ = make_areas(12)
    values = np.array([14.2, 55.1, 31.0, 8.4, 22.7, 88.9, 18.0, 12.5, np.nan, 35.5, 27.1, 9.9])
    return Finding(
        id="areas",
        block=Block.PROBLEMS,
        question="Where is more recorded than elsewhere?",
        sentence=(
            "Two of 12 areas have a rate clearly above the city's: Bahnhofsviertel and Hafen."
        ),
        certainty=Certainty.CLEAR,
        method=_method(
            "Rates against the city", "rates", "A funnel with over-dispersion.", level="5 %"
        ),
        sources=("incidents", "areas", "population"),
        limits=(
            "Rates use residents. Areas with many visitors look worse than they are.",
            "Oberfeld has too few residents for a rate.",
        ),
        details=(
            "Bahnhofsviertel: 88.9 per 1\u202f000 residents (between 81.0 and 97.2).",
            "Hafen: 55.1 per 1\u202f000 residents (between 48.8 and 62.0).",
        ),
        map=AreaMap(
            title="Rates are highest around the station and the harbour",
            description="Recorded incidents per 1 000 residents in 2023 by area.",
            geometries=tuple(areas),
            labels=NAMES,
            values=values,
            breaks=(10.0, 20.0, 40.0, 60.0),
            unit="incidents per 1\u202f000 residents",
            crs="EPSG:25833",
            marked=(5, 1),
            mark_label="clearly above the city's rate",
            attribution="invented areas",
        ),
        table=Table(
            caption="Rates by area, 2023",
            columns=(
                Column(name="area", label="Area"),
                Column(
                    name="rate",
                    label="Rate",
                    unit="per 1\u202f000 residents",
                    numeric=True,
                    decimals=1,
                ),
            ),
            rows=tuple(
                (name, None if np.isnan(v) else float(v))
                for name, v in zip(NAMES, values, strict=True)
            ),
        ),
    )


def _rates() -> Finding:
    values = (0.88, 0.94, 1.04, 1.12, 1.31, None)
    return Finding(
        id="rates",
        block=Block.PROBLEMS,
        question="In which areas did burglary change?",
        sentence=words.change_sentence(
            "burglaries in Lindenau", "from 2022 to 2023", 1.31, 1.12, 1.53, events=412
        ),
        certainty=Certainty.CLEAR,
        method=_method("Change between two periods", "change", "Ratio of counts."),
        sources=("incidents", "areas"),
        limits=("Changed is not caused.",),
        chart=IntervalChart(
            title="Only Lindenau changed clearly",
            description="Ratio of burglaries in 2023 to 2022 by area with 95 % intervals.",
            categories=(*NAMES[:4], "Lindenau", "Oberfeld"),
            series=Series(
                label="Ratio",
                values=values,
                lower=(0.74, 0.83, 0.87, 0.95, 1.12, None),
                upper=(1.05, 1.07, 1.24, 1.33, 1.53, None),
                limits_label="95 % interval",
            ),
            x_label="Ratio of 2023 to 2022",
            reference=1.0,
            reference_label="no change",
        ),
    )


def _hot_cells() -> Finding:
    _, outline = make_areas(12)
    west, south, east, north = outline.bounds
    cells = []
    for i in range(int((east - west) // 500) + 1):
        for j in range(int((north - south) // 500) + 1):
            cell = box(west + 500 * i, south + 500 * j, west + 500 * (i + 1), south + 500 * (j + 1))
            if cell.intersects(outline):
                cells.append(cell)
    centre = outline.centroid
    distance = np.array([cell.centroid.distance(centre) for cell in cells])
    rng = np.random.default_rng(1)
    values = rng.poisson(60 * np.exp(-distance / 2500) + 1).astype(float)
    values[rng.random(len(values)) < 0.03] = np.nan
    ranked = np.argsort(-np.nan_to_num(values))[:6]
    return Finding(
        id="hot-cells",
        block=Block.PROBLEMS,
        question="Which places stand out?",
        sentence=f"Six of {len(cells)} cells of 500 m stand out (between 4 and 7 are expected).",
        certainty=Certainty.TENTATIVE,
        method=_method("Hot spots", "hot-spots", "A Poisson test per cell, corrected."),
        sources=("incidents",),
        limits=("A cell is not a street. Size and origin of the grid change the picture.",),
        map=GridMap(
            title="The places that stand out lie around the centre",
            description="Recorded incidents in cells of 500 m.",
            cells=tuple(cells),
            values=values,
            breaks=(5.0, 10.0, 20.0, 40.0),
            unit="incidents a cell",
            crs="EPSG:25833",
            outline=(union_all([outline]),),
            marked=tuple(int(i) for i in ranked),
            mark_label="more than chance explains",
            attribution="invented data",
        ),
    )


def _concentration() -> Finding:
    x = np.linspace(0, 100, 41)
    return Finding(
        id="concentration",
        block=Block.PROBLEMS,
        question="How concentrated is it?",
        sentence=(
            "Half of all incidents fell on 4 % of the places "
            "(between 3 % and 5 %; 11 % would be expected by chance)."
        ),
        certainty=Certainty.CLEAR,
        method=_method("Concentration", "concentration", "Lorenz curve and adjusted Gini."),
        sources=("incidents",),
        limits=("Snap points pile incidents up on few coordinates.",),
        chart=LineChart(
            title="Half of all incidents fell on 4 % of the places",
            description="Lorenz curve of incidents over places.",
            x=tuple(x),
            x_tick_labels={float(t): f"{t} %" for t in range(0, 101, 20)},
            series=(
                Series(
                    label="Recorded",
                    values=tuple(100 * (1 - (1 - x / 100) ** 9)),
                    emphasis=True,
                ),
                Series(label="By chance", values=tuple(100 * (1 - (1 - x / 100) ** 3))),
                Series(label="Spread evenly", values=tuple(x)),
            ),
            x_label="Share of places, busiest first",
            y_label="Share of incidents (%)",
        ),
    )


def _near_repeat() -> Finding:
    return Finding(
        id="near-repeat",
        block=Block.CAUSES,
        question="Does one burglary bring the next?",
        sentence=(
            "We cannot tell whether burglaries follow each other nearby: "
            "there were too few pairs (under 10)."
        ),
        certainty=Certainty.CANNOT_TELL,
        method=_method("Knox table", "knox", "Pairs against permuted days.", permutations="999"),
        sources=("incidents",),
        limits=("Coordinates are rounded to 100 m.",),
        one_sided=False,
    )


def _sources() -> tuple[SourceNote, ...]:
    return (
        SourceNote(
            id="incidents",
            name="Incidents 2021-2023 <simulated>",
            kind="incidents",
            publisher="Brückenstadt police & partners",
            licence="CC BY 4.0",
            first_day=date(2021, 1, 1),
            last_day=date(2023, 12, 31),
            age_days=246,
            rows_read=100000,
            rows_accepted=98412,
            rows_rejected=1588,
            digest="sha256:" + "9a0b" * 16,
            attribution="Simulated by Commonlight",
            notes=("Points are street level; coordinates are rounded to 100 m.",),
            rejected_reasons={"no date": 901, "outside the study area": 687},
        ),
        SourceNote(
            id="areas",
            name="Areas",
            kind="areas",
            publisher="Brückenstadt survey office",
            licence="CC BY 4.0",
            first_day=None,
            last_day=None,
            age_days=None,
            rows_read=12,
            rows_accepted=12,
            rows_rejected=0,
            digest="sha256:" + "77aa" * 16,
            witness="city",
        ),
        SourceNote(
            id="population",
            name="Residents by area",
            kind="population",
            publisher="Statistics office",
            licence="CC0",
            first_day=date(2020, 6, 30),
            last_day=date(2020, 6, 30),
            age_days=1525,
            rows_read=12,
            rows_accepted=12,
            rows_rejected=0,
            digest="sha256:" + "12ef" * 16,
            witness="register",
        ),
    )


def _missing() -> tuple[MissingSource, ...]:
    return (
        MissingSource(
            name="Victim survey",
            block=Block.VICTIMS,
            voice="people who were harmed and did not report it",
            why="Records hold only what was reported.",
            next_step="Run the short survey of 12 questions with 800 residents.",
        ),
        MissingSource(
            name="List of services",
            block=Block.SERVICES,
            voice="the people who already work on this",
            why="An audit that ignores what exists proposes it again.",
            next_step="Ask each partner for its services in one table.",
        ),
        MissingSource(
            name="Residents' strengths walk",
            block=Block.STRENGTHS,
            voice="residents",
            why="What holds a street together is in no file.",
            next_step="Walk two neighbourhoods with residents, by day and by night.",
        ),
    )
