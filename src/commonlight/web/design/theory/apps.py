"""The app of theories of change."""

from django.apps import AppConfig


class TheoryConfig(AppConfig):
    """Theories of change as a graph and as a table that says the same."""

    name = "commonlight.web.design.theory"
    label = "theory"
