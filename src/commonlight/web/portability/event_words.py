"""What happens to a workspace as a whole, in words."""

from django.utils.translation import gettext_lazy as _

__all__ = ["WORDS"]

WORDS = {
    "workspace.consent": _("Agree to exports of the whole workspace"),
    "workspace.ask-consent": _("Ask partners to agree to exports of the whole workspace"),
    "workspace.end-consent": _("Take back the consent to exports"),
    "workspace.export.download": _("Download the export of the workspace"),
    "installation.backup": _("Back up the installation"),
    "installation.restore": _("Restore the installation"),
}
