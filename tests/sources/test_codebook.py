from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonlight.sources.codebook import (
    HIGH_IS,
    Codebook,
    CodebookGroup,
    CodebookItem,
    Construct,
    list_codebooks,
    load_codebook,
    same_wording,
)
from commonlight.sources.codebook_files import dump_codebook, parse_codebook
from commonlight.sources.errors import CodebookError, SourceError
from commonlight.sources.mapping_files import dump_mapping, load_mapping

HEAD = 'name = "Feelings"\nwave = "2024"\n'
ITEM = '[[item]]\nname = "dark"\ncolumn = "Q1"\nconstruct = "safety"\nwording = "How safe?"\n'


def dark(**changes: object) -> CodebookItem:
    item = CodebookItem(
        name="dark",
        column="Q1",
        construct=Construct.SAFETY,
        wording="How safe do you feel walking alone after dark?",
        kind="category",
        labels={"1": "very safe", "2": "safe", "3": "unsafe", "4": "very unsafe"},
        missing={"9": "does not know"},
    )
    return replace(item, **changes)  # type: ignore[arg-type]


def wave(*items: CodebookItem, **changes: object) -> Codebook:
    codebook = Codebook(name="Feelings", wave="1", items=items, mode="web")
    return replace(codebook, **changes)  # type: ignore[arg-type]


def parsed(text: str) -> Codebook:
    return parse_codebook(text, "codebook a.toml")


def test_an_item_of_few_lines() -> None:
    item = parsed(HEAD + ITEM).item("dark")
    assert (item.column, item.construct, item.kind) == ("Q1", Construct.SAFETY, "number")
    assert item.exact


def test_missing_codes_of_the_survey_reach_every_item_but_labels_win() -> None:
    text = HEAD + '[missing]\n8 = "does not know"\n9 = "no answer"\n' + ITEM
    text += 'kind = "category"\nlabels = { 1 = "a", 9 = "b" }\nmissing = { 7 = "refused" }\n'
    assert parsed(text).item("dark").missing == {"8": "does not know", "7": "refused"}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("name=", ["not valid TOML"]),
        ('wave = "1"\n' + ITEM, ["name", "required"]),
        (HEAD, ["item", "required"]),
        (HEAD + "item = 3", ["[[item]]"]),
        (HEAD + "item = [3]", ["item 1", "[item]"]),
        (HEAD + ITEM.replace('construct = "safety"\n', ""), ["item 1 'dark'", "construct"]),
        (HEAD + ITEM.replace("safety", "safty"), ["construct", "did you mean 'safety'"]),
        (HEAD + ITEM + 'colum = "a"', ["'colum'", "did you mean 'column'"]),
        (HEAD + ITEM + 'kind = "scale"', ["kind", "'number'", "'scale'"]),
        (HEAD + ITEM + 'kind = "category"', ["labels", "code"]),
        (HEAD + ITEM + 'labels = { A1 = "x" }', ["labels", "numbers as codes"]),
        (HEAD + ITEM + "lowest = 5\nhighest = 1", ["lowest", "below highest"]),
        (HEAD + ITEM + "lowest = nan", ["lowest", "number"]),
        (HEAD + ITEM + 'high_is = "good"', ["high_is", "'safe'"]),
        (HEAD + ITEM + 'labels = { 1 = "a" }\nmissing = { 1 = "b" }', ["missing", "'1'"]),
        (
            HEAD + ITEM + 'kind = "category"\nlabels = { 1 = "a" }\nshare_of = [2]',
            ["share_of", "'2'"],
        ),
        (HEAD + ITEM + 'kind = "multiple"\nlabels = { a = "x" }', ["separator"]),
        (HEAD + ITEM + 'kind = "multiple"\ncolumns = { a = "x" }', ["both column and columns"]),
        (HEAD + ITEM + 'columns = { a = "x" }', ["kind", "multiple"]),
        (HEAD + ITEM.replace('column = "Q1"\n', ""), ["column", "nothing"]),
        (HEAD + ITEM.replace('"dark"', '"a/b"'), ["without '/'"]),
        (HEAD + ITEM + ITEM, ["name", "'dark'", "once"]),
        (HEAD + ITEM + ITEM.replace("dark", "day"), ["column", "'Q1'", "used once"]),
        (HEAD + ITEM + "[groups.sex]\nlabels = {}", ["groups.sex.column"]),
        (HEAD + ITEM + '[groups.dark]\ncolumn = "S"', ["name", "'dark'"]),
        (HEAD + ITEM + 'exact = "no"', ["exact", "true or false"]),
    ],
)
def test_errors_say_codebook_item_key_and_given(text: str, parts: list[str]) -> None:
    with pytest.raises(CodebookError) as caught:
        parsed(text)
    for part in ["codebook a.toml", *parts]:
        assert part in str(caught.value)


def test_unknown_names(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match="did you mean 'barcelona-victimisation-2020'"):
        load_codebook("barcelona-victimisation-2021")
    with pytest.raises(CodebookError, match="beside the mapping"):
        load_codebook(tmp_path / "none.toml")
    (tmp_path / "a.toml").write_bytes(b"name = '\xff'")
    with pytest.raises(CodebookError, match="UTF-8"):
        load_codebook(tmp_path / "a.toml")
    with pytest.raises(KeyError, match="no item 'light'"):
        wave(dark()).item("light")


@pytest.mark.parametrize("name", list_codebooks())
def test_codebooks_that_ship_read_back(name: str) -> None:
    codebook = load_codebook(name)
    assert parsed(dump_codebook(codebook)) == codebook
    assert codebook.of(Construct.SAFETY)


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=12)
codes = st.text("abc019-", min_size=1, max_size=3)
tables = st.dictionaries(codes, words, min_size=1, max_size=4)


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    names = draw(st.lists(st.text("abcd_", min_size=1), min_size=1, max_size=4, unique=True))
    items = []
    for name in names:
        labels = draw(tables)
        missing = {c: m for c, m in draw(tables).items() if c not in labels}
        items.append(
            CodebookItem(
                name=name,
                column=f"column {name}",
                construct=draw(st.sampled_from(Construct)),
                wording=draw(words),
                kind="category",
                labels=labels,
                missing=missing,
                exact=draw(st.booleans()),
                high_is=draw(st.sampled_from([None, *HIGH_IS])),
                wording_version=draw(st.none() | words),
                share_of=(next(iter(labels)),),
            )
        )
    group = CodebookGroup(name="the sex", column="S", labels=draw(tables))
    return Codebook(name=draw(words), wave=draw(words), items=tuple(items), groups=(group,))


@settings(max_examples=30)
@given(codebooks())
def test_what_is_written_reads_back(codebook: Codebook) -> None:
    assert parsed(dump_codebook(codebook)) == codebook


# --- two waves


def test_the_same_question_may_be_subtracted() -> None:
    spaced = dark(wording="How safe  do you feel\nwalking alone after dark? ")
    found = same_wording(wave(dark()), wave(spaced, wave="2"))
    assert found.same
    assert found.unchanged == ("dark",)
    assert found.refusal("dark") == ""


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"wording": "How safe do you feel walking alone at night?"}, "wording"),
        ({"labels": {"1": "very safe", "2": "fairly safe", "3": "unsafe"}}, "answers"),
        ({"labels": {"1": "very unsafe", "2": "unsafe", "3": "safe"}}, "answers"),
        ({"kind": "number", "lowest": 0.0, "highest": 10.0, "labels": {}}, "scale"),
        ({"scale": "five steps"}, "scale"),
        ({"language": "ca"}, "language"),
        ({"construct": Construct.WORRY}, "construct"),
    ],
)
def test_the_changed_item_is_named(changes: dict[str, object], part: str) -> None:
    found = same_wording(wave(dark()), wave(dark(**changes), wave="2"))
    assert not found.same
    assert found.changed_items == ("dark",)
    assert part in {change.part for change in found.changed}
    assert "'dark' was changed" in found.refusal("dark")
    assert part in found.refusal("dark")


def test_another_stated_version_is_a_change_and_one_stated_only_is_not() -> None:
    first, second = dark(wording_version="2019"), dark(wording_version="2021")
    assert same_wording(wave(first), wave(second)).changed_items == ("dark",)
    assert same_wording(wave(first), wave(dark())).same


def test_a_paraphrase_is_no_evidence_unless_a_version_is_stated() -> None:
    loose = dark(exact=False)
    found = same_wording(wave(loose), wave(loose))
    assert found.unknown == ("dark",)
    assert not found.same
    assert "exact = true" in found.refusal("dark")
    stated = dark(exact=False, wording_version="B3")
    assert same_wording(wave(stated), wave(stated)).same


def test_order_mode_route_and_missing_codes_are_noted_and_not_changes() -> None:
    victim = CodebookItem(
        name="victim", column="V", construct=Construct.VICTIMISATION, wording="Victim?"
    )
    later = dark(asked_of="women", missing={"9": "no answer"})
    found = same_wording(wave(dark(), victim), wave(victim, later, mode="telephone"))
    assert found.same
    notes = " ".join(found.notes)
    for part in ("'web', now 'telephone'", "'dark' followed 'nothing' and now follows 'victim'"):
        assert part in notes
    assert "'dark': asked of was 'everybody', now 'women'" in notes
    assert "missing answers were does not know; now no answer" in notes


def test_items_of_one_wave_only() -> None:
    other = dark(name="day", column="Q2")
    found = same_wording(wave(dark()), wave(other))
    assert (found.only_first, found.only_second) == (("dark",), ("day",))
    assert "not asked in both waves" in found.refusal("dark")


@settings(max_examples=30)
@given(codebooks())
def test_a_codebook_against_itself_changes_nothing(codebook: Codebook) -> None:
    found = same_wording(codebook, codebook)
    assert found.changed == ()
    assert found.notes == ()
    loose = {item.name for item in codebook.items if not item.exact and not item.wording_version}
    assert set(found.unknown) == loose


@settings(max_examples=30)
@given(codebooks(), codebooks())
def test_comparison_is_symmetric(a: Codebook, b: Codebook) -> None:
    there, back = same_wording(a, b), same_wording(b, a)
    assert set(there.changed_items) == set(back.changed_items)
    assert set(there.unknown) == set(back.unknown)
    assert there.only_first == back.only_second


# --- mappings with a codebook


def test_a_mapping_keeps_the_columns_of_its_codebook(tmp_path: Path) -> None:
    (tmp_path / "a.codebook.toml").write_text(HEAD + ITEM, encoding="utf-8")
    text = 'kind = "answers"\nname = "a"\ncodebook = "a.codebook.toml"\n[keep]\nown = "X"\n'
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    mapping = load_mapping(tmp_path / "a.toml")
    assert mapping.keep == {"own": "X", "dark": "Q1"}
    (tmp_path / "b.toml").write_text(dump_mapping(mapping), encoding="utf-8")
    assert load_mapping(tmp_path / "b.toml") == mapping


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('codebook = "none.toml"', ["no codebook file"]),
        ('replicate_weights = ["rw_1..rx_9"]\nweight = "w"', ["replicate_weights", "rw_1..rw_200"]),
        ('replicate_weights = ["rw_9..rw_1"]\nweight = "w"', ["replicate_weights"]),
        ('replicate_weights = ["rw_1..rw_9"]', ["weight", "replicates"]),
        ('stratum_size = "N"', ["stratum"]),
        ('stratum = "s"\nstratum_size = "N"\n[stratum_sizes]\na = 9', ["stratum_sizes"]),
        ('stratum = "s"\n[stratum_sizes]\na = 0', ["stratum_sizes.a", "1 or more"]),
        ('stratum = "s"\n[stratum_sizes]\na = nan', ["stratum_sizes.a", "number"]),
    ],
)
def test_mapping_errors_of_surveys(tmp_path: Path, text: str, parts: list[str]) -> None:
    path = tmp_path / "m.toml"
    path.write_text(f'kind = "answers"\nname = "a"\n{text}\n', encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        load_mapping(path)
    for part in parts:
        assert part in str(caught.value)


def test_a_codebook_belongs_to_answers(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text('kind = "incidents"\nname = "a"\ncodebook = "x"\n', encoding="utf-8")
    with pytest.raises(SourceError, match="answers"):
        load_mapping(path)


def test_replicate_columns_are_spelled_out(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(
        'kind = "answers"\nname = "a"\nweight = "w"\nreplicate_weights = ["rw_08..rw_11"]\n'
        'stratum = "s"\n[stratum_sizes]\nN = 1200\n"S E" = 800.5\n',
        encoding="utf-8",
    )
    mapping = load_mapping(path)
    assert mapping.replicate_weights == ("rw_08", "rw_09", "rw_10", "rw_11")
    path.write_text(dump_mapping(mapping), encoding="utf-8")
    assert load_mapping(path) == mapping
