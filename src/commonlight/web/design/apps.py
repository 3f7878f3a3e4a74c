"""The app of design."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """The fourth pillar: from notes on paper to a design brief."""

    name = "commonlight.web.design"
    label = "design"
