"""What happens to knowledge, in words."""

from django.utils.translation import gettext_lazy as _

__all__ = ["WORDS"]

WORDS = {
    "knowledge.add": _("Write a local entry"),
    "knowledge.change": _("Change a local entry"),
    "knowledge.offer": _("Offer a local entry for review"),
    "knowledge.take_back": _("Take a local entry back to a draft"),
    "knowledge.approve": _("Approve a local entry of another organisation"),
    "knowledge.return": _("Return a local entry to its author"),
    "knowledge.revise": _("Take up a reviewed entry for revision"),
    "knowledge.withdraw": _("Withdraw a local entry"),
    "knowledge.gap": _("Record a gap"),
    "knowledge.gap_answer": _("Mark a gap as answered"),
    "knowledge.gap_drop": _("Drop a gap"),
    "knowledge.gap_reopen": _("Open a gap again"),
    "knowledge.needs_export": _("Export gaps as research needs"),
    "knowledge.stance": _("Link evidence to a problem"),
    "knowledge.profile": _("Change the city profile"),
    "knowledge.passport": _("Open a transfer passport"),
    "knowledge.passport_filled": _("Fill in a transfer passport"),
    "knowledge.passport_export": _("Export a transfer passport"),
    "knowledge.adapt": _("Plan a change of a practice"),
    "knowledge.adapt_dropped": _("Give up a planned change of a practice"),
}
