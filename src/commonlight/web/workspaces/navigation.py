"""Entries of the navigation."""

from django.utils.translation import gettext_lazy as _

from commonlight.web.ui.navigation import NavigationItem

__all__ = ["ITEMS"]

ITEMS = [
    NavigationItem(_("Overview"), "workspaces:overview", "workspace.view", 0),
    NavigationItem(_("People"), "workspaces:people", "people.view", 84),
    NavigationItem(_("Settings"), "workspaces:settings", "workspace.configure", 95),
]
