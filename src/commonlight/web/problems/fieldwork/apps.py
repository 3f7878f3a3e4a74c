"""The app of fieldwork."""

from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    """What people saw and heard on the spot, and what an audit has to look at."""

    name = "commonlight.web.problems.fieldwork"
    label = "fieldwork"
