"""Workshops with their notes, ideas with their votes, concepts with their tests."""

from commonlight.web.design.models.concepts import (
    Concept,
    ConceptVersion,
    PrototypeTest,
    ToolkitSpecification,
)
from commonlight.web.design.models.ideas import Cluster, Idea
from commonlight.web.design.models.votes import Ballot, Dots, Vote
from commonlight.web.design.models.workshops import (
    Batch,
    Note,
    Part,
    RoomReason,
    Seats,
    Workshop,
)

__all__ = [
    "Ballot",
    "Batch",
    "Cluster",
    "Concept",
    "ConceptVersion",
    "Dots",
    "Idea",
    "Note",
    "Part",
    "PrototypeTest",
    "RoomReason",
    "Seats",
    "ToolkitSpecification",
    "Vote",
    "Workshop",
]
