"""Entries of the navigation."""

from django.utils.translation import gettext_lazy as _

from commonlight.web.ui.navigation import NavigationItem

__all__ = ["ITEMS"]

ITEMS = [
    NavigationItem(_("Findings"), "audits:findings", "finding.view", 20),
    NavigationItem(_("Recorded and felt"), "audits:divergence", "finding.view", 22),
    NavigationItem(_("Audits"), "audits:plans", "audit.view", 80),
    NavigationItem(_("Releases"), "audits:releases", "release.view", 83),
]
