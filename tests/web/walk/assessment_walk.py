"""A strategy with its assessment, and one more of all that belongs to it each time."""

from __future__ import annotations

from typing import Any

AFTER = ("problems", "thread")
VALUES = {
    "strategies/": {
        "number": 1,
        "edition": 1,
        "pk": "kept_model",
        "name": "european_security_model",
    },
    "strategies/<int:number>/documents/": {"number": 1, "pk": "document_elsewhere"},
    "strategies/<int:number>/assessments/<int:edition>/": {
        "number": 1,
        "edition": 1,
        "name": "assessment.json",
        "pk": "strategy_claim",
        "link": "evidence_link",
        "row": 1,
    },
    "strategies/<int:number>/assessments/<int:edition>/absent/": {
        "number": 1,
        "edition": 1,
        "name": "preventative",
    },
    "strategies/<int:number>/assessments/<int:edition>/recommendations/": {
        "number": 1,
        "edition": 1,
        "pk": 1,
    },
}
HERE = "/w/lakeside/strategies/1/assessments/1/"
HOLDERS = (
    "/w/lakeside/strategies/1/",
    HERE,
    *(
        f"{HERE}{name}/"
        for name in (
            "cut",
            "claims",
            "tag",
            "judge",
            "claims/{strategy_claim}",
            "matrix",
            "mirror",
            "recommendations",
            "recommendations/1",
            "brief",
            "sheets",
            "mirror/rows/1",
        )
    ),
    "/w/lakeside/thread/claim_of_strategy/{strategy_claim}/",
    "/api/v1/workspaces/lakeside/strategies/1/assessments/1",
    "/api/v1/workspaces/lakeside/strategies/1/assessments/1/claims",
)


def make(city: Any, members: Any, number: int, made: Any) -> dict[str, Any]:
    """One more of everything that belongs to an assessment."""
    from django.utils import timezone

    from commonlight.web.assessment.domain.security_model import built_in_text
    from commonlight.web.assessment.models import (
        Assessment,
        Assessor,
        BalanceRow,
        Claim,
        Document,
        EvidenceDirection,
        Figure,
        KeptModel,
        Recommendation,
        Strategy,
        StrategyText,
        Total,
        Verdict,
    )
    from commonlight.web.thread.models import Link

    place, member = city.workspace, members["partner"]
    strategy = Strategy.objects.create(
        workspace=place, number=number, title=f"Strategy {number}", language="en"
    )
    strategy.authors.add(city.municipality)
    if number == 1:
        kept = KeptModel.objects.create(
            workspace=place,
            name="european_security_model",
            version=1,
            title="European Security Model",
            digest="a" * 64,
            content=built_in_text("european_security_model"),
        )
        text = StrategyText.objects.create(
            workspace=place, strategy=strategy, number=1, text="We act. " * 3, digest="b" * 64
        )
        whole = Assessment.objects.create(
            workspace=place, strategy=strategy, number=1, text=text, model=kept, state="compared"
        )
    else:
        whole, kept = made["assessment_of_strategy"], made["kept_model"]
        KeptModel.objects.create(
            workspace=place,
            name=f"own_{number}",
            version=1,
            title=f"Own {number}",
            digest=f"{number}" * 64,
            content=kept.content,
            is_own=True,
        )
        StrategyText.objects.create(
            workspace=place,
            strategy=whole.strategy,
            number=number,
            text="We act.",
            digest=f"{number}" * 64,
        )
        Assessment.objects.create(
            workspace=place,
            strategy=whole.strategy,
            number=number,
            text=whole.text,
            model=kept,
        )
    judge = members[("analyst", "evaluator", "decision_maker")[number - 1]]
    assessor = Assessor.objects.create(
        workspace=place, assessment=whole, membership=judge, sent_at=timezone.now()
    )
    claim = Claim.objects.create(
        workspace=place,
        assessment=whole,
        number=number,
        text="We act.",
        start=8 * number,
        end=8 * number + 7,
        state="tagged",
        principles=["citizen_centred"],
        values=["liberty"],
    )
    first = made.get("strategy_claim", claim)
    Verdict.objects.create(
        workspace=place, assessor=assessor, claim=first, verdict="shown", note="Seen."
    )
    Verdict.objects.create(
        workspace=place, assessor=assessor, principle="preventative", verdict="absent"
    )
    Verdict.objects.create(
        workspace=place,
        assessor=assessor,
        claim=first,
        verdict="claimed",
        replaced_at=timezone.now(),
    )
    document = Document.objects.create(
        workspace=place,
        strategy=whole.strategy,
        title=f"Minutes {number}",
        dated=timezone.localdate(),
        page="1",
        added_by=member,
    )
    grounds = [("document", document.pk)]
    if number == 1:
        grounds.append(("finding", made["finding"].pk))
    for kind, key in grounds:
        link = Link.objects.create(
            workspace=place,
            claim_kind="claim_of_strategy",
            claim_key=str(first.pk),
            ground_kind=kind,
            ground_key=str(key),
            made_by=member,
        )
        EvidenceDirection.objects.create(
            workspace=place, claim=first, ground_kind=kind, ground_key=str(key), direction="for"
        )
    row = BalanceRow.objects.create(
        workspace=place,
        assessment=whole,
        number=number,
        title=f"Problem {number}",
        problem=made["problem"],
    )
    Figure.objects.create(workspace=place, row=row, what="money", value=10, source="Budget")
    resource = ("money", "staff_time", "meetings")[number - 1]
    Total.objects.create(
        workspace=place, assessment=whole, what=resource, value=100, source="Budget"
    )
    advice = Recommendation.objects.create(
        workspace=place,
        assessment=whole,
        number=number,
        text="Ask residents.",
        answers="claimed",
        addressee=city.municipality,
        accountable=city.municipality,
        due_on=timezone.localdate(),
        written_by=member,
        state="closed" if number == 1 else "open",
    )
    advice.claims.add(first)
    return {
        "assessment_of_strategy": whole,
        "kept_model": kept,
        "strategy_claim": claim,
        "document_elsewhere": document,
        "evidence_link": link,
        "recommendation_of_assessment": advice,
    }
