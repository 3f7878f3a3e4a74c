from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonlight.sources.answer_cells import NOT_IN_CODEBOOK
from commonlight.sources.answers import Answers, read_answers
from commonlight.sources.codebook import Codebook, CodebookGroup, CodebookItem, Construct
from commonlight.sources.errors import CodebookError, MappingError
from commonlight.sources.import_result import ImportResult
from commonlight.sources.importing import check_source, import_source
from commonlight.sources.lake import Lake, Version
from commonlight.sources.mapping import FileFormat, Mapping, PlaceColumns, TimeColumns
from commonlight.sources.mapping_files import keep_codebook_columns, load_mapping
from growth import growth

RATING = CodebookItem(
    name="rating",
    column="R",
    construct=Construct.TRUST_POLICE,
    wording="How much do you trust the police?",
    lowest=0,
    highest=10,
    missing={"98": "does not know", "99": "no answer", "": "not asked"},
)
DARK = CodebookItem(
    name="dark",
    column="D",
    construct=Construct.SAFETY,
    wording="How safe do you feel after dark?",
    kind="category",
    labels={"A1": "Very safe", "A2": "Safe", "A3": "Unsafe"},
    missing={"A9": "does not know"},
    share_of=("A3",),
)
SEX = CodebookGroup(name="sex", column="S", labels={"1": "women", "2": "men"}, missing={"9": "?"})


def version(tmp_path: Path, rows: list[dict[str, object]], mapping: Mapping) -> Version:
    assert import_rows(tmp_path, rows, mapping).rejected == 0
    return Lake(tmp_path / "lake").open("s")


def import_rows(tmp_path: Path, rows: list[dict[str, object]], mapping: Mapping) -> ImportResult:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return import_source(path, mapping, lake=tmp_path / "lake", name="s")


def read(
    tmp_path: Path, cells: dict[str, list[str]], *parts: CodebookItem | CodebookGroup
) -> Answers:
    """Columns of cells, read with a codebook of some items and groups."""
    items = tuple(part for part in parts if isinstance(part, CodebookItem))
    groups = tuple(part for part in parts if isinstance(part, CodebookGroup))
    codebook = Codebook(name="a", wave="1", items=items, groups=groups)
    rows = [dict(zip(cells, line, strict=True)) for line in zip(*cells.values(), strict=True)]
    rows = [{"n": k, **row} for k, row in enumerate(rows)]
    mapping = keep_codebook_columns(Mapping(kind="answers", name="a", id="n"), codebook)
    return read_answers(version(tmp_path, rows, mapping), codebook)


def test_numbers_and_why_there_is_none(tmp_path: Path) -> None:
    cells = ["0", "10", "7.0", "98", "99.0", "", "11", "x", "nan", "-1"]
    rating = read(tmp_path, {"R": cells}, RATING).items["rating"]
    np.testing.assert_array_equal(rating.values, [0, 10, 7, *[np.nan] * 7])
    assert rating.missing_counts == {
        "does not know": 1,
        "no answer": 1,
        "not asked": 1,
        NOT_IN_CODEBOOK: 4,
    }
    assert rating.n_answered == 3


def test_strange_cells_are_noted(tmp_path: Path) -> None:
    answers = read(tmp_path, {"R": ["5", "11"]}, RATING)
    assert any("1 answers to 'rating' are not in the codebook" in note for note in answers.notes)


def test_answers_by_code_and_by_text(tmp_path: Path) -> None:
    cells = ["A1", "very  SAFE", "Unsafe", "A9", "", "A4"]
    dark = read(tmp_path, {"D": cells}, DARK).items["dark"]
    np.testing.assert_array_equal(dark.values, [1, 1, 3, *[np.nan] * 3])
    assert dark.missing_counts == {"does not know": 1, "empty": 1, NOT_IN_CODEBOOK: 1}
    np.testing.assert_array_equal(dark.share(), [0, 0, 1, *[np.nan] * 3])


def test_a_share_needs_to_know_what_is_counted(tmp_path: Path) -> None:
    rating = read(tmp_path, {"R": ["5"]}, RATING).items["rating"]
    with pytest.raises(CodebookError, match="share_of"):
        rating.share()


CRIMES = CodebookItem(
    name="crimes",
    construct=Construct.VICTIMISATION,
    wording="Which of these happened to you?",
    kind="multiple",
    labels={"bag": "Bag stolen", "hit": "Assault"},
    columns={"bag": "C[bag]", "hit": "C[hit]"},
    missing={"N/A": "not asked"},
)


def test_choices_in_columns(tmp_path: Path) -> None:
    cells = {
        "C[bag]": ["Y", "", "", "N/A", "Yes", "x", "N"],
        "C[hit]": ["", "Y", "", "N/A", "No", "", "N"],
    }
    crimes = read(tmp_path, cells, CRIMES).items["crimes"]
    nan = np.nan
    np.testing.assert_array_equal(crimes.choices["bag"], [1, 0, nan, nan, 1, nan, 0])
    np.testing.assert_array_equal(crimes.choices["hit"], [0, 1, nan, nan, 0, nan, 0])
    np.testing.assert_array_equal(crimes.values, [1, 1, nan, nan, 1, nan, 0])
    assert crimes.missing_counts == {"not asked": 1, "empty": 1, NOT_IN_CODEBOOK: 1}


def test_choices_in_one_cell(tmp_path: Path) -> None:
    item = CodebookItem(
        name="crimes",
        column="C",
        construct=Construct.VICTIMISATION,
        wording="Which?",
        kind="multiple",
        labels={"bag": "Bag stolen", "hit": "Assault"},
        separator=" ",
        missing={"dk": "does not know"},
    )
    cells = ["bag hit", "hit", "", "dk", "bag dog", "Bag stolen"]
    crimes = read(tmp_path, {"C": cells}, item).items["crimes"]
    nan = np.nan
    np.testing.assert_array_equal(crimes.choices["bag"], [1, 0, nan, nan, nan, 1])
    np.testing.assert_array_equal(crimes.values, [2, 1, nan, nan, nan, 1])
    assert crimes.missing_counts == {"empty": 1, "does not know": 1, NOT_IN_CODEBOOK: 1}


def test_groups_keep_the_order_of_the_codebook(tmp_path: Path) -> None:
    cells = {"S": ["2", "1", "2.0", "9", "", "3"], "R": ["5"] * 6}
    sex = read(tmp_path, cells, SEX, RATING).groups["sex"]
    assert sex.labels == ("women", "men")
    np.testing.assert_array_equal(sex.codes, [1, 0, 1, -1, -1, -1])
    assert sex.counts() == {"women": 1, "men": 2}
    assert sex.missing_counts == {"?": 1, "empty": 1, NOT_IN_CODEBOOK: 1}


def test_codes_with_the_same_label_are_one_group(tmp_path: Path) -> None:
    group = CodebookGroup(name="age", column="A", labels={"1": "young", "2": "old", "3": "old"})
    age = read(tmp_path, {"A": ["1", "2", "3"], "R": ["5"] * 3}, group, RATING).groups["age"]
    assert age.counts() == {"young": 1, "old": 2}


def test_a_decimal_comma(tmp_path: Path) -> None:
    mapping = Mapping(kind="answers", name="a", file=FileFormat(decimal=","), keep={"rating": "R"})
    store = version(tmp_path, [{"R": "7,5"}, {"R": "8"}], mapping)
    codebook = Codebook(name="a", wave="1", items=(RATING,))
    np.testing.assert_array_equal(read_answers(store, codebook).items["rating"].values, [7.5, 8])


cell = st.sampled_from(["0", "3", "10", "10.0", "11", "98", "99", "", "abc", "-5", "1e1"])


@settings(max_examples=25)
@given(st.lists(cell, min_size=1, max_size=30))
def test_every_cell_is_answered_or_counted(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    rating = read(tmp_path_factory.mktemp("a"), {"R": cells}, RATING).items["rating"]
    assert rating.n_answered + sum(rating.missing_counts.values()) == len(cells)
    assert np.array_equal(np.isnan(rating.values), rating.missing >= 0)
    slow = [float(c) if c in ("0", "3", "10", "10.0", "1e1") else np.nan for c in cells]
    np.testing.assert_array_equal(rating.values, slow)


# --- design

DESIGN = Mapping(
    kind="answers",
    name="a",
    id="n",
    time=TimeColumns(start="day", formats=("%Y-%m-%d",)),
    place=PlaceColumns(area="area", required=False),
    stratum="stratum",
    cluster="block",
    weight="w",
    replicate_weights=("rw_1", "rw_2"),
    stratum_size="N",
    keep={"rating": "R"},
)
ONE = {
    "n": 1,
    "day": "2024-03-05",
    "area": "North",
    "stratum": "a",
    "block": "b1",
    "w": "1.5",
    "rw_1": "0",
    "rw_2": "3",
    "N": "100",
    "R": "5",
}
WAVE = Codebook(name="a", wave="1", items=(RATING,))


def test_the_design_is_read(tmp_path: Path) -> None:
    rows = [ONE, {**ONE, "n": 2, "area": "", "stratum": "b", "block": "b10", "N": "50"}]
    rows += [{**ONE, "n": 3, "block": "b2", "w": "0"}]
    answers = read_answers(version(tmp_path, rows, DESIGN), WAVE)
    assert answers.weighted
    np.testing.assert_array_equal(answers.weight, [1.5, 1.5, 0])
    assert answers.stratum is not None
    assert answers.cluster is not None
    assert answers.area is not None
    assert answers.stratum.labels == ("a", "b")
    np.testing.assert_array_equal(answers.area.codes, [0, -1, 0])
    assert answers.area.missing_counts == {"empty": 1}
    np.testing.assert_array_equal(answers.replicate_weights, [[0, 3]] * 3)
    np.testing.assert_array_equal(answers.stratum_population, [100, 50])
    assert answers.day is not None
    assert str(answers.day[0]) == "2024-03-05"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"w": ""}, "no weight"),
        ({"w": "-0.1"}, "weight is negative"),
        ({"w": "heavy"}, "not a number"),
        ({"w": "inf"}, "not a number"),
        ({"rw_2": ""}, "no weight"),
        ({"rw_1": "-1"}, "weight is negative"),
        ({"N": ""}, "size of the stratum is missing or below 1"),
        ({"N": "0"}, "size of the stratum is missing or below 1"),
    ],
)
def test_answers_without_a_weight_are_rejected(
    tmp_path: Path, change: dict[str, object], reason: str
) -> None:
    result = import_rows(tmp_path, [ONE, {**ONE, "n": 2, **change}], DESIGN)
    assert (result.read, result.accepted, result.rejected) == (2, 1, 1)
    assert result.reasons == {reason: 1}


def test_sizes_of_one_stratum_must_agree(tmp_path: Path) -> None:
    store = version(tmp_path, [ONE, {**ONE, "n": 2, "N": "120"}], DESIGN)
    with pytest.raises(CodebookError, match=r"'a' needs one size.*100 and 120"):
        read_answers(store, WAVE)


def test_sizes_in_the_mapping(tmp_path: Path) -> None:
    mapping = Mapping(
        kind="answers", name="a", stratum="stratum", stratum_sizes={"a": 40.0}, keep={"rating": "R"}
    )
    answers = read_answers(version(tmp_path, [ONE], mapping), WAVE)
    np.testing.assert_array_equal(answers.stratum_population, [40])
    assert not answers.weighted
    np.testing.assert_array_equal(answers.weight, [1])
    store = version(tmp_path, [{**ONE, "stratum": "z"}], mapping)
    with pytest.raises(CodebookError, match=r"'z' needs one size.*none"):
        read_answers(store, WAVE)


def test_columns_named_like_columns_of_the_lake(tmp_path: Path) -> None:
    """The source's own column "area" is a group here, and the place stands in "block"."""
    group = CodebookGroup(name="region", column="area")
    codebook = Codebook(name="a", wave="1", items=(RATING,), groups=(group,))
    mapping = Mapping(kind="answers", name="a", place=PlaceColumns(area="block"))
    store = version(tmp_path, [ONE], keep_codebook_columns(mapping, codebook))
    answers = read_answers(store, codebook)
    assert answers.groups["region"].labels == ("North",)
    assert answers.area is not None
    assert answers.area.labels == ("b1",)


def test_one_name_for_two_columns_is_refused() -> None:
    with pytest.raises(MappingError, match=r"'rating' is the column 'X' under keep and 'R'"):
        keep_codebook_columns(Mapping(kind="answers", name="a", keep={"rating": "X"}), WAVE)


def test_errors_name_the_source_and_the_next_step(tmp_path: Path) -> None:
    store = version(tmp_path, [ONE], DESIGN)
    with pytest.raises(CodebookError, match=r"imported without a codebook.*set codebook"):
        read_answers(store)
    with pytest.raises(CodebookError, match="did not keep the column 'D' of 'dark'"):
        read_answers(store, Codebook(name="a", wave="1", items=(DARK,)))
    incidents = Mapping(kind="incidents", name="a", place=PlaceColumns(area="area"))
    store = version(tmp_path, [ONE], incidents)
    with pytest.raises(CodebookError, match="holds incidents"):
        read_answers(store, WAVE)


def test_the_version_carries_its_codebook(tmp_path: Path) -> None:
    """Changing or losing the file later does not change what was asked."""
    book = tmp_path / "a.codebook.toml"
    book.write_text(
        'name = "a"\nwave = "1"\n[[item]]\nname = "rating"\ncolumn = "R"\n'
        'construct = "trust_police"\nwording = "Trust?"\n',
        encoding="utf-8",
    )
    path = tmp_path / "a.toml"
    path.write_text(
        'kind = "answers"\nname = "a"\ncodebook = "a.codebook.toml"\n', encoding="utf-8"
    )
    store = version(tmp_path, [ONE], load_mapping(path))
    book.unlink()
    answers = read_answers(store)
    assert answers.items["rating"].item.wording == "Trust?"
    assert store.manifest["mapping"]["codebook"] == "a.codebook.toml"
    assert answers.of(Construct.TRUST_POLICE).keys() == {"rating"}


# --- the real survey


@pytest.fixture(scope="module")
def barcelona(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    lake = tmp_path_factory.mktemp("lake")
    file = shared_data / "survey_barcelona_victimisation_2020" / "persons.csv.gz"
    mapping = load_mapping("barcelona-victimisation-2020")
    result = import_source(file, mapping, lake=lake, name="s")
    assert (result.read, result.accepted, result.rejected) == (4734, 4734, 0)
    return read_answers(Lake(lake).open("s"))


def test_barcelona_design(barcelona: Answers) -> None:
    """4,734 persons, PES sums to 4,734, ten districts as strata (README)."""
    assert barcelona.n == 4734
    assert barcelona.weight.sum() == pytest.approx(4734)
    assert (barcelona.weight.min(), barcelona.weight.max()) == (
        pytest.approx(0.334, abs=5e-4),
        pytest.approx(2.466, abs=5e-4),
    )
    assert barcelona.stratum is not None
    assert barcelona.stratum.labels == tuple(map(str, range(1, 11)))
    assert barcelona.groups["district"].labels[0] == "Ciutat Vella"
    assert barcelona.day is not None
    assert barcelona.day.min() >= np.datetime64("2020-02-10")
    assert barcelona.day.max() <= np.datetime64("2020-03-06")


def test_barcelona_unweighted_checks(barcelona: Answers) -> None:
    """Two police ratings 6.45 with 413 missing, two safety ratings 5.49 with 78 (README)."""
    for names, mean, missing in (
        (("police_mossos", "police_urban"), 6.45, 413),
        (("safety_neighbourhood", "safety_city"), 5.49, 78),
    ):
        both = np.mean([barcelona.items[name].values for name in names], axis=0)
        assert round(float(np.nanmean(both)), 2) == mean
        assert int(np.isnan(both).sum()) == missing


@pytest.mark.parametrize(
    ("item", "mean"),
    [
        ("safety_neighbourhood", 5.8524),
        ("safety_city", 5.2137),
        ("police_mossos", 6.6607),
        ("police_urban", 6.2906),
    ],
)
def test_barcelona_weighted_means(barcelona: Answers, item: str, mean: float) -> None:
    """Weighted results with 98 and 99 as missing (README)."""
    values = barcelona.items[item].values
    use = ~np.isnan(values)
    assert np.average(values[use], weights=barcelona.weight[use]) == pytest.approx(mean, abs=5e-5)


@pytest.mark.parametrize(
    ("item", "percent"),
    [
        ("victim", 30.89),
        ("victim_personal", 23.66),
        ("victim_vehicle", 8.18),
        ("victim_home", 3.54),
        ("victim_second_home", 0.95),
        ("victim_business", 0.86),
        ("victim_completed", 21.80),
        ("victim_attempted", 16.66),
    ],
)
def test_barcelona_victimisation(barcelona: Answers, item: str, percent: float) -> None:
    """Weighted domain victimisation (README)."""
    share = barcelona.items[item].share()
    got = 100 * np.average(share, weights=barcelona.weight)
    assert got == pytest.approx(percent, abs=6e-3)


def test_barcelona_missing_is_counted_apart(barcelona: Answers) -> None:
    """Better 6.65 %, same 43.05, worse 41.47, does not know 7.78, no answer 1.06 (README)."""
    item = barcelona.items["safety_change_city"]
    weight = barcelona.weight / barcelona.weight.sum() * 100
    got = [weight[item.values == code].sum() for code in (1, 2, 3)]
    by_meaning = {m: weight[item.missing == k].sum() for k, m in enumerate(item.meanings)}
    got += [by_meaning["does not know"], by_meaning["no answer"]]
    np.testing.assert_allclose(got, [6.65, 43.05, 41.47, 7.78, 1.06], atol=6e-3)
    assert barcelona.items["police_mossos"].missing_counts == {
        "does not know": 291,
        "no answer": 39,
    }


def test_barcelona_is_recognised(shared_data: Path) -> None:
    from commonlight.sources.guess import guess_mapping

    file = shared_data / "survey_barcelona_victimisation_2020" / "persons.csv.gz"
    guess = guess_mapping(file)
    assert guess.mapping == load_mapping("barcelona-victimisation-2020")
    assert check_source(file, guess.mapping).accepted == 4734


@pytest.mark.slow
def test_ten_times_the_answers_take_about_ten_times_as_long(tmp_path: Path) -> None:
    """Forty items of 10,000 and of 100,000 answers."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    items = tuple(
        CodebookItem(
            name=f"i{k}",
            column=f"q{k}",
            construct=Construct.SAFETY,
            wording="?",
            highest=10,
            missing=RATING.missing,
        )
        for k in range(40)
    )
    codebook = Codebook(name="a", wave="1", items=items)
    mapping = keep_codebook_columns(Mapping(kind="answers", name="a"), codebook)

    def store_of(n: int) -> Version:
        rng = np.random.default_rng(1)
        texts = np.array([*map(str, range(11)), "98", "99"])
        columns = {f"q{k}": texts[rng.integers(0, 13, n)] for k in range(40)}
        pq.write_table(pa.table(columns), tmp_path / "a.parquet")
        import_source(tmp_path / "a.parquet", mapping, lake=tmp_path / "lake", name=f"s{n}")
        return Lake(tmp_path / "lake").open(f"s{n}")

    small, large = store_of(10_000), store_of(100_000)
    assert read_answers(large, codebook).n == 100_000
    bound = 30  # its square would be 100
    assert growth(lambda store: read_answers(store, codebook), small, large, bound=bound) <= bound
