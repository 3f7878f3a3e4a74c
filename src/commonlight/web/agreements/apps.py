"""The agreements app."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """Who shares what with whom, for what, until when."""

    name = "commonlight.web.agreements"
    label = "agreements"
