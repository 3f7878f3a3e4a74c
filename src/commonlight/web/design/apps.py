"""The app of design."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """The fourth pillar: from notes on paper to a design brief."""

    name = "commonlight.web.design"
    label = "design"

    def ready(self) -> None:
        """Register the rules, and load what apps above ask of a concept."""
        from commonlight.web.design import rules  # noqa: F401
        from commonlight.web.design.concerned import load_tellers
        from commonlight.web.design.domain.approval import load_conditions

        load_conditions()
        load_tellers()
