"""What happens to a workspace as a whole, in words."""

from django.utils.translation import gettext_lazy as _

__all__ = ["WORDS"]

WORDS = {
    "workspace.export.download": _("Download the export of the workspace"),
    "installation.backup": _("Back up the installation"),
    "installation.restore": _("Restore the installation"),
}
