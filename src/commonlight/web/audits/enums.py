"""Words for what findings carry: how firmly they may be read, and where they stand in an audit."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = ["CERTAINTY_KINDS", "CERTAINTY_MEANINGS", "Block", "Certainty"]


class Certainty(TextChoices):
    """How firmly a sentence may be read."""

    CLEAR = "clear", _("Clear")
    TENTATIVE = "tentative", _("Tentative")
    NO_CLEAR_CHANGE = "no clear change", _("No clear change")
    NOT_SHOWN = "not shown", _("Not shown")
    CANNOT_TELL = "cannot tell", _("Cannot tell")
    DESCRIPTIVE = "descriptive", _("A description")


CERTAINTY_MEANINGS: dict[str, str | Promise] = {
    Certainty.CLEAR: _("The figures would hardly look like this by chance alone."),
    Certainty.TENTATIVE: _("The figures point this way, but chance could still explain them."),
    Certainty.NO_CLEAR_CHANGE: _(
        "A rise and a fall would both fit the figures, or the change is too small to matter."
    ),
    Certainty.NOT_SHOWN: _("The figures do not show it. That is no proof that it is not there."),
    Certainty.CANNOT_TELL: _("The figures are too few or too uncertain to say."),
    Certainty.DESCRIPTIVE: _("This describes the records. It was not tested against chance."),
}
"""What each tag means, in one sentence."""

CERTAINTY_KINDS: dict[str, str] = {
    Certainty.CLEAR: "success",
    Certainty.TENTATIVE: "info",
    Certainty.CANNOT_TELL: "warning",
}
"""The kind of tag that each is drawn as; the words say the same."""


class Block(TextChoices):
    """The six scope blocks of a local safety audit."""

    CONTEXT = "context", _("Context and environment")
    PROBLEMS = "problems", _("Problems and concerns")
    VICTIMS = "victims", _("Victims and offences")
    CAUSES = "causes", _("Risk factors and causes")
    SERVICES = "services", _("Existing services and projects")
    STRENGTHS = "strengths", _("Strengths and potential")
