"""The portability app."""

from django.apps import AppConfig


class PortabilityConfig(AppConfig):
    """A workspace can leave, and come back."""

    name = "commonlight.web.portability"
    label = "portability"
