"""The app of engagement."""

from django.apps import AppConfig


class EngagementConfig(AppConfig):
    """The plan of engagement, its gates, and the register of replies."""

    name = "commonlight.web.design.engagement"
    label = "engagement"
