"""The mail with an invitation."""

from __future__ import annotations

from smtplib import SMTPException

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from commonlight.web.workspaces.models import Invitation

__all__ = ["send_invitation"]


def send_invitation(invitation: Invitation, address: str) -> bool:
    """Send the link in the workspace's language; False where the mail could not be sent."""
    workspace = invitation.workspace
    with translation.override(workspace.language):
        subject = _("Invitation to “%(workspace)s”") % {"workspace": workspace.name}
        text = render_to_string(
            "workspaces/people/invitation_mail.txt", {"invitation": invitation, "address": address}
        )
    try:
        sent = send_mail(" ".join(subject.split()), text, None, [invitation.email])
    except (SMTPException, OSError):
        return False
    return sent == 1
