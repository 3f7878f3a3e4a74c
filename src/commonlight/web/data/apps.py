"""The data app."""

from django.apps import AppConfig


class DataConfig(AppConfig):
    """Data sets, their versions and how they come in."""

    name = "commonlight.web.data"
    label = "data"
