"""Runs in the primary navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from commonlight.web.ui.navigation import NavigationItem

__all__ = ["ITEMS"]

ITEMS = [NavigationItem(_("Runs"), "runs:list", "run.view", 82)]
