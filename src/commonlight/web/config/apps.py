"""The app that holds the installation together."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Settings, addresses and processes."""

    name = "commonlight.web.config"
    label = "config"
