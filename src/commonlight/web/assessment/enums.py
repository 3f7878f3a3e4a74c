"""States and kinds of an assessment, with the words that people read."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

__all__ = [
    "AssessmentState",
    "ClaimOrigin",
    "ClaimState",
    "RecommendationState",
    "TextLanguage",
]


class AssessmentState(TextChoices):
    """Where an assessment stands; `states.toml` says what may follow what."""

    CUTTING = "cutting", _("The text is being cut")
    READING = "reading", _("Being read")
    COMPARED = "compared", _("Compared")
    FINISHED = "finished", _("Finished")


class ClaimState(TextChoices):
    """What has been done with a claim before anybody judges it."""

    UNREAD = "unread", _("Unread")
    NO_PRINCIPLE = "no_principle", _("No principle")
    TAGGED = "tagged", _("Tagged")


class ClaimOrigin(TextChoices):
    """How the limits of a claim came about."""

    RULE = "rule", _("Cut by the rules")
    JOINED = "joined", _("Joined by hand")
    DIVIDED = "divided", _("Divided by hand")


class RecommendationState(TextChoices):
    """Where a recommendation stands; `states.toml` says what may follow what."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    CLOSED = "closed", _("Closed with evidence")
    DECLINED = "declined", _("Declined with a reason")
    DROPPED = "dropped", _("Dropped")


class TextLanguage(TextChoices):
    """Languages whose sentences the rules can tell apart."""

    ENGLISH = "en", _("English")
    GERMAN = "de", _("German")
    FRENCH = "fr", _("French")
