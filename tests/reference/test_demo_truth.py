"""What the audit of a simulated city says, against what was planted in it."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from commonlight.analysis.grids import square_grid
from commonlight.audit.answers_layer import AnswersLayer
from commonlight.audit.config import load_config
from commonlight.audit.intake import take_in
from commonlight.audit.layers import Layer
from commonlight.audit.questions.citizen_reports import citizen_report_findings
from commonlight.audit.questions.offences import offence_findings
from commonlight.audit.questions.repeats import repeat_findings
from commonlight.audit.questions.survey.estimates import construct_findings
from commonlight.audit.questions.trend import trend_findings
from commonlight.audit.run import run_audit
from commonlight.findings.model import Certainty, Finding, GridMap, IntervalChart, Report
from commonlight.simulate.city import City, simulate_city
from commonlight.simulate.files import write_city
from commonlight.simulate.survey_files import write_survey
from commonlight.simulate.truth import Felt

pytestmark = pytest.mark.slow

SOURCE = "recorded-crime"
REASONS = {
    "unreadable_time": "impossible date or time",
    "missing_time": "no time",
    "impossible_interval": "end before start",
    "zero_coordinates": "coordinates are (0, 0)",
    "outside_study_area": "outside the study area",
    "duplicate_id": "duplicate identifier",
    "cut_line": "wrong number of cells",
    "extra_cell": "wrong number of cells",
    "unterminated_quote": "quote not closed",
    "bad_encoding": "invalid encoding",
}


@dataclass(frozen=True)
class Demo:
    city: City
    report: Report
    folder: Path

    def __getitem__(self, name: str) -> Finding:
        return self.report.finding(f"{SOURCE}.{name}")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    city = simulate_city(incidents=100_000, seed=1)
    write_city(city, folder / "city", rejects_share=0.01)
    config = replace(load_config(folder / "city" / "audit.toml"), formats=("html", "data"))
    done = run_audit(config, folder=folder, lake=folder / "lake")
    return Demo(city, done.report, folder)


def layer_of(folder: Path, **planted: Any) -> Layer:
    write_city(simulate_city(**planted), folder)
    config = load_config(folder / "audit.toml")
    return take_in(config, lake=folder / "lake", progress=lambda *_: None).layers[0]


@pytest.fixture(scope="module")
def flat_layers(tmp_path_factory: pytest.TempPathFactory) -> list[Layer]:
    """Six cities in which nothing changes, recurs or repeats."""
    nothing: dict[str, Any] = {"near_repeat": 0, "season": 0, "trend": 0, "intervention": False}
    return [
        layer_of(tmp_path_factory.mktemp("flat"), incidents=30_000, seed=seed, **nothing)
        for seed in range(21, 27)
    ]


def planted_intensity(city: City) -> np.ndarray:
    """Recorded incidents to expect at each address, from planted risk and recording alone."""
    recorded = city.truth.recorded.sum(axis=(1, 2))
    chance = city.risk * city.planted.reporting[:, city.sites.area]
    return np.asarray((recorded / chance.sum(axis=1)) @ chance)


def column(finding: Finding, *names: str) -> dict[Any, Any]:
    assert finding.table is not None
    where = [[item.name for item in finding.table.columns].index(name) for name in names]
    return {row[where[0]]: row[where[1]] for row in finding.table.rows}


# What was read


def test_bad_rows_are_rejected_for_what_was_planted(demo: Demo) -> None:
    rows = json.loads((demo.folder / "city" / "truth.json").read_text())["rows"]
    expected: dict[str, int] = {}
    for kind, reason in REASONS.items():
        expected[reason] = expected.get(reason, 0) + rows[kind]
    note = demo.report.sources[0]
    assert note.rejected_reasons == expected
    assert note.rows_accepted == rows["good"]
    assert note.rows_read == sum(rows.values())


def test_counts_by_kind_and_area_are_the_recorded_ones(demo: Demo) -> None:
    recorded = demo.city.truth.recorded
    by_kind = {
        item.label: int(n)
        for item, n in zip(demo.city.planted.offences, recorded.sum(axis=(1, 2)), strict=True)
    }
    assert column(demo["kinds"], "kind", "count") == by_kind
    by_area = dict(zip(demo.city.areas.codes, recorded.sum(axis=(0, 2)).tolist(), strict=True))
    assert column(demo["rates"], "code", "count") == by_area


def test_four_witnesses_speak_and_police_findings_alone_are_one_sided(demo: Demo) -> None:
    assert not demo.report.one_sided
    witnesses = {note.witness for note in demo.report.sources} - {"statistics"}
    assert witnesses == {"police", "survey", "residents", "site"}
    assert demo["trend"].one_sided
    for finding in demo.report.findings:
        if finding.id.startswith("residents-") or finding.id.startswith("site-"):
            assert not finding.one_sided


def test_the_page_says_that_the_city_is_simulated(demo: Demo) -> None:
    assert demo.report.simulated
    assert "simulated" in (demo.folder / "public" / "report.html").read_text().lower()


# Near repeats


def test_planted_near_repeats_of_burglary_are_found(demo: Demo) -> None:
    """Of 100 burglaries 20 are followed by another, a third of these at the same address."""
    finding = demo["near-repeat"]
    assert "\u2018Dwelling burglary\u2019" in finding.sentence
    assert finding.certainty is Certainty.CLEAR
    assert finding.numbers["same_place_p"] <= 0.01
    assert finding.numbers["near_p"] <= 0.01
    assert finding.numbers["same_place_ratio"] > finding.numbers["near_ratio"] > 1.2


def test_near_repeats_are_not_found_where_none_are_planted(flat_layers: list[Layer]) -> None:
    """Two tests share 5 %; 2 or more of 6 cities have P = 3 %."""
    found = [
        repeat_findings(layer, rng=np.random.default_rng(seed))[0]
        for seed, layer in enumerate(flat_layers)
    ]
    assert all("\u2018Dwelling burglary\u2019" in item.question for item in found)
    assert sum(item.certainty is Certainty.CLEAR for item in found) <= 1
    ratio = [item.numbers["near_ratio"] for item in found]
    assert np.mean(ratio) == pytest.approx(1, abs=0.15)


# Trend, season, kinds


def test_the_season_holds_the_planted_index(demo: Demo) -> None:
    """Months at 95 % each: 9 or fewer of 12 have P = 2 %."""
    chart = demo["season"].chart
    assert isinstance(chart, IntervalChart)
    weight = demo.city.truth.recorded.sum(axis=(1, 2)).astype(float)
    planted = weight @ np.array([item.season for item in demo.city.planted.offences])
    days = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    index = 100 * (planted / (planted @ days / days.sum()) - 1)
    inside = [
        low <= value <= high
        for low, value, high in zip(chart.series.lower, index, chart.series.upper, strict=True)
    ]
    assert sum(inside) >= 10
    assert demo["season"].certainty is Certainty.CLEAR
    # The intervals are narrow enough to mean something: the season swings by more than 10 %.
    width = np.subtract(chart.series.upper, chart.series.lower)
    assert width.max() < 10 < np.ptp(index)


def test_the_trend_holds_the_planted_one(demo: Demo) -> None:
    weight = demo.city.truth.recorded.sum(axis=(1, 2))
    planted = float(weight @ [item.trend for item in demo.city.planted.offences] / weight.sum())
    numbers = demo["trend"].numbers
    assert numbers["lower"] <= planted <= numbers["upper"]


def test_no_trend_is_claimed_where_none_is_planted(flat_layers: list[Layer]) -> None:
    """At 5 %, 2 or more of 6 have P = 3 %; the same for the season."""
    found = [
        {
            item.id.rsplit(".", 1)[-1]: item
            for item in trend_findings(layer, rng=np.random.default_rng(seed))
        }
        for seed, layer in enumerate(flat_layers)
    ]
    assert sum(item["trend"].certainty is Certainty.CLEAR for item in found) == 0
    inside = [
        item["trend"].numbers["lower"] <= 0 <= item["trend"].numbers["upper"] for item in found
    ]
    assert sum(inside) >= 5
    assert sum(item["season"].certainty is Certainty.CLEAR for item in found) <= 1
    assert sum("jumps" in item for item in found) <= 1


def test_no_kind_is_said_to_change_where_none_does(flat_layers: list[Layer]) -> None:
    """The false discovery rate is 5 % in each city; 2 or more of 6 have P = 3 %."""
    found = [offence_findings(layer)[1] for layer in flat_layers]
    assert all(item.id.endswith(".kinds-change") for item in found)
    assert sum(item.certainty is Certainty.CLEAR for item in found) <= 1


# Places


def test_hot_spots_hold_the_places_of_highest_planted_risk(demo: Demo) -> None:
    finding, city = demo["hot-spots"], demo.city
    assert isinstance(finding.map, GridMap)
    spots = [finding.map.cells[i] for i in finding.map.marked]
    intensity = planted_intensity(city)
    total, area = intensity.sum(), shapely.area(city.areas.polygons).sum()
    inside = [shapely.contains_xy(spot, city.sites.x, city.sites.y) for spot in spots]
    shares = [float(intensity[chosen].sum() / total) for chosen in inside]
    for spot, share in zip(spots, shares, strict=True):
        # Planted, not only recorded: each spot holds clearly more than its share of the area.
        assert share / (spot.area / area) > 2.5
    assert finding.numbers["share_of_events"] == pytest.approx(sum(shares), abs=0.03)
    assert highest_cell(city, intensity, finding.numbers["cell_size"]).within(
        shapely.union_all(spots).buffer(1)
    )


def highest_cell(city: City, intensity: np.ndarray, cell_size: float) -> Any:
    """The middle of the cell with the highest planted intensity."""
    outline = shapely.union_all(city.areas.polygons)
    grid = square_grid(outline, cell_size=cell_size)
    count = grid.count(city.sites.x, city.sites.y, weights=intensity)
    return shapely.Point(*grid.centres[int(np.argmax(count))])


def test_areas_above_the_rest_have_more_planted_risk(demo: Demo) -> None:
    verdicts = column(demo["rates"], "code", "verdict")
    intensity = np.bincount(demo.city.sites.area, planted_intensity(demo.city))
    rate = dict(zip(demo.city.areas.codes, intensity / demo.city.areas.population, strict=True))
    above = [rate[code] for code, verdict in verdicts.items() if verdict == "above"]
    rest = [rate[code] for code, verdict in verdicts.items() if verdict == "as expected"]
    assert above
    assert min(above) > np.median(rest)
    assert np.mean(above) > 2 * np.mean(rest)


# What residents lived through, feel and report


def true_values(felt: Felt, survey: AnswersLayer, name: str) -> np.ndarray:
    """The true mean or share of an item in each area, as the audit counts it."""
    if name.startswith("victim_"):
        return felt.victims[name.removeprefix("victim_")]
    return (felt.concern if survey.measure(name).share else felt.means)[name]


def covered(survey: AnswersLayer, felt: Felt) -> dict[str, bool]:
    """Whether the interval of each item holds the true value of the city."""
    inside = {}
    for finding in construct_findings(survey):
        for name, numbers in finding.numbers.items():
            truth = felt.city(true_values(felt, survey, name))
            inside[name] = numbers["lower"] <= truth <= numbers["upper"]
    return inside


@pytest.fixture(scope="module")
def felt(demo: Demo) -> Felt:
    found = demo.city.truth.felt
    assert found is not None
    return found


@pytest.fixture(scope="module")
def asked(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> list[AnswersLayer]:
    """The survey of the demo, and three more in which everybody who is asked answers."""
    layers = []
    for number in range(4):
        folder = tmp_path_factory.mktemp("asked")
        shutil.copytree(demo.folder / "city", folder, dirs_exist_ok=True)
        if number:
            survey = demo.city.survey(nonresponse=0, item_nonresponse=0, seed=100 + number)
            write_survey(survey, demo.city.areas.codes, folder, city=demo.city.name)
        config = load_config(folder / "audit.toml")
        chosen = tuple(item for item in config.sources if item.name == "residents-survey")
        intake = take_in(
            replace(config, sources=chosen), lake=folder / "lake", progress=lambda *_: None
        )
        layers += intake.surveys
    return layers


def test_estimates_cover_the_truth_where_everybody_answers(
    asked: list[AnswersLayer], felt: Felt
) -> None:
    """Three samples, 29 items each at 95 %; items of one sample move together."""
    inside = [hit for layer in asked[1:] for hit in covered(layer, felt).values()]
    assert len(inside) == 87
    assert np.mean(inside) >= 0.85


def test_the_survey_of_the_demo_covers_what_was_lived_through_and_seen(
    asked: list[AnswersLayer], felt: Felt
) -> None:
    inside = covered(asked[0], felt)
    lived = [hit for name, hit in inside.items() if name.startswith(("victim_", "problem_"))]
    assert len(lived) == 10
    assert sum(lived) >= 8


def test_who_answers_trusts_more_as_planted_and_the_finding_warns_of_it(
    demo: Demo, felt: Felt
) -> None:
    """Trust decides who takes part, which no weight by sex, age and area can mend."""
    found = demo.report.finding("residents-survey.trust-police")
    assert found.numbers["trust_police"]["lower"] > felt.city(felt.means["trust_police"])
    assert any("does not cover those who were not reached" in text for text in found.limits)


@pytest.mark.parametrize("item", ["problem_litter", "safety_area", "victim_any"])
def test_intervals_of_areas_hold_their_true_values(
    demo: Demo, asked: list[AnswersLayer], felt: Felt, item: str
) -> None:
    """48 areas at 95 %: 40 or fewer have P = 0.1 %; who does not answer costs a little more."""
    found = demo.report.finding(f"residents-survey.{item.replace('_', '-')}.areas")
    truth = true_values(felt, asked[0], item)
    factor = 100 if asked[0].measure(item).share else 1
    code = {name: factor * value for name, value in zip(demo.city.areas.codes, truth, strict=True)}
    assert found.table is not None
    names = [column.name for column in found.table.columns]
    rows = [dict(zip(names, row, strict=True)) for row in found.table.rows]
    for kind in ("direct", "model"):
        inside = [
            row[f"{kind}_lower"] <= code[row["code"]] <= row[f"{kind}_upper"]
            for row in rows
            if row[kind] is not None
        ]
        assert len(inside) == 48
        assert np.mean(inside) >= 40 / 48
    # Of the areas called clearly other, hardly any lies on the other side of the city.
    city = factor * felt.city(truth)
    verdicts = [(row["verdict"], code[row["code"]]) for row in rows]
    wrong = [
        (kind == "higher") != (value > city)
        for kind, value in verdicts
        if kind in ("higher", "lower")
    ]
    assert sum(wrong) <= max(1, 0.1 * len(wrong))


def test_reports_of_one_problem_are_taken_together(demo: Demo) -> None:
    """The city knows which reports speak of one problem. Those that are far apart in place or
    time count twice, so the estimate lies above the truth, and by far nearer than the reports."""
    with (demo.folder / "city" / "simulated_truth_problems.csv").open(encoding="utf-8") as file:
        reports = [int(row["reports"]) for row in csv.DictReader(file)]
    numbers = demo.report.finding("residents-reports.repeated-reports").numbers
    truth = sum(n > 0 for n in reports)
    assert numbers["reports"] == sum(reports)
    assert truth <= numbers["problems"] <= 1.25 * truth
    assert numbers["problems"] - truth < (numbers["reports"] - truth) / 4


def test_areas_said_to_report_less_do_so(tmp_path: Path) -> None:
    """In two cities, those areas have fewer planted reports per problem than most."""
    said: list[bool] = []
    for seed in (2, 3):
        city = simulate_city(incidents=10_000, seed=seed)
        folder = tmp_path / str(seed)
        write_city(city, folder)
        config = load_config(folder / "audit.toml")
        wanted = ("residents-survey", "residents-reports")
        chosen = tuple(item for item in config.sources if item.name in wanted)
        intake = take_in(
            replace(config, sources=chosen), lake=folder / "lake", progress=lambda *_: None
        )
        found = citizen_report_findings(intake.layers[0], intake.surveys)[-1]
        assert found.certainty is Certainty.TENTATIVE
        planted = city.truth.reports_per_problem
        assert planted is not None
        share = dict(zip(city.areas.codes, planted, strict=True))
        quiet = [code for code, verdict in column(found, "code", "verdict").items() if verdict]
        said += [share[code] < np.median(planted) for code in quiet]
    assert said
    assert np.mean(said) >= 0.75
