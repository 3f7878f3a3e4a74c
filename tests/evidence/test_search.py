"""Words of one meaning find the same practices, in the same order, and say why."""

from __future__ import annotations

from random import Random

import pytest

from commonlight.evidence.room import Room, load_room
from commonlight.evidence.search import search
from commonlight.evidence.wordings import normalise

#: Words of one meaning, in three languages each.
TRIPLES = [
    ("Einbruch", "robatori amb força", "burglary"),
    ("Wohnungseinbrüche", "cambriolages", "woninginbraken"),
    ("Bahnhof", "gare", "railway station"),
    ("Straßenbahnhaltestelle", "arrêt de tram", "tram stop"),
    ("Straßenbeleuchtung", "enllumenat públic", "street lighting"),
    ("Videoüberwachung", "vidéosurveillance", "videosorveglianza"),
    ("Taschendiebstahl", "vol à la tire", "carteristas"),
    ("Raub", "robo con violencia", "rapina"),
    ("Unsicherheitsgefühl", "sentiment d'insécurité", "otrygghet"),
    ("Kriminalitätsfurcht", "miedo al delito", "fear of crime"),
    ("organisierte Kriminalität", "crimen organizado", "przestępczość zorganizowana"),
    ("Radikalisierung", "radicalització", "radicalisering"),
    ("Menschenhandel", "trata de personas", "mensenhandel"),
    ("Fahrraddiebstahl", "vol de vélo", "cykelstöld"),
    ("Jugendliche", "jóvenes", "młodzież"),
    ("Mobbing", "acoso escolar", "pesten"),
    ("Sperrstunde", "heure de fermeture", "closing times"),
    ("Nachbarschaftswache", "vigilancia vecinal", "grannsamverkan"),
    ("Mediation", "médiation", "mediação"),
    ("Parkhaus", "aparcamiento", "parkeergarage"),
    ("Drogenszene", "point de deal", "piazza di spaccio"),
    ("Rückfall", "récidive", "återfall"),
    ("Vertrauen in die Polizei", "confiança en la policia", "zaufanie do policji"),
    ("Nulltoleranz", "tolérance zéro", "zero tolerance"),
    ("Alltagskriminalität", "microcriminalità", "vardagsbrott"),
    ("ältere Menschen", "personnes âgées", "persones grans"),
    ("Familientherapie", "thérapie familiale", "terapia familiar"),
    ("Alkohol", "alcool", "alcohol"),
    ("Schule", "école", "skolan"),
    ("Brache", "terrain vague", "vacant lot"),
    ("Korruption", "corruzione", "korupcja"),
]


#: Sentences of one meaning, as people type them.
SENTENCES = [
    (
        "Bicycles are stolen from cellars at night",
        "Nachts werden Fahrräder aus Kellern gestohlen",
        "Des vélos sont volés la nuit dans les caves",
    ),
    (
        "Young people are threatened at the tram stop after dark",
        "Junge Menschen werden nachts bei der Haltestelle bedroht",
        "Des jeunes sont menacés la nuit près de l’arrêt de tram",
    ),
    (
        "Our lanes are without street lighting",
        "Unsere Gassen sind ohne Straßenbeleuchtung",
        "Nos ruelles sont sans éclairage public",
    ),
]


def ids(query: str) -> list[str]:
    return [one.id for one in search(query, load_room()).practices]


@pytest.mark.parametrize("words", TRIPLES, ids=[one[2] for one in TRIPLES])
def test_words_of_three_languages_find_the_same(words: tuple[str, str, str]) -> None:
    first, second, third = (ids(query) for query in words)
    assert first
    assert first == second == third


@pytest.mark.parametrize("words", SENTENCES, ids=[one[0] for one in SENTENCES])
def test_sentences_of_three_languages_find_the_same(words: tuple[str, str, str]) -> None:
    first, second, third = (ids(query) for query in words)
    assert first
    assert first == second == third


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("burglary from", "burglary"),
        ("the burglaries that were there over and over again from within", "burglary again"),
        ("Einbruch durch die Tür und unter allen anderen", "Einbruch"),
        ("cambriolage dans la nuit avec et sans effraction", "cambriolage nuit effraction"),
        ("xylophone from", "xylophone"),
    ],
)
def test_words_that_only_hold_a_sentence_together_find_nothing(sentence: str, said: str) -> None:
    whole, short = (search(query, load_room()) for query in (sentence, said))
    assert [one.id for one in whole.practices] == [one.id for one in short.practices]
    assert [one.id for one in whole.statements] == [one.id for one in short.statements]
    assert not {"from", "were", "durch", "unter", "dans", "avec"} & set(whole.not_understood)


def test_a_function_word_alone_is_looked_for(small: Room) -> None:
    (found,) = search("against", small).statements
    assert found.reasons[0].text == "against"
    assert search("lamps against", small).statements == search("lamps", small).statements
    assert search("xylophone against", small).statements == ()


def test_a_time_of_day_comes_after_what_happened_and_where() -> None:
    assert ids("night") == ids("nachts") == ids("nuit") == ids("'s nachts") != []
    found = search("cellars are broken into at night", load_room())
    assert [one.concept for one in found.matches] == ["burglary", "night"]
    only_night = [{why.concept for why in one.reasons} == {"night"} for one in found.practices]
    assert only_night == sorted(only_night)
    assert any(only_night)


def test_a_common_word_of_one_language_is_no_offence_of_another() -> None:
    assert search("Kinder sind daran beteiligt", load_room()).matches[0].concept != "robbery"
    assert "robbery" not in {one.concept for one in search("hem från skolan", load_room()).matches}


def test_case_accents_and_inflection_do_not_matter() -> None:
    assert ids("EINBRÜCHE") == ids("einbruche") == ids("burglaries") == ids("  Burglar  ")


def test_the_longest_wording_wins() -> None:
    found = search("robatori amb violència", load_room())
    assert [one.concept for one in found.matches] == ["robbery"]
    assert found.matches[0].languages == ("ca",)
    assert found.matches[0].text == "robatori amb violència"


def test_what_more_of_the_words_find_comes_first() -> None:
    found = search("Diebstahl am Bahnhof", load_room())
    assert [one.concept for one in found.matches] == ["theft", "railway_station"]
    counts = [len(one.meant) for one in found.practices]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 2


def test_each_result_says_which_words_led_to_it() -> None:
    for one in search("pickpockets at the railway station", load_room()).practices:
        assert one.reasons
        assert {why.text for why in one.reasons} <= {"pickpockets", "railway station"}


def test_the_same_words_give_the_same_order() -> None:
    assert search("theft", load_room()) == search("theft", load_room())


def test_what_is_made_for_the_problem_comes_before_what_is_made_for_many(small: Room) -> None:
    assert [one.id for one in search("burglary", small).practices] == ["talks", "lamps"]


def test_a_word_that_is_in_no_table_is_looked_for_in_the_texts(small: Room) -> None:
    (found,) = search("residents", small).statements
    assert (found.id, found.reasons[0].way) == ("GA-1", "word")


def test_nothing_found_is_an_answer_with_what_is_near(small: Room) -> None:
    found = search("Lärm", small)
    assert found.practices == ()
    assert found.near == ("lamps",)
    assert search("sexuelle Belästigung", load_room()).practices == ()
    assert search("sexuelle Belästigung", load_room()).near


def test_nonsense_finds_nothing_and_is_named() -> None:
    found = search("xylophone", load_room())
    assert (found.practices, found.statements, found.near) == ((), (), ())
    assert found.not_understood == ("xylophone",)


def test_a_slip_of_the_pen_is_met_with_words_that_look_alike() -> None:
    found = search("burglry", load_room())
    assert "burglary" in found.suggestions
    assert found.practices == ()
    assert found.near


def test_a_statement_is_found_by_its_number_and_by_words_of_another_language() -> None:
    assert search("te-009", load_room()).statements[0].id == "TE-009"
    german, english = (search(word, load_room()) for word in ("Bahnhof", "railway station"))
    assert [one.id for one in german.statements] == [one.id for one in english.statements]


def test_an_empty_question_finds_nothing() -> None:
    found = search("  ", load_room())
    assert (found.practices, found.statements, found.matches) == ((), (), ())


def test_every_practice_can_be_found_by_a_word() -> None:
    room = load_room()
    reached = {id for concept in room.terms.concepts.values() for id in ids(concept.words["en"][0])}
    assert reached == set(room.practices.practices)


def test_wordings_are_found_as_by_a_look_at_each_of_them() -> None:
    """The table is laid ready by first letters; the slow and obvious way finds the same."""
    terms = load_room().terms
    known = [part for one in terms.wordings for part in normalise(one.text.replace("*", "xy"))]
    draw = Random(20261122)
    total = 0
    for _ in range(20):
        tokens = tuple(draw.choices(known, k=30))
        at_each = [
            (one, start)
            for one in terms.wordings
            for start in range(len(tokens))
            if one.begins(tokens, start)
        ]
        at_each.sort(key=lambda row: (-row[0].size[0], -row[0].size[1]))
        assert terms.standing_in(tokens) == at_each
        english = {
            one.concept: one.text
            for one in reversed(terms.wordings)
            if one.language == "en" and one.stands_in(tokens)
        }
        assert terms.english_in(tokens) == english
        total += len(at_each)
    assert total > 300
