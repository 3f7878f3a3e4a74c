"""What happens to the thread, in words."""

from django.utils.translation import gettext_lazy as _

__all__ = ["WORDS"]

WORDS = {
    "thread.join": _("Say what a claim rests on"),
    "thread.part": _("Take away what a claim rested on"),
    "thread.settle": _("Say why a claim holds without what was taken away"),
}
