"""The audits app."""

from django.apps import AppConfig


class AuditsConfig(AppConfig):
    """Local safety audits and what they found."""

    name = "commonlight.web.audits"
    label = "audits"

    def ready(self) -> None:
        """Register the rules."""
        from commonlight.web.audits import rules  # noqa: F401
