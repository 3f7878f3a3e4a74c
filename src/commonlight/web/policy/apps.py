"""The policy app."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """Who may do what."""

    name = "commonlight.web.policy"
    label = "policy"
