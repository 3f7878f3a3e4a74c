"""What happens to strategies and their assessments, in words."""

from django.utils.translation import gettext_lazy as _

__all__ = ["WORDS"]

WORDS = {
    "assessment.view": _("Open an assessment"),
    "assessment.manage": _("Manage an assessment"),
    "assessment.assess": _("Assess a strategy"),
    "strategy.bring": _("Bring a strategy in"),
    "strategy.text": _("Bring a new version of a strategy in"),
    "assessment.model": _("Load a model"),
    "assessment.begin": _("Begin an assessment"),
    "assessment.ask": _("Ask somebody to assess"),
    "assessment.join": _("Join two claims"),
    "assessment.divide": _("Divide a claim"),
    "assessment.start_reading": _("Start reading a strategy"),
    "assessment.cut_again": _("Cut a strategy anew"),
    "assessment.tag": _("Tag claims"),
    "assessment.evidence": _("Link evidence to a claim"),
    "assessment.unlink": _("Take a sentence away as a ground against itself"),
    "assessment.judge": _("Give verdicts"),
    "assessment.absent": _("Say that a principle is absent"),
    "assessment.send": _("Send verdicts in"),
    "assessment.compare": _("Open all verdicts"),
    "assessment.finish": _("Finish an assessment"),
    "assessment.reopen": _("Open an assessment again"),
    "assessment.score": _("Show or hide the share of an assessment"),
    "assessment.mirror": _("Change the balance mirror"),
    "assessment.totals": _("Change the totals of the balance mirror"),
    "assessment.weights": _("Choose the harm weights of the balance mirror"),
    "assessment.document": _("Name a document elsewhere"),
    "assessment.document_withdraw": _("Withdraw a document"),
    "assessment.export": _("Download an assessment"),
    "recommendation.write": _("Write a recommendation"),
    "recommendation.send": _("Send a recommendation"),
    "recommendation.accept": _("Accept a recommendation"),
    "recommendation.decline": _("Decline a recommendation"),
    "recommendation.close": _("Close a recommendation with evidence"),
    "recommendation.reopen": _("Open a recommendation again"),
    "recommendation.take_up": _("Take a declined recommendation up again"),
}
