from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from commonlight.evidence.offences import (
    FITS,
    EvidenceError,
    load_iccs,
    load_scheme,
    read_iccs,
    read_scheme,
    scheme_names,
)
from growth import growth

KNOWLEDGE = Path(__file__).resolve().parents[3] / "shared" / "knowledge" / "iccs.yaml"
SECTIONS = {f"{k:02d}" for k in range(1, 12)}


def test_the_eleven_sections_are_there() -> None:
    """UNODC (2015), ICCS version 1.0: eleven categories at level 1."""
    assert {code for code in load_iccs().codes if len(code) == 2} == SECTIONS


def test_hierarchy_is_whole() -> None:
    iccs = load_iccs()
    for code in iccs.codes:
        above = iccs.ancestors(code)
        assert all(code.startswith(upper) for upper in above)
        assert len(above) == {2: 0, 4: 1, 5: 2, 6: 3}[len(code)]
        assert iccs.section(code) in SECTIONS
        if iccs.parent(code) is not None:
            assert code in iccs.children(str(iccs.parent(code)))


def test_names_carry_no_mark_of_doubt() -> None:
    iccs = load_iccs()
    assert not any("verify" in iccs.name(code) for code in iccs.codes)


def test_rows_that_nobody_read_stay_marked() -> None:
    """Every row marked as not seen in the source is marked here, and no other."""
    if not KNOWLEDGE.is_file():
        pytest.skip(f"needs {KNOWLEDGE}")
    source = yaml.safe_load(KNOWLEDGE.read_text(encoding="utf-8"))
    rows = [*source["level1"], *source["level2"], *source["level3_and_4_selected"]]
    iccs = load_iccs()
    assert {row["code"]: row["seen"] for row in rows} == {c: iccs.verified(c) for c in iccs.codes}


def test_known_classes() -> None:
    iccs = load_iccs()
    assert iccs.name("0101") == "Intentional homicide"
    assert iccs.ancestors("020111") == ("02011", "0201", "02")
    assert iccs.verified("0401")
    assert not iccs.verified("04011")


def test_unknown_codes_are_refused() -> None:
    with pytest.raises(EvidenceError, match="'9999'"):
        load_iccs().name("9999")


@pytest.mark.parametrize("name", scheme_names())
def test_schemes_are_whole(name: str) -> None:
    scheme, iccs = load_scheme(name), load_iccs()
    assert scheme.name == name
    assert scheme.source
    assert scheme.checked
    for label in scheme.labels:
        assert scheme.fit(label) in FITS
        code = scheme.code(label)
        assert code is None or iccs.name(code)
        assert scheme.not_a_crime(label) == (code is None)
        assert scheme.knows(label)


def test_no_crime_is_not_unmapped() -> None:
    scheme = load_scheme("chicago_primary_type")
    assert scheme.code("NON-CRIMINAL") is scheme.code("SPACE PIRACY") is None
    assert scheme.not_a_crime("NON-CRIMINAL")
    assert not scheme.not_a_crime("SPACE PIRACY")
    assert scheme.fit("NON-CRIMINAL") == "not a crime"
    assert scheme.fit("SPACE PIRACY") is None


def test_spelling_variants_are_one_label() -> None:
    scheme = load_scheme("chicago_primary_type")
    assert scheme.not_a_crime("NON - CRIMINAL")
    assert scheme.code("crim sexual assault") == scheme.code("CRIMINAL SEXUAL ASSAULT") == "0301"


def test_fit_and_notes() -> None:
    scheme = load_scheme("data_police_uk")
    assert scheme.fit("Violence and sexual offences") == "weak"
    assert "keep outside crime totals" in scheme.note("Anti-social behaviour")
    assert "0504" in scheme.also("Anti-social behaviour")
    assert load_scheme("fbi_nibrs").code("Robbery") == load_scheme("fbi_nibrs").code("120")


def test_unknown_scheme() -> None:
    with pytest.raises(EvidenceError, match="did you mean 'data_police_uk'"):
        load_scheme("data_police")


HEAD = "version: '1'\nsources: {s: x}\ncodes:\n"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("- {code: '010', name: a, verified: true, source: s}", "2, 4, 5 or 6 digits; got '010'"),
        ("- {code: 01, name: a, verified: true, source: s}", "entry 1: code is missing"),
        ("- {code: '0101', name: a, verified: true, source: s}", "'0101' has no parent '01'"),
        ("- {code: '01', name: a, verified: maybe, source: s}", "verified"),
        ("- {code: '01', name: a, verified: true, source: z}", "source 'z'"),
        ("- {code: '01', name: a, verified: true, source: s, broad: 1}", "unknown keys broad"),
        ("- {code: '01', name: a, verified: true, source: s}\n" * 2, "entry 2.*there twice"),
    ],
)
def test_errors_name_file_and_entry(rows: str, message: str) -> None:
    with pytest.raises(EvidenceError, match=message) as caught:
        read_iccs(HEAD + rows, file="x.yaml")
    assert "x.yaml" in str(caught.value)


SCHEME = "name: n\ntitle: t\nsource: s\nchecked: 2026-01-01\nlabels:\n"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("- {label: a, iccs: '9901', fit: close}", "'9901' is not in the classification"),
        ("- {label: a, iccs: '0501', also: ['99'], fit: close}", "'99'"),
        ("- {label: a, iccs: '0501', fit: good}", "fit must be one of"),
        ("- {label: a, iccs: null, fit: close}", "not a crime"),
        ("- {label: a, iccs: '0501', fit: not a crime}", "not a crime"),
        ("- {label: a, fit: close}", "iccs is missing"),
        ("- {label: a, iccs: '0501', fit: close, note: broad; 0802 also: x}", "YAML|unknown"),
        (
            "- {label: a-b, iccs: '05', fit: broad}\n- {label: A - b, iccs: '05', fit: weak}",
            "twice",
        ),
    ],
)
def test_scheme_errors_name_the_entry(rows: str, message: str) -> None:
    with pytest.raises(EvidenceError, match=message):
        read_scheme(SCHEME + rows, file="x.yaml", iccs=load_iccs())


def test_loading_and_checking_takes_hardly_longer_than_reading_the_yaml() -> None:
    names = ("iccs", *scheme_names())
    folder = Path(str(files("commonlight.evidence"))) / "data"
    found = {one.stem: one.read_text("utf-8") for one in folder.rglob("*.yaml")}

    def load_all() -> None:
        load_iccs.cache_clear()
        load_scheme.cache_clear()
        for name in scheme_names():
            load_scheme(name)

    def read_all() -> None:
        for name in names:
            yaml.load(found[name], Loader=yaml.CSafeLoader)

    assert growth(lambda do: do(), read_all, load_all, bound=5) <= 5
