"""The ui app."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, style, scripts and help."""

    name = "commonlight.web.ui"
    label = "ui"
