"""What happens to problems, in words."""

from django.utils.translation import gettext_lazy as _

__all__ = ["WORDS"]

WORDS = {
    "problem.open": _("Open a problem"),
    "problem.restate": _("Write the statement of a problem anew"),
    "problem.describe": _("Say who answers for a problem and where it belongs"),
    "problem.framed_alone": _("Frame a problem before others were asked"),
    "problem.add_cause": _("Name a cause"),
    "problem.change_cause": _("Change a cause"),
    "problem.withdraw_cause": _("Withdraw a cause"),
    "problem.ask_apart": _("Ask partners apart"),
    "problem.open_framing": _("Begin to frame a problem apart"),
    "problem.close_framing": _("End to frame a problem apart"),
    "problem.put_off": _("Put off the closing time of answers"),
    "problem.close_framing_early": _("Open answers early, since everybody has answered"),
    "problem.answer_sealed": _("Seal an answer"),
    "problem.answers_opened": _("Open the answers"),
    "problem.agree": _("Agree on a joint statement"),
    "problem.define": _("Mark a problem as defined"),
    "problem.redefine": _("Define a problem anew"),
    "problem.start_design": _("Begin to design"),
    "problem.brief": _("Finish the design brief"),
    "problem.redesign": _("Design anew"),
    "problem.set_aside": _("Set a problem aside"),
    "problem.take_up": _("Take a problem up again"),
    "problem.hear_voice": _("Note through which source a group is heard"),
    "problem.note_voice": _("Note why a group is not heard yet"),
}
