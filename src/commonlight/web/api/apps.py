"""The api app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """What pages show, for machines."""

    name = "commonlight.web.api"
    label = "api"
