"""The pages of engagement, as people walk through them."""

from __future__ import annotations

import re

import pytest

from commonlight.web.design.engagement.models import ChosenMethod, Contribution, EngagementPlan

HERE = "/w/lakeside/problems/1/design/engagement/"
PLAN = {
    "phase": "frame",
    "purpose": "consult",
    "reach": ["women", "youth"],
    "size": "10",
    "days": "60",
    "cost": "low",
    "skills": ["facilitation"],
    "sensitive": "no",
    "conflict": "no",
}


def text(answer):
    return answer.content.decode()


def test_a_plan_from_questions_to_a_chosen_method(problem, client_of):
    client = client_of("coordinator")
    wrong = client.post(f"{HERE}plans/new/", {**PLAN, "reach": [], "size": "0"})
    assert "Name at least one group" in text(wrong)
    assert 'value="60"' in text(wrong)
    assert client.post(f"{HERE}plans/new/", PLAN).status_code == 302
    page = text(client.get(f"{HERE}plans/1/"))
    assert page.index("1. ") < page.index("2. ")
    assert "Reaches women and young people up to 24 well." in page
    assert "methods that were set aside, and why" in page
    refused = client.post(f"{HERE}plans/1/methods/citizens_jury/", {"reason": ""})
    assert refused.status_code == 200
    assert not ChosenMethod.objects.of(problem.workspace).exists()
    client.post(f"{HERE}plans/1/methods/citizens_jury/", {"reason": "It is paid for already."})
    page = text(client.get(f"{HERE}plans/1/"))
    assert "It is paid for already." in page
    chosen = page.partition('aria-labelledby="chosen"')[2].partition("</section>")[0]
    assert f'href="{HERE}hearings/new/"' in chosen
    assert f'href="{HERE}"' in chosen
    client.post(f"{HERE}plans/1/methods/citizens_jury/drop/")
    assert not ChosenMethod.objects.of(problem.workspace).exists()
    (first, *_rest) = re.findall(rf'method="post" action="({HERE}plans/1/methods/[a-z_]+/)"', page)
    client.post(first)
    assert ChosenMethod.objects.of(problem.workspace).get().method == first.split("/")[-2]


def seen_at_once(page):
    """The words of a page's own part that stand behind no heading."""
    own = page.partition("<h1>")[2].partition('<section class="path-below')[0]
    depth, seen = 0, []
    for piece in re.split(r"(<details[^>]*>|</details>|<summary>|</summary>)", own):
        depth += {"<summary>": -1, "</summary>": 1, "</details>": -1}.get(piece, 0)
        depth += piece.startswith("<details")
        if not depth:
            seen.append(re.sub("<[^>]+>", " ", piece))
    return re.sub(r"\s+", " ", " ".join(seen)).strip()


def test_the_plan_shows_what_each_method_is_and_folds_the_reasons(problem, client_of):
    client = client_of("coordinator")
    silent = {name: value for name, value in PLAN.items() if name != "skills"}
    page = text(client.post(f"{HERE}plans/new/", silent, follow=True))
    seen = seen_at_once(page)
    cards = client.get(f"{HERE}plans/1/").context["first"]
    assert len(cards) > 1
    assert all(str(one["method"]["summary"]) in seen for one in cards)
    assert "and you have not said whether you offer it." in seen
    assert "Skills missing" not in page
    assert "You do not offer this yet" not in page
    assert "Speaks for it" not in seen
    assert "Reaches women" in page
    assert len(seen.split()) < 60 * len(cards)


def test_where_no_method_fits_the_page_shows_which_answer_to_change(problem, client_of):
    client = client_of("coordinator")
    given = {**PLAN, "phase": "ideate", "purpose": "collaborate", "days": "40"}
    page = text(client.post(f"{HERE}plans/new/", given, follow=True))
    assert "These come closest" in page
    assert "methods that fit" not in page
    link = re.search(r'href="([^"]+plans/1/change/\?for=[^"]+)"', page).group(1)
    changed = text(client.get(link.partition("#")[0]))
    assert "out are changed below" in changed
    fields = client.get(link.partition("#")[0]).context["form"].initial
    client.post(f"{HERE}plans/1/change/", fields)
    assert "methods that fit" in text(client.get(f"{HERE}plans/1/"))


def test_a_new_plan_begins_with_the_phase_and_the_groups_of_the_record(
    problem, actor_of, client_of
):
    from commonlight.web.design.engagement.domain.planning import say_why
    from commonlight.web.problems.domain.board import not_heard

    say_why(actor_of("coordinator"), problem, rationale="normative", harmed_groups=["women"])
    not_heard(actor_of("coordinator"), problem, "children_and_youth", reason="In spring.")
    problem.state = "defined"
    problem.save()
    form = client_of("coordinator").get(f"{HERE}plans/new/").context["form"]
    assert form.initial["phase"] == "ideate"
    problem.state = "designing"
    problem.save()
    form = client_of("coordinator").get(f"{HERE}plans/new/").context["form"]
    assert form.initial["phase"] == "ideate", "nobody has written a concept"
    assert form.initial["reach"] == ["women", "youth"]


def test_what_was_typed_is_shown_again_and_nothing_that_points_at_a_person_is_kept(
    problem, client_of
):
    client = client_of("partner")
    given = {
        "received_on": "2026-05-04",
        "text_1": "Write to ana@example.org about the lamps.",
        "group_1": "women",
        "text_2": "There is nowhere to sit.",
    }
    page = text(client.post(f"{HERE}register/new/", given))
    assert "e-mail address or a telephone number" in page
    assert "Say which category of people said this." in page
    assert "There is nowhere to sit." in page
    given |= {"text_1": "Repair the lamps.", "group_2": "youth"}
    assert client.post(f"{HERE}register/new/", given).status_code == 302
    assert Contribution.objects.of(problem.workspace).count() == 2


def test_a_reply_from_the_register_to_the_feedback_sheet(problem, contributions, client_of):
    client = client_of("partner")
    assert "2 contributions have no reply yet" in text(client.get(f"{HERE}register/"))
    short = client.post(f"{HERE}register/1/", {"answer": "adopted", "text": "Yes."})
    assert "at least one full sentence" in text(short)
    given = {"answer": "adopted", "text": "They are repaired within a month."}
    assert client.post(f"{HERE}register/1/", given).status_code == 302
    sheet = text(client.get(f"{HERE}sheet/"))
    assert "They are repaired within a month." in sheet
    assert "1 contribution still waits" in sheet
    client.post(f"{HERE}register/1/reopen/", {"reason": "The firm is bankrupt."})
    assert "They are repaired" not in text(client.get(f"{HERE}sheet/"))
    assert "The firm is bankrupt." in text(client.get(f"{HERE}register/1/"))


def test_a_gate_that_is_shut_says_everything_and_stays_shut(problem, client_of):
    client = client_of("coordinator")
    page = text(client.get(HERE))
    assert "Say why you engage people: right, support or better decision." in page
    answer = client.post(f"{HERE}gates/to_frame/", follow=True)
    assert "Still missing: Say why" in text(answer)
    client.post(f"{HERE}purpose/", {"rationale": "normative"})
    answer = client.post(f"{HERE}gates/to_frame/", follow=True)
    assert "You are in the next phase." in text(answer)


@pytest.mark.parametrize("role", ["partner", "decision_maker"])
def test_who_may_not_plan_reads_the_reason_beside_the_button(role, problem, client_of):
    client = client_of(role)
    page = text(client.get(HERE))
    assert "Your role does not include this." in page
    assert client.post(f"{HERE}plans/new/", PLAN).status_code == 403
    assert not EngagementPlan.objects.of(problem.workspace).exists()


def test_the_stranger_finds_nothing(problem, contributions, client_of):
    client = client_of("stranger")
    for page in ("", "register/", "register/1/", "sheet/", "plans/1/"):
        assert client.get(f"{HERE}{page}").status_code == 404


def test_contributions_answered_stand_in_the_mirror_of_the_partnership(
    problem, contributions, actor_of
):
    from datetime import date

    from commonlight.web.design.engagement.domain.register import reply
    from commonlight.web.partnerships.domain.facts import Count, Period, counts_of

    reply(
        actor_of("partner"), contributions[0], answer="not_adopted", text="There is no money now."
    )
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    told = counts_of(problem.workspace, year)["inputs_answered"]
    assert told == {None: Count(declared=2, done=1)}


def test_the_interface_tells_what_the_pages_show(problem, contributions, client_of):
    api = "/api/v1/workspaces/lakeside/problems/1/design/engagement"
    client = client_of("partner")
    found = client.get(api).json()
    assert found["stage"] == "signal"
    assert found["contributions"] == {
        "given": 2,
        "replied": 0,
        "late": found["contributions"]["late"],
    }
    assert [one["number"] for one in client.get(f"{api}/contributions").json()["items"]] == [1, 2]
    assert client_of("stranger").get(api).status_code == 404


def test_a_day_that_is_known_survives_a_change_in_german(problem, client_of):
    from datetime import date

    from commonlight.web.design.engagement.domain.planning import engagement_of

    client = client_of("coordinator")
    given = {"rationale": "normative", "decided_on": "2026-12-01"}
    client.post(f"{HERE}purpose/", given)
    page = text(client.get(f"{HERE}purpose/", headers={"accept-language": "de"}))
    assert 'value="2026-12-01"' in page
    assert engagement_of(problem).decided_on == date(2026, 12, 1)


def test_what_a_gate_needs_is_not_called_optional(problem, client_of):
    from commonlight.web.ui.components.forms import is_optional

    client = client_of("coordinator")
    client.post(f"{HERE}purpose/", {"rationale": "normative", "harmed_groups": ["women"]})
    form = client.get(f"{HERE}purpose/").context["form"]
    assert [one.name for one in form if is_optional(one)] == ["rationale_text"]
    form = client.get(f"{HERE}unheard/").context["form"]
    assert [one.name for one in form if is_optional(one)] == []


def gates_on(client):
    """The section of the gates in words."""
    part = text(client.get(HERE)).partition('aria-labelledby="gates"')[2].partition("</section>")[0]
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", part))


def test_only_the_next_gate_says_what_is_missing_and_each_thing_once(problem, client_of):
    read = gates_on(client_of("coordinator"))
    assert read.count("Say why you engage people: right, support or better decision.") == 1
    assert "No test with users is on record." not in read
    assert all(
        one in read
        for one in ("Before it is defined", "Before you look for ideas", "Before the decision")
    )
    assert "Passed:" not in read


def test_gates_that_are_passed_are_one_line(problem, client_of):
    client = client_of("coordinator")
    problem.state = "defined"
    problem.save()
    read = gates_on(client)
    assert "Passed: Frame, Define" in read
    assert read.count("Before the problem is framed") == 0
    assert read.count("Passed because the problem has the state “Defined”.") == 1
    assert read.count("Name the decision that can still change, who takes it and when.") == 1


def test_a_gate_that_is_shut_again_names_what_the_next_does_not(problem, actor_of, client_of):
    from commonlight.web.design.engagement.models import Engagement

    Engagement.objects.create(workspace=problem.workspace, problem=problem, stage="ideate")
    read = gates_on(client_of("coordinator"))
    assert read.count("Missing again") == 3
    assert "Passed:" not in read
    assert read.count("Say why you engage people: right, support or better decision.") == 1
    assert read.count("Ask a second one.") == 1
    before, after = read.split("Before you build a prototype")
    assert "Ask a second one." in before
    assert "Say why you engage people" in after


HEARD = {"held_on": "2026-05-04", "method": "focus_group", "said": "There is nowhere to sit."}


def test_contributions_begin_with_the_only_group_that_was_heard(problem, client_of):
    client = client_of("partner")
    answer = client.post(f"{HERE}hearings/new/", {**HEARD, "group_youth": "8", "more": "1"})
    assert answer.url == f"{HERE}register/new/?hearing=1"
    later = {**HEARD, "held_on": "2026-05-05", "group_youth": "3", "group_women": "4"}
    assert client.post(f"{HERE}hearings/new/", later).url == HERE
    assert not client.get(f"{HERE}register/new/").context["form"]["group_1"].value()
    page = client.get(answer.url)
    form = page.context["form"]
    assert {form[f"group_{place}"].value() for place in range(1, 6)} == {"youth"}
    assert form["hearing"].value() == "1"
    assert 'action="?hearing=1"' in text(page)
    before, behind = text(page).split("<details><summary>More contributions")
    assert 'name="text_2"' in before
    assert 'name="text_3"' in behind
    given = {f"group_{place}": "youth" for place in range(1, 6)}
    given |= {"received_on": "2026-05-04", "hearing": "1"}
    assert "Enter at least one contribution." in text(client.post(answer.url, given))
    given |= {"text_1": "There is nowhere to sit.", "more": "1"}
    assert client.post(answer.url, given).url == answer.url
    assert [one.group for one in Contribution.objects.of(problem.workspace)] == ["youth"]


def test_what_was_typed_behind_the_heading_is_seen_again(problem, client_of):
    given = {"received_on": "2026-05-04", "text_4": "More light."}
    page = text(client_of("partner").post(f"{HERE}register/new/", given))
    assert "<details open><summary>More contributions" in page
    given = {"received_on": "2026-05-04", "group_4": "women"}
    page = text(client_of("partner").post(f"{HERE}register/new/", given))
    assert "<details open><summary>More contributions" in page
    assert "Write down what was said." in page


def test_the_page_says_phases_and_speaks_of_no_gates(problem, client_of):
    read = gates_on(client_of("coordinator"))
    assert "Before the next phase" in read
    assert "Not passed yet" in read
    assert "Reached so far: “Signal”." in read
    assert not re.search(r"\b(gates?|shut)\b", read, flags=re.I)
