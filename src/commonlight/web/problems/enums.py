"""States of a problem and the words of its statement."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

__all__ = ["CauseReach", "FocusArea", "ProblemState", "Theme"]


class ProblemState(TextChoices):
    """Where a problem stands on its path; `states.toml` says what may follow what."""

    SIGNALLED = "signalled", _("Signalled")
    FRAMING = "framing", _("Being framed by each partner apart")
    FRAMED = "framed", _("Framed apart, not defined yet")
    DEFINED = "defined", _("Defined")
    DESIGNING = "designing", _("In design")
    BRIEFED = "briefed", _("Design brief ready")
    SET_ASIDE = "set_aside", _("Set aside")


class FocusArea(TextChoices):
    """The four focus areas of the IcARUS overview."""

    JUVENILE_DELINQUENCY = "juvenile_delinquency", _("Juvenile delinquency")
    RADICALISATION = "radicalisation", _("Radicalisation leading to violent extremism")
    ORGANISED_CRIME = "organised_crime", _("Trafficking and organised crime")
    PUBLIC_SPACES = "public_spaces", _("Safe public spaces")


class Theme(TextChoices):
    """The four themes of Cutting Crime Impact."""

    PREDICTIVE_POLICING = "predictive_policing", _("Predictive policing")
    COMMUNITY_POLICING = "community_policing", _("Community policing")
    PLANNING = "cp_udp", _("Crime prevention through urban design and planning")
    INSECURITY = "feelings_of_insecurity", _("Feelings of insecurity")


class CauseReach(TextChoices):
    """Whether the partnership can do something about a cause."""

    INSIDE = "inside", _("Inside our reach")
    OUTSIDE = "outside", _("Outside our reach")
