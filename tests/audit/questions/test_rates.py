from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from commonlight.audit.layers import AreaLayer, Layer
from commonlight.audit.questions.rates import rate_findings, years_covered
from commonlight.findings.model import Block, Certainty

Told = Callable[..., dict[str, Any]]
Plain = Callable[[str], str]
DAY = np.datetime64("2024-05-05T12:00:00")
YEAR = (date(2024, 1, 1), date(2024, 12, 31))


def with_counts(layer_of: Callable[..., Layer], counts: list[int], **more: Any) -> Layer:
    """One record for each area with so many incidents, and two that hold the year open."""
    n = len(counts)
    start = np.full(n, DAY)
    start[0], start[-1] = np.datetime64("2024-01-01"), np.datetime64("2024-12-31")
    codes = [f"W{i:02d}" for i in range(n)]
    return layer_of(start, area=codes, count=counts, **({"period": YEAR} | more))


def test_an_area_far_above_the_rest_is_named(
    layer_of: Callable[..., Layer], told: Told, plain: Plain
) -> None:
    found = told(rate_findings(with_counts(layer_of, [50, 52, 48, 300, *[50] * 8])))["rates"]
    assert "1 of 12 wards" in plain(found.sentence)
    assert "Ward 3" in found.sentence
    assert found.certainty is Certainty.CLEAR
    assert found.map.marked == (3,)
    assert found.sources == ("thefts", "residents")
    # 850 incidents in 366 days among 12,000 residents.
    assert found.numbers["city_rate"] == pytest.approx(850 / (366 / 365.25) / 12)
    top = found.table.rows[0]
    assert top[:4] == ("W03", "Ward 3", 300, 1000)
    assert top[4] == pytest.approx(300 / (366 / 365.25))
    assert top[-1] == "above"


def test_equal_areas_show_none(layer_of: Callable[..., Layer], told: Told) -> None:
    found = told(rate_findings(with_counts(layer_of, [50] * 12)))
    assert found["rates"].certainty is Certainty.NOT_SHOWN
    assert "none of 12 wards" in found["rates"].sentence
    assert "quiet-areas" not in found


def test_pure_noise_rarely_names_an_area(layer_of: Callable[..., Layer]) -> None:
    """With the false discovery rate held at 5 %, more than 5 of 30 cities have P < 1 %."""
    rng = np.random.default_rng(6)
    clear = [
        rate_findings(with_counts(layer_of, rng.poisson(40, 12).tolist()))[0].certainty
        is Certainty.CLEAR
        for _ in range(30)
    ]
    assert sum(clear) <= 5


def test_two_years_halve_the_rate(layer_of: Callable[..., Layer], told: Told) -> None:
    start = np.array(["2023-01-01", *["2024-06-01"] * 10, "2024-12-31"], dtype="datetime64[s]")
    layer = layer_of(start, area=[f"W{i:02d}" for i in range(12)], count=[120] * 12)
    found = told(rate_findings(layer))["rates"]
    assert found.numbers["city_rate"] == pytest.approx(120 / 2, rel=0.002)


def test_a_month_only_source_counts_the_months_delivered(
    layer_of: Callable[..., Layer], told: Told
) -> None:
    start = np.array(["2023-07-01"] * 6 + ["2024-07-01"] * 6, dtype="datetime64[s]")
    end = np.array(["2023-08-01"] * 6 + ["2024-08-01"] * 6, dtype="datetime64[s]")
    layer = layer_of(
        start,
        end=end,
        time_kind=["month"] * 12,
        area=[f"W{i:02d}" for i in range(12)],
        count=[62] * 12,
    )
    found = told(rate_findings(layer))["rates"]
    assert found.numbers["city_rate"] == pytest.approx(62 / (62 / 365.25))


def test_quiet_areas_are_a_strength(layer_of: Callable[..., Layer], told: Told) -> None:
    found = told(rate_findings(with_counts(layer_of, [200] * 11 + [20])))["quiet-areas"]
    assert found.block is Block.STRENGTHS
    assert "Ward 11" in found.sentence
    assert found.table.rows[0][:2] == ("W11", "Ward 11")
    assert "do not report" in found.limits[0]


def test_few_residents_get_no_rate(
    layer_of: Callable[..., Layer], areas: AreaLayer, told: Told
) -> None:
    people = np.array([99.0, np.nan, *[1000.0] * 10])
    layer = with_counts(layer_of, [50] * 12, areas=replace(areas, population=people))
    found = told(rate_findings(layer))["rates"]
    assert found.numbers["tested"] == 10
    assert "2 of the wards" in " ".join(found.limits) or "2 wards" in " ".join(found.limits)
    assert np.isnan(found.map.values[:2]).all()
    assert np.isfinite(found.map.values[2:]).all()
    by_code = {row[0]: row for row in found.table.rows}
    assert by_code["W00"][3:] == (99, None, None, None, "too few to say")
    assert by_code["W01"][3] is None
    exact = replace(areas, population=np.full(12, 100.0))
    found = told(rate_findings(with_counts(layer_of, [50] * 12, areas=exact)))["rates"]
    assert found.numbers["tested"] == 12


def test_without_residents_only_counts_are_told(
    layer_of: Callable[..., Layer], areas: AreaLayer, told: Told, plain: Plain
) -> None:
    bare = replace(areas, population=None, population_source=None)
    layer = with_counts(layer_of, [10, 20, 30, *[1] * 8, 32], areas=bare)
    found = told(rate_findings(layer))["areas"]
    assert plain(found.sentence) == (
        "Ward 11, Ward 2 and Ward 1 hold 82 % of thefts: the 3 of 12 wards with the highest counts."
    )
    assert found.certainty is Certainty.DESCRIPTIVE
    assert "no measure of risk" in found.limits[0]
    assert found.table.rows[0] == ("W11", "Ward 11", 32)


def test_two_areas_are_counted(
    layer_of: Callable[..., Layer], areas: AreaLayer, told: Told
) -> None:
    two = replace(
        areas,
        codes=areas.codes[:2],
        labels=areas.labels[:2],
        polygons=areas.polygons[:2],
        population=areas.population[:2],
    )
    found = told(rate_findings(with_counts(layer_of, [10, 20], areas=two)))["areas"]
    assert "the 2 of 2 wards" in found.sentence


def test_incidents_only_where_nobody_lives_are_counted(
    layer_of: Callable[..., Layer], areas: AreaLayer, told: Told
) -> None:
    people = np.array([np.nan, 0.0, *[1000.0] * 10])
    layer = with_counts(layer_of, [10, 20], areas=replace(areas, population=people))
    assert list(told(rate_findings(layer))) == ["areas"]


def test_too_few_everywhere_cannot_tell(layer_of: Callable[..., Layer], told: Told) -> None:
    found = told(rate_findings(with_counts(layer_of, [1] * 12)))["rates"]
    assert found.certainty is Certainty.CANNOT_TELL
    assert found.sentence.startswith("We cannot tell in which wards")


def test_no_areas_no_finding(layer_of: Callable[..., Layer]) -> None:
    assert rate_findings(layer_of([DAY], areas=None)) == []
    assert rate_findings(layer_of([DAY], x=[99_000.0])) == []


@pytest.mark.parametrize(
    ("starts", "kind", "years"),
    [
        (["2023-07-01", "2024-07-01"], "month", 62 / 365.25),
        (["2023-01-01", "2024-01-01"], "year", 731 / 365.25),
        # Days in three months with nothing delivered in between.
        (["2023-07-05", "2023-08-05", "2024-07-05"], "day", 93 / 365.25),
        (["2023-07-05", "2023-08-05", "2023-09-05"], "day", 92 / 365.25),
        # Ten in ten months, and none in two of the year: that may be chance.
        ([f"2023-{m:02d}-05" for m in (1, 2, 3, 5, 6, 7, 8, 10, 11, 12)], "few", 365 / 365.25),
    ],
)
def test_a_rate_is_for_the_time_that_was_recorded(
    starts: list[str], kind: str, years: float, layer_of: Callable[..., Layer]
) -> None:
    start = np.repeat(np.asarray(starts, dtype="datetime64[s]"), 10)
    end = start
    if kind in ("month", "year"):
        unit = f"datetime64[{kind[0].upper()}]"
        end = (start.astype(unit) + 1).astype("datetime64[s]")
    if kind == "few":
        start, end, kind = start[::10], end[::10], "day"
    layer = layer_of(start, end=end, time_kind=[kind] * start.size)
    assert years_covered(layer) == pytest.approx(years)


def test_months_that_are_no_whole_year_are_called_a_pace(
    layer_of: Callable[..., Layer], told: Told, plain: Plain, areas: AreaLayer
) -> None:
    some = replace(areas, population=np.r_[np.nan, np.full(11, 1000.0)])
    start = np.full(12, np.datetime64("2024-07-05"))
    layer = layer_of(
        start,
        time_kind=["day"] * 12,
        area=[f"W{i:02d}" for i in range(12)],
        count=[31] * 12,
        areas=some,
        period=YEAR,
    )
    found = told(rate_findings(layer))["rates"]
    # 31 in the 31 days of July for each thousand residents: one a day.
    assert "In the 11 wards with a known number of residents there were 365" in plain(
        found.details[0]
    )
    assert "at the pace of the 1 month recorded" in plain(found.details[0])
    assert any("no whole years" in limit for limit in found.limits)
