from __future__ import annotations

import pytest

from commonlight.evidence.harm import (
    load_sets_without_values,
    load_weight_set,
    load_weight_sets,
    matching_scheme,
    read_weight_set,
    weight_set_names,
)
from commonlight.evidence.offences import EvidenceError, load_iccs, load_scheme, scheme_names

HEADER = """
name: test
title: A test
short: Test
kind: sentence
unit: days
country: Nowhere
year: 2020
currency: null
price_year: null
per: recorded
checked: 2026-11-21
method: made up
cautions: []
source: book
sources:
  book: {title: A book, year: 2020, read: full}
weights:
"""


def read(rows: str, header: str = HEADER):
    return read_weight_set(header + rows, file="test.yaml", iccs=load_iccs())


def entry(**changes: object) -> str:
    values = {
        "label": "Robbery",
        "iccs": "['0401']",
        "value": 10,
        "fit": "close",
        "confidence": "secondary",
        "source": "book",
    } | changes
    return "- {" + ", ".join(f"{k}: {v}" for k, v in values.items() if v != "") + "}\n"


def test_sets_of_several_countries_and_kinds() -> None:
    sets = load_weight_sets()
    assert len(sets) == len(weight_set_names()) == 12
    assert {item.kind for item in sets} == {"sentence", "money"}
    assert {item.country for item in sets} == {
        "England and Wales",
        "Canada",
        "United States",
        "New Zealand",
        "Australia",
    }
    assert all(item.cautions and item.method for item in sets)


@pytest.mark.parametrize(
    ("name", "code", "value"),
    [
        # CCHI_SOURCES.md of isthisben/cbl-realcrime, read from the Cambridge 2026 spreadsheet
        ("cambridge_chi_2026", "0101", 5475),
        ("cambridge_chi_2026", "03011", 2555),
        ("cambridge_chi_2026", "05012", 273.5),
        ("cambridge_chi_2026", "0901", 273.75),
        # i news and Daily Mail of 29 November 2016 on the ONS weights
        ("ons_severity_2016", "0101", 7979),
        ("ons_severity_2016", "0102", 4663),
        # Table 1 of Statistics Canada as quoted by crimemaps.ca/methodology
        ("statcan_severity_2006", "0101", 7042),
        ("statcan_severity_2006", "0401", 583),
        ("statcan_severity_2006", "0501", 187),
        # South Wales Echo, 2 August 2019, on Home Office Research Report 99
        ("home_office_2018", "03011", 39360),
        ("home_office_2018", "04011", 11320),
        # House of Commons, written answer of 22 October 2003
        ("home_office_2000", "05012", 2300),
        ("home_office_2000", "05011", 2700),
        # McCollister, French, Fang (2010), table 5, as copied
        ("mccollister_2010", "0101", 8982907),
        ("mccollister_2010", "0502", 3532),
        # New Zealand Treasury working paper 06/04, table 1 and appendix table 3
        ("nz_treasury_2006", "0301", 72130),
        ("nz_treasury_2006", "0501", 7060),
        ("nz_treasury_2006", "050222", 2010),
        # Australian Institute of Criminology, Crime facts info 50 and 169
        ("aic_2003", "02011", 1800),
        ("aic_2003", "05021", 6000),
        ("aic_2008", "0301", 7500),
        # Security Magazine 2010 on DeLisi and others
        ("delisi_2010", "0501", 41288),
    ],
)
def test_values_as_printed(name: str, code: str, value: float) -> None:
    found = load_weight_set(name).weight(code)
    assert found is not None
    assert (found.value, found.low, found.high) == (value, value, value)


def test_only_what_the_publisher_says_is_verified() -> None:
    """An answer of the Home Office to Parliament, a treasury's paper, an institute's sheets."""
    verified = {
        (item.name, weight.source)
        for item in load_weight_sets()
        for weight in item.weights.values()
        if weight.confidence == "verified"
    }
    assert verified == {
        ("home_office_2000", "hansard2003"),
        ("nz_treasury_2006", "treasury_results"),
        ("nz_treasury_2006", "treasury_appendix"),
        ("aic_2003", "cfi50"),
        ("aic_2008", "cfi169"),
    }


def test_what_was_not_found_has_no_weight_and_takes_none() -> None:
    """Domestic burglary and shop theft are not in the press report of the 2018 table."""
    costs = load_weight_set("home_office_2018")
    assert {"05012", "05011", "050231", "0502"} <= {c for m in costs.missing for c in m.iccs}
    for code in ("05012", "050231", "0502", "020112"):
        assert costs.weight(code) is None
    # Theft has a price in 2005; theft from a shop had one of its own, which we did not find.
    assert load_weight_set("home_office_2005").weight("050231") is None


def test_a_class_takes_the_weight_of_the_class_above() -> None:
    found = load_weight_set("statcan_severity_2006").weight("05022")
    assert found is not None
    assert (found.value, found.found) == (37, "above")
    assert load_weight_set("statcan_severity_2006").weight("0501").found == "printed"


def test_a_class_does_not_take_the_weight_of_a_part_above() -> None:
    """Robbery of persons stands for all robbery, but not for robbery of shops."""
    assert load_weight_set("ons_severity_later").weight("0401").value == 993.55
    assert load_weight_set("ons_severity_later").weight("04013") is None


def test_a_class_takes_the_range_of_the_classes_below() -> None:
    found = load_weight_set("cambridge_chi_2026").weight("0501")
    assert found is not None
    assert (found.value, found.low, found.high, found.found) == (None, 183.5, 273.5, "below")
    assert found.source_label == "Non-residential burglary; Residential burglary"
    same = load_weight_set("cambridge_chi_2026").weight("0401")
    assert (same.value, same.found) == (365, "below")


def test_one_class_below_is_no_range() -> None:
    assert load_weight_set("ons_severity_2016").weight("02011") is None


def test_a_whole_section_has_no_weight() -> None:
    assert all(item.weight("02") is None for item in load_weight_sets())
    assert all(item.weight(None) is None for item in load_weight_sets())


def test_the_type_of_a_publisher_comes_before_the_class() -> None:
    index = load_weight_set("cambridge_chi_2026")
    found = index.weight("0201", label="violence and Sexual offences", scheme="data_police_uk")
    assert (found.value, found.low, found.high) == (None, 159.07, 235.12)
    assert index.weight("0502", label="Shoplifting", scheme="data_police_uk").value == 1
    assert index.weight("0801", label="Anti-social behaviour", scheme="data_police_uk") is None
    assert index.weight("0801").value == 7.5


def test_no_set_weights_anti_social_behaviour() -> None:
    """It is no offence: the index has no value for it (CCHI_SOURCES.md)."""
    for item in load_weight_sets():
        label = "Anti-social behaviour"
        assert item.weight("0801", label=label, scheme="data_police_uk") is None


def test_every_type_of_every_scheme_can_be_looked_up() -> None:
    for name in scheme_names():
        scheme = load_scheme(name)
        for label in scheme.labels:
            for item in load_weight_sets():
                found = item.weight(scheme.code(label), label=label, scheme=name)
                assert found is None or 0 < found.low <= found.high


def test_the_table_of_a_publisher_is_recognised() -> None:
    assert matching_scheme(["THEFT", "BATTERY", "NARCOTICS"]) == "chicago_primary_type"
    assert matching_scheme(["Robbery"]) is None  # several tables know it
    assert matching_scheme(["Robbery", "Noise"]) is None
    assert matching_scheme([]) is None


def test_sets_whose_values_nobody_found_are_named() -> None:
    named = {item.country for item in load_sets_without_values()}
    assert {"Sweden", "Denmark", "Australia"} <= named
    assert all(item.source.title for item in load_sets_without_values())


def test_a_set_that_is_not_there() -> None:
    with pytest.raises(EvidenceError, match="no set of harm weights 'best'"):
        load_weight_set("best")


def test_a_set_is_read() -> None:
    found = read(entry() + entry(iccs="['0501']", value="", low=1, high=2, spread="[1, 9]"))
    assert found.weights["0501"].value is None
    assert found.weights["0501"].spread == (1, 9)
    assert found.sources["book"].citation == "A book (2020)"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (entry(source="none"), "source 'none' is not listed"),
        (entry(source=""), "source is missing"),
        (entry(confidence=""), "confidence is missing"),
        (entry(confidence="sure"), "confidence must be one of"),
        (entry(confidence="not found"), "has no number"),
        (entry(value=""), "give value, or low and high"),
        (entry(value=0), "above 0"),
        (entry(value=".nan"), "above 0"),
        (entry(value="", low=3, high=2), "above 0"),
        (entry(iccs="['9999']"), "not in the classification"),
        (entry(fit="good"), "fit must be one of"),
        (entry(colour="red"), "unknown keys colour"),
        (entry() + entry(), "'0401' is weighted twice"),
        (entry(types="{nowhere: [A]}"), "no offence scheme 'nowhere'"),
        (entry(types="{data_police_uk: [Piracy]}"), "'Piracy' is not a type of data_police_uk"),
    ],
)
def test_entries_that_are_refused(rows: str, message: str) -> None:
    with pytest.raises(EvidenceError, match=message):
        read(rows)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: sentence", "kind: opinion", "kind must be one of"),
        ("per: recorded", "per: guess", "per must be one of"),
        ("currency: null", "currency: EUR", "money, and only money"),
        ("kind: sentence", "kind: money", "money, and only money"),
        ("source: book", "source: other", "source 'other' is not listed"),
        ("cautions: []\n", "", "cautions is missing"),
        ("read: full", "seen: full", "read is missing"),
    ],
)
def test_headers_that_are_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(EvidenceError, match=message):
        read(entry(), HEADER.replace(old, new, 1))
