"""The runs app."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Every computation is a run."""

    name = "commonlight.web.runs"
    label = "runs"
