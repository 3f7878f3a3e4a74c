from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonlight.sources.errors import MappingError
from commonlight.sources.mapping import FileFormat, Mapping, PlaceColumns, TimeColumns, TypeColumns
from commonlight.sources.mapping_files import dump_mapping, list_presets, load_mapping

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples" / "mappings").glob("*.toml"))
PRESETS = Path(__file__).resolve().parents[2] / "src" / "commonlight" / "sources" / "presets"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "m.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", list_presets())
def test_presets_are_valid_and_short(name: str, tmp_path: Path) -> None:
    mapping = load_mapping(name)
    assert mapping.publisher
    assert mapping.licence
    assert mapping.attribution
    assert load_mapping(written(tmp_path, dump_mapping(mapping))) == mapping
    lines = (PRESETS / f"{name}.toml").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 25


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_mappings_are_valid_and_short(path: Path) -> None:
    load_mapping(path)
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 25


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("kind = 'incident'\nname='a'", ["kind", "'incident'", "did you mean 'incidents'"]),
        ("name='a'", ["kind", "required"]),
        ("kind='incidents'\nname='a'\nlicense='x'", ["'license'", "did you mean 'licence'"]),
        ("kind='incidents'\nname='a'\n[place]\nlon='x'", ["'place.lon'", "place.x"]),
        ("kind='incidents'\nname='a'\n[place]\nx='x'", ["both x and y"]),
        ("kind='incidents'\nname='a'\n[place]\nprecision_m=nan\narea='a'", ["precision_m", "nan"]),
        ("kind='incidents'\nname='a'\n[place]\nprecision_m=-1\narea='a'", ["metres", "-1"]),
        ("kind='incidents'\nname='a'\n[time]\nformats=['%Y']", ["time.start"]),
        ("kind='incidents'\nname='a'\n[time]\nstart='t'\nformats=['%Q']", ["strptime", "%Q"]),
        ("kind='incidents'\nname='a'\n[time]\nstart='t'\nformats=['DD.MM']", ["strptime"]),
        ("kind='incidents'\nname='a'\n[file]\nencoding='utf8x'", ["encoding", "utf8x"]),
        ("kind='incidents'\nname='a'\n[file]\ndelimiter=';;'", ["one character"]),
        ("kind='incidents'\nname='a'\n[file]\ndecimal=';'", ["'.', ','"]),
        ("kind='incidents'\nname='a'\n[file]\nmultiline='yes'", ["true or false", "'yes'"]),
        ("kind='incidents'\nname='a'\n[type]\ncolumn='a'\nconstant='b'", ["one of the two"]),
        ("kind='incidents'\nname='a'\n[type.iccs]\nTheft='502x'", ["ICCS", "502x", "none"]),
        ("kind='incidents'\nname='a'\ntype='x'", ["[type]"]),
        ("kind='incidents'\nname='a'\ncount='n'\n[wide]\na='b'", ["wide"]),
        ("kind='incidents'\nname='a'\ndrop='x'", ["drop", "list"]),
        ("kind='incidents'\nname=7", ["name", "7"]),
        ("kind=", ["not valid TOML"]),
    ],
)
def test_errors_say_file_key_given_and_allowed(tmp_path: Path, text: str, parts: list[str]) -> None:
    path = written(tmp_path, text)
    with pytest.raises(MappingError) as caught:
        load_mapping(path)
    for part in ["m.toml", *parts]:
        assert part in str(caught.value)


def test_unknown_names(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="did you mean 'police-uk'"):
        load_mapping("police_uk")
    with pytest.raises(MappingError, match="no mapping file"):
        load_mapping(tmp_path / "none.toml")


def test_no_crime_is_not_unmapped(tmp_path: Path) -> None:
    text = "kind='incidents'\nname='a'\n[type]\ncolumn='t'\n[type.iccs]\nFoo='none'\nBar='0501'"
    mapping = load_mapping(written(tmp_path, text))
    assert mapping.type is not None
    assert mapping.type.iccs == {"Foo": None, "Bar": "0501"}


def test_a_number_is_an_epsg_code(tmp_path: Path) -> None:
    text = "kind='incidents'\nname='a'\n[place]\nx='x'\ny='y'\ncrs=25833"
    place = load_mapping(written(tmp_path, text)).place
    assert place is not None
    assert place.crs == "EPSG:25833"


def test_dump_has_comments_to_help() -> None:
    mapping = Mapping(
        kind="incidents", name="x", time=TimeColumns(start="t", formats=("%d.%m.%Y",))
    )
    assert "%d day, %m month" in dump_mapping(mapping)


texts = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)
mappings = st.builds(
    Mapping,
    kind=st.sampled_from(["incidents", "reports", "answers"]),
    name=texts,
    publisher=texts,
    file=st.builds(
        FileFormat,
        format=st.none() | st.just("excel"),
        delimiter=st.none() | st.sampled_from([";", "\t", "|"]),
        missing=st.lists(st.text(max_size=3)).map(tuple),
        sheet=st.none() | texts,
        multiline=st.booleans(),
    ),
    time=st.none()
    | st.builds(TimeColumns, start=texts, formats=st.just(("%d.%m.%Y", "%Y")), hour=texts),
    place=st.none()
    | st.builds(
        PlaceColumns, area=texts, precision_m=st.none() | st.floats(0, 1e6), required=st.booleans()
    ),
    type=st.none()
    | st.builds(
        TypeColumns,
        column=texts,
        iccs=st.dictionaries(texts, st.none() | st.sampled_from(["0501", "02"]), max_size=3),
    ),
    keep=st.dictionaries(texts, texts, max_size=3),
    drop=st.lists(texts, max_size=3).map(tuple),
    weight=st.none() | texts,
)


@given(mapping=mappings)
def test_round_trip(mapping: Mapping, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("m") / "m.toml"
    path.write_bytes(dump_mapping(mapping).encode())
    assert load_mapping(path) == mapping
