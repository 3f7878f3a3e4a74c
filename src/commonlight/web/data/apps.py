"""The data app."""

from django.apps import AppConfig


class DataConfig(AppConfig):
    """Data sets, their versions and how they come in."""

    name = "commonlight.web.data"
    label = "data"

    def ready(self) -> None:
        """Register the rules."""
        from commonlight.web.data import rules  # noqa: F401
