"""The app of knowledge."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    """What is known elsewhere and here, and what each problem made of it."""

    name = "commonlight.web.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        """Register the rules."""
        from commonlight.web.knowledge import rules  # noqa: F401
