"""The register and who does what: one partner answers for a task, and says so itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from commonlight.web.partnerships.domain.raci import (
    confirm_part,
    decline_part,
    end_task,
    gaps_of,
    save_task,
    tasks_of,
)
from commonlight.web.partnerships.domain.register import (
    add_partner,
    change_partner,
    fill_seat,
    missing_in,
    partners_of,
    review_flags,
)
from commonlight.web.partnerships.domain.shared import PartnershipError
from commonlight.web.partnerships.models import Partner, TaskPart
from commonlight.web.policy import Refused

TASKS = "/w/lakeside/partnership/tasks/"


@pytest.fixture
def task(actor_of, partners):
    """The coordinator names the police."""
    return save_task(
        actor_of("coordinator"),
        activity="Check the lights",
        parts={
            "accountable": [partners.police],
            "responsible": [partners.police, partners.municipality],
            "consulted": [partners.youth_work],
            "informed": [partners.university],
        },
    )


def states(task):
    return {
        (str(one.partner), one.letter): one.state
        for one in TaskPart.objects.of(task.workspace).filter(task=task)
    }


def test_a_row_past_its_review_date_is_flagged_on_every_task_it_owns(
    task, partners, client_of, today
):
    assert "Review is due" not in client_of("partner").get(TASKS).content.decode()
    partners.police.review_on = today - timedelta(days=1)
    partners.police.save()
    assert list(review_flags(task.workspace)) == [partners.police.organisation_id]
    for address in (TASKS, f"{TASKS}{task.pk}/"):
        page = client_of("partner").get(address).content.decode()
        assert "Lakeside Police was to be reviewed by" in page
    partners.police.review_on = today
    partners.police.save()
    assert review_flags(task.workspace) == {}


def test_a_row_is_filled_by_its_own_organisation_or_the_coordinator(partners, actor_of):
    change_partner(actor_of("analyst"), partners.police, cannot="Shares no single cases")
    change_partner(actor_of("coordinator"), partners.police, expects="Early word")
    with pytest.raises(Refused):
        change_partner(actor_of("partner"), partners.police, cannot="Anything")
    partners.police.refresh_from_db()
    assert (partners.police.cannot, partners.police.expects) == (
        "Shares no single cases",
        "Early word",
    )


def test_a_contact_is_a_function_and_no_address(partners, client_of):
    address = f"/w/lakeside/partnership/register/{partners.police.pk}/change/"
    given = {"role": "member", "contact_function": "jo.doe@example.org"}
    page = client_of("analyst").post(address, given).content.decode()
    assert 'href="#id_contact_function"' in page
    assert "jo.doe@example.org" in page
    partners.police.refresh_from_db()
    assert partners.police.contact_function == ""
    given["contact_function"] = "Head of analysis"
    assert client_of("analyst").post(address, given).status_code == 302


def test_an_organisation_has_one_row_and_a_new_row_needs_a_name(partners, actor_of, city):
    with pytest.raises(PartnershipError):
        add_partner(actor_of("coordinator"), organisation=city.police)
    with pytest.raises(PartnershipError):
        add_partner(actor_of("coordinator"), seat=" ")
    with pytest.raises(Refused):
        add_partner(actor_of("partner"), seat="Traders")
    seat = add_partner(actor_of("coordinator"), seat="Traders", kind="business")
    assert [str(one) for one in missing_in(seat)] == ["Nobody holds this seat yet."]
    assert partners_of(city.workspace)[-1] == seat


def test_what_stood_under_a_seat_moves_to_the_organisation_that_takes_it(
    partners, actor_of, city, task
):
    coordinator = actor_of("coordinator")
    seat = add_partner(coordinator, seat="Traders", kind="business")
    parts = {"accountable": [seat], "responsible": [seat, partners.youth_work]}
    made = save_task(coordinator, activity="Ask the shops", parts=parts)
    assert "Nobody holds the seat" in gaps_of(city.workspace, [made], []).tasks[0][1]
    kept = fill_seat(coordinator, seat, city.youth_work)
    assert kept.pk == partners.youth_work.pk
    assert not Partner.objects.of(city.workspace).filter(seat="Traders").exists()
    assert states(made) == {
        ("Youth Work Lakeside", "accountable"): "asked",
        ("Youth Work Lakeside", "responsible"): "asked",
    }


@pytest.fixture
def problem(actor_of, city):
    """The police answer for it."""
    from commonlight.web.problems.domain.stating import open_problem

    made = open_problem(
        actor_of("coordinator"), title="Evenings", sentence="It is dark.", place="Station"
    )
    made.owner = city.police
    made.save()
    return made


def ticked(form):
    """What is ticked and what is offered, by part."""
    letters = ("accountable", "responsible", "consulted", "informed")
    return {one: list(form[one].initial or ()) for one in letters}


def offered(form, letter):
    """The names that can be chosen for a part."""
    return [str(one) for one in form.fields[letter].queryset]


def test_a_task_begins_with_who_answers_for_the_problem_and_who_writes_it(
    problem, partners, client_of
):
    page = client_of("coordinator").get("/w/lakeside/problems/1/tasks/add/")
    assert ticked(page.context["form"]) == {
        "accountable": [partners.police.pk],
        "responsible": [partners.municipality.pk],
        "consulted": [],
        "informed": [],
    }
    page = client_of("analyst").get(f"{TASKS}add/")
    assert ticked(page.context["form"])["accountable"] == []
    assert ticked(page.context["form"])["responsible"] == [partners.police.pk]


def test_partners_at_work_on_the_problem_come_first_in_a_long_list(
    problem, partners, actor_of, client_of
):
    coordinator = actor_of("coordinator")
    for number in range(6):
        add_partner(coordinator, seat=f"Club {number}")
    for begun in ("/w/lakeside/problems/1/tasks/add/", f"{TASKS}add/"):
        page = client_of("coordinator").get(begun).content.decode()
        assert "<summary>" not in page.split("<legend>")[-1]
    parts = {"accountable": [partners.police], "responsible": [partners.university]}
    save_task(coordinator, activity="Count the lamps", parts=parts, problem=problem)
    page = client_of("coordinator").get("/w/lakeside/problems/1/tasks/add/")
    told = page.content.decode().split("<legend>Is told")[1]
    first, others = told.split("<summary>")
    assert "Lakeside University" in first
    assert "Youth Work" not in first
    assert "Youth Work" in others


def test_what_stands_in_a_task_is_not_overwritten(task, partners, client_of):
    form = client_of("coordinator").get(f"{TASKS}{task.pk}/change/").context["form"]
    assert ticked(form)["accountable"] == [partners.police.pk]
    assert set(ticked(form)["responsible"]) == {partners.police.pk, partners.municipality.pk}


def test_an_organisation_without_a_row_is_ticked_nowhere(problem, client_of):
    form = client_of("coordinator").get(f"{TASKS}add/").context["form"]
    assert not any(ticked(form).values())


def test_groups_of_other_problems_and_open_seats_are_offered_where_they_can_serve(
    problem, partners, actor_of, client_of
):
    from commonlight.web.problems.domain.stating import open_problem

    coordinator = actor_of("coordinator")
    other = open_problem(coordinator, title="Noise", sentence="It is loud.", place="Park")
    names = ("Anglers", "Traders", "Walkers")
    anglers, traders, _walkers = (add_partner(coordinator, seat=one) for one in names)
    parts = {"accountable": [anglers], "responsible": [partners.police], "consulted": [anglers]}
    made = save_task(coordinator, activity="Ask them", parts=parts, problem=other)
    own = {"accountable": [partners.police], "responsible": [traders]}
    save_task(coordinator, activity="Tell them", parts=own, problem=problem)

    form = client_of("coordinator").get("/w/lakeside/problems/1/tasks/add/").context["form"]
    assert offered(form, "consulted")[-2:] == ["Traders", "Walkers"]
    assert "Anglers" not in offered(form, "consulted")
    assert offered(form, "accountable")[-1] == "Youth Work Lakeside"
    form = client_of("coordinator").get(f"{TASKS}{made.pk}/change/").context["form"]
    assert offered(form, "accountable")[-1] == "Anglers"


@pytest.mark.parametrize(("count", "said"), [(0, "Nobody answers"), (2, "2 partners answer")])
def test_zero_or_two_accountable_partners_are_refused_by_the_action(
    count, said, actor_of, partners, city
):
    chosen = [partners.police, partners.municipality][:count]
    with pytest.raises(PartnershipError) as refused:
        save_task(
            actor_of("coordinator"),
            activity="Check the lights",
            parts={"accountable": chosen, "responsible": [partners.police]},
        )
    assert said in str(refused.value)
    assert refused.value.field == "accountable"
    assert tasks_of(city.workspace, every=True) == []


@pytest.mark.parametrize("count", [0, 2])
def test_zero_or_two_accountable_partners_are_refused_on_the_page(count, client_of, partners, city):
    chosen = [partners.police.pk, partners.municipality.pk][:count]
    answer = client_of("coordinator").post(
        f"{TASKS}add/",
        {
            "activity": "Check the lights",
            "accountable": chosen,
            "responsible": [partners.police.pk],
        },
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="error-summary"' in page
    assert 'href="#id_accountable_0"' in page
    assert 'id="id_accountable_0"' in page
    assert "Check the lights" in page
    assert page.count("checked") == count + 1
    assert tasks_of(city.workspace, every=True) == []


def test_the_database_itself_holds_one_accountable_partner_a_task(task, partners):
    with pytest.raises(IntegrityError), transaction.atomic():
        TaskPart.objects.create(
            workspace=task.workspace,
            task=task,
            partner=partners.municipality,
            letter="accountable",
        )


def test_who_is_named_by_others_confirms_first(task, actor_of):
    assert states(task) == {
        ("Lakeside Police", "accountable"): "asked",
        ("Lakeside Police", "responsible"): "asked",
        ("City of Lakeside", "responsible"): "confirmed",
        ("Youth Work Lakeside", "consulted"): "asked",
        ("Lakeside University", "informed"): "confirmed",
    }
    assert "has not confirmed" in gaps_of(task.workspace, [task], []).tasks[0][1]
    part = task.parts.get(letter="accountable")
    for role in ("coordinator", "partner"):
        with pytest.raises(Refused):
            confirm_part(actor_of(role), part)
    confirm_part(actor_of("analyst"), part)
    assert gaps_of(task.workspace, tasks_of(task.workspace), []).tasks == []


def test_a_partner_that_declines_leaves_a_gap_with_its_reason(task, actor_of, client_of):
    part = task.parts.get(letter="accountable")
    with pytest.raises(PartnershipError):
        decline_part(actor_of("analyst"), part, reason=" ")
    decline_part(actor_of("analyst"), part, reason="We have no lamps.")
    found = gaps_of(task.workspace, tasks_of(task.workspace), [])
    assert "has declined" in found.tasks[0][1]
    assert "We have no lamps." in client_of("partner").get(f"{TASKS}{task.pk}/").content.decode()


def test_parts_that_stay_keep_their_confirmation(task, actor_of, partners):
    confirm_part(actor_of("analyst"), task.parts.get(letter="accountable"))
    parts = {"accountable": [partners.police], "responsible": [partners.university]}
    save_task(actor_of("coordinator"), task=task, activity="Check all lights", parts=parts)
    assert states(task) == {
        ("Lakeside Police", "accountable"): "confirmed",
        ("Lakeside University", "responsible"): "asked",
    }


def test_partners_without_a_task_are_listed(task, actor_of, partners, city, client_of):
    save_task(
        actor_of("coordinator"),
        task=task,
        activity="Check",
        parts={"accountable": [partners.police], "responsible": [partners.police]},
    )
    idle = gaps_of(city.workspace, tasks_of(city.workspace, every=True)).partners
    assert {one.name for one in idle} == {
        "City of Lakeside",
        "Youth Work Lakeside",
        "Lakeside University",
    }
    assert "Partners without a task" in client_of("partner").get(TASKS).content.decode()


def test_a_task_that_ended_stays_with_its_reason(task, actor_of, client_of, city):
    with pytest.raises(PartnershipError):
        end_task(actor_of("coordinator"), task, reason="")
    end_task(actor_of("coordinator"), task, reason="The lights are new.")
    assert tasks_of(city.workspace, every=True) == []
    assert "The lights are new." in client_of("partner").get(f"{TASKS}{task.pk}/").content.decode()


def test_the_member_of_the_agency_confirms_on_its_page(task, client_of):
    part = task.parts.get(letter="accountable")
    page = client_of("analyst").get(f"{TASKS}{task.pk}/").content.decode()
    assert "Confirm for your organisation" in page
    assert (
        "Confirm for your organisation"
        not in client_of("coordinator").get(f"{TASKS}{task.pk}/").content.decode()
    )
    address = f"{TASKS}parts/{part.pk}/confirm/"
    assert client_of("coordinator").post(address).status_code == 403
    assert client_of("stranger").post(address).status_code == 404
    assert client_of("analyst").post(address).status_code == 302
    part.refresh_from_db()
    assert part.state == "confirmed"


def test_after_a_task_of_a_problem_is_written_the_page_leads_on(problem, partners, client_of):
    client = client_of("coordinator")
    given = {
        "activity": "Count the lamps",
        "accountable": [partners.police.pk],
        "responsible": [partners.municipality.pk],
    }
    saved = client.post("/w/lakeside/problems/1/tasks/add/", given, follow=True)
    line = saved.content.decode().split('class="go-on')[1].split("</p>")[0]
    assert f'<a href="{saved.context["step"].url}">{saved.context["step"].title}</a>' in line
    assert 'class="go-on' not in client.get(saved.request["PATH_INFO"]).content.decode()
    alone = client.post(f"{TASKS}add/", given, follow=True)
    assert 'class="go-on' not in alone.content.decode()


def test_who_is_only_told_has_confirmed_nothing(task, client_of):
    page = client_of("coordinator").get(f"{TASKS}{task.pk}/").content.decode()
    told = page.split("<h2>Is told</h2>")[1].split("</ul>")[0]
    assert "Lakeside University" in told
    assert "Nothing to confirm" in told
    assert "Confirmed" not in told
    for heading in ("Answers for it", "Is asked before"):
        assert "Confirmed" not in page.split(f"<h2>{heading}</h2>")[1].split("</ul>")[0]
