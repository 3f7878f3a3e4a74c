"""Problems with statements, causes, rounds of frames and voices, for the walks of all pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

VALUES: dict[str, dict[str, Any]] = {
    "problems/": {"number": 1, "name": "sara", "round": 2, "cause": "cause", "version": 1},
    "problems/<int:number>/sources/voices/": {"number": 1, "name": "older_people"},
}
_PAGES = (
    "",
    "describe/",
    "statement/",
    "statement/1/",
    "reframing/",
    "read/sara/",
    "read/five_is/",
    "read/sape/",
    "frames/",
    "frames/1/",
    "frames/2/",
    "frames/2/answer/",
    "causes/",
    "causes/{cause}/",
    "sources/",
    "sources/voices/older_people/",
    "joint/",
    "define/",
)
_ANSWERS = ("", "/statements", "/readings/sara", "/rounds", "/rounds/1", "/sources")
HOLDERS: tuple[str, ...] = (
    *(f"/w/lakeside/problems/1/{page}" for page in _PAGES),
    *(f"/api/v1/workspaces/lakeside/problems/1{name}" for name in _ANSWERS),
)
AFTER: tuple[str, ...] = ()

ANSWERS = {
    "what": "People are followed",
    "where": "Station",
    "when": "Evenings",
    "who_is_harmed": "Girls",
    "likely_cause": [{"family": "lighting", "text": "Dark corners"}],
    "first_step": "Ask them",
    "confidence": "guess",
}


def make(city: Any, members: dict[str, Any], number: int, made: dict[str, Any]) -> dict[str, Any]:
    """One more problem; and in the first one more version, cause, frame, source and voice."""
    from commonlight.web.problems.models import (
        Cause,
        Frame,
        Problem,
        Statement,
        VoiceNote,
    )
    from commonlight.web.thread.models import Link

    place, now = city.workspace, timezone.now()
    problem = Problem.objects.create(
        workspace=place,
        number=number,
        title=f"Evenings at the station, {number}",
        owner=city.municipality,
        opened_by=members["analyst"],
        focus_area="public_spaces",
        state="framing" if number == 1 else "signalled",
    )
    Statement.objects.create(
        workspace=place,
        problem=problem,
        number=1,
        sentence="Girls are followed at the station.",
        place="Station",
        author=members["analyst"],
    )
    held = made.get("problem", problem)
    if number > 1:
        Statement.objects.create(
            workspace=place,
            problem=held,
            number=number,
            sentence=f"Girls are followed, {number}.",
            place="Station",
            author=members["partner"],
            reason="The girls told us.",
        )
    cause = Cause.objects.create(
        workspace=place, problem=held, text=f"Dark, {number}", family="lighting", reach="inside"
    )
    cause.seen_by.add(city.police, city.youth_work)
    closed = made.get("closed_round") or _round(place, held, 1, now - timedelta(days=2), city)
    waiting = made.get("round") or _round(place, held, 2, now + timedelta(days=2), city)
    answering = {
        1: (city.police, city.municipality),
        2: (city.university,),
        3: (city.youth_work,),
    }
    for partner in answering[number]:
        Frame.objects.create(
            workspace=place,
            round=closed,
            organisation=partner,
            answers={**ANSWERS, "organisation": partner.name},
            sent_at=now - timedelta(days=3),
        )
    note = VoiceNote.objects.create(
        workspace=place,
        problem=held,
        voice=("older_people", "women_and_girls", "victims")[number - 1],
        reason="We go to the day centre in March.",
        noted_by=members["partner"],
    )
    ground = Problem.objects.create(workspace=place, number=100 + number, title="Another problem")
    Statement.objects.create(workspace=place, problem=ground, number=1, sentence="It is loud.")
    for kind, key in (("problem", held.pk), ("cause", cause.pk), ("voice", note.pk)):
        Link.objects.create(
            workspace=place,
            claim_kind=kind,
            claim_key=str(key),
            ground_kind="problem",
            ground_key=str(ground.pk),
        )
    return {"problem": problem, "cause": cause, "round": waiting, "closed_round": closed}


def _round(place: Any, problem: Any, number: int, closes_at: Any, city: Any) -> Any:
    from commonlight.web.problems.models import FrameRound

    found = FrameRound.objects.create(
        workspace=place,
        problem=problem,
        number=number,
        closes_at=closes_at,
        opened_at=closes_at if closes_at < timezone.now() else None,
        answered=1,
    )
    found.organisations.add(city.municipality, city.police, city.youth_work, city.university)
    return found
