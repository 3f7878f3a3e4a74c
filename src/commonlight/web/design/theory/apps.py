"""The app of theories of change."""

from django.apps import AppConfig


class TheoryConfig(AppConfig):
    """Theories of change as a graph and as a table that says the same."""

    name = "commonlight.web.design.theory"
    label = "theory"

    def ready(self) -> None:
        """Load what apps above ask about the texts of a theory."""
        from commonlight.web.design.theory.prompts import load_prompts

        load_prompts()
