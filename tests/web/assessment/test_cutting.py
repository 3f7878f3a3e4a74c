"""A text is cut into the same claims each time, and each keeps its place."""

from __future__ import annotations

import pytest

from commonlight.web.assessment.domain.cutting import cut_text, languages
from commonlight.web.content import read_content
from commonlight.web.ui.languages import LANGUAGES
from growth import growth

CASES = read_content("commonlight.web.assessment", "claims")["test"]


def test_every_language_of_the_interface_has_rules():
    assert {code for code, _ in LANGUAGES} <= set(languages())


@pytest.mark.parametrize("case", CASES, ids=lambda one: one["text"][:30])
def test_a_text_is_cut_as_the_content_says(case):
    assert [one.text for one in cut_text(case["text"], case["language"])] == case["claims"]


def test_the_demo_strategy_has_its_59_claims_and_each_keeps_its_place(strategy_text, demo):
    found = cut_text(strategy_text, "en")
    assert [one.text for one in found] == [one["text"] for one in demo["claim"]]
    assert len(found) == 59
    assert all(strategy_text[one.start : one.end] == one.text for one in found)
    assert found[15].lead_in == "The programme consists of:"
    assert found[15].heading.startswith("3. Centre Safe")


def test_a_line_break_inside_a_sentence_is_a_space_and_keeps_the_place():
    text = "We listen to\nresidents and we\nre-\npair the lamps. It matters."
    found = cut_text(text, "en")
    assert [one.text for one in found] == [
        "We listen to residents and we repair the lamps.",
        "It matters.",
    ]
    assert text[found[1].start : found[1].end] == "It matters."


def test_the_same_text_gives_the_same_claims(strategy_text):
    assert cut_text(strategy_text, "en") == cut_text(strategy_text, "en")


@pytest.mark.parametrize(
    "evil", ["a.", "a.a ", ".", "A. ", "x@", "1.", "A\n", "“a. ", "the 3. "], ids=repr
)
def test_no_text_makes_the_cut_slow(evil):
    def cut(text):
        return cut_text(text, "de")

    bound = 24  # eight times the text; its square would be 64
    assert growth(cut, evil * 5_000, evil * 40_000, bound=bound) <= bound


def said(text, language="en"):
    return [one.text for one in cut_text(text, language)]


@pytest.mark.parametrize(
    ("language", "text", "headings"),
    [
        (
            "en",
            "1. Introduction\nWe listen to all.\nMeasures\nWe repair lamps.\n"
            "1.1 Zero tolerance\nWe fine it.",
            ["1. Introduction", "Measures", "1.1 Zero tolerance"],
        ),
        (
            "de",
            "1. Einleitung\nWir hören allen zu.\nMaßnahmen\nWir reparieren Lampen.\n"
            "1.1 Null Toleranz\nWir strafen es.",
            ["1. Einleitung", "Maßnahmen", "1.1 Null Toleranz"],
        ),
        (
            "fr",
            "1. Introduction\nNous écoutons tous.\nMesures\nNous réparons les lampes.\n"
            "1.1 Tolérance zéro\nNous punissons cela.",
            ["1. Introduction", "Mesures", "1.1 Tolérance zéro"],
        ),
    ],
)
def test_headings_of_pasted_text_are_no_claims(language, text, headings):
    found = cut_text(text, language)
    assert [one.heading for one in found] == headings
    assert len(found) == 3


def test_a_numbered_list_stays_a_list_and_a_wrapped_line_stays_a_sentence():
    assert said("We will:\n1. listen\n2. repair lamps") == ["listen", "repair lamps"]
    assert said("We listen to residents and\nPolice officers listen too.") == [
        "We listen to residents and Police officers listen too."
    ]
    assert said("It was a long day for all.\nMany\npeople came.") == [
        "It was a long day for all.",
        "Many people came.",
    ]


@pytest.mark.parametrize(
    ("language", "text", "claims"),
    [
        (
            "en",
            "He said: “We come. We stay. We help.” Then he left.",
            ["He said: “We come. We stay. We help.”", "Then he left."],
        ),
        (
            "de",
            "Er sagte: „Wir kommen. Wir bleiben.“ Dann ging er.",
            ["Er sagte: „Wir kommen. Wir bleiben.“", "Dann ging er."],
        ),
        (
            "fr",
            "Il a dit : « Nous venons. Nous restons. » Puis il est parti.",
            ["Il a dit : « Nous venons. Nous restons. »", "Puis il est parti."],
        ),
        ("en", "He wrote “We come. It was all.", ["He wrote “We come.", "It was all."]),
    ],
)
def test_nothing_is_cut_inside_quotation_marks(language, text, claims):
    assert said(text, language) == claims


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We meet on the 3. of each month."),
        ("en", "It is the 2. Meeting of the year."),
        ("de", "Wir treffen uns am 3. jedes Monats."),
        ("de", "Wir beginnen am 3. Mai mit der Arbeit."),
        ("de", "Das ist der 2. Bericht an den Rat."),
        ("fr", "La réunion du 3. mai est publique."),
        ("fr", "C’est la 2. réunion de l’année."),
    ],
)
def test_an_ordinal_ends_no_sentence(language, text):
    assert said(text, language) == [text]


@pytest.mark.parametrize(
    ("language", "text", "claims"),
    [
        ("en", "We had 12. The rest left.", ["We had 12.", "The rest left."]),
        ("de", "Es kamen 12. Der Rest ging.", ["Es kamen 12.", "Der Rest ging."]),
        ("fr", "Ils étaient 12. Les autres sont partis.", None),
    ],
)
def test_a_number_at_the_end_ends_the_sentence(language, text, claims):
    assert said(text, language) == (claims or text.replace("12. ", "12.|").split("|"))


@pytest.mark.parametrize(
    ("language", "text", "lead", "claims"),
    [
        (
            "en",
            "Our aims are: more light on the way home;\n- fewer thefts;\n- safe stops.",
            "Our aims are:",
            ["more light on the way home;", "fewer thefts;", "safe stops."],
        ),
        (
            "de",
            "Unsere Ziele sind: mehr Licht auf dem Heimweg;\n- weniger Diebstahl.",
            "Unsere Ziele sind:",
            ["mehr Licht auf dem Heimweg;", "weniger Diebstahl."],
        ),
        (
            "fr",
            "Nos buts sont : plus de lumière sur le chemin ;\n- moins de vols.",
            "Nos buts sont :",
            ["plus de lumière sur le chemin ;", "moins de vols."],
        ),
    ],
)
def test_the_lead_of_a_list_stands_above_each_item(language, text, lead, claims):
    found = cut_text(text, language)
    assert [one.text for one in found] == claims
    assert {one.lead_in for one in found} == {lead}
    assert all(text[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize(
    ("language", "text", "claims"),
    [
        (
            "en",
            "- Station square. We add lamps. It helps.\n- Shops. They close later.",
            ["Station square. We add lamps.", "It helps.", "Shops. They close later."],
        ),
        ("de", "- Bahnhof. Wir bauen Lampen.", ["Bahnhof. Wir bauen Lampen."]),
        ("fr", "- Place de gare. Nous ajoutons.", ["Place de gare. Nous ajoutons."]),
        ("en", "- We listen here now. It helps.", ["We listen here now.", "It helps."]),
        ("en", "Done. We go on.", ["Done.", "We go on."]),
    ],
)
def test_a_short_lead_belongs_to_the_sentence_after_it(language, text, claims):
    assert said(text, language) == claims


def test_many_sentences_are_joined_with_one_button(begun, client_of):
    from commonlight.web.assessment.domain.finding import claims_of

    assessment = begun("One is. Two is. Three is. Four is. Five is.", reading=False)
    client, rows = client_of("coordinator"), claims_of(assessment)
    here = "/w/lakeside/strategies/1/assessments/1/cut/"
    page = client.get(here).content.decode()
    assert "Join each ticked sentence with the one before" in page
    assert page.count('name="claim"') == 4
    keys = [rows[place].pk for place in (1, 2, 4)]
    page = client.post(f"{here}join/", {"claim": keys}, follow=True).content.decode()
    assert "3 sentences were joined with the ones before them." in page
    found = claims_of(assessment)
    assert [(one.number, one.text) for one in found] == [
        (1, "One is. Two is. Three is."),
        (2, "Four is. Five is."),
    ]
    text = assessment.text.text
    assert [text[one.start : one.end] for one in found] == [one.text for one in found]
    assert client_of("partner").post(f"{here}join/", {"claim": keys}).status_code == 403
    client.post(f"{here}start/")
    client.post(f"{here}join/", {"claim": [found[1].pk]})
    assert len(claims_of(assessment)) == 2


def test_a_heading_above_a_heading_stays_readable_and_the_title_of_the_text_is_not_repeated():
    text = (
        "# Safe Together\n\n## Where we stand\n\nIt is dark.\n\n## What we will do\n\n"
        "### Station\n\nWe renew the lights.\n\n### Schools\n\nWe ask pupils.\n\n"
        "## What it costs\n\nIt costs much."
    )
    assert [one.heading for one in cut_text(text, "en")] == [
        "Where we stand",
        "What we will do – Station",
        "What we will do – Schools",
        "What it costs",
    ]
    plain = "Safe Together\n\nWhere we stand\n\nIt is dark.\n\nWhat we will do\n\nStation\n\nWe go."
    assert [one.heading for one in cut_text(plain, "en")] == [
        "Where we stand",
        "What we will do – Station",
    ]


def test_the_cut_keeps_its_buttons_out_of_sight_but_in_reach(begun, client_of):
    begun(reading=False)
    page = (
        client_of("coordinator").get("/w/lakeside/strategies/1/assessments/1/cut/").content.decode()
    )
    assert page.count('class="turn quiet"') == 4
    assert page.count("Divide") >= 4
