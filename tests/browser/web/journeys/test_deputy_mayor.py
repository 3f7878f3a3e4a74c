"""Journey 5.5, steps 1, 2 and 5: a deputy mayor, fifteen minutes before the council.

The definition behind a number (step 3) is walked with the findings in test_keyboard.py; judging
effects, the technology gate and the public text (steps 4, 6 to 8) belong to a later version.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from browser.web.journeys.doing import follow, main_of
from browser.web.journeys.installation import Workbench
from browser.web.journeys.looking import look_here
from web.assessment import conftest as own

pytestmark = pytest.mark.browser

LAKESIDE, LINDHAFEN = "/w/lakeside/", "/w/lindhafen/"
PASSWORD = "a long enough passphrase"


demo, strategy_text = own.demo, own.strategy_text
membership_of, fresh = own.membership_of, own.fresh
begun, read_whole = own.begun, own.read_whole
felt_and_harmed = own.felt_and_harmed
document, judged = own.document, own.judged


@pytest.fixture
def priority(actor_of: Any, dataset: Any, city: Any) -> Any:
    """A problem with a record and a walk, two partners who differ, and a brief just begun."""
    from commonlight.web.design.review.domain.brief.life import begin_brief
    from commonlight.web.problems.domain.framing import open_due, open_round, send_answer
    from commonlight.web.problems.domain.stating import open_problem
    from commonlight.web.thread.domain import join

    actor = actor_of("coordinator")
    problem = open_problem(
        actor,
        title="Evenings at the station",
        sentence="Girls are followed at the station in the evening and stay away from training.",
        place="Station square",
    )
    own = {"kind": "visits", "owner": city.municipality}
    join(actor, problem, dataset("walks", name="Walks with residents", **own, version=True))
    counted = dataset("thefts", name="Thefts at the station", is_public=True, version=True)
    join(actor, problem, counted)
    asked = open_round(
        actor,
        problem,
        organisations=[city.police, city.youth_work],
        closes_at=timezone.now() + timedelta(days=1),
    )
    for role, family, text in (
        ("analyst", "lighting", "Dark corners behind the kiosk"),
        ("partner", "school_family", "Training ends too late"),
    ):
        answers = {
            "what": "Girls are followed and called after",
            "where": "Station square, tram stop 4",
            "when": "Winter evenings after six",
            "who_is_harmed": "Girls on their way home",
            "likely_cause": [{"family": family, "text": text}],
            "first_step": "Ask the girls which way they take",
            "confidence": "fairly",
        }
        send_answer(actor_of(role), asked, answers)
    open_due(city.workspace, at=timezone.now() + timedelta(days=2))
    begin_brief(actor, problem)
    return problem


@pytest.fixture
def mirrored(judged: Any, actor_of: Any, demo: Any) -> Any:
    """The balance mirror beside the verdicts, as the evaluator filled it."""
    from commonlight.web.assessment.domain.mirror import choose_weights, keep_row

    actor, assessment = actor_of("evaluator"), judged.assessment
    for row in demo["row"]:
        kept: dict[str, Any] = {
            what: {"value": Decimal(str(row[what])), "source": "Budget of the strategy"}
            for what in ("money", "staff_time", "meetings", "data")
        }
        kinds = {name: str(one) for name, one in row["money_kind"].items()}
        kept["money"]["parts"] = kinds
        kept |= felt_and_harmed(row)
        keep_row(actor, assessment, title=row["title"], profile=row["profile"], figures=kept)
    choose_weights(actor, assessment, "nz_treasury_2006")
    return judged


@pytest.mark.django_db(transaction=True)
def test_fifteen_minutes_before_the_council(
    at_lakeside: Callable[..., Any], people: Any, priority: Any, mirrored: Any, begun: Any
) -> None:
    begun()  # another strategy, which two assessors are still reading
    page = at_lakeside()
    opens_the_link_of_the_invitation(page, f"{LAKESIDE}problems/1/glance/")
    reads_one_page_of_a_priority(page)
    assert "Walks with residents" in part(page, "What people say")
    assert "Thefts at the station" in part(page, "What records say")
    assert "named by 1 of 2" in part(page, "Where partners differ")
    is_shown_no_raw_data(page, f"{LAKESIDE}data/", "walks")
    is_shown_no_drafts(page)
    opens_the_strategy_mirror(page, LAKESIDE)
    reads_both_assessors(page, "Lakeside University", "Youth Work Lakeside")
    sees_money_beside_what_residents_name(page)


def test_the_deputy_mayor_of_the_demo_city(
    workbench: Workbench, browse: Callable[..., Any], picture: Callable[..., None]
) -> None:
    page = browse("decision_maker")
    page.goto(f"{LINDHAFEN}problems/")
    assert page.locator("main .problem-list > li").count() == 3
    page.goto(f"{LINDHAFEN}problems/2/glance/")
    reads_one_page_of_a_priority(page)
    picture(page, "priority-on-one-page")
    is_shown_no_raw_data(page, f"{LINDHAFEN}data/", "residents-survey")
    opens_the_strategy_mirror(page, LINDHAFEN)
    reads_both_assessors(page, "University of Lindhafen", "Youth Work Lindhafen")
    picture(page, "strategy-in-fifteen-minutes")
    sees_money_beside_what_residents_name(page)
    page.locator("table.mirror").evaluate("one => one.scrollIntoView()")
    picture(page, "balance-mirror")


def opens_the_link_of_the_invitation(page: Any, address: str) -> None:
    """Step 1: the link asks who she is, then opens what it promised."""
    page.goto(address)
    assert page.url.endswith(f"/accounts/login/?next={address}")
    page.get_by_label("E-mail address").fill("decision_maker@example.org")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**{address}")


def reads_one_page_of_a_priority(page: Any) -> None:
    """Step 2: said by people, said by records, different views, what is done, what is open."""
    headings = page.locator("main h2").all_inner_texts()
    assert headings[:2] == ["What people say", "What records say"]
    for name in ("Where partners differ", "What is being done", "What cannot be said yet"):
        assert name in headings
    assert "nothing was delivered or measured here" in part(page, "What cannot be said yet")
    assert page.locator("main form").count() == 0
    assert look_here(page) == []


def part(page: Any, heading: str) -> str:
    """What stands under a heading, until the next one."""
    _before, _found, after = main_of(page).partition(f"\n{heading}\n")
    return re.split(r"\n(?:What|Where) [^\n]*\n", after)[0] if after else ""


def is_shown_no_raw_data(page: Any, data: str, name: str) -> None:
    """Step 1 [P]: she reads findings, never the data below them."""
    page.goto(data)
    assert page.locator(f"main a[href^='{data}{name}']").count() == 0
    for way in ("", "export/", "upload/"):
        assert page.goto(f"{data}{name}/{way}").status == 403
    assert "Your role does not include this." in main_of(page)


def is_shown_no_drafts(page: Any) -> None:
    """Step 1 [P]: what others still write, or judge apart, is not laid before her."""
    page.goto(f"{LAKESIDE}problems/1/design/brief/")
    assert "The brief is still being written" in main_of(page)
    assert "As it stands today" not in main_of(page)
    page.goto(f"{LAKESIDE}strategies/")
    assert page.locator("main a[href*='/strategies/2/assessments/']").count() == 0
    answer = page.goto(f"{LAKESIDE}strategies/2/assessments/1/")
    assert answer.status == 403
    assert page.goto(f"{LAKESIDE}problems/new/").status == 403


def opens_the_strategy_mirror(page: Any, home: str) -> None:
    """Step 5: she opens the strategy; two pages in plain words come first."""
    page.goto(f"{home}strategies/")
    follow(page, "Assessment 1: European Security Model")
    page.wait_for_url("**/brief/")
    said = main_of(page)
    assert "44 of 59 sentences touch a principle or a value, 15 touch none, 0 are unread." in said
    assert page.locator("main form").count() == 0
    assert look_here(page) == []


def reads_both_assessors(page: Any, one: str, other: str) -> None:
    """Step 5: the verdicts of both stand side by side where they differ; no mean is made."""
    listed = page.get_by_role("heading", name="Where the assessors differ")
    rows = listed.locator("xpath=following-sibling::ul[1]/li")
    assert rows.count() == 3
    for row in rows.all_inner_texts():
        verdicts = re.findall(rf"({one}|{other}): (\w[\w ]*)", row)
        assert [name for name, _verdict in verdicts] == [one, other]
        assert verdicts[0][1] != verdicts[1][1]


def sees_money_beside_what_residents_name(page: Any) -> None:
    """Step 5: sixty per cent of the money go to a matter that few residents name."""
    follow(page, "Balance mirror")
    flag = page.locator("ul.flags > li").filter(has_text="Much money, named by few residents")
    said = flag.first.inner_text()
    assert re.search(r"takes 60\s% of the money", said)
    assert re.search(r"4\.\d\s% of those asked name it", said)
    assert "Open consultation" in said
    row = page.locator("table.mirror tbody tr").filter(has_text=re.compile("pickpocket", re.I))
    assert re.search(r"60\s%", row.inner_text())
    assert look_here(page) == []
