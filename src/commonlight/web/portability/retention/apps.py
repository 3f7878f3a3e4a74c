"""The retention app."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """Nothing is kept longer than its purpose needs."""

    name = "commonlight.web.portability.retention"
    label = "retention"
