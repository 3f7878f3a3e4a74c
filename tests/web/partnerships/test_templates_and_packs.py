"""Starting templates, the ladder, the council pack."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from commonlight.web.partnerships.domain.agreement import clause_hints
from commonlight.web.partnerships.domain.involving import add_event, ladder_of
from commonlight.web.partnerships.domain.packs import (
    add_line,
    begin_pack,
    lines_of,
    move_pack,
    unfounded,
)
from commonlight.web.partnerships.domain.raci import check_letters
from commonlight.web.partnerships.domain.register import add_partner
from commonlight.web.partnerships.domain.shared import PartnershipError
from commonlight.web.partnerships.domain.templates import (
    choose_template,
    finish_step,
    matrix_of,
    seat_hint,
    start_again,
)
from commonlight.web.partnerships.domain.words import by_id, template_names, template_of
from commonlight.web.partnerships.models import (
    Attendance,
    Meeting,
    Partner,
    Series,
    Task,
    TaskPart,
)

MONDAY = date(2026, 12, 7)


@pytest.mark.parametrize("name", template_names())
def test_a_template_fits_itself(name):
    """Its tasks have one that answers, its parts, meetings and steps name its own seats."""
    template = template_of(name)
    seats = {row["id"] for row in template["organisation"]}
    for row in template["task"]:
        assert check_letters({**row, "accountable": [row["accountable"]]}) == []
        named = {row["accountable"], *row["responsible"], *row["consulted"], *row["informed"]}
        assert named <= seats
    assert {one for row in template["meeting"] for one in row["with"]} <= seats
    assert {row["by"] for row in template["step"]} <= seats
    kinds = by_id("meeting", "item_kind")
    assert {one["kind"] for row in template["meeting"] for one in row["items"]} <= set(kinds)


@pytest.mark.parametrize("name", template_names())
def test_choosing_a_template_invents_nothing(name, actor_of, city):
    template = template_of(name)
    choose_template(actor_of("coordinator"), name, starts_on=MONDAY)
    rows = Partner.objects.of(city.workspace)
    assert [one.is_open for one in rows] == [True] * len(template["organisation"])
    assert not any(one.contact_function or one.mandate or one.powers for one in rows)
    assert all(seat_hint(one) for one in rows)
    assert Task.objects.of(city.workspace).count() == len(template["task"])
    parts = TaskPart.objects.of(city.workspace)
    assert set(parts.values_list("letter", "state")) <= {
        ("accountable", "asked"),
        ("responsible", "asked"),
        ("consulted", "asked"),
        ("informed", "confirmed"),
    }
    assert Series.objects.of(city.workspace).count() == len(template["meeting"])
    assert not Meeting.objects.of(city.workspace).exists()
    assert set(clause_hints(city.workspace)) == {row["clause"] for row in template["clause_hint"]}


def test_who_holds_a_seat_is_asked_to_confirm_its_tasks(actor_of, city):
    choose_template(
        actor_of("coordinator"),
        "four_week_cycle",
        starts_on=MONDAY,
        seats={"municipal_police": city.police, "district_office": city.municipality},
    )
    states = dict(
        TaskPart.objects.of(city.workspace)
        .filter(letter="accountable", partner__organisation__isnull=False)
        .values_list("partner__organisation__name", "state")
    )
    assert states == {"Lakeside Police": "asked", "City of Lakeside": "confirmed"}
    series = Series.objects.of(city.workspace).get()
    assert {one.name for one in series.invited.all()} == {"Lakeside Police", "City of Lakeside"}


def test_the_four_weeks_are_dated_steps_and_can_begin_again(actor_of, city):
    first = choose_template(actor_of("coordinator"), "four_week_cycle", starts_on=MONDAY)
    steps = list(first.steps.all())
    assert steps[0].from_on == MONDAY
    assert max(one.to_on for one in steps) <= MONDAY + timedelta(days=27)
    assert all(one.from_on <= one.to_on for one in steps)
    finish_step(actor_of("partner"), steps[0], done_on=MONDAY)
    again = start_again(actor_of("coordinator"), first, starts_on=MONDAY + timedelta(days=28))
    assert again.steps.count() == len(steps)
    assert [one.partner for one in again.steps.all()] == [one.partner for one in steps]
    assert Task.objects.of(city.workspace).count() == len(template_of("four_week_cycle")["task"])
    with pytest.raises(PartnershipError):
        choose_template(actor_of("coordinator"), "four_week_cycle", starts_on=MONDAY)


def test_strands_and_approaches_show_their_empty_cells(actor_of, city, client_of):
    assert matrix_of(city.workspace) is None
    choose_template(actor_of("coordinator"), "joint_strategy", starts_on=MONDAY)
    found = matrix_of(city.workspace)
    assert (len(found["rows"]), len(found["approaches"])) == (5, 3)
    task = Task.objects.of(city.workspace).first()
    task.strand, task.approach = "awareness", "administrative"
    task.save()
    cells = {row["id"]: cells for row, cells in matrix_of(city.workspace)["rows"]}
    assert cells["awareness"][1] == [task]
    page = client_of("partner").get("/w/lakeside/partnership/tasks/matrix/").content.decode()
    assert page.count(">Empty<") == 14


def test_a_template_is_chosen_on_its_page(client_of, city):
    client = client_of("coordinator")
    address = "/w/lakeside/partnership/templates/port_partnership/choose/"
    answer = client.post(
        address, {"starts_on": "2026-12-07", "seat-police": city.police.pk}, follow=True
    )
    assert "Map interests and powers" in answer.content.decode()
    assert client_of("partner").post(address, {}).status_code == 403
    assert client_of("stranger").get(address).status_code == 404


def test_the_ladder_reads_steps_from_events_on_record(actor_of, city, partners, today):
    meeting = Meeting.objects.create(
        workspace=city.workspace, number=1, title="Café", starts_at="2026-06-01T10:00Z"
    )
    for organisation, presence in ((city.police, "present"), (city.university, "")):
        Attendance.objects.create(
            workspace=city.workspace,
            meeting=meeting,
            organisation=organisation,
            presence=presence,
        )
    group = add_partner(actor_of("coordinator"), seat="Small firms", kind="business")
    add_event(
        actor_of("partner"), group, step="contributed", happened_on=today, text="Twelve slips"
    )
    reached = {
        one.partner.name: str(one.reached.title) if one.reached else ""
        for one in ladder_of(city.workspace, date(2026, 12, 1))
    }
    assert reached == {
        "City of Lakeside": "",
        "Lakeside Police": "Attended",
        "Lakeside University": "Informed",
        "Small firms": "Contributed",
        "Youth Work Lakeside": "",
    }
    old = {one.partner.name: one.is_silent for one in ladder_of(city.workspace, date(2027, 8, 1))}
    assert old["Lakeside Police"]
    with pytest.raises(PartnershipError):
        add_event(
            actor_of("partner"),
            group,
            step="acted",
            happened_on=today + timedelta(days=5),
            text="Soon",
        )


@pytest.fixture
def finding(city, dataset):
    """A finding of the audit, on the burglaries."""
    from django.utils import timezone

    from commonlight.web.audits.models import AuditPlan, StoredFinding
    from commonlight.web.runs.models import Run

    data = dataset("burglary", version=True, is_public=True)
    run = Run.objects.create(
        workspace=city.workspace,
        kind="audits.audit",
        title="Audit",
        state="done",
        library_version="0",
        fingerprint="f",
        finished_at=timezone.now(),
    )
    plan = AuditPlan.objects.create(
        workspace=city.workspace, slug="audit", title="Audit", latest_run=run
    )
    return StoredFinding.objects.create(
        workspace=city.workspace,
        plan=plan,
        run=run,
        key="trend",
        order=1,
        block="problems",
        question="Has it changed?",
        sentence="Fewer burglaries were recorded.",
        certainty="clear",
        method_name="Trend",
        method_page="methods/trend",
        sources=[data.slug],
        content={},
        place_detail="city",
        time_detail="year",
    )


def test_each_proposal_names_finding_data_set_and_day_or_the_pack_does_not_leave(
    actor_of, finding, client_of
):
    coordinator = actor_of("coordinator")
    pack = begin_pack(coordinator, title="Lights", for_day=MONDAY)
    add_line(coordinator, pack, section="question", text="New lights?")
    bare = add_line(coordinator, pack, section="proposals", text="Light the way")
    assert [one.line for one in unfounded(lines_of(coordinator, pack))] == [bare]
    with pytest.raises(PartnershipError) as refused:
        move_pack(coordinator, pack, "make_ready")
    assert "names no finding" in str(refused.value)
    bare.delete()
    add_line(coordinator, pack, section="proposals", text="Light it", grounds=[finding])
    shown = next(one for one in lines_of(coordinator, pack) if one.grounds)
    ground = shown.grounds[0]
    assert (ground.title, ground.datasets) == ("Fewer burglaries were recorded.", ("Burglary",))
    assert ground.day is not None
    move_pack(coordinator, pack, "make_ready")
    page = client_of("partner").get(f"/w/lakeside/partnership/packs/{pack.number}/")
    text = page.content.decode()
    assert "Data: Burglary" in text
    assert "Found on" in text
    with pytest.raises(PartnershipError):
        add_line(coordinator, pack, section="proposals", text="More")
    move_pack(coordinator, pack, "present")
    assert pack.state == "presented"


def test_an_empty_pack_does_not_leave(actor_of):
    pack = begin_pack(actor_of("coordinator"), title="Lights", for_day=MONDAY)
    with pytest.raises(PartnershipError):
        move_pack(actor_of("coordinator"), pack, "make_ready")
