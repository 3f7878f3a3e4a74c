"""Audit plans: a guess to start from, checks, and what may start."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from commonlight.web.audits.domain.plans import View, can_start, run_of_view
from commonlight.web.audits.domain.settings import (
    datasets_in,
    first_guess,
    survey_questions,
    whole_years,
)
from commonlight.web.audits.models import AuditPlan
from commonlight.web.data.models import DataSet

NEW = "/w/lakeside/audits/new/"
CODEBOOK = {
    "codebook": """
name = "Survey"
[[item]]
name = "trust"
construct = "trust_police"
wording = "Do you trust them?"
[[item]]
name = "dark"
construct = "safety"
wording = "How safe after dark?"
"""
}


def dated(made: DataSet, first: date, last: date, **manifest: Any) -> DataSet:
    version = made.current
    assert version is not None
    version.first_day, version.last_day, version.manifest = first, last, manifest
    version.save()
    return made


@pytest.fixture
def sources(dataset: Any, city: Any) -> list[DataSet]:
    """Incidents, a survey, areas and residents, all of the police."""
    return [
        dated(
            dataset("burglary", version=True, noun="burglaries"), date(2021, 1, 1), date(2025, 3, 1)
        ),
        dated(
            dataset("survey", kind="answers", version=True),
            date(2024, 5, 1),
            date(2024, 6, 1),
            **CODEBOOK,
        ),
        dataset("quarters", kind="areas", version=True),
        dataset("residents", kind="population", version=True),
        dataset("empty", version=False),
    ]


def given(**changes: Any) -> dict[str, Any]:
    answers = {
        "title": "Audit 2024",
        "first": "2024-01-01",
        "last": "2024-12-31",
        "sources": ["burglary", "survey"],
        "areas": "quarters",
        "population": "residents",
        "streets": "",
        "recorded": "burglary",
        "felt": "survey.dark",
        "minimum_count": "5",
    }
    return {**answers, **changes}


def test_the_guess_takes_what_is_there(sources: list[DataSet]) -> None:
    guess = first_guess(sources, today=date(2025, 6, 1))
    assert guess["period"] == ["2022-01-01", "2024-12-31"]
    assert [one["dataset"] for one in guess["sources"]] == ["burglary", "survey"]
    assert guess["sources"][0]["noun"] == "burglaries"
    assert guess["divergence"] == []
    assert datasets_in(guess) == ["burglary", "survey", "quarters", "residents"]


def test_questions_about_safety_come_first(sources: list[DataSet]) -> None:
    assert [one.name for one in survey_questions(sources)] == ["survey.dark", "survey.trust"]


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        (date(2020, 1, 1), date(2020, 12, 31), (date(2020, 1, 1), date(2020, 12, 31))),
        (date(2020, 2, 1), date(2022, 1, 31), (date(2021, 1, 1), date(2021, 12, 31))),
        (date(2020, 2, 1), date(2020, 6, 30), (date(2020, 2, 1), date(2020, 6, 30))),
        (None, None, (date(2024, 1, 1), date(2024, 12, 31))),
    ],
)
def test_whole_years_that_the_records_cover(
    dataset: Any, first: Any, last: Any, years: Any
) -> None:
    made = dated(dataset("burglary", version=True), first, last)
    assert whole_years([made], today=date(2025, 6, 1)) == years


def test_a_plan_is_saved_and_can_be_changed(
    sources: list[DataSet], client_of: Any, city: Any
) -> None:
    client = client_of("analyst")
    assert b'value="2022-01-01"' in client.get(NEW).content
    assert client.post(NEW, given()).status_code == 302
    plan = AuditPlan.objects.of(city.workspace).get()
    assert plan.slug == "audit-2024"
    assert plan.settings["population"] == [{"dataset": "residents", "areas": "quarters"}]
    plan.settings["similar"] = [{"dataset": "kept"}]
    plan.settings["sources"][0]["exclude_types"] = ["noise"]
    plan.save()
    client.post("/w/lakeside/audits/audit-2024/change/", given(title="Other", minimum_count="10"))
    plan.refresh_from_db()
    assert (plan.title, plan.slug) == ("Other", "audit-2024")
    assert plan.settings["publish"] == {"minimum_count": 10}
    assert plan.settings["similar"] == [{"dataset": "kept"}]
    assert plan.settings["sources"][0]["exclude_types"] == ["noise"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"sources": []}, "Choose at least one data set."),
        ({"last": "2023-01-01"}, "The last day lies before the first day."),
        ({"last": "2124-01-01"}, "The last day lies in the future."),
        ({"first": "01/01/24x"}, "Enter a valid date."),
        ({"felt": ""}, "Choose both sides of the comparison, or none."),
        ({"sources": ["burglary"]}, "Tick the survey of this question above."),
        ({"areas": ""}, "Choose the areas that the residents are counted by."),
        ({"minimum_count": "1"}, "greater than or equal to 2"),
        ({"sources": ["secret"]}, "Select a valid choice"),
    ],
)
def test_mistakes_are_told_and_nothing_typed_is_lost(
    sources: list[DataSet], client_of: Any, city: Any, changes: Any, told: str
) -> None:
    text = client_of("analyst").post(NEW, given(**changes)).content.decode()
    assert told in text
    assert "Error: " in text
    assert 'value="Audit 2024"' in text
    assert not AuditPlan.objects.of(city.workspace).exists()


def test_only_data_sets_that_the_person_may_see_are_offered(
    sources: list[DataSet], client_of: Any
) -> None:
    assert b"burglary" in client_of("analyst").get(NEW).content
    assert b"burglary" not in client_of("coordinator").get(NEW).content
    assert client_of("partner").get(NEW).status_code == 403
    assert client_of("stranger").get(NEW).status_code == 404


def test_a_start_needs_every_data_set(
    sources: list[DataSet], client_of: Any, actor_of: Any, city: Any
) -> None:
    client_of("analyst").post(NEW, given())
    plan = AuditPlan.objects.of(city.workspace).get()
    assert can_start(actor_of("analyst"), plan)
    assert not can_start(actor_of("coordinator"), plan)
    refused = client_of("coordinator").post(f"/w/lakeside/audits/{plan.slug}/start/")
    assert refused.status_code == 403
    plan.settings["sources"] = [{"dataset": "empty"}]
    plan.save()
    assert "has no data yet" in str(can_start(actor_of("analyst"), plan).reason)
    text = client_of("analyst").get(f"/w/lakeside/audits/{plan.slug}/").content.decode()
    assert "has no data yet" in text


def test_the_period_is_written_as_the_language_writes_days(audit: Any, client_of: Any) -> None:
    address = f"/w/lakeside/audits/{audit().plan.slug}/"
    english = client_of("analyst").get(address).content.decode()
    assert "Period: 1 January 2024 to 31 December 2024." in english
    french = client_of("analyst").get(address, headers={"accept-language": "fr"})
    assert "du 1er janvier 2024 au 31 décembre 2024." in french.content.decode()


def test_the_same_view_has_the_same_parameters_in_any_order(audit: Any) -> None:
    plan = audit().plan
    period = View.main(plan).period
    one = View(period=period, iccs=("05", "01"), areas=("b", "a"))
    two = View(period=period, iccs=("01", "05"), areas=("a", "b"))
    assert one.parameters(plan) == two.parameters(plan)
    assert not one.is_main(plan)


def test_the_stored_result_of_a_view_is_found(audit: Any) -> None:
    done = audit()
    view = View(period=View.main(done.plan).period, iccs=("05",))
    assert run_of_view(done.plan, view) == (None, None)
    other = audit(1, source=done.source, plan=done.plan, view={"iccs": ["05"]})
    assert run_of_view(done.plan, view) == (other.run, None)
    assert run_of_view(done.plan, View.main(done.plan)) == (done.run, None)


def test_another_citys_plans_do_not_exist(audit: Any, client_of: Any) -> None:
    done = audit()
    for rest in ("", "change/", "start/", "compute/"):
        address = f"/w/lakeside/audits/{done.plan.slug}/{rest}"
        assert client_of("stranger").get(address).status_code in (404, 405)
        own = address.replace("lakeside", "elsewhere")
        assert client_of("stranger").post(own).status_code in (404, 405)
