"""Problems in the navigation."""

from django.utils.translation import gettext_lazy as _

from commonlight.web.ui.navigation import NavigationItem

__all__ = ["ITEMS"]

ITEMS = [NavigationItem(_("Problems"), "problems:list", "problem.view", 5)]
