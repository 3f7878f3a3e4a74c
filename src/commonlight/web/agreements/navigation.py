"""Agreements in the navigation."""

from django.utils.translation import gettext_lazy as _

from commonlight.web.ui.navigation import NavigationItem

__all__ = ["ITEMS"]

ITEMS = [NavigationItem(_("Agreements"), "agreements:list", "agreement.view", 81)]
