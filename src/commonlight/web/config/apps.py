"""The app that holds the installation together."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Settings, addresses and processes."""

    name = "commonlight.web.config"
    label = "config"

    def ready(self) -> None:
        """Register the checks."""
        from commonlight.web.config import checks  # noqa: F401
