"""One of everything of a partnership."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

AFTER = ("problems",)

VALUES: dict[str, dict[str, Any]] = {
    "partnership/register/": {"pk": "their_partner"},
    "partnership/tasks/": {"pk": "their_task"},
    "partnership/tasks/parts/": {"pk": "their_task_part"},
    "problems/<int:number>/tasks/": {"number": 1},
    "partnership/agreement/": {"number": 1, "name": "purpose"},
    "partnership/pulse/": {"number": 1},
    "partnership/mirror/": {"name": "attendance"},
    "partnership/meetings/": {"number": 1},
    "partnership/meetings/series/": {"pk": "their_series"},
    "partnership/meetings/items/": {"pk": "their_agenda_item"},
    "partnership/actions/": {"pk": "their_action"},
    "partnership/ladder/": {"pk": "their_partner"},
    "partnership/templates/": {"name": "port_partnership"},
    "partnership/cycles/": {"pk": "their_cycle"},
    "partnership/cycles/steps/": {"pk": "their_cycle_step"},
    "partnership/packs/": {"number": 1, "step": "make-ready"},
    "partnership/packs/lines/": {"pk": "their_pack_line"},
}

HOLDERS = (
    "/w/lakeside/partnership/register/{their_partner}/",
    "/w/lakeside/partnership/tasks/{their_task}/",
    "/w/lakeside/partnership/agreement/1/",
    "/w/lakeside/partnership/pulse/1/",
    "/w/lakeside/partnership/meetings/1/",
    "/w/lakeside/partnership/meetings/1/minutes/",
    "/w/lakeside/partnership/actions/{their_action}/",
    "/w/lakeside/partnership/ladder/{their_partner}/",
    "/w/lakeside/partnership/cycles/{their_cycle}/",
    "/w/lakeside/partnership/packs/1/",
    "/w/lakeside/partnership/mirror/attendance/reason/",
    "/w/lakeside/problems/1/tasks/",
)


def make(city: Any, members: Any, number: int, made: dict[str, Any]) -> dict[str, Any]:
    """One more of everything; things of number 1 hold what comes later."""
    from commonlight.web.partnerships import models
    from commonlight.web.workspaces.models import Organisation

    place = city.workspace
    now = timezone.now()
    today = now.date()
    organisation = Organisation.objects.create(
        workspace=place, name=f"Harbour office {number}", kind="other"
    )
    common = {"workspace": place}
    partner = models.Partner.objects.create(
        organisation=organisation, kind="other", review_on=today - timedelta(days=3), **common
    )
    held = made.get("their_partner", partner)
    task = models.Task.objects.create(
        activity=f"Check the lights {number}", problem=made.get("problem"), **common
    )
    held_task = made.get("their_task", task)
    part = models.TaskPart.objects.create(
        task=task, partner=partner, letter="accountable", **common
    )
    for letter in ("responsible", "consulted"):
        models.TaskPart.objects.create(task=held_task, partner=partner, letter=letter, **common)
    if partner.pk != held.pk:
        models.TaskPart.objects.create(task=task, partner=held, letter="responsible", **common)
    agreement = models.PartnershipAgreement.objects.create(
        number=number, title=f"How we work {number}", answers={"purpose": "Safety"}, **common
    )
    models.Signature.objects.create(
        agreement=made.get("their_partnership_agreement", agreement),
        organisation=organisation,
        **common,
    )
    pulse = models.PulseRound.objects.create(
        number=number,
        content_version=1,
        closes_on=today - timedelta(days=number),
        closed_at=now,
        state="closed",
        shape="hidden",
        result={"reason": "few"},
        **common,
    )
    models.PulseTurnout.objects.create(
        round=made.get("their_pulse", pulse), organisation=organisation, answers=1, **common
    )
    series = models.Series.objects.create(title=f"Steering group {number}", **common)
    made.get("their_series", series).invited.add(organisation)
    meeting = models.Meeting.objects.create(
        number=number,
        series=series,
        title=f"Meeting {number}",
        starts_at=now,
        state="held",
        **common,
    )
    held_meeting = made.get("their_meeting", meeting)
    models.Meeting.objects.create(
        number=1000 + number, series=series, title="Next", starts_at=now, **common
    )
    models.Attendance.objects.create(
        meeting=held_meeting, organisation=organisation, presence="present", **common
    )
    item = models.AgendaItem.objects.create(
        meeting=held_meeting,
        order=number,
        kind="discussion",
        title=f"Point {number}",
        brought_by=organisation,
        **common,
    )
    action = models.Action.objects.create(
        meeting=held_meeting,
        text="Bring counts",
        owner=organisation,
        due_on=today,
        problem=made.get("problem"),
        **common,
    )
    models.CarriedAction.objects.create(meeting=held_meeting, action=action, **common)
    decision = models.Decision.objects.create(
        meeting=held_meeting,
        number=number,
        text="Start with lights",
        is_joint=True,
        problem=made.get("problem"),
        **common,
    )
    models.FactReason.objects.create(
        fact="attendance", organisation=organisation, text="A strike", **common
    )
    cycle = models.Cycle.objects.create(template="four_week_cycle", starts_on=today, **common)
    step = models.CycleStep.objects.create(
        cycle=made.get("their_cycle", cycle),
        order=number,
        title="Analyse",
        from_on=today,
        to_on=today,
        partner=partner,
        **common,
    )
    models.InvolvementEvent.objects.create(
        partner=held, step="informed", happened_on=today, text="Letter", **common
    )
    pack = models.CouncilPack.objects.create(
        number=number, title=f"Pack {number}", for_day=today, **common
    )
    line = models.PackLine.objects.create(
        pack=made.get("their_pack", pack),
        section="proposals",
        order=number,
        text="Lights",
        **common,
    )
    return {
        "their_partner": partner,
        "their_task": task,
        "their_task_part": part,
        "their_partnership_agreement": agreement,
        "their_pulse": pulse,
        "their_series": series,
        "their_meeting": meeting,
        "their_agenda_item": item,
        "their_action": action,
        "their_decision": decision,
        "their_cycle": cycle,
        "their_cycle_step": step,
        "their_pack": pack,
        "their_pack_line": line,
    }
