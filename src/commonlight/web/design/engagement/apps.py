"""The app of engagement."""

from django.apps import AppConfig


class EngagementConfig(AppConfig):
    """The plan of engagement, its gates, and the register of replies."""

    name = "commonlight.web.design.engagement"
    label = "engagement"

    def ready(self) -> None:
        """Register the rules, and load what each app knows of the needs of the gates."""
        from commonlight.web.design.engagement import rules  # noqa: F401
        from commonlight.web.design.engagement.needs import load_needs

        load_needs()
