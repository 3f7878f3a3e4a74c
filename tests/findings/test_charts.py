"""Charts: well-formed, self-contained, legible, and true to their numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations, pairwise
from math import nan
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonlight.findings.charts import render_chart
from commonlight.findings.charts.axes import spread_labels
from commonlight.findings.model import BarChart, HeatChart, IntervalChart, LineChart, Series
from commonlight.findings.scales import text_width

SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = (320, 720)
NASTY = '<script>alert("x")</script> & "Mörk" \x00\u202e'

finite = st.floats(-1e7, 1e7).filter(lambda v: v == 0 or abs(v) > 1e-4)
maybe = st.one_of(st.none(), finite, st.just(nan))


def bars(**changes):
    base = BarChart(
        title="Thefts lead",
        description="Counts",
        categories=("Theft", "Robbery", "Fraud"),
        series=(Series(label="2022", values=(120.0, 40.0, None)),),
        x_label="Incidents",
    )
    return replace(base, **changes)


def lines(**changes):
    base = LineChart(
        title="It fell",
        description="Counts",
        x=(0.0, 1.0, 2.0, 3.0),
        x_tick_labels={0.0: "2019", 3.0: "2022"},
        series=(
            Series(
                label="Recorded",
                values=(10.0, 8.0, None, 5.0),
                lower=(8.0, 6.0, None, 4.0),
                upper=(12.0, 10.0, None, 6.0),
                limits_label="95 % interval",
            ),
            Series(label="Expected", values=(10.0, 9.0, 8.0, 8.0)),
        ),
        x_label="Year",
        y_label="Incidents",
        marks=((1.0, 8.0, "new form"),),
    )
    return replace(base, **changes)


def intervals(**changes):
    base = IntervalChart(
        title="Only one changed",
        description="Ratios",
        categories=("North", "South"),
        series=Series(
            label="Ratio",
            values=(0.9, 1.3),
            lower=(0.7, 1.1),
            upper=(1.2, 1.5),
            limits_label="95 % interval",
        ),
        x_label="Ratio",
        reference=1.0,
        reference_label="no change",
    )
    return replace(base, **changes)


def heat(**changes):
    base = HeatChart(
        title="Friday night",
        description="Counts",
        row_labels=("Thursday", "Friday"),
        column_labels=("22", "23"),
        values=((1.0, 2.0), (3.0, None)),
        unit="incidents",
    )
    return replace(base, **changes)


ALL = [bars(), lines(), intervals(), heat()]


def parse(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in parse(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("chart", ALL, ids=lambda chart: type(chart).__name__)
class TestEveryChart:
    def test_has_an_accessible_name_and_description(self, chart, width):
        root = parse(render_chart(chart, width=width))
        assert root.get("role") == "img"
        named = {node.get("id"): node.text for node in root if node.get("id")}
        assert named[root.get("aria-labelledby")] == chart.title
        assert named[root.get("aria-describedby")] == chart.description

    def test_stands_alone(self, chart, width):
        svg = render_chart(chart, width=width)
        outside = svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert "http" not in outside
        assert not re.search(r"\bclass=|\bstyle=|var\(|<style|<script|<image|href=", svg)
        for key in re.findall(r"url\(#([^)]+)\)", svg):
            assert f'id="{key}"' in svg

    def test_text_is_at_least_11_pixels(self, chart, width):
        root = parse(render_chart(chart, width=width))
        sizes = [float(root.get("font-size"))]
        sizes += [float(n.get("font-size")) for n in root.iter() if n.get("font-size")]
        assert min(sizes) >= 11
        assert float(root.get("viewBox").split()[2]) == width

    def test_text_stays_inside_the_picture(self, chart, width):
        root = parse(render_chart(chart, width=width))
        height = float(root.get("viewBox").split()[3])
        for left, right, y, text in boxes(root):
            assert left >= -3, text
            assert right <= width + 3, text
            assert 0 < y <= height, text

    def test_labels_do_not_collide(self, chart, width):
        found = boxes(parse(render_chart(chart, width=width)))
        for (left, right, y, one), (left2, right2, y2, two) in combinations(found, 2):
            apart = right <= left2 + 4 or right2 <= left + 4 or abs(y - y2) >= 11
            assert apart, (one, two)

    def test_escapes_what_it_is_given(self, chart, width):
        root = parse(render_chart(replace(chart, title=NASTY, description=NASTY), width=width))
        assert not list(root.iter(f"{SVG}script"))
        assert "alert" in root.find(f"{SVG}title").text

    def test_is_the_same_every_time(self, chart, width):
        assert render_chart(chart, width=width) == render_chart(chart, width=width)


def boxes(root: ElementTree.Element) -> list[tuple[float, float, float, str]]:
    parents = {child: parent for parent in root.iter() for child in parent}
    found = []
    for node in root.iter(f"{SVG}text"):
        size = float(node.get("font-size") or root.get("font-size"))
        room = text_width(node.text or "", size, bold=node.get("font-weight") == "700")
        x, y = float(node.get("x")), float(node.get("y"))
        move = (parents[node].get("transform") or "").removeprefix("translate(").rstrip(")")
        if move:
            dx, dy = map(float, move.split())
            x, y = x + dx, y + dy
        start = {"middle": x - room / 2, "end": x - room}.get(node.get("text-anchor"), x)
        found.append((start, start + room, y, node.text or ""))
    return found


def test_ids_differ_between_widths_and_charts():
    drawn = [render_chart(chart, width=width) for chart in ALL for width in WIDTHS]
    ids = [key for svg in drawn for key in re.findall(r' id="([^"]+)"', svg)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("width", [0, 239, nan, float("inf")])
def test_a_width_that_cannot_hold_a_chart_is_refused(width):
    with pytest.raises(ValueError, match="at least 240, in pixels"):
        render_chart(bars(), width=width)


class TestBars:
    def test_bars_are_as_long_as_their_values(self):
        root = parse(render_chart(bars(), width=720))
        lengths = [float(r.get("width")) for r in root.iter(f"{SVG}rect") if r.get("x")]
        assert lengths[0] / lengths[1] == pytest.approx(3.0, rel=0.001)

    def test_a_missing_value_is_said(self):
        assert "not known" in texts(render_chart(bars(), width=720))

    def test_values_are_printed_at_the_bars(self):
        assert {"120", "40"} <= set(texts(render_chart(bars(), width=340)))

    def test_values_are_printed_with_the_same_decimals(self):
        one = Series(label="rate", values=(14.25, 13.0, 2.5))
        assert {"14.2", "13.0", "2.5"} <= set(texts(render_chart(bars(series=(one,)))))

    def test_two_series_differ_without_colour_and_are_named(self):
        two = bars(
            series=(
                Series(label="before", values=(1.0, 2.0, 3.0)),
                Series(label="after", values=(2.0, 1.0, 3.0)),
            )
        )
        svg = render_chart(two, width=720)
        assert "url(#" in svg
        assert {"before", "after"} <= set(texts(svg))

    def test_limits_are_drawn_and_explained(self):
        one = Series(
            label="rate",
            values=(5.0, 6.0, 7.0),
            lower=(4.0, 5.0, 6.0),
            upper=(6.0, 7.0, 8.0),
            limits_label="95 % interval",
        )
        assert "Whiskers: 95 % interval" in texts(render_chart(bars(series=(one,)), width=720))

    def test_negative_values_lie_left_of_zero(self):
        one = Series(label="change", values=(-10.0, 10.0, 0.0))
        root = parse(render_chart(bars(series=(one,)), width=720))
        first, second, *_ = (r for r in root.iter(f"{SVG}rect") if r.get("x"))
        assert float(first.get("x")) + float(first.get("width")) == pytest.approx(
            float(second.get("x")), abs=0.02
        )

    def test_highlights_are_bold_not_only_coloured(self):
        root = parse(render_chart(bars(highlight=("Theft",)), width=720))
        bold = {n.text for n in root.iter(f"{SVG}text") if n.get("font-weight") == "700"}
        assert bold == {"Theft", "120"}

    def test_a_series_of_another_length_is_refused(self):
        with pytest.raises(ValueError, match="has 2 values, but there are 3 categories"):
            render_chart(bars(series=(Series(label="x", values=(1.0, 2.0)),)))


class TestLines:
    def test_a_gap_breaks_the_line_and_the_band(self):
        root = parse(render_chart(lines(), width=720))
        bands = [p for p in root.iter(f"{SVG}path") if p.get("fill-opacity")]
        assert len(bands) == 2
        dots = [c for c in root.iter(f"{SVG}circle") if c.get("r") == "2.5"]
        assert len(dots) == 1

    def test_series_differ_by_dash(self):
        root = parse(render_chart(lines(), width=720))
        dashes = {p.get("stroke-dasharray") for p in root.iter(f"{SVG}path")}
        assert {None, "7 4"} <= dashes

    def test_names_stand_at_the_line_ends_or_in_a_legend(self):
        for width in WIDTHS:
            assert {"Recorded", "Expected"} <= set(texts(render_chart(lines(), width=width)))

    def test_limits_are_explained(self):
        assert "Shaded: 95 % interval" in texts(render_chart(lines(), width=720))

    def test_marks_are_named_in_place_or_numbered_with_a_note(self):
        assert "new form" in texts(render_chart(lines(), width=720))
        narrow = texts(render_chart(lines(), width=340))
        assert "1" in narrow
        assert any(text.split() == ["1", "new", "form"] for text in narrow)

    @pytest.mark.parametrize("width", WIDTHS)
    def test_crowded_marks_are_numbered_apart_and_the_notes_are_cut(self, width):
        x = tuple(map(float, range(100)))
        one = (Series(label="a", values=tuple(50.0 + i % 7 for i in range(100))),)
        marks = tuple((40.0 + i, 50.0 + i % 3, f"week {i}") for i in range(12))
        svg = render_chart(
            lines(x=x, series=one, marks=marks, x_tick_labels={0.0: "start"}), width=width
        )
        numbers = [box for box in boxes(parse(svg)) if box[3].isdigit() and 1 <= int(box[3]) <= 12]
        for (left, right, y, _), (left2, right2, y2, _) in combinations(numbers, 2):
            assert right <= left2 or right2 <= left or abs(y - y2) >= 11
        found = texts(svg)
        assert "and 5 more, named in the table" in found
        assert not any("week 8" in text for text in found)

    def test_steps_have_corners(self):
        one = (Series(label="a", values=(1.0, 2.0, 3.0, 4.0)),)
        plain, stepped = (
            render_chart(lines(series=one, marks=(), step=step)) for step in (False, True)
        )
        assert stepped.count("L") == plain.count("L") + 3

    def test_from_zero_keeps_zero_on_the_axis(self):
        high = (Series(label="a", values=(100.0, 101.0, 102.0, 103.0)),)
        assert "0" in texts(render_chart(lines(series=high, marks=())))
        assert "0" not in texts(render_chart(lines(series=high, marks=(), from_zero=False)))

    @given(st.lists(st.floats(0, 300), min_size=1, max_size=12))
    def test_spread_labels_are_apart_and_in_order(self, positions):
        placed = spread_labels(positions, gap=14, low=0, high=300)
        ordered = [placed[i] for i in sorted(range(len(placed)), key=lambda i: positions[i])]
        assert all(b - a >= 14 - 1e-6 for a, b in pairwise(ordered))


class TestIntervals:
    def test_dot_lies_on_its_interval(self):
        root = parse(render_chart(intervals(), width=720))
        dots = [float(c.get("cx")) for c in root.iter(f"{SVG}circle")]
        spans = [
            (float(s.get("x1")), float(s.get("x2")))
            for s in root.iter(f"{SVG}line")
            if s.get("stroke-width") == "3"
        ]
        assert all(low < dot < high for dot, (low, high) in zip(dots, spans, strict=True))

    def test_numbers_stand_beside_the_mark(self):
        for width in WIDTHS:
            assert "0.90 (0.70 to 1.20)" in texts(render_chart(intervals(), width=width))

    def test_a_long_axis_title_is_broken_into_lines(self):
        svg = render_chart(
            intervals(x_label="Reports of noise a year per 1 000 residents"), width=240
        )
        assert "Reports of noise a year per 1 000 residents" not in texts(svg)
        assert any(text.endswith("residents") for text in texts(svg))

    def test_the_reference_is_drawn_dashed_and_named(self):
        svg = render_chart(intervals(), width=720)
        assert "stroke-dasharray" in svg
        assert "no change" in texts(svg)


class TestHeat:
    def test_the_peak_is_outlined_and_named(self):
        assert any(
            text.startswith("Outlined: the highest value, Friday 22")
            for text in texts(render_chart(heat(), width=720))
        )

    def test_long_column_names_are_broken_into_lines(self):
        svg = render_chart(
            heat(column_labels=("0 to under 14 days", "14 to under 28 days")), width=300
        )
        assert "…" not in svg
        assert "days" in texts(svg)

    def test_a_missing_cell_is_hatched_and_in_the_legend(self):
        svg = render_chart(heat(), width=720)
        assert "url(#" in svg
        assert "no value" in texts(svg)

    def test_rows_of_another_length_are_refused(self):
        with pytest.raises(ValueError, match="2 rows of 2 columns"):
            render_chart(heat(values=((1.0, 2.0), (3.0,))))

    def test_all_equal_values_are_one_class(self):
        assert "all values" in texts(render_chart(heat(values=((1.0, 1.0), (1.0, 1.0)))))


@settings(max_examples=60)
@given(st.data(), st.sampled_from(WIDTHS), st.integers(1, 9), st.integers(1, 4))
def test_any_values_can_be_drawn(data, width, size, many):
    names = st.lists(st.text(max_size=40), min_size=size, max_size=size)
    row = st.lists(maybe, min_size=size, max_size=size).map(tuple)
    series = tuple(Series(label=f"s{i}", values=data.draw(row)) for i in range(many))
    categories = tuple(data.draw(names))
    parse(render_chart(bars(categories=categories, series=series), width=width))
    parse(
        render_chart(lines(x=tuple(map(float, range(size))), series=series, marks=()), width=width)
    )
    parse(render_chart(intervals(categories=categories, series=series[0]), width=width))
    parse(
        render_chart(
            heat(
                row_labels=tuple(s.label for s in series),
                column_labels=categories,
                values=tuple(s.values for s in series),
            ),
            width=width,
        )
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_empty_charts_can_be_drawn(width):
    none = Series(label="none", values=())
    for chart in (
        bars(categories=(), series=(none,)),
        lines(x=(), series=(none,), marks=()),
        intervals(categories=(), series=none),
        heat(row_labels=(), column_labels=(), values=()),
    ):
        parse(render_chart(chart, width=width))


def test_an_axis_reaches_the_ends_that_are_asked_for():
    chart = IntervalChart(
        title="Safety by group",
        description="Two groups.",
        categories=("women", "men"),
        series=Series(label="Mean", values=(5.8, 5.9), lower=(5.7, 5.8), upper=(5.9, 6.0)),
        x_label="from 0 to 10",
    )
    near, whole = (
        render_chart(chart, width=720),
        render_chart(replace(chart, reaches=(0.0, 10.0)), width=720),
    )
    assert ">10<" in whole
    assert ">10<" not in near


@pytest.mark.parametrize("width", WIDTHS)
def test_the_mark_of_each_value_says_which_one_it_is(width):
    drawn = parse(render_chart(bars(), width=width))
    named = [(e.get("data-row"), e.get("data-series")) for e in drawn.iter(SVG + "rect")]
    assert [one for one in named if one != (None, None)] == [("0", "0"), ("1", "0")]
    dots = parse(render_chart(intervals(), width=width)).iter(SVG + "circle")
    assert all(dot.get("data-row") is not None for dot in dots)
    rows = parse(render_chart(heat(), width=width)).iter(SVG + "g")
    assert [g.get("data-row") for g in rows if g.get("data-row")] == [
        str(i) for i in range(len(heat().row_labels))
    ]


def test_the_runs_of_a_line_say_where_they_start_also_after_a_gap():
    drawn = parse(render_chart(lines(marks=()), width=720))
    runs = [
        (e.get("data-series"), e.get("data-from"))
        for e in drawn.iter()
        if e.get("data-from") is not None
    ]
    assert sorted(runs) == [("0", "0"), ("0", "3"), ("1", "0")]
    stepped = parse(render_chart(lines(marks=(), step=True), width=720))
    assert {e.get("data-step") for e in stepped.iter() if e.get("data-from")} == {"2"}
