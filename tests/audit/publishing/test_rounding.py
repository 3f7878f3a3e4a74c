"""Rounded counts are the same everywhere, and nothing exact stands beside them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commonlight.audit.publishing.public import public_report
from commonlight.audit.publishing.rules import KEY_VARIABLE, PublicationRules, PublishingError

Make = dict[str, Callable[..., Any]]


@pytest.fixture
def rules(tmp_path: Path) -> PublicationRules:
    (tmp_path / "secret.txt").write_text("a long and random secret\n")
    return PublicationRules(method="round", base=5, key_file=tmp_path / "secret.txt")


def test_counts_are_multiples_near_the_truth_and_rates_are_gone(
    make: Make, rules: PublicationRules
) -> None:
    public = public_report(make["report"](make["by_area"]()), rules=rules).findings[0]
    assert [column.name for column in public.table.columns] == [
        "code",
        "area",
        "count",
        "residents",
    ]
    for code, _, count, _ in public.table.rows:
        assert count % 5 == 0
        assert abs(count - make["areas"][code]) < 5
    assert [row[2] for row in public.table.rows] == sorted(
        (row[2] for row in public.table.rows), reverse=True
    )
    assert public.map is None
    assert public.numbers == {}
    assert "310" not in public.sentence


def test_the_same_records_are_rounded_alike_in_every_finding(
    make: Make, rules: PublicationRules
) -> None:
    findings = make["by_area"](), make["by_area"](id="thefts.again")
    first, second = public_report(make["report"](*findings), rules=rules).findings
    assert first.table == second.table
    assert first.chart.series == second.chart.series


def test_without_a_secret_nothing_is_rounded(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    with pytest.raises(PublishingError, match="at least 16 letters or digits; got 0"):
        public_report(make["report"](make["by_area"]()), rules=PublicationRules(method="round"))
    monkeypatch.setenv(KEY_VARIABLE, "another long random secret")
    public_report(make["report"](make["by_area"]()), rules=PublicationRules(method="round"))


def test_a_secret_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(PublishingError, match=r"gone\.txt: the secret of rounding cannot be read"):
        PublicationRules(method="round", key_file=tmp_path / "gone.txt").secret()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"minimum_count": 1}, "from 2 to 1000; got 1"),
        ({"minimum_count": 4.5}, "whole number from 2 to 1000; got 4.5"),
        ({"method": "hide"}, "one of suppress, round; got 'hide'"),
        ({"minimum_count": 10, "base": 5, "method": "round"}, r"at least minimum_count \(10\)"),
        ({"smallest_cell": float("nan")}, "at least 50, in metres"),
        ({"smallest_cell": 20.0}, "smaller cells are single houses; got 20"),
        ({"reason": " "}, "reason must say why"),
    ],
)
def test_rules_that_make_no_sense_are_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(PublishingError, match=said):
        PublicationRules(**given)
