"""Strategies, the models they are held against, claims, verdicts, balance, recommendations."""

from commonlight.web.assessment.models.assessments import Assessment, Assessor
from commonlight.web.assessment.models.balance import BalanceRow, Figure, Total
from commonlight.web.assessment.models.claims import Claim, Document, EvidenceDirection
from commonlight.web.assessment.models.recommendations import Recommendation
from commonlight.web.assessment.models.strategies import KeptModel, Strategy, StrategyText
from commonlight.web.assessment.models.verdicts import Verdict

__all__ = [
    "Assessment",
    "Assessor",
    "BalanceRow",
    "Claim",
    "Document",
    "EvidenceDirection",
    "Figure",
    "KeptModel",
    "Recommendation",
    "Strategy",
    "StrategyText",
    "Total",
    "Verdict",
]
