"""The strategy of the demo city, read against the European Security Model by two assessors."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from commonlight.web.agreements.models import Agreement
from commonlight.web.assessment.domain import (
    documents,
    documents_elsewhere,
    evidence,
    judging,
    mirror,
    recommending,
    shares,
    starting,
    tagging,
)
from commonlight.web.assessment.domain.harm import HarmFinding, harm_findings, sum_of_kinds
from commonlight.web.assessment.models import Assessment, Claim, Recommendation, Strategy
from commonlight.web.audits.models import Release
from commonlight.web.demo.path.clock import on_their_day
from commonlight.web.demo.path.content import actor_in, ago, day, read, text_of
from commonlight.web.knowledge.domain import published
from commonlight.web.partnerships.models import PartnershipAgreement, PulseRound

__all__ = ["assess_strategy"]

HANDOVER = "fuller_gardens_after_school/observation:o14"
COUNTED = ("money", "staff_time", "meetings", "data")
TOTALS = {"money": "money", "staff_time": "staff", "meetings": "meetings", "data": "data"}


def assess_strategy(place: SimpleNamespace) -> None:
    """Cut, read, judged apart, compared, with the mirror and what was recommended."""
    content = read("assessment")
    assessment = _begin(place, content["assessment"])
    _name_documents(place, assessment.strategy, content["document"])
    _tag(place, assessment, content["claim"])
    _fill_mirror(place, assessment, content["balance"])
    linked = _link(place, assessment, content["claim"])
    for key in content["assessment"]["assessors"]:
        _judge(place, assessment, key, content, linked)
    assessment.refresh_from_db()
    for row in content["recommendation"]:
        _recommend(place, assessment, row)
    _judge_again(place, assessment, content["claim"])


def _begin(place: SimpleNamespace, row: dict[str, Any]) -> Assessment:
    coordinator, when = actor_in(place, "coordinator"), ago(row["started_days_ago"])
    name = row["strategy"]
    strategy = starting.bring_strategy(
        coordinator,
        title=row["strategy_title"],
        text=documents.text_of_file(name, text_of(name).encode()),
        language=row["language"],
        authors=[place.organisations[row["strategy_by"]]],
        file_name=name,
    )
    on_their_day(strategy, created_at=when)
    assessment = starting.begin_assessment(
        coordinator,
        strategy,
        model=starting.keep_built_in(coordinator),
        assessors=[place.members[one] for one in row["assessors"]],
    )
    on_their_day(assessment, created_at=when)
    tagging.start_reading(coordinator, assessment)
    return assessment


def _name_documents(place: SimpleNamespace, strategy: Strategy, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        place.grounds[f"document:{row['id']}"] = documents_elsewhere.name_document(
            actor_in(place, "evaluator"),
            strategy,
            title=row["title"],
            dated=day(-row["days_ago"]),
            page=row["page"],
            text=row["text"],
        )


def _tag(place: SimpleNamespace, assessment: Assessment, rows: list[dict[str, Any]]) -> None:
    """Each sentence serves principles of the model, or none."""
    by_number = {one.number: one for one in assessment.claims.all()}
    tagging.tag_claims(
        actor_in(place, "evaluator"),
        assessment,
        {
            by_number[row["n"]].pk: tagging.Tags(
                principles=tuple(row["principles"]),
                values=tuple(row["values"]),
                is_none=not row["principles"],
            )
            for row in rows
        },
    )


def _link(
    place: SimpleNamespace, assessment: Assessment, rows: list[dict[str, Any]]
) -> set[tuple[int, str]]:
    """Records behind claims; gives for which claims something points for or against."""
    actor, linked = actor_in(place, "evaluator"), set()
    records = _records(place, assessment)
    for claim, row in _claims(assessment, rows):
        for one in row.get("evidence", ()):
            thing = _record(place, records, one)
            if thing is not None and not one.get("comes_later"):
                evidence.link_evidence(
                    actor, claim, thing, direction=one["direction"], note=one["note"]
                )
                linked.add((row["n"], one["direction"]))
    return linked


def _claims(
    assessment: Assessment, rows: list[dict[str, Any]]
) -> list[tuple[Claim, dict[str, Any]]]:
    found = assessment.claims.select_related("assessment__strategy__workspace", "workspace")
    by_number = {one.number: one for one in found}
    return [(by_number[row["n"]], row) for row in rows]


def _records(place: SimpleNamespace, assessment: Assessment) -> dict[str, Any]:
    """Records of the demo by the words of the content."""
    workspace = place.workspace
    agreement = Agreement.objects.of(workspace).select_related("workspace")
    problems = {f"problem:{name}": one for name, one in place.problems.items()}
    concepts = {f"concept:{key}": one for key, one in place.concepts.items()}
    return {
        **problems,
        **{f"meeting:{key}": one for key, one in place.meetings.items()},
        **concepts,
        **{f"agreement:sharing/{one.title}": one for one in agreement},
        "agreement:partnership": PartnershipAgreement.objects.of(workspace).get(),
        "pulse:second": PulseRound.objects.of(workspace).get(),
        **{f"theory_link:{key}": one for key, one in place.theory_links.items()},
        "observation:handover": place.grounds[HANDOVER],
        "balance:balance": assessment,
    }


def _record(place: SimpleNamespace, records: Mapping[str, Any], row: dict[str, Any]) -> Any:
    words = f"{row['kind']}:{row['record']}"
    if row["kind"] == "practice":
        return published.practice_in(place.workspace, row["record"])
    return records.get(words) or place.grounds.get(words)


def _judge(
    place: SimpleNamespace,
    assessment: Assessment,
    key: str,
    content: dict[str, Any],
    linked: set[tuple[int, str]],
) -> None:
    """The verdicts of one assessor, sent in on their day; the last one opens the comparison."""
    actor = actor_in(place, key)
    when = ago(content["assessment"]["sent_days_ago"][key])
    given = {}
    for claim, row in _claims(assessment, content["claim"]):
        for one in row.get("verdicts", ()):
            if one["assessor"] == key:
                given[claim.pk] = _verdict(one, row, linked)
    assessment.refresh_from_db()
    judging.give_verdicts(actor, assessment, given, at=when)
    judging.send_in(actor, assessment, interest=content["interest"].get(key, ""), at=when)


def _verdict(
    row: dict[str, Any], claim: dict[str, Any], linked: set[tuple[int, str]]
) -> judging.Given:
    """What was said; where a small city lacks the finding, it is only claimed."""
    said = row.get("before", row["verdict"])
    wanted = {"shown": "for", "contradicted": "against"}.get(said)
    if wanted and (claim["n"], wanted) not in linked:
        said = "claimed"
    return judging.Given(said, row.get("note", ""), row.get("where_looked", ""))


def _judge_again(
    place: SimpleNamespace, assessment: Assessment, rows: list[dict[str, Any]]
) -> None:
    """Verdicts that changed when a recommendation was closed with a record."""
    assessment.refresh_from_db()
    for claim, row in _claims(assessment, rows):
        for one in row.get("verdicts", ()):
            if "before" in one:
                given = {claim.pk: judging.Given(one["verdict"], one["note"])}
                judging.give_verdicts(actor_in(place, one["assessor"]), assessment, given)


def _fill_mirror(place: SimpleNamespace, assessment: Assessment, content: dict[str, Any]) -> None:
    actor = actor_in(place, content["kept_by"])
    sources = {one["id"]: one["title"] for one in content["source"]}
    wholes = {one["id"]: f"{one['title']}. {one['uncertainty']}" for one in content["source"]}
    found = harm_findings(actor)
    for row in content["row"]:
        figures = {what: _counted(row, what, sources) for what in COUNTED}
        figures["harm"] = _harm(row["harm"], found, sources)
        figures["priorities"] = _named(row["priorities"], sources)
        figures["insecurity"] = {"missing": _insecurity(place, row["insecurity"])}
        mirror.keep_row(
            actor,
            assessment,
            title=row["title"],
            profile=row["profile"],
            figures=figures,
            problem=place.problems.get(row.get("problem", "")),
        )
    mirror.keep_totals(
        actor,
        assessment,
        {
            what: (
                Decimal(str(content[f"{short}_total"])),
                wholes[content["row"][0][what]["source"]],
            )
            for what, short in TOTALS.items()
        },
    )


def _counted(row: dict[str, Any], what: str, sources: Mapping[str, str]) -> dict[str, Any]:
    one = row[what]
    found: dict[str, Any] = {
        name: Decimal(str(one[name])) for name in ("value", "low", "high") if name in one
    }
    if what == "money":
        found["parts"] = {kind: str(value) for kind, value in row["money_kind"].items()}
    return {**found, "source": sources[one["source"]]}


def _harm(
    row: dict[str, Any], found: list[HarmFinding], sources: Mapping[str, str]
) -> dict[str, Any]:
    """Shares of harm, read from the finding under each of its sets of weights."""
    if "not_measured" in row:
        return {"missing": row["not_measured"]}
    known = [one for one in found if set(row["kinds"]) <= set(one.kinds)]
    by_set = sum_of_kinds(known[0], row["kinds"]) if known else {}
    if not by_set:
        return {"missing": "The audit of this city has no figure on it."}
    return {
        "value": next(iter(by_set.values())),
        "low": min(by_set.values()),
        "high": max(by_set.values()),
        "source": sources[row["source"]],
        "parts": {"kinds": [f"{found.index(known[0])}:{kind}" for kind in row["kinds"]]},
        "by_set": {known[0].sets[name]: str(one) for name, one in by_set.items()},
    }


def _named(row: dict[str, Any], sources: Mapping[str, str]) -> dict[str, Any]:
    value, low, high = shares.wilson(row["named"], row["asked"])
    return {
        "value": value,
        "low": low,
        "high": high,
        "source": sources[row["source"]],
        "parts": {"named": row["named"], "asked": row["asked"]},
    }


def _insecurity(place: SimpleNamespace, row: dict[str, Any]) -> str:
    """Why there is no figure; the finding of the survey says it in its own words."""
    if "not_asked" in row:
        return str(row["not_asked"])
    finding = place.grounds.get(f"finding:{row['finding']}")
    return finding.sentence[:300] if finding else "The audit of this city has no finding on it."


def _recommend(place: SimpleNamespace, assessment: Assessment, row: dict[str, Any]) -> None:
    """Written, sent, and taken on, declined or closed as its content says."""
    numbers = row.get("claims", [])
    made = recommending.write_recommendation(
        actor_in(place, row["written_by"]),
        assessment,
        text=row["text"],
        answers=row["answers"],
        addressee=place.organisations[row["addressee"]],
        claims=list(assessment.claims.filter(number__in=numbers)),
        principle=row.get("principle", ""),
        about=row["about"],
        at=ago(row["days_ago"]),
    )
    recommending.send(actor_in(place, row["written_by"]), made, at=ago(row["days_ago"]))
    if "accepted_days_ago" in row:
        recommending.accept(
            actor_in(place, "coordinator"),
            made,
            accountable=place.organisations[row["accountable"]],
            due_on=day(row["due_in_days"]),
            at=ago(row["accepted_days_ago"]),
        )
    if "declined_days_ago" in row:
        recommending.decline(
            actor_in(place, "coordinator"),
            made,
            reason=row["reason"],
            at=ago(row["declined_days_ago"]),
        )
    if "what_changed" in row:
        _close(place, made, row)


def _close(place: SimpleNamespace, made: Recommendation, row: dict[str, Any]) -> None:
    """The public release shows that it was done; it is of the day on which the demo is made."""
    recommending.close(
        actor_in(place, row["closed_by"]),
        made,
        ground=Release.objects.of(place.workspace).order_by("pk")[0],
        what_changed=row["what_changed"],
        side_effect=row["side_effect"],
        opens_claims=True,
    )
