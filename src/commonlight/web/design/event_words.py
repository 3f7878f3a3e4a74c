"""What happens in a design, in words."""

from django.utils.translation import gettext_lazy as _

__all__ = ["WORDS"]

WORDS = {
    "design.view": _("Take votes or a specification out"),
    "design.workshop_planned": _("Plan a workshop"),
    "design.workshop_changed": _("Change the plan of a workshop"),
    "design.workshop_moved": _("Hold or cancel a workshop"),
    "design.room_planned": _("Say who should be in the room"),
    "design.room_counted": _("Count who was in the room"),
    "design.room_reason": _("Give a reason for a warning about the room"),
    "design.notes_entered": _("Enter the notes of a workshop"),
    "design.idea_added": _("Add an idea"),
    "design.ideas_clustered": _("Lay ideas into a cluster"),
    "design.cluster_renamed": _("Rename a cluster"),
    "design.idea_kept": _("Keep a minority idea"),
    "design.idea_released": _("Take the mark of a minority idea away"),
    "design.vote_opened": _("Open a vote"),
    "design.votes_counted": _("Count the dots of a group"),
    "design.vote_cast": _("Vote"),
    "design.vote_closed": _("Close a vote"),
    "design.concept_opened": _("Write a concept"),
    "design.concept_changed": _("Change a concept"),
    "design.concept_moved": _("Send, return or set aside a concept"),
    "design.concept_approved": _("Approve a concept"),
    "design.prototype_tested": _("Record the test of a prototype"),
    "design.specification_saved": _("Write a toolkit specification"),
}
