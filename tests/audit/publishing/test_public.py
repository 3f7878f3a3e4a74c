"""The public version holds nothing that would give a small count away."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from commonlight.audit.publishing.account import account_text
from commonlight.audit.publishing.faces import undeclared
from commonlight.audit.publishing.hidden import hidden_counts, source_cells
from commonlight.audit.publishing.public import internal_report, public_report, publish
from commonlight.audit.publishing.rules import PublicationRules, PublishingError
from commonlight.audit.publishing.texts import _small
from commonlight.findings import words
from commonlight.findings.folder import write_folder
from commonlight.findings.html import render_html
from commonlight.findings.model import WITHHELD, Block, Certainty, Column, Table
from commonlight.findings.pdf import render_pdf

RULES = PublicationRules()
NOUNS = {"thefts": "thefts"}
Make = dict[str, Callable[..., Any]]


def made_public(make: Make, *findings: Any, rules: PublicationRules = RULES, **changes: Any) -> Any:
    return public_report(make["report"](*findings, **changes), rules=rules, nouns=NOUNS)


def test_a_small_count_goes_with_its_rate_and_with_one_that_would_give_it_away(make: Make) -> None:
    table = made_public(make, make["by_area"]()).findings[0].table
    rows = {row[0]: row[2:] for row in table.rows}
    assert rows["C"] == ("under 5", 1000, WITHHELD)
    other = [code for code, row in rows.items() if row[0] == WITHHELD]
    assert len(other) == 1
    assert rows["A"] == (310, 1000, 310.0)


def test_withheld_rows_stand_last_so_that_their_place_tells_nothing(make: Make) -> None:
    table = made_public(make, make["by_area"]()).findings[0].table
    marks = [isinstance(row[2], str) for row in table.rows]
    assert marks == sorted(marks)
    shown = [row[2] for row in table.rows if not isinstance(row[2], str)]
    assert shown == sorted(shown, reverse=True)


def test_a_chart_of_the_highest_is_drawn_again_from_those_published(make: Make) -> None:
    public = made_public(make, make["by_area"]()).findings[0]
    published = [row for row in public.table.rows if isinstance(row[2], int)]
    assert public.chart.categories == tuple(row[1] for row in published[:5])
    assert public.chart.series[0].values == tuple(float(row[2]) for row in published[:5])
    assert public.chart.withheld


def test_a_line_has_gaps_and_loses_marks_there(make: Make) -> None:
    counts = (40, 2, 38, 51, 6, 47)
    whole = make["finding"](
        "kinds",
        cells=(replace(make["by_area"]().cells[0], counts=(sum(counts),)),),
        sentence="There were some.",
    )
    chart = made_public(make, make["by_month"](counts), whole).findings[0].chart
    gaps = [v is None for v in chart.series[0].values]
    assert gaps[1]
    assert 2 <= sum(gaps) < 6
    assert chart.marks == ()
    assert chart.title == "Thefts by month"


def test_a_map_keeps_withheld_apart_from_unknown(make: Make) -> None:
    picture = made_public(make, make["by_area"]()).findings[0].map
    assert 2 in picture.withheld
    assert len(picture.withheld) == 2
    assert np.isnan(picture.values[list(picture.withheld)]).all()
    assert 2 not in picture.marked
    assert "Ward C" not in picture.description


def test_texts_that_name_a_withheld_row_or_tell_a_small_number_are_left_out(make: Make) -> None:
    public = made_public(make, make["by_area"]()).findings[0]
    assert public.sentence == f"Ward A holds 310 of {make['total']} thefts."
    said = " ".join(public.details)
    assert "Ward C" not in said
    assert "4 of 8 wards" in said
    assert public.details[-1].startswith("Some values of this finding are withheld")
    assert public.numbers == {}


@pytest.mark.parametrize(
    "sentence",
    [
        "Ward C has the fewest thefts.",
        "3 thefts have no place.",
        "Only 2 of 655 records lie outside.",
        "4 rejected rows were left out.",
    ],
)
def test_a_sentence_that_tells_too_much_is_replaced_by_rule(make: Make, sentence: str) -> None:
    report = made_public(make, make["by_area"](sentence=sentence))
    public = report.findings[0]
    assert public.sentence.startswith("What the records say about this is left out")
    assert public.certainty is Certainty.CANNOT_TELL
    assert report.headline_findings == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "About 1 in 2 thefts are recorded in a dwelling.",
        "164 of 1\u202f038 thefts (16 %) are of this kind.",
        "There were 1.2 thefts a year per 1\u202f000 residents.",
        "The rate is 3.1 times that of all wards, in 2 of 8 wards.",
        "Wards with fewer than 3 thefts get no rate.",
    ],
)
def test_a_sentence_that_tells_nothing_small_stays(make: Make, sentence: str) -> None:
    plain = make["finding"](sentence=sentence, details=(), cells=())
    assert made_public(make, plain).findings[0].sentence == sentence


def test_numbers_for_machines_have_four_digits_also_inside_others(make: Make) -> None:
    """A weighted share with sixteen digits says how many said yes, to who knows the weights."""
    numbers = {"victim": {"estimate": 0.012345678901234567, "answers": 4734}, "rate": 1234.567}
    found = make["finding"]("survey", numbers=numbers)
    public = made_public(make, found).findings[0]
    assert public.numbers == {"victim": {"estimate": 0.01235, "answers": 4734}, "rate": 1235.0}


def test_a_source_loses_digest_files_people_and_small_numbers(make: Make) -> None:
    report = made_public(make, make["by_area"]())
    note = report.sources[0]
    assert note.digest == ""
    assert note.notes == ("Coordinates are in EPSG:25832.",)
    assert (note.rows_read, note.rows_rejected) == (make["total"] + 20, 20)
    assert "Configuration" not in report.run
    few = made_public(make, make["by_area"](), sources=(make["source"](rows_rejected=2),))
    assert few.sources[0].rows_read is None
    assert few.sources[0].rows_rejected is None


def test_cells_of_a_grid_are_given_by_class_and_never_finer_than_the_rules(make: Make) -> None:
    counts = (0, 3, 9, 60, 1)
    picture = made_public(make, make["on_a_grid"](counts)).findings[0].map
    # 3 lies in the lowest class, which leaves 0 to 7 open; 1 in a tenth of a cell does not.
    assert picture.values[:4].tolist() == [0.0, 0.0, 200.0, 1000.0]
    assert picture.withheld == (4,)
    fine = made_public(make, make["on_a_grid"](counts, size=100.0)).findings[0]
    assert fine.map is None
    assert "100 metres are finer" in fine.details[0]


def test_rows_chosen_by_value_go_all_or_none(make: Make) -> None:
    whole = make["by_area"]()
    chosen = tuple(replace(item, selected=item.shown_in == "table") for item in whole.cells)
    public = made_public(make, replace(whole, cells=chosen)).findings[0]
    assert public.table is None
    assert public.chart is None
    assert public.sentence.startswith("What the records say")


def test_what_nobody_declared_is_not_published(make: Make) -> None:
    whole = make["by_area"]()
    silent = replace(whole, cells=whole.cells[:1])
    assert undeclared(silent) == ("count", "rate", "its chart", "its map")
    publication = publish(make["report"](silent), rules=RULES)
    assert publication.report.findings == ()
    assert "nobody declared" in account_text(publication)


def test_a_part_of_the_audit_can_be_kept_inside(make: Make) -> None:
    rules = PublicationRules(blocks=(Block.CONTEXT,))
    assert made_public(make, make["by_area"](), rules=rules).findings == ()


def test_counts_that_contradict_each_other_are_refused(make: Make) -> None:
    whole = make["by_area"]()
    other = replace(
        whole, id="thefts.again", cells=(replace(whole.cells[0], counts=(1,)), *whole.cells[1:])
    )
    with pytest.raises(PublishingError, match="counts with the same key must be counts of the"):
        source_cells((whole, other))


def test_a_week_goes_with_a_month(make: Make) -> None:
    months = make["by_month"]((40, 2, 38))
    weeks = replace(
        make["by_month"]((12, 13, 14)),
        id="thefts.weeks",
        cells=(
            replace(
                months.cells[0],
                dimensions=("week",),
                keys=(("2023-01-02",), ("2023-01-09",), ("2023-01-16",)),
                counts=(12, 13, 14),
                overlaps=("month",),
            ),
        ),
    )
    hidden = hidden_counts((months, weeks), RULES)
    assert hidden.rows(weeks.cells[0]) == (0, 1, 2)


def test_the_internal_version_is_whole_and_says_so(make: Make) -> None:
    report = make["report"](make["by_area"]())
    inside = internal_report(report)
    assert inside.audience == "internal"
    assert replace(inside, audience="", publication=None) == report
    assert "Internal: not for publication" in render_html(inside)


def test_nothing_withheld_is_in_the_written_files(make: Make, tmp_path: Path) -> None:
    """The search of the bytes: neither count nor rate of a withheld ward, nor its neighbours."""
    odd = {"A": 310, "B": 121, "C": 3, "D": 7919, "E": 41, "F": 6733, "G": 9, "H": 66}
    whole = make["by_area"]()
    order = [key[0] for key in whole.cells[1].keys]
    counts = tuple(odd[code] for code in order)
    rows = tuple((c, f"Ward {c}", odd[c], 1000, odd[c] / 0.0777) for c in order)
    total = sum(odd.values())
    whole = replace(
        whole,
        sentence="Some wards have more.",
        details=("Ward C has the fewest: 3.",),
        table=replace(whole.table, rows=rows),
        chart=None,
        map=replace(whole.map, values=np.array(list(odd.values())) / 0.0777),
        cells=(
            replace(whole.cells[0], counts=(total,)),
            replace(whole.cells[1], counts=counts, chart=()),
            replace(whole.cells[2], counts=tuple(odd.values())),
        ),
    )
    publication = publish(make["report"](whole), rules=RULES, nouns=NOUNS)
    gone = [order[row] for row in publication.hidden.rows(whole.cells[1])]
    assert "C" in gone
    report = publication.report
    write_folder(report, tmp_path / "data")
    (tmp_path / "report.html").write_text(render_html(report))
    render_pdf(report, tmp_path / "report.pdf")
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    text = "\n".join(p.read_text("utf-8-sig") for p in written if p.suffix not in (".pdf", ".svg"))
    text = re.sub(r"<svg.*?</svg>|<style.*?</style>", "", text, flags=re.S)
    for code in gone:
        assert f"{odd[code] / 0.0777:.1f}" not in text
        assert words.number(odd[code] / 0.0777, decimals=1) not in text
        assert repr(odd[code] / 0.0777) not in text
    content = json.loads((tmp_path / "data" / "findings.json").read_text())
    (shown,) = content["findings"]
    assert {row[0] for row in shown["table"]["rows"] if isinstance(row[2], str)} == set(gone)
    assert "cells" not in shown
    for word in ("thefts_2023", "anna", "testham.toml", "0123456789abcdef"):
        assert word not in text


def test_the_top_of_the_public_page_says_what_and_why_and_whom_to_ask(make: Make) -> None:
    rules = PublicationRules(reason="Decided on 3 March.", contact="Write to data@testham.example.")
    page = render_html(made_public(make, make["by_area"](), rules=rules))
    for said in ("Public version", "under 5", "Why: Decided on 3 March.", "Write to data@testham"):
        assert said in page


def test_a_table_without_records_is_left_alone(make: Make) -> None:
    free = make["finding"](
        table=Table(
            columns=(Column(name="n", label="Residents", numeric=True, free=True),),
            rows=((3,),),
            caption="Residents",
        )
    )
    assert made_public(make, free).findings[0].table.rows == ((3,),)


def test_percentage_points_are_no_small_count():
    told = _small(5, "incidents")
    assert told.search("3 incidents lie outside") is not None
    assert told.search("more by 3 percentage points (between 1 and 4 percentage points)") is None
