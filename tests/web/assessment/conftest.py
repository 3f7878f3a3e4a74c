"""A strategy of the simulated city, read and judged by two assessors."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

HERE = Path(__file__).parent
DEMO = tomllib.loads((HERE / "lindhafen.toml").read_text(encoding="utf-8"))
TEXT = (HERE / "lindhafen.md").read_text(encoding="utf-8")
SHORT = (
    "We put people at the heart of all we do. Prevention comes before repression. "
    "Partners share data under agreements. Each year we publish what we found."
)


@pytest.fixture
def demo() -> dict[str, Any]:
    """What the demo city says of its strategy."""
    return DEMO


@pytest.fixture
def strategy_text() -> str:
    """The two pages of the demo strategy."""
    return TEXT


@pytest.fixture
def membership_of(city: Any, people: Any) -> Any:
    """The membership of the person of a role."""
    from commonlight.web.workspaces.models import Membership

    def find(role: str) -> Any:
        place = city.elsewhere if role == "stranger" else city.workspace
        return Membership.objects.of(place).select_related("organisation").get(user=people[role])

    return find


@pytest.fixture
def begun(city: Any, actor_of: Any, membership_of: Any) -> Any:
    """Bring a strategy of the municipality in; the evaluator and the partner are to assess it."""
    from commonlight.web.assessment.domain.finding import find_assessment
    from commonlight.web.assessment.domain.starting import (
        begin_assessment,
        bring_strategy,
        keep_built_in,
    )
    from commonlight.web.assessment.domain.tagging import start_reading

    def make(
        text: str = SHORT,
        *,
        assessors: tuple[str, ...] = ("evaluator", "partner"),
        model: Any = None,
        reading: bool = True,
    ) -> Any:
        actor = actor_of("coordinator")
        strategy = bring_strategy(
            actor,
            title="Lindhafen Safe 2030",
            text=text,
            language="en",
            authors=[city.municipality],
        )
        made = begin_assessment(
            actor,
            strategy,
            model=model or keep_built_in(actor),
            assessors=[membership_of(role) for role in assessors],
        )
        if reading:
            start_reading(actor, made)
        return find_assessment(actor, strategy.number, made.number)

    return make


@pytest.fixture
def fresh(actor_of: Any) -> Any:
    """The assessment as it stands in the database now."""
    from commonlight.web.assessment.domain.finding import find_assessment

    def read(assessment: Any) -> Any:
        return find_assessment(
            actor_of("coordinator"), assessment.strategy.number, assessment.number
        )

    return read


@pytest.fixture
def read_whole(actor_of: Any, demo: Any) -> Any:
    """Tag every claim as the demo city did."""
    from commonlight.web.assessment.domain.finding import claims_of
    from commonlight.web.assessment.domain.tagging import Tags, tag_claims

    def tag(assessment: Any, role: str = "evaluator") -> list[Any]:
        rows = claims_of(assessment)
        given = {}
        for claim, row in zip(rows, demo["claim"], strict=True):
            names = tuple(row["principles"])
            given[claim.pk] = Tags(names, tuple(row["values"]), is_none=not names)
        tag_claims(actor_of(role), assessment, given)
        return claims_of(assessment)

    return tag


@pytest.fixture
def document(actor_of: Any) -> Any:
    """A document that speaks for or against a claim."""
    from datetime import date

    from commonlight.web.assessment.domain.documents_elsewhere import name_document

    def make(assessment: Any, role: str = "evaluator", title: str = "Minutes of May") -> Any:
        return name_document(
            actor_of(role), assessment.strategy, title=title, dated=date.today(), page="2"
        )

    return make


@pytest.fixture
def judged(
    begun: Any,
    read_whole: Any,
    demo: Any,
    actor_of: Any,
    document: Any,
    strategy_text: str,
    fresh: Any,
) -> Any:
    """The demo strategy with all verdicts of both assessors, laid open."""
    from commonlight.web.assessment.domain.evidence import link_evidence
    from commonlight.web.assessment.domain.judging import Given, give_verdicts, send_in

    assessment = begun(strategy_text)
    claims = read_whole(assessment)
    paper = document(assessment)
    other = document(assessment, title="The audit of last year")
    for claim, row in zip(claims, demo["claim"], strict=True):
        said = set(row.get("verdicts", {}).values())
        if "shown" in said:
            link_evidence(actor_of("evaluator"), claim, paper, direction="for")
        if "contradicted" in said:
            link_evidence(
                actor_of("evaluator"), claim, other, direction="against", note="It says otherwise."
            )
    for role in ("evaluator", "partner"):
        actor = actor_of(role)
        given = {
            claim.pk: Given(row["verdicts"][role], "Because.", "In all chapters.")
            for claim, row in zip(claims, demo["claim"], strict=True)
            if row.get("verdicts")
        }
        give_verdicts(actor, fresh(assessment), given)
        send_in(actor, fresh(assessment))
    return SimpleNamespace(assessment=fresh(assessment), claims=claims, paper=paper, other=other)


def felt_and_harmed(row: dict[str, Any]) -> dict[str, Any]:
    """What residents put first and the harm on record, as a row of the demo's mirror gives them."""
    from commonlight.web.assessment.domain.shares import wilson

    value, low, high = wilson(*row["priorities"])
    asked = "Open consultation, 640 people"
    sets = {name: str(one) for name, one in row.get("harm", {}).items()}
    harm: dict[str, Any] = {"value": None, "missing": "No record tells of it."}
    if sets:
        counted = Decimal(sets["nz_treasury_2006"])
        harm = {"value": counted, "by_set": sets, "source": "Finding on harm by kind"}
    return {
        "priorities": {"value": value, "low": low, "high": high, "source": asked},
        "harm": harm,
    }


@pytest.fixture
def tagged(begun: Any, actor_of: Any) -> Any:
    """The first claim of an assessment, tagged to a principle."""
    from commonlight.web.assessment.domain.finding import claims_of
    from commonlight.web.assessment.domain.tagging import Tags, tag_claims

    claim = claims_of(begun())[0]
    tag_claims(actor_of("evaluator"), claim.assessment, {claim.pk: Tags(("collaborative",))})
    return claim
