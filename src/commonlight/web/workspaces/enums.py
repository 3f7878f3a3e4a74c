"""Roles of people and kinds of organisations."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

__all__ = ["Licence", "OrganisationKind", "Role", "SpaceRoleKind"]


class Role(TextChoices):
    """What a person is in a workspace; `policy/roles.toml` says what that allows."""

    COORDINATOR = "coordinator", _("Coordinator")
    ANALYST = "analyst", _("Analyst")
    PARTNER = "partner", _("Partner")
    EVALUATOR = "evaluator", _("Evaluator")
    DECISION_MAKER = "decision_maker", _("Decision maker")
    GUEST = "guest", _("Guest")


class Licence(TextChoices):
    """Licences of what is released, by the names that they bear in every language."""

    CC_BY = "CC BY 4.0", "CC BY 4.0"
    CC_BY_SA = "CC BY-SA 4.0", "CC BY-SA 4.0"
    CC0 = "CC0 1.0", "CC0 1.0"


class OrganisationKind(TextChoices):
    """What an organisation is."""

    MUNICIPALITY = "municipality", _("Municipality")
    POLICE = "police", _("Police")
    SCHOOL = "school", _("School or education service")
    SOCIAL_SERVICE = "social_service", _("Social service")
    HEALTH = "health", _("Health service")
    TRANSPORT = "transport", _("Public transport")
    BUSINESS = "business", _("Business or business association")
    NGO = "ngo", _("Non-governmental organisation")
    RESIDENTS = "residents", _("Residents’ group")
    RESEARCH = "research", _("University or research institute")
    JUSTICE = "justice", _("Prosecution, court or probation service")
    OTHER = "other", _("Other")


class SpaceRoleKind(TextChoices):
    """What a person may do in a space."""

    READER = "reader", _("Reads")
    CONTRIBUTOR = "contributor", _("Reads and contributes")
    OWNER = "owner", _("Looks after the space")
