from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commonlight.audit.single.run import run_method
from commonlight.sources.errors import LakeError, UnreadableFileError

EDGES = (0, 1, 100, 200)


def table(
    folder: Path,
    start: np.ndarray,
    end: np.ndarray | None = None,
    *,
    kind: str = "instant",
    x: np.ndarray | None = None,
    y: np.ndarray | None = None,
    count: np.ndarray | None = None,
) -> str:
    """A Parquet file in the incidents schema; gives its path."""
    start = start.astype("datetime64[s]")
    n = start.size
    nowhere = np.full(n, np.nan)
    columns = {
        "start": pa.array(start),
        "end": pa.array(start if end is None else end.astype("datetime64[s]")),
        "time_kind": pa.array([kind] * n).dictionary_encode(),
        "x": pa.array(nowhere if x is None else x),
        "y": pa.array(nowhere if y is None else y),
        "area": pa.array([None] * n, pa.string()).dictionary_encode(),
        "type": pa.array(["theft"] * n).dictionary_encode(),
        "count": pa.array(np.ones(n) if count is None else count, pa.int32()),
    }
    path = folder / "table.parquet"
    pq.write_table(pa.table(columns), path)
    return str(path)


def months(folder: Path, first: str, n: int, *, leave_out: tuple[int, ...] = ()) -> str:
    """Thirty records a month, known to the month only."""
    month = np.datetime64(first) + np.setdiff1d(np.arange(n), leave_out)
    return table(
        folder,
        month.astype("datetime64[D]"),
        (month + 1).astype("datetime64[D]"),
        kind="month",
        count=np.full(month.size, 30),
    )


def test_a_file_that_ends_a_day_before_the_month_covers_the_month(tmp_path: Path) -> None:
    days = np.arange(np.datetime64("2022-01-02"), np.datetime64("2023-12-31"), 2)
    assert run_method("trend", table(tmp_path, days), lake=tmp_path).result.n_periods == 24


def test_a_month_that_is_cut_in_the_middle_is_left_out(tmp_path: Path) -> None:
    days = np.arange(np.datetime64("2022-01-01"), np.datetime64("2024-01-16"))
    assert run_method("trend", table(tmp_path, days), lake=tmp_path).result.n_periods == 24


def test_the_last_month_of_month_only_data_counts(tmp_path: Path) -> None:
    result = run_method("trend", months(tmp_path, "2022-01", 24), lake=tmp_path).result
    assert result.n_periods == 24


@pytest.mark.parametrize("method", ["trend", "season", "change-points"])
def test_months_that_were_not_delivered_stop_a_series(method: str, tmp_path: Path) -> None:
    path = months(tmp_path, "2020-01", 48, leave_out=(10, 11))
    with pytest.raises(ValueError, match="2 months between the first and the last hold no record"):
        run_method(method, path, lake=tmp_path)


def test_the_planted_trend_is_found(tmp_path: Path) -> None:
    month = np.datetime64("2020-01") + np.arange(48)
    days = np.diff((np.datetime64("2020-01") + np.arange(49)).astype("datetime64[D]").astype(int))
    count = np.round(100 * days * 1.1 ** (np.arange(48) / 12))
    path = table(
        tmp_path,
        month.astype("datetime64[D]"),
        (month + 1).astype("datetime64[D]"),
        kind="month",
        count=count,
    )
    result = run_method("trend", path, lake=tmp_path).result
    assert result.estimate == pytest.approx(10, abs=0.1)


def test_hours_need_hours(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="known to the month only"):
        run_method("weekday-hour", months(tmp_path, "2022-01", 24), lake=tmp_path)


def test_hours_are_counted(tmp_path: Path) -> None:
    """A Monday at 05:00 and a Sunday at 20:00."""
    path = table(tmp_path, np.array(["2024-01-01T05:00:00", "2024-01-07T20:00:00"]).astype("M8[s]"))
    result = run_method("weekday-hour", path, lake=tmp_path)
    assert result.rows[0] == ("Monday", 1, 0, 0, 0)
    assert result.rows[6] == ("Sunday", 0, 0, 0, 1)


def test_pairs_are_counted_by_distance_and_days(tmp_path: Path) -> None:
    """Twelve lone points far apart, and three pairs: same place, 50 m, 150 m, a day apart."""
    x = np.concatenate([np.arange(15) * 10_000.0, [0.0, 10_050.0, 20_150.0]])
    day = np.concatenate([np.arange(15) * 40, [1, 41, 81]])
    start = np.datetime64("2020-01-01T12:00:00") + day * 86_400
    extra = table(tmp_path, np.r_[start, start[-3:]], x=np.r_[x, [5e5, 6e5, 7e5]], y=np.zeros(21))
    result = run_method(
        "near-repeat",
        extra,
        lake=tmp_path,
        distance_bands=EDGES,
        time_bands=(0, 7, 14),
        permutations=19,
    )
    first = {row[0]: row[2] for row in result.rows if row[1] == "0 to under 7 days"}
    assert list(first.values())[:3] == [1, 1, 1]


@pytest.mark.parametrize("method", ["concentration", "hot-spots"])
def test_a_grid_needs_points(method: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="fewer than three records have coordinates"):
        run_method(method, months(tmp_path, "2022-01", 24), lake=tmp_path)


def test_the_same_seed_gives_the_same_draws(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    start = np.datetime64("2020-01-01T12:00:00") + rng.integers(0, 300, 60) * 86_400
    path = table(tmp_path, start, x=rng.uniform(0, 900, 60), y=rng.uniform(0, 900, 60))

    def drawn(seed: int) -> np.ndarray:
        found = run_method("near-repeat", path, lake=tmp_path, permutations=99, seed=seed)
        return np.asarray(found.result.expected)

    assert (drawn(1) == drawn(1)).all()
    assert (drawn(1) != drawn(2)).any()


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no method 'astrology'; choose from"):
        run_method("astrology", "x", lake=tmp_path)
    with pytest.raises(LakeError, match="has no data set 'x'"):
        run_method("trend", "x", lake=tmp_path)
    with pytest.raises(UnreadableFileError, match="there is no such file"):
        run_method("trend", str(tmp_path / "x.parquet"), lake=tmp_path)
    (tmp_path / "x.parquet").write_text("x")
    with pytest.raises(UnreadableFileError, match="not a Parquet file"):
        run_method("trend", str(tmp_path / "x.parquet"), lake=tmp_path)
    with pytest.raises(ValueError, match="no record of type 'b'; there are: theft"):
        run_method("trend", months(tmp_path, "2022-01", 24), lake=tmp_path, kind="b")
