"""The app of assessment."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """The mirror: what a strategy claims, and what the records show."""

    name = "commonlight.web.assessment"
    label = "assessment"

    def ready(self) -> None:
        """Register the rules, and what closes an action that comes from a recommendation."""
        from commonlight.web.assessment import rules  # noqa: F401
        from commonlight.web.assessment.domain import actions  # noqa: F401
