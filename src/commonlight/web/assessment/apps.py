"""The app of assessment."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """The mirror: what a strategy claims, and what the records show."""

    name = "commonlight.web.assessment"
    label = "assessment"

    def ready(self) -> None:
        """Register the rules."""
        from commonlight.web.assessment import rules  # noqa: F401
