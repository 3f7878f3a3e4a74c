from dataclasses import replace

import pytest

from commonlight.findings.detail import PLACE_DETAILS, TIME_DETAILS, finding_detail
from commonlight.findings.model import AreaMap, Column, CountCells, Finding, GridMap, Table


@pytest.fixture
def told(sample_report):
    """A finding that counts what it is given, without picture or table."""
    bare = replace(sample_report.findings[0], chart=None, map=None, table=None, cells=())

    def make(*dimensions, **changes):
        cells = CountCells(
            source="thefts",
            dimensions=dimensions,
            keys=(tuple("x" for _ in dimensions),),
            counts=(9,),
            shown_in="text",
        )
        return replace(bare, cells=(cells,), **changes)

    return make


@pytest.mark.parametrize(
    ("dimensions", "place", "time"),
    [
        ((), "city", "year"),
        (("kind",), "city", "year"),
        (("year", "month"), "city", "month"),
        (("week",), "city", "week"),
        (("weekday", "quarter", "hour"), "city", "hour"),
        (("area",), "area", "year"),
        (("cell",), "cell", "year"),
        (("on a street",), "street", "year"),
        (("distance", "days"), "street", "day"),
        (("kind", "area"), "area", "year"),
    ],
)
def test_the_finest_dimension_of_the_counts_tells(told, dimensions, place, time):
    found = finding_detail(told(*dimensions))
    assert (found.place, found.time) == (place, time)


def test_a_picture_or_table_of_areas_is_as_fine_as_an_area(told, sample_report):
    maps = [f.map for f in sample_report.findings if f.map is not None]
    by_kind = {type(m): m for m in maps}
    assert finding_detail(told(map=by_kind[AreaMap])).place == "area"
    assert finding_detail(told(map=by_kind[GridMap])).place == "cell"
    table = Table(columns=(Column(name="code", label="Code"),), rows=(("A1",),), caption="Areas")
    assert finding_detail(told(table=table)).place == "area"


def test_a_total_of_a_view_of_areas_is_no_total_of_the_city(told):
    assert finding_detail(told("year", "month"), within="area").place == "area"
    assert finding_detail(told("cell"), within="area").place == "cell"
    with pytest.raises(ValueError, match="within must be one of point, cell"):
        finding_detail(told(), within="house")


def test_every_finding_of_a_report_has_a_detail(sample_report):
    for finding in sample_report.findings:
        found = finding_detail(finding)
        assert isinstance(finding, Finding)
        assert found.place in PLACE_DETAILS
        assert found.time in TIME_DETAILS
