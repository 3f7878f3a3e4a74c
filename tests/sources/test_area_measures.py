from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from commonlight.sources.area_measures import AreaMeasures, MeasureColumn, read_area_measures
from commonlight.sources.errors import MappingError

EFFICACY = MeasureColumn(
    column="CE_hlm_2001",
    construct="collective_efficacy",
    unit="standard deviations",
    period="2001",
    high_is="more",
)


@pytest.fixture(scope="module")
def blocks(shared_data: Path) -> AreaMeasures:
    return read_area_measures(
        shared_data / "area_chicago_built_environment" / "blocks.csv.gz",
        area=None,
        cluster="ccahs_nc",
        measures={
            "efficacy": EFFICACY,
            "property": MeasureColumn(column="CRIME_property_2004_2006", construct="recorded"),
            "robbery": MeasureColumn(column="CRIME_robbery_2004_2006", construct="recorded"),
            "homicide": MeasureColumn(column="CRIME_homicide_2004_2006", construct="recorded"),
        },
    )


def test_chicago_blocks(blocks: AreaMeasures) -> None:
    """1,641 blocks in 343 clusters; means 20.33, 3.18 and 0.097 in three years (README)."""
    assert len(blocks.codes) == 1641
    assert len(blocks.cluster_labels) == 343
    means = [blocks.measures[n].values.mean() for n in ("property", "robbery", "homicide")]
    assert means == [
        pytest.approx(20.33, abs=5e-3),
        pytest.approx(3.18, abs=5e-3),
        pytest.approx(0.097, abs=5e-4),
    ]


def test_a_score_of_the_cluster_is_marked(blocks: AreaMeasures) -> None:
    """Collective efficacy is a cluster-level value (README)."""
    assert blocks.measures["efficacy"].shared
    assert not blocks.measures["property"].shared
    assert any("share one value of 'efficacy'" in note for note in blocks.notes)
    assert any("cannot be drawn on a map" in note for note in blocks.notes)


def read(tmp_path: Path, text: str, **options: Any) -> AreaMeasures:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    measures = {"worry": MeasureColumn(column="w", construct="worry")}
    return read_area_measures(path, **{"area": "code", "measures": measures, **options})


def test_codes_keep_zeros_and_empty_cells_are_unknown(tmp_path: Path) -> None:
    found = read(tmp_path, "code,w\n01,2.5\n02,\n")
    assert found.codes == ("01", "02")
    np.testing.assert_array_equal(found.measures["worry"].values, [2.5, np.nan])
    assert any("not given for 1 areas" in note for note in found.notes)


def test_standard_errors_and_populations(tmp_path: Path) -> None:
    about = MeasureColumn(column="w", construct="worry", standard_error="se", population="n")
    found = read(tmp_path, "code,w,se,n\na,2,0.5,90\n", measures={"worry": about}).measures["worry"]
    assert found.standard_error is not None
    assert found.population is not None
    assert (found.standard_error[0], found.population[0]) == (0.5, 90)


@pytest.mark.parametrize(
    ("text", "options", "parts"),
    [
        ("code,w\na,1\na,2\n", {}, ["records 1 and 2", "'a'", "cluster"]),
        ("code,w\n,1\n", {}, ["record 1", "no code"]),
        ("code,w\na,x\n", {}, ["'w' of area a", "'x'", "file.missing"]),
        ("code,w\na,nan\n", {}, ["'w' of area a"]),
        ("code,w\na,1\n", {"area": "b"}, ["no column 'b'", "'code'"]),
        ("code,w\na,1\n", {"cluster": "b"}, ["no column 'b'"]),
        ("code,w\na,1\n", {"measures": {}}, ["at least one"]),
        (
            "code,w\na,1\n",
            {"measures": {"w": MeasureColumn(column="w", construct="fear")}},
            ["'w'", "worry", "recorded", "'fear'"],
        ),
        (
            "code,w\na,1\n",
            {"measures": {"w": MeasureColumn(column="w", high_is="good")}},
            ["high_is", "'good'"],
        ),
    ],
)
def test_bad_tables(tmp_path: Path, text: str, options: dict[str, Any], parts: list[str]) -> None:
    with pytest.raises(MappingError) as caught:
        read(tmp_path, text, **options)
    for part in parts:
        assert part in str(caught.value)
