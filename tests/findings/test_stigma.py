"""The guard against stigma: its data keep to the schema, and it finds what it should."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from importlib.resources import files

import pytest

from commonlight.findings.stigma import (
    LANGUAGES,
    StigmaWords,
    _checked,
    find_stigma,
    load_stigma_words,
)

#: One sentence in each language with a phrase, one with a pair, and one that may be said.
SENTENCES = {
    "en": (
        "The station is a no-go area.",
        "Young migrants commit more thefts.",
        "Violence against homeless people rose in 2024.",
    ),
    "de": (
        "Der Kiez ist eine No-Go-Area.",
        "Jugendliche verüben mehr Diebstähle.",
        "Die Gewalt gegen wohnungslose Menschen stieg.",
    ),
    "fr": (
        "Ce quartier est une zone de non-droit.",
        "Les jeunes commettent des vols.",
        "Les violences contre les sans-abri augmentent.",
    ),
    "es": (
        "Es un barrio conflictivo.",
        "Los jóvenes cometen robos.",
        "La violencia contra los inmigrantes creció.",
    ),
    "ca": (
        "És un barri conflictiu.",
        "Els joves fan robatoris.",
        "Les agressions contra els refugiats creixen.",
    ),
    "nl": (
        "Dit is een probleemwijk.",
        "Jongeren plegen meer inbraken.",
        "Geweld tegen daklozen nam toe.",
    ),
    "it": (
        "È un quartiere malfamato.",
        "I giovani commettono furti.",
        "Le violenze contro gli stranieri aumentano.",
    ),
    "pt": (
        "É um bairro problemático.",
        "Os jovens cometem furtos.",
        "A violência contra os imigrantes aumentou.",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_list_keeps_to_the_schema(language: str) -> None:
    words = load_stigma_words(language)
    assert len(words.phrases) >= 8
    assert min(len(words.groups), len(words.offences), len(words.harmed)) >= 8
    for item in words.phrases:
        assert len(item.reason) > 10
        assert item.instead.endswith(".")
    spelled = [word for item in words.phrases for word in item.match]
    assert len(set(spelled)) == len(spelled)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_spelling_is_found_by_its_own_list(language: str) -> None:
    for item in load_stigma_words(language).phrases:
        for word in item.match:
            text = f"x {word.replace('*', '')} x"
            assert find_stigma(text, language=language), word


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_and_pairs_are_found_and_the_harmed_may_be_named(language: str) -> None:
    phrase, pair, allowed = SENTENCES[language]
    assert len(find_stigma(phrase, language=language)) == 1
    (note,) = find_stigma(pair, language=language)
    assert "\u2026" in note.phrase
    assert note.reason == load_stigma_words(language).reason
    assert find_stigma(allowed, language=language) == ()


@pytest.mark.parametrize("text", ["NO GO AREAS", "no\u2011go areas", "No-Go Area"])
def test_case_and_hyphens_do_not_matter(text: str) -> None:
    (note,) = find_stigma(f"Two {text}.", language="en")
    assert note.phrase == text
    assert note.start == 4


def test_parts_of_words_are_no_words() -> None:
    assert find_stigma("The Ghettoblaster shop had thefts.", language="en")  # any ending
    assert find_stigma("Bromarket had thefts.", language="en") == ()
    assert find_stigma("Thefts rose. Young people were asked.", language="en") == ()


def test_an_official_name_passes_only_as_a_whole() -> None:
    text = "Thefts in Campo del Ghetto rose; the ghetto did not."
    assert [n.start for n in find_stigma(text, language="en")] == [20, 37]
    (left,) = find_stigma(text, language="en", allow=["Campo del Ghetto"])
    assert left.start == 37


def test_a_language_without_a_list() -> None:
    with pytest.raises(ValueError, match="no list of stigmatising words for 'xx'; there are: ca, "):
        find_stigma("x", language="xx")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"more": 1}, "wrong or missing keys"),
        ({"phrase": [{"match": ["A b"], "reason": "x.", "instead": "x."}]}, "in lower case"),
        ({"phrase": [{"match": ["a*b"], "reason": "x.", "instead": "x."}]}, r"\* at an end"),
        ({"phrase": [{"match": [], "reason": "x.", "instead": "x."}]}, "a list of words"),
        ({"phrase": [{"match": ["abc"], "reason": "x", "instead": "x."}]}, "a sentence is needed"),
    ],
)
def test_a_list_that_breaks_the_schema_is_refused(change: dict[str, object], said: str) -> None:
    text = files("commonlight.findings").joinpath("stigma_words/en.toml").read_text("utf-8")
    with pytest.raises(ValueError, match=said):
        _checked(tomllib.loads(text) | change, "en")


def test_words_are_frozen() -> None:
    words = load_stigma_words("en")
    assert isinstance(replace(words, reason="Other."), StigmaWords)
    assert load_stigma_words("en") is words
