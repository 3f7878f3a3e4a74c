"""The demo app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """A city to try the workbench with."""

    name = "commonlight.web.demo"
    label = "demo"
