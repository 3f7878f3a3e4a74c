"""The entry of the data pages in the navigation."""

from django.utils.translation import gettext_lazy as _

from commonlight.web.ui.navigation import NavigationItem

ITEMS = [NavigationItem(_("Data"), "data:list", "data.list", 20)]
