"""The app of partnerships."""

from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    """The third pillar: mandates, tasks, agreements, pulse and meetings."""

    name = "commonlight.web.partnerships"
    label = "partnerships"
