"""Journey 5.1, steps 1 to 7: a prevention coordinator, from an invitation to roles and dates.

Each mistake that must be caught and each permission that decides stands in the step it belongs to.
Evaluation, approval and the council's brief (its steps 8 to 10) belong to a later version.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from browser.web.journeys.doing import (
    answer_frame,
    faults,
    follow,
    follow_the_step,
    main_of,
    press,
    printed,
)
from browser.web.journeys.looking import look_here

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOME = "/w/lakeside/"
PROBLEM = f"{HOME}problems/1/"
DESIGN = f"{PROBLEM}design/"
SHOP = f"{DESIGN}workshops/1/"
THEORY = f"{PROBLEM}theory/"
NEWCOMER = "carla.new@lakeside.example"
TITLE = "Evenings at the station square"
TARGETING = "Youth workers target young people at the stop each evening"


@pytest.fixture
def five(city: Any, people: Any) -> SimpleNamespace:
    """Five partners: a school and shops beside city, police and youth work, and who answers."""
    from commonlight.web.accounts.models import User
    from commonlight.web.partnerships.domain.register import partner_of
    from commonlight.web.workspaces.models import Membership, Organisation

    made = {"police": people["analyst"], "youth_work": people["partner"]}
    homes = [city.municipality, city.police, city.youth_work]
    for key, name, kind in (
        ("school", "School at the Lake", "school"),
        ("shops", "Shops at the Station", "business"),
    ):
        home = Organisation.objects.create(workspace=city.workspace, name=name, kind=kind)
        made[key] = User.objects.create_user(f"{key}@example.org", "unused", name=key.title())
        Membership.objects.create(
            workspace=city.workspace, user=made[key], organisation=home, role="partner"
        )
        homes.append(home)
    for home in homes:
        partner_of(city.workspace, home)
    return SimpleNamespace(**made)


@pytest.fixture
def begun(city: Any, five: SimpleNamespace, actor_of: Any, dataset: Any) -> None:
    """What stood before she came: two public data sets, a pulse, a task, a row to look at again."""
    from commonlight.web.partnerships.domain import pulse, raci, register

    dataset("thefts", name="Thefts at the station", is_public=True, version=True)
    walks = {"name": "Walks with residents", "kind": "visits", "owner": city.municipality}
    dataset("walks", **walks, is_public=True, version=True)
    today = timezone.localdate()
    pulse.open_round(actor_of("coordinator"), closes_on=today + timedelta(days=9))
    own = register.partner_of(city.workspace, city.municipality)
    police = register.partner_of(city.workspace, city.police)
    parts = {"accountable": [police], "responsible": [police], "consulted": [own]}
    raci.save_task(actor_of("analyst"), activity="Count who waits at the stop", parts=parts)
    register.change_partner(
        actor_of("coordinator"), own, review_on=today - timedelta(days=9), powers="Streets, lamps"
    )


def test_from_an_invitation_to_roles_and_dates(
    at_lakeside: Callable[..., Any],
    client_of: Callable[[str], Any],
    city: Any,
    five: SimpleNamespace,
    begun: None,
    picture: Callable[..., None],
) -> None:
    inviting = at_lakeside(client_of("coordinator"))
    link = an_invitation_expires_and_is_renewed(city, inviting, at_lakeside())
    page = at_lakeside()
    accepts_in_her_language(page, link)
    sees_what_waits_and_what_is_missing(page)
    writes_a_solution_and_is_led_to_the_problem(page)
    chooses_sources_and_sees_who_is_not_heard(page)
    asks_five_partners_apart(page)
    cannot_peek(page, city, five)
    sees_agreement_and_difference(page, picture)
    writes_the_joint_statement(page, picture)
    books_the_session_and_prints(page)
    enters_paper_notes(page)
    finds_a_practice(page, picture)
    fills_the_passport_with_the_school(page)
    builds_the_theory(page, picture)
    a_link_without_mechanism_stays_unproven(page)
    answers_the_card_on_targeting(page)
    sets_roles_and_dates(page)
    police = at_lakeside(client_of("analyst"), width=360)
    another_agency_confirms_its_part(page, police)


def an_invitation_expires_and_is_renewed(city: Any, inviting: Any, guest: Any) -> str:
    """Step 1 [P]: an expired invitation explains who can renew it."""
    from commonlight.web.workspaces.models import Invitation

    inviting.goto(f"{HOME}people/invite/")
    inviting.get_by_label("E-mail address").fill(NEWCOMER)
    inviting.get_by_label("Organisation").select_option(label="City of Lakeside")
    inviting.get_by_label("Coordinator").check()
    press(inviting, "Send the invitation")
    link = inviting.get_by_label("Link").input_value()
    sent = Invitation.objects.of(city.workspace)
    assert sent.update(expires_at=timezone.now() - timedelta(days=1)) == 1
    assert guest.goto(link).status == 410
    assert "The coordinator of the workspace can renew it." in main_of(guest)
    press(guest, "Ask for a new invitation")
    inviting.goto(HOME)
    follow(inviting, f"Renew the invitation of {NEWCOMER}")
    press(inviting, "Send a new link")
    return str(inviting.get_by_label("Link").input_value())


def accepts_in_her_language(page: Any, link: str) -> None:
    """Step 1: she opens the invitation, picks a language, sets a password."""
    page.goto(link)
    page.get_by_role("button", name="Français").click()
    assert page.locator("html").get_attribute("lang") == "fr"
    page.get_by_role("button", name="English").click()
    page.get_by_label("Your name").fill("Carla New")
    page.locator("input[name=password]").fill("seven geese on a roof")
    press(page, "Accept and make the account")
    page.get_by_text("Welcome to “Safer Lakeside”.").wait_for()


def sees_what_waits_and_what_is_missing(page: Any) -> None:
    """Step 1: one page with the partnership, three open tasks and what is missing."""
    page.goto(HOME)
    said = main_of(page)
    assert "The shared place of the security partnership of Lakeside." in said
    waiting = page.locator("ul.waiting > li")
    assert waiting.count() == 3, said
    for task in (
        "Answer the partnership pulse",
        "Confirm your part: Count who waits at the stop",
        "Look at your row of the register again",
    ):
        assert waiting.filter(has_text=task).count() == 1
    assert "Its review date has passed." in said


def writes_a_solution_and_is_led_to_the_problem(page: Any) -> None:
    """Step 2 [E]: a solution written as a problem is refused, with an example."""
    page.goto(f"{HOME}problems/")
    follow(page, "Something is wrong: record a problem")
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("What is wrong?").fill("Install cameras in the park")
    page.get_by_label("Place").fill("Station square")
    press(page, "Record the problem")
    assert "For example" in faults(page)
    assert page.get_by_label("What is wrong?").input_value() == "Install cameras in the park"
    assert page.get_by_label("Place").input_value() == "Station square"
    assert look_here(page) == []
    page.get_by_label("What is wrong?").fill(
        "Girls are followed at the station in the evening and stay away from training."
    )
    press(page, "Record the problem")
    page.wait_for_url(f"**{PROBLEM}")


def chooses_sources_and_sees_who_is_not_heard(page: Any) -> None:
    """Step 2: sources that are shared already, and the groups that nobody has heard."""
    page.goto(f"{PROBLEM}sources/")
    for name in ("Thefts at the station", "Walks with residents"):
        follow(page, "Add a source")
        page.get_by_label(name).check()
        press(page, "Add it")
        page.goto(f"{PROBLEM}sources/")
        assert page.get_by_role("link", name=name).count()
    girls = page.locator("#voice-women_and_girls")
    assert "Not heard yet" in girls.inner_text()
    girls.get_by_role("link").click()
    page.get_by_label("Heard through").select_option(label="Walks with residents")
    press(page, "Save")
    assert "Heard through: Walks with residents" in girls.inner_text()
    assert page.locator("#voices + p + ul").get_by_text("Not heard yet").count() > 5


def asks_five_partners_apart(page: Any) -> None:
    """Step 3 [E]: a closing date in the past is refused."""
    page.goto(PROBLEM)
    follow_the_step(page)
    for name in (
        "Lakeside Police",
        "Youth Work Lakeside",
        "School at the Lake",
        "Shops at the Station",
    ):
        page.get_by_label(name).check()
    page.get_by_label("Last day").fill("2020-01-01")
    press(page, "Send the questions")
    assert "The closing time lies in the past. Choose a later one." in faults(page)
    assert not page.get_by_label("Lakeside University").is_checked()
    page.get_by_label("Last day").fill((timezone.localdate() + timedelta(days=3)).isoformat())
    press(page, "Send the questions")
    assert "0 of 5 have answered" in main_of(page)
    assert look_here(page) == []


def cannot_peek(page: Any, city: Any, five: SimpleNamespace) -> None:
    """Step 3 [P]: she cannot read an answer before its time either, and the page says so."""
    for who, families in {
        five.police: {"lighting": "Dark corners behind the kiosk", "policing": "Few rounds"},
        five.youth_work: {"school_family": "Training ends too late"},
        five.school: {"lighting": "It is dark"},
        five.shops: {"lighting": "The kiosk closes early"},
    }.items():
        answers_apart(who, city, families)
    page.goto(PROBLEM)
    follow_the_step(page)
    answer_frame(page, "Lamps are broken", "lighting")
    press(page, "Send answer")
    page.wait_for_url(f"**{PROBLEM}frames/1/")
    assert "You cannot peek either." in main_of(page)
    assert "5 of 5 have answered" in main_of(page)
    ways = ("frames/1/", "", "reframing/", "read/sara/", "glance/")
    seen = [page.context.request.get(f"{PROBLEM}{way}") for way in ways]
    assert [one.status for one in seen] == [200] * len(ways)
    assert not any("Training ends too late" in one.text() for one in seen)


def answers_apart(who: Any, city: Any, families: dict[str, str]) -> None:
    """Another partner answers for itself, elsewhere."""
    from commonlight.web.problems.domain.framing import send_answer
    from commonlight.web.problems.models import FrameRound
    from commonlight.web.workspaces.actors import actor_for

    causes = [{"family": family, "text": text} for family, text in families.items()]
    answers = {
        "what": "Girls are followed and called after",
        "where": "Station square, tram stop 4",
        "when": "Winter evenings after six",
        "who_is_harmed": "Girls on their way home",
        "likely_cause": causes,
        "first_step": "Ask the girls which way they take",
        "confidence": "fairly",
    }
    asked = FrameRound.objects.of(city.workspace).get()
    send_answer(actor_for(who, city.workspace), asked, answers)


def sees_agreement_and_difference(page: Any, picture: Callable[..., None]) -> None:
    """Step 4: once all have answered, who names which cause."""
    page.goto(f"{PROBLEM}frames/1/")
    press(page, "Open the answers now")
    assert "The answers compared" in main_of(page)
    row = page.get_by_role("row").filter(has_text="School, family, growing up")
    assert "Named by fewer than half of the partners" in row.inner_text()
    assert "Training ends too late" in row.inner_text()
    assert look_here(page) == []
    page.get_by_role("heading", name="Where you agree").scroll_into_view_if_needed()
    page.locator("table.side-by-side").scroll_into_view_if_needed()
    picture(page, "frames-compared")


def writes_the_joint_statement(page: Any, picture: Callable[..., None]) -> None:
    """Step 4: the cause of a minority is left out only with a reason."""
    follow(page, "Write the joint statement")
    page.get_by_label("Period").fill("Winter evenings, since 2024")
    page.get_by_label("Groups harmed").fill("Girls between 12 and 17")
    page.get_by_label("Harm", exact=True).fill("Girls are afraid and stay at home.")
    page.get_by_label("What is disputed").fill("Whether more rounds would help")
    page.get_by_label("What moved the partners?").fill("Only the youth workers knew the hours.")
    for name in ("Lighting", "School, family, growing up"):
        taken = page.get_by_role("group", name=name)
        taken.get_by_label("Take it up").check()
        taken.get_by_label("Can the partners change it?").select_option("inside")
    page.get_by_role("group", name="Policing").get_by_label("Leave it out, with a reason").check()
    press(page, "Save the joint statement")
    assert "leaves out a cause that a partner named: “Few rounds”. Say why." in faults(page)
    left = page.get_by_role("group", name="Policing")
    left.get_by_label("If you leave it out: why?").fill("The police walk there since May.")
    press(page, "Save the joint statement")
    page.get_by_text("The joint statement is saved.").wait_for()
    page.locator("#path").scroll_into_view_if_needed()
    picture(page, "problem-path")


def books_the_session_and_prints(page: Any) -> None:
    """Step 4: the joint session has a day, an agenda and cards on paper."""
    page.goto(DESIGN)
    follow(page, "Workshops")
    follow(page, "Plan a workshop")
    page.get_by_label("Ideate, 90 minutes").check()
    page.get_by_label("Title").fill("Evenings we want")
    page.get_by_label("Day").fill((timezone.localdate() + timedelta(days=10)).isoformat())
    page.get_by_label("Begins at").fill("17:00")
    page.get_by_role("textbox", name="Where").fill("Youth centre, ground floor")
    press(page, "Plan the workshop")
    follow(page, "Agenda to print")
    sheets, text = printed(page)
    assert sheets == 2
    for part in ("Evenings we want", "Youth centre, ground floor", "17:18", "Keep the odd one"):
        assert part in text
    assert "Sign out" not in text
    page.goto(SHOP)
    follow(page, "Cards to print")
    sheets, text = printed(page)
    assert sheets > 1
    assert "Which cause does it touch?" in text


def enters_paper_notes(page: Any) -> None:
    """Step 4 [E]: a batch that is half entered is kept as a draft."""
    page.goto(SHOP)
    follow(page, "Enter notes")
    for text in ("Warm light on the path to the tram", "Somebody waits at the stop with us"):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    page.get_by_text("2 notes in this batch").wait_for()
    with page.expect_response("**/unsent/"):
        page.keyboard.type("Somebody in a ki")
    page.goto(SHOP)
    assert "The notes are kept as a draft." in main_of(page)
    follow(page, "Go on with the notes")
    assert page.input_value("#note-text") == "Somebody in a ki"
    page.locator("#note-text").focus()
    page.keyboard.press("End")
    page.keyboard.type("osk until midnight")
    page.keyboard.press("Enter")
    page.get_by_text("3 notes in this batch").wait_for()
    press(page, "Finish the batch")
    page.get_by_text("3 notes became ideas").wait_for()


def finds_a_practice(page: Any, picture: Callable[..., None]) -> None:
    """Step 5: she searches in German, opens a practice and links it to her problem."""
    page.goto(f"{HOME}knowledge/search/")
    page.get_by_label("Words of your problem").fill("Straßenbeleuchtung")
    press(page, "Search")
    assert "Straßenbeleuchtung → street lighting" in main_of(page)
    follow(page, "Improved street lighting")
    assert "What changed, outcome by outcome" in main_of(page)
    assert look_here(page) == []
    page.evaluate("scrollTo(0, 0)")
    picture(page, "practice")
    follow(page, "Link it to a problem")
    page.get_by_label("Problem", exact=True).select_option(label=TITLE)
    page.get_by_label("Applied").check()
    page.get_by_label("Why?").fill("The path lies in the dark.")
    press(page, "Save the stance")
    page.wait_for_url(f"**{PROBLEM}evidence/")


def fills_the_passport_with_the_school(page: Any) -> None:
    """Step 5 [E]: law left open is shown as unknown, whatever was chosen beside it."""
    follow(page, "Open a passport")
    page.get_by_label("Improved street lighting").check()
    press(page, "Open the passport")
    place = page.get_by_role("group", name="Setting").first
    place.get_by_label("In what kind of place").fill("A tram stop and the path to it")
    place.get_by_label("Match").check()
    page.get_by_role("group", name="Law").first.get_by_label("Match").check()
    page.get_by_label("Smaller than studied").check()
    page.get_by_label("Why do you expect this?").fill("There are lamps already, if few.")
    page.get_by_label("Filled in together with").fill("School at the Lake, school officer")
    press(page, "Save the passport")
    assert compared(page, "Setting") == "Match"
    assert compared(page, "Law") == "Unknown"
    said = main_of(page)
    assert "There is no total. One field that differs can decide." in said
    assert "School at the Lake, school officer" in said


def compared(page: Any, field: str) -> str:
    """The verdict on a field of the passport."""
    row = page.locator("table.passport tbody tr").filter(
        has=page.get_by_role("rowheader", name=field, exact=True)
    )
    return str(row.locator("td").last.locator(".tag").inner_text())


def builds_the_theory(page: Any, picture: Callable[..., None]) -> None:
    """Step 6: an activity, what it changes, and what is hoped for."""
    page.goto(THEORY)
    page.get_by_role("button", name="Add a step after this one").click()
    add_step(page, "Activity", TARGETING)
    page.keyboard.press("n")
    add_step(page, "Mechanism", "Young people know an adult there", "They meet the same two people")
    page.keyboard.press("n")
    add_step(page, "Outcome", "Fewer girls are followed")
    page.locator("#box-1").focus()
    page.keyboard.press("n")
    add_step(page, "Outcome", "Girls come back to training")
    assert page.locator("svg a.box").count() == 4
    page.locator("#diagram-title").scroll_into_view_if_needed()
    picture(page, "theory-editor")


def add_step(page: Any, kind: str, text: str, mechanism: str = "") -> None:
    """Fill in the panel beside the diagram; the new step has the focus."""
    panel, steps = page.locator("#theory-panel"), page.locator("svg a.box")
    panel.locator("select").first.wait_for()
    number = steps.count() + 1
    panel.get_by_label("Kind of step").select_option(label=kind)
    panel.get_by_label("Step", exact=True).fill(text)
    panel.get_by_label("How does the one lead to the other?").fill(mechanism)
    panel.get_by_role("button", name="Add step").click()
    page.locator(f"#box-{number}:focus").wait_for()


def a_link_without_mechanism_stays_unproven(page: Any) -> None:
    """Step 6 [E]: until somebody writes how the one leads to the other."""
    page.goto(THEORY)
    unproven = page.locator("#unproven + ul > li").filter(has_text="Girls come back to training")
    assert "No mechanism is written on this link." in unproven.inner_text()
    change_link(page, 3, own_judgement=True)
    assert "No mechanism is written on this link." in unproven.inner_text()
    change_link(page, 3, mechanism="Who knows an adult there dares to go")
    assert unproven.count() == 0
    assert page.locator("#unproven + ul > li").count() == 2


def change_link(
    page: Any, number: int, *, mechanism: str = "", own_judgement: bool = False
) -> None:
    page.goto(f"{THEORY}links/{number}/")
    if own_judgement:
        page.get_by_label("This rests on our own judgement").check()
    if mechanism:
        page.get_by_label("Mechanism").fill(mechanism)
    press(page, "Save link")
    page.wait_for_url(f"**{THEORY}#link-{number}")


def answers_the_card_on_targeting(page: Any) -> None:
    """Step 6: the card on targeting fires, with the words that called it."""
    page.goto(f"{DESIGN}tensions/")
    assert "This card is here because of the words “target young”." in main_of(page)
    assert look_here(page) == []
    follow(page, "Say where you stand")
    page.get_by_label("Nearer to the first side").check()
    page.get_by_label("Why?").fill("The stop is open to everybody, and so is the offer.")
    page.get_by_label("Who may lose by it?").fill("Those who are chosen may be labelled.")
    page.get_by_label("What will you watch?").fill("Ask them without names how others see them.")
    press(page, "Save where you stand")
    page.goto(f"{DESIGN}tensions/")
    assert "No card waits." in main_of(page)


def sets_roles_and_dates(page: Any) -> None:
    """Step 7 [E]: two who answer for a task are refused; the focus goes to their row."""
    page.goto(f"{PROBLEM}tasks/")
    follow(page, "Write a task down")
    page.get_by_label("Task").fill("Check the lamps at the stop")
    page.get_by_label("Due on").fill((timezone.localdate() + timedelta(days=30)).isoformat())
    accountable = page.get_by_role("group", name="Answers for it")
    accountable.get_by_label("City of Lakeside").check()
    accountable.get_by_label("Lakeside Police").check()
    page.get_by_role("group", name="Does it").get_by_label("Lakeside Police").check()
    press(page, "Save task")
    faults(page)
    assert look_here(page) == []
    page.locator("#error-summary").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "accountable"
    assert page.get_by_label("Task").input_value() == "Check the lamps at the stop"
    accountable.get_by_label("Lakeside Police").uncheck()
    press(page, "Save task")
    assert "Lakeside Police has not confirmed this part yet" in main_of(page)


def another_agency_confirms_its_part(page: Any, police: Any) -> None:
    """Step 7 [P]: whoever names another agency waits for its confirmation."""
    assert page.get_by_role("button", name="Confirm for your organisation").count() == 0
    police.goto(HOME)
    follow(police, "Confirm your part: Check the lamps at the stop")
    press(police, "Confirm for your organisation")
    assert "has confirmed its part" in main_of(police)
    page.reload()
    assert "has not confirmed" not in main_of(page)
