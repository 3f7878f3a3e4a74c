"""Two waves of a survey: what stayed the same is compared, what was changed is not subtracted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from commonlight.audit.config import load_config
from commonlight.audit.intake import Intake, take_in
from commonlight.audit.questions.survey.waves import newest_waves, wave_findings
from commonlight.audit.run import audit_report
from commonlight.findings.model import Certainty, Finding
from commonlight.simulate.city import simulate_city
from commonlight.simulate.files import write_city
from commonlight.sources.codebook import Construct

STEPS = {"1": "very safe", "2": "safe", "3": "unsafe", "4": "very unsafe"}
N = 400


def only(found: list[Finding], told: Any) -> Finding:
    (finding,) = told(found).values()
    assert isinstance(finding, Finding)
    return finding


def rows(finding: Finding) -> dict[str, dict[str, Any]]:
    assert finding.table is not None
    names = [column.name for column in finding.table.columns]
    return {row[0]: dict(zip(names, row, strict=True)) for row in finding.table.rows}


@pytest.fixture
def waves(question: Any, survey_of: Any) -> Any:
    """Two waves of ratings around given means, with changes to the second one's codebook."""

    def make(before: dict[str, float], now: dict[str, float], seed: int = 1, **changed: Any) -> Any:
        rng = np.random.default_rng(seed)

        def asked(means: dict[str, float], **more: Any) -> list[Any]:
            return [
                question(
                    name,
                    np.clip(np.round(rng.normal(mean, 2, N)), 0, 10),
                    **(more.get(name, {})),
                )
                for name, mean in means.items()
            ]

        return (
            survey_of(*asked(before), name="first", wave="2022"),
            survey_of(*asked(now, **changed), name="second", wave="2024"),
        )

    return make


def test_a_changed_question_is_named_and_not_subtracted(waves: Any, told: Any) -> None:
    first, second = waves(
        {"near_home": 5, "dark": 5},
        {"near_home": 8, "dark": 5},
        near_home={"wording": "How safe do you feel near your home?"},
    )
    found = only(wave_findings([first, second]), told)
    assert "\u2018near home\u2019 is not compared, because the question was changed" in (
        found.sentence
    )
    assert found.numbers["not_comparable"] == ["near_home"]
    assert (found.numbers["compared"], found.numbers["clear"]) == (1, 0)
    row = rows(found)["near home"]
    assert (row["change"], row["lower"], row["upper"]) == (None, None, None)
    # Both waves are shown side by side, and the table says what was changed, from and to.
    assert row["earlier"].startswith(("4.", "5."))
    assert row["later"].startswith(("7.", "8."))
    assert "wording was 'Near_home?', now 'How safe do you feel near your home?'" in row["refusal"]
    assert rows(found)["dark"]["refusal"] == ""
    assert any("near_home" in text for text in found.details)


def test_a_question_that_stayed_is_compared(waves: Any, told: Any) -> None:
    first, second = waves({"near": 5, "dark": 5}, {"near": 6, "dark": 5})
    found = only(wave_findings([first, second]), told)
    assert found.certainty is Certainty.CLEAR
    assert found.sentence.startswith(
        "From 2022 to 2024 1 of 2 questions that stayed the same changed: near up by "
    )
    row = rows(found)["near"]
    # Two means of 400 answers with a spread of 2: SE 0.14, so 1 is 7 of them.
    assert row["change"] == pytest.approx(1, abs=0.35)
    assert row["upper"] - row["lower"] == pytest.approx(4 * 0.1414, abs=0.1)
    assert (row["answers_earlier"], row["answers_later"]) == (N, N)


def test_waves_are_ordered_by_their_names_as_numbers(question: Any, survey_of: Any) -> None:
    asked = question("near", np.arange(40) % 11)
    ninth = survey_of(asked, name="a", wave="wave 9")
    tenth = survey_of(asked, name="b", wave="wave 10")
    assert newest_waves([tenth, ninth]) == (tenth,)
    (found,) = wave_findings([tenth, ninth])
    assert found.sentence.startswith("From wave 9 to wave 10 ")
    assert found.sources == ("a", "b")


def test_other_surveys_and_equal_waves_are_not_compared(question: Any, survey_of: Any) -> None:
    asked = question("near", np.arange(40) % 11)
    one = survey_of(asked, name="a", wave="2024")
    same_wave = survey_of(asked, name="b", wave="2024")
    other = survey_of(asked, name="c", wave="2022", survey="Survey of schools")
    assert wave_findings([one, same_wave, other]) == []
    assert newest_waves([one, same_wave, other]) == (one, same_wave, other)
    assert wave_findings([]) == []


def test_three_waves_are_compared_pair_by_pair(question: Any, survey_of: Any, told: Any) -> None:
    asked = question("near", np.arange(40) % 11)
    layers = [survey_of(asked, name=f"w{y}", wave=str(y)) for y in (2024, 2020, 2022)]
    found = told(wave_findings(layers))
    assert [item.sources for item in wave_findings(layers)] == [
        ("w2020", "w2022"),
        ("w2022", "w2024"),
    ]
    assert found


def test_a_share_is_counted_alike_in_both_waves(question: Any, survey_of: Any, told: Any) -> None:
    """The second codebook counts "unsafe" too; the answers are the same, so nothing changed."""
    codes = np.repeat([1, 2, 3, 4], 100)
    about: dict[str, Any] = {"labels": STEPS, "high_is": "unsafe"}
    first = survey_of(question("dark", codes, share_of=("4",), **about), name="a", wave="1")
    second = survey_of(question("dark", codes, share_of=("3", "4"), **about), name="b", wave="2")
    found = only(wave_findings([first, second]), told)
    assert rows(found)["dark: unsafe or very unsafe"]["change"] == pytest.approx(0)
    mean = survey_of(question("dark", codes, **about), name="c", wave="3")
    assert rows(only(wave_findings([second, mean]), told))["dark"]["change"] == pytest.approx(0)


def test_another_scale_is_shown_beside_and_not_subtracted(
    question: Any, survey_of: Any, told: Any
) -> None:
    rating = survey_of(question("dark", np.arange(400) % 11), name="a", wave="1")
    steps = question("dark", np.repeat([1, 4], 200), labels=STEPS, share_of=("3", "4"))
    found = only(wave_findings([rating, survey_of(steps, name="b", wave="2")]), told)
    assert found.certainty is Certainty.CANNOT_TELL
    row = rows(found)["dark: unsafe or very unsafe"]
    assert row["change"] is None
    assert row["earlier"].startswith("5.0 (")
    assert row["later"].startswith("50\u202f%")


def test_described_questions_are_not_compared(waves: Any, told: Any) -> None:
    """Barcelona's wording is described, not quoted: nobody can tell whether it stayed."""
    first, second = waves({"near": 5}, {"near": 8}, near={"exact": False})
    found = only(wave_findings([first, second]), told)
    assert found.certainty is Certainty.CANNOT_TELL
    assert "no question is known to have stayed the same" in found.sentence
    assert rows(found)["near"]["change"] is None


def test_answers_that_are_missing_or_all_alike_break_nothing(
    question: Any, survey_of: Any, told: Any
) -> None:
    nothing = survey_of(
        question("near", np.full(40, np.nan)), question("same", np.ones(40)), name="a", wave="1"
    )
    again = survey_of(
        question("near", np.full(40, np.nan)), question("same", np.ones(40)), name="b", wave="2"
    )
    found = only(wave_findings([nothing, again]), told)
    assert rows(found)["near"]["change"] is None
    assert found.numbers["clear"] == 0


def test_hardly_ever_a_change_where_there_is_none(waves: Any) -> None:
    """20 pairs of waves with 8 questions each, nothing changed. A false discovery in 5 % of
    pairs: 4 or more of 20 have P = 1.6 %. Without control 1 - 0.95^8 = 34 % of pairs have one."""
    means = {f"q{k}": 5.0 for k in range(8)}
    clear = [
        wave_findings(waves(means, means, seed=seed))[0].certainty is Certainty.CLEAR
        for seed in range(20)
    ]
    assert sum(clear) <= 3


# The simulated city asks one item with other words in its earlier wave.


@pytest.fixture(scope="module")
def city_waves(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Intake]:
    folder = tmp_path_factory.mktemp("waves")
    write_city(simulate_city(incidents=10_000, seed=4), folder, answers=2_000, earlier_wave=True)
    text = (folder / "audit.toml").read_text()
    first, second = (
        '[[source]]\nname = "residents-survey"',
        '[[source]]\nname = "residents-reports"',
    )
    survey = text[text.index(first) : text.index(second)]
    earlier = survey.replace("residents-survey", "survey-before")
    earlier = earlier.replace("simulated_survey.csv", "simulated_survey_2024.csv")
    earlier = earlier.replace('"survey.toml"', '"survey_2024.toml"')
    (folder / "audit.toml").write_text(text.replace(first, earlier + first))
    config = load_config(folder / "audit.toml")
    return config, take_in(config, lake=folder / "lake", progress=lambda *_: None)


@pytest.mark.slow
def test_the_changed_item_of_the_simulated_city_is_named(city_waves: Any) -> None:
    config, intake = city_waves
    report = audit_report(config, intake)
    found = report.finding("residents-survey.waves")
    book = {layer.answers.codebook.wave: layer.answers.codebook for layer in intake.surveys}
    names = [item.name for item in book["2025"].items]
    other = [n for n in names if book["2024"].item(n).wording != book["2025"].item(n).wording]
    assert len(other) == 1
    assert found.numbers["not_comparable"] == other
    assert f"\u2018{other[0].replace('_', ' ')}\u2019 is not compared" in found.sentence
    (row,) = [row for row in rows(found).values() if row["refusal"]]
    assert row["change"] is None
    assert found.numbers["compared"] > 20
    # The older wave is told in the comparison only.
    assert not [f for f in report.findings if f.id.startswith("survey-before.")]
    assert found.sources == ("survey-before", "residents-survey")


@pytest.mark.slow
def test_waves_of_an_unchanged_city_are_hardly_ever_said_to_differ(city_waves: Any) -> None:
    """Eight random halvings of the answers of 2025, each taken as two waves of one survey."""
    from dataclasses import replace

    _, intake = city_waves
    (survey,) = newest_waves(intake.surveys)
    rng = np.random.default_rng(6)
    clear = []
    for _ in range(8):
        half = rng.permutation(survey.n) < survey.n // 2
        clear.append(_between(survey, half, replace).certainty is Certainty.CLEAR)
    assert sum(clear) <= 2


def _between(survey: Any, chosen: np.ndarray, replace: Any) -> Finding:
    """One half of the answers against the other, as two waves."""
    (found,) = wave_findings(
        [_part(survey, chosen, "2024", replace), _part(survey, ~chosen, "2025", replace)]
    )
    return found


def _part(survey: Any, chosen: np.ndarray, wave: str, replace: Any) -> Any:
    def column(group: Any) -> Any:
        return None if group is None else replace(group, codes=group.codes[chosen])

    from commonlight.analysis.survey.design import SurveyDesign

    answers = survey.answers
    items = {
        name: replace(item, values=item.values[chosen], missing=item.missing[chosen])
        for name, item in answers.items.items()
    }
    part = replace(
        answers,
        n=int(chosen.sum()),
        weight=answers.weight[chosen],
        items=items,
        codebook=replace(answers.codebook, wave=wave),
        groups={name: column(group) for name, group in answers.groups.items()},
        day=None,
    )
    return replace(
        survey,
        name=f"wave-{wave}",
        answers=part,
        area=survey.area[chosen],
        design=SurveyDesign(weights=part.weight),
    )


def test_constructs_keep_their_items_apart(waves: Any, told: Any) -> None:
    first, second = waves(
        {"near": 5, "worried": 5},
        {"near": 5, "worried": 5},
        worried={"construct": Construct.WORRY},
    )
    found = only(wave_findings([first, second]), told)
    assert found.numbers["not_comparable"] == ["worried"]
    assert "construct was 'safety', now 'worry'" in rows(found)["worried"]["refusal"]
