"""What happens to theories, in words."""

from django.utils.translation import gettext_lazy as _

__all__ = ["WORDS"]

WORDS = {
    "theory.add_step": _("Add a step to a theory of change"),
    "theory.change_step": _("Change a step of a theory of change"),
    "theory.remove_step": _("Take a step out of a theory of change"),
    "theory.add_link": _("Add a link to a theory of change"),
    "theory.change_link": _("Change a link of a theory of change"),
    "theory.remove_link": _("Take a link out of a theory of change"),
    "theory.keep": _("Keep a version of a theory of change"),
    "theory.restore": _("Restore a version of a theory of change"),
    "theory.import": _("Import a theory of change"),
    "theory.export": _("Export a theory of change"),
    "theory.comment": _("Comment on a theory of change"),
    "theory.answer": _("Answer a comment on a theory of change"),
}
