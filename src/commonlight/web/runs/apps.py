"""The runs app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class RunsConfig(AppConfig):
    """Every computation is a run."""

    name = "commonlight.web.runs"
    label = "runs"

    def ready(self) -> None:
        """Load the rules, and the jobs of all apps."""
        from commonlight.web.runs import rules  # noqa: F401

        autodiscover_modules("jobs")
